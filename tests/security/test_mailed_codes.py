"""A code that was mailed can be typed after the page was lost, and leads where it was asked for."""

import re

import pytest

from tests.people import App, Visitor, code_in

NAME = "Ayşe Yılmaz"
FIELD = 'name="code"'


async def asked(app: App) -> tuple[str, Visitor]:
    """Somebody's page, and a browser in which they had the code mailed that leads to their calendar."""
    _, tokens = await app.accepted_event([NAME])
    here, visitor = f"/i/{tokens[NAME]}", app.stranger()
    await visitor.get(f"{here}/code?next={here}/calendar")
    assert FIELD not in visitor.page
    await visitor.send(action_of(visitor.page, "mail"), {"next": f"{here}/calendar"})
    return here, visitor


def action_of(page: str, what: str) -> str:
    """Where a form of the page goes: that which mails a code, or that which takes it."""
    end = "/code/mail" if what == "mail" else "/code"
    (found,) = [one for one in re.findall(r'action="([^"]*)"', page) if one.partition("?")[0].endswith(end)]
    return str(found)


@pytest.mark.parametrize("path", ["code", "code/mail"])
async def test_who_opens_the_page_again_has_the_field_for_the_code(app: App, path: str) -> None:
    here, visitor = await asked(app)
    page = await visitor.client.get(f"{here}/{path}", follow_redirects=True)
    assert (page.status_code, FIELD in page.text) == (200, True)
    # Another one can be asked for there.
    assert action_of(page.text, "mail")


async def test_whoever_reloads_after_the_code_was_mailed_goes_on_to_the_same_place(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens = await app.accepted_event([NAME])
    here, visitor = f"/i/{tokens[NAME]}", app.stranger()
    await visitor.get(f"{here}/code?next={here}/calendar")
    sent = await visitor.send(f"{here}/code/mail", {"next": f"{here}/calendar"})
    # What the browser shows as its address may be opened again.
    await visitor.get(sent.headers["location"])
    assert FIELD in visitor.page
    code = code_in((await app.mails("events/link-code"))[-1])
    answer = await visitor.client.post(
        action_of(visitor.page, "code"), data={"code": code, "form_token": token_in(visitor.page)}
    )
    assert answer.headers["location"] == f"{here}/calendar"


@pytest.mark.parametrize("what", ["code", "mail"])
async def test_a_page_that_was_refused_leads_to_the_same_place_when_opened_again(sqlite_app: App, what: str) -> None:
    here, visitor = await asked(sqlite_app)
    where = action_of(visitor.page, what)
    for _ in range(9):
        answer = await visitor.client.post(where, data={"code": "000000", "form_token": token_in(visitor.page)})
    assert answer.status_code == 429
    again = await visitor.client.get(where, follow_redirects=True)
    assert f'name="next" value="{here}/calendar"' in again.text


async def test_a_code_that_is_too_old_or_used_has_no_field(sqlite_app: App) -> None:
    here, visitor = await asked(sqlite_app)
    sqlite_app.clock.forward(minutes=15)
    assert FIELD not in (await visitor.get(f"{here}/code")).text
    browser = await sqlite_app.owners_browser(here.rpartition("/")[2])
    assert FIELD not in (await browser.get(f"{here}/code")).text


def token_in(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]
