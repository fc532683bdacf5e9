"""The page of a passport: uploaded by its traveller, sealed, seen by planners who say why, gone in time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from tests.people import App, problem_fields
from tests.visits.test_legs import travelling
from visits.travel_details.jobs import sweep
from visits.travel_details.models import TravelDetails

MINE = "/api/v1/invitation/journey/passport-page"
PAGE = b"\xff\xd8\xff" + b"planted page 77700177" * 20


async def kept(app: App, content: bytes = PAGE) -> tuple[dict[str, Any], Any, str, Any]:
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    guest = await app.owner(tokens["Ayşe Bir"])
    answer = await guest.put(MINE, files={"file": ("page.jpg", content, "image/jpeg")})
    return event, guest, of["Ayşe Bir"], answer


async def test_a_traveller_keeps_fetches_and_removes_their_page(app: App, tmp_path: Path) -> None:
    _, guest, _, answer = await kept(app)
    assert answer.status_code == 204, answer.text
    assert (await guest.get(MINE)).content == PAGE
    files = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert (len(files) > 0, any(b"planted page 77700177" in one for one in files)) == (True, False)
    assert (await guest.delete(MINE)).status_code == 204
    assert (await guest.get(MINE)).status_code == 404


async def test_who_plans_opens_it_with_a_reason_that_the_history_keeps_and_others_do_not(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, registration, _ = await kept(app)
    path = f"/api/v1/events/{event['id']}/journeys/{registration}/passport-page"
    assert (await app.api("finance").post(path, json={"reason": "To look"})).status_code == 403
    assert (await app.api().post(path, json={"reason": ""})).status_code == 422
    opened = await app.api().post(path, json={"reason": "The consulate asks for it"})
    assert (opened.content, opened.headers["content-disposition"][:10]) == (PAGE, "attachment")
    assert "The consulate asks for it" in (await (await app.at_desk()).get(f"/events/{event['id']}/travel")).text


async def test_the_link_alone_shows_no_page(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    assert (await sqlite_app.guest(tokens["Ayşe Bir"]).get(MINE)).status_code == 403


@pytest.mark.parametrize("content", [b"<html>", b"", b"MZ\x90\x00"], ids=["a page of the web", "nothing", "a program"])
async def test_what_is_no_page_is_said_beside_the_field(sqlite_app: App, content: bytes) -> None:
    *_, answer = await kept(sqlite_app, content)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["file"])


async def test_it_is_uploaded_on_the_form_of_the_passport(sqlite_app: App) -> None:
    _, tokens, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    visitor = await sqlite_app.owners_browser(token)
    await visitor.get(f"/i/{token}/travel/passport")
    await visitor.send(f"/i/{token}/travel/passport-page", files={"file": ("page.jpg", PAGE, "image/jpeg")})
    assert f"/i/{token}/travel/passport-page" in (await visitor.get(f"/i/{token}/travel/passport")).text
    assert (await visitor.get(f"/i/{token}/travel/passport-page")).content == PAGE


async def test_it_goes_sixty_days_after_the_visit(sqlite_app: App) -> None:
    app = sqlite_app
    await kept(app)
    app.clock.now = app.clock.now.replace(year=2026, month=5, day=15) + timedelta(days=62)
    await sweep(app.fastapi.state.context)
    async with app.database.reading() as db:
        assert (await db.exec(select(TravelDetails))).all() == []
