"""An installation that has no account yet: who holds the link that `heyet serve` prints makes the first one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from core.errors import NotFound
from core.settings import Settings
from directory.accounts.models import Account, Membership
from directory.projects.models import Project
from notifications.first_run.schemas import FirstRunIn
from notifications.first_run.service import begin, first_link
from tests import applications
from tests.conftest import settings_for
from tests.people import App, Clock
from tests.servers import MailServer, free_port

FORM = {
    "name": "Elif Karaca",
    "address": "elif@example.org",
    "password": "seven herons over the lake",
    "title": "Coordination and Training",
    "acronym": "P-ACT",
    "donor": "European Union",
}


async def opened(settings: Settings) -> AsyncIterator[App]:
    """An application on an empty database: nobody has founded anything."""
    clock = Clock()
    with applications.application(settings, clock) as fastapi:
        async with fastapi.router.lifespan_context(fastapi):
            app = App(fastapi, clock)
            yield app
            await app.close()


@pytest.fixture
async def empty(database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    async for app in opened(settings_for(database_url, tmp_path)):
        yield app


@pytest.fixture
async def sqlite_empty(sqlite_url: str, tmp_path: Path) -> AsyncIterator[App]:
    async for app in opened(settings_for(sqlite_url, tmp_path)):
        yield app


def path_of(app: App) -> str:
    return "/first-run/" + first_link(app.fastapi.state.settings).rpartition("/")[2]


async def roles(app: App) -> list[tuple[str, str, str]]:
    async with app.database.reading() as db:
        found = await db.exec(
            select(Account.address, Project.acronym, Membership.role)
            .join(Membership, Membership.account_id == Account.id)  # type: ignore[arg-type]
            .join(Project, Project.id == Membership.project_id)  # type: ignore[arg-type]
        )
        return sorted((address, acronym, role.value) for address, acronym, role in found)


async def test_the_link_makes_the_first_account_and_project_and_signs_in_and_then_is_dead(empty: App) -> None:
    path, visitor = path_of(empty), empty.stranger()
    assert "There is no account here yet." in (await visitor.get("/sign-in")).text
    assert (await visitor.get(path)).status_code == 200
    await visitor.send(path, FORM)
    assert "P-ACT" in visitor.page
    assert await roles(empty) == [
        ("elif@example.org", "P-ACT", "administrator"),
        ("elif@example.org", "P-ACT", "organiser"),
    ]
    assert (await visitor.get("/events/new")).status_code == 200
    other = empty.stranger()
    assert "There is no account here yet." not in (await other.get("/sign-in")).text
    assert (await other.get(path)).status_code == 404
    assert (await other.send(path, {**FORM, "address": "thief@example.org"})).status_code == 404
    assert len(await roles(empty)) == 2
    # The password is theirs.
    again = empty.stranger()
    await again.get("/sign-in")
    signed_in = await again.send("/sign-in", {"address": FORM["address"], "password": FORM["password"]})
    assert signed_in.is_redirect


async def test_whoever_only_finds_the_fresh_server_cannot_take_it_over(sqlite_empty: App) -> None:
    for token in ("", "x", "0" * 64, "first account"):
        visitor = sqlite_empty.stranger()
        assert (await visitor.get(f"/first-run/{token}")).status_code == 404
        assert (await visitor.send(f"/first-run/{token}", FORM)).status_code in (404, 405)
    assert await roles(sqlite_empty) == []
    # Nor does a page that looks into another site's forms: the form's own token is asked for.
    unsigned = await sqlite_empty.stranger().client.post(path_of(sqlite_empty), data=FORM)
    assert unsigned.status_code == 403


async def test_of_those_who_begin_at_once_one_does(empty: App) -> None:
    settings = empty.fastapi.state.settings
    token = path_of(empty).rpartition("/")[2]

    async def one(number: int) -> str:
        said = {**FORM, "address": f"{number}@example.org", "acronym": f"P-{number}", "language": "tr"}
        try:
            async with empty.database.unit_of_work() as db:
                await begin(db, token, FirstRunIn(**said), "hash", settings, at=empty.clock())
        except NotFound:
            return "nothing here"
        return "made"

    answers = await asyncio.gather(*(one(number) for number in range(3)))
    assert sorted(answers) == ["made", "nothing here", "nothing here"]
    assert len(await roles(empty)) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"address": "elif"}, "address"),
        ({"password": "short"}, "password"),
        ({"password": "elif karaca elif"}, "password"),
        ({"name": "  "}, "name"),
        ({"acronym": "x" * 41}, "acronym"),
        ({"title": "Co\u202eord"}, "title"),
        ({"donor": ""}, "donor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_made(
    sqlite_empty: App, change: dict[str, Any], field: str
) -> None:
    path, visitor = path_of(sqlite_empty), sqlite_empty.stranger()
    await visitor.get(path)
    answer = await visitor.send(path, {**FORM, **change})
    assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
    assert FORM["password"] not in answer.text
    assert await roles(sqlite_empty) == []


async def test_the_page_says_what_is_missing_in_both_languages(sqlite_empty: App) -> None:
    path, visitor = path_of(sqlite_empty), sqlite_empty.stranger()
    page = (await visitor.get(path)).text
    for words in ("Mail relay: none", "Public address: none", "Encryption key: set"):
        assert words in page
    turkish = (await visitor.get(path, headers={"Accept-Language": "tr"})).text
    assert "E-posta sunucusu: yok" in turkish


async def test_a_relay_that_lets_us_in_and_one_that_does_not(
    sqlite_url: str, tmp_path: Path, mail_server: MailServer
) -> None:
    more = {"smtp_host": "127.0.0.1", "smtp_security": "none", "public_url": "https://heyet.example.org"}
    for port, words in ((mail_server.port, "it lets Heyet in."), (free_port(), "main does not let Heyet in.")):
        async for app in opened(settings_for(sqlite_url, tmp_path, smtp_port=port, **more)):
            page = (await app.stranger().get(path_of(app))).text
            assert words in page
            assert "Public address: https://heyet.example.org." in page
