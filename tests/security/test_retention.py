"""What people told is forgotten after the project's months: announced a month before, held where it must be, once."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from httpx2 import AsyncClient
from sqlmodel import select

from core.audit import AuditEntry
from core.personal_data import REGISTRY, Erasing, Keeping
from directory.accounts.models import Account
from directory.accounts.rules import Right
from directory.accounts.service import create_token
from directory.people.models import Person
from directory.projects.models import Project
from events.attendance.scans.models import Scan
from events.invitations.consents.models import Consent
from events.invitations.invitations.models import Invitation
from events.invitations.questionnaires.models import QuestionAnswer
from events.invitations.registrations.models import Registration
from events.privacy.erasure.rules import path_of
from events.privacy.retention import jobs
from events.privacy.retention.rules import may_forget, months_after, to_announce
from notifications.outbox.models import Message
from tests.people import App
from tests.security.test_erasure import ADDRESS, DETAILS, NAME, OTHER, everything_in, lived

# The visit ends on 16 April 2026 and the project forgets after 24 months.
ANNOUNCED, DUE = date(2028, 3, 16), date(2028, 4, 16)


async def on(app: App, day: date) -> None:
    """Let the sweep look on that day, and the work be done that it enqueues."""
    app.clock.now = datetime(day.year, day.month, day.day, 8, 0, tzinfo=UTC)
    await jobs.sweep(app.fastapi.state.context)
    await app.work()


async def told(app: App) -> list[str]:
    """What is left of what the person told for the event, and as their own record."""
    async with app.database.reading() as db:
        registrations = (await db.exec(select(Registration))).all()
        answers = (await db.exec(select(QuestionAnswer))).all()
        people = (await db.exec(select(Person))).all()
    told = [
        getattr(r, name) for r in registrations for name in ("passport_name", "mobile", "diet", "emergency_contact")
    ]
    return [text for text in (*told, *(a.value for a in answers), *(p.phones for p in people)) if text]


async def statuses(app: App) -> dict[str, tuple[str, str | None]]:
    api = await organiser(app)
    rows = (await api.get(f"/api/v1/projects/{app.project_id}/retention")).json()
    return {row["title"]: (row["status"], row["due_on"]) for row in rows}


async def organiser(app: App) -> AsyncClient:
    """A program of the organiser’s, with a token of that day: tokens end long before people are forgotten."""
    async with app.database.unit_of_work() as db:
        account = await db.get_one(Account, app.accounts["organiser"])
        token = await create_token(db, account, name="then", rights=list(Right), days=1, at=app.clock())
    return app.guest(token)


async def announcements(app: App) -> list[str]:
    return sorted(m.to_address for m in await app.mails("events/forgetting"))


async def with_phone(app: App, person: UUID) -> None:
    async with app.database.unit_of_work() as db:
        (await db.get_one(Person, person)).phones = "+90 532 999 88 77"


async def test_it_is_announced_a_month_before_and_forgotten_on_its_day(app: App, tmp_path: Any) -> None:
    event, _, person = await lived(app)
    await with_phone(app, person)
    await on(app, date(2028, 3, 15))
    assert (await announcements(app), await statuses(app)) == (
        [],
        {"": ("kept", None), event["title"]: ("kept", str(DUE))},
    )
    await on(app, ANNOUNCED)
    assert await announcements(app) == ["administrator@example.org", "organiser@example.org"]
    assert (await statuses(app))[event["title"]] == ("announced", str(DUE))
    await on(app, date(2028, 4, 15))
    assert DETAILS["diet"] in await told(app)
    await on(app, DUE)
    assert (await told(app), (await statuses(app))[event["title"]]) == ([], ("forgotten", str(DUE)))
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []
    async with app.database.reading() as db:
        acts = (await db.exec(select(AuditEntry.act).where(AuditEntry.act == "event.forgotten"))).all()
        signed = (await (await db.connection()).execute(sa.text("SELECT count(*) FROM attendance"))).scalar_one()
        mails = (await db.exec(select(Message).where(Message.about_id == UUID(event["id"])))).all()
        names = (await db.exec(select(Person.name))).all()
    assert (acts, signed, NAME in names) == (["event.forgotten"], 12, True)
    assert {(m.plain, m.html, m.to_name, m.to_address, m.calendar) for m in mails} == {("", "", "", "", None)}


async def test_what_is_long_due_is_still_announced_a_month_before(sqlite_app: App) -> None:
    event, _, _ = await lived(sqlite_app)
    await on(sqlite_app, date(2030, 1, 10))
    assert (await statuses(sqlite_app))[event["title"]] == ("announced", "2030-02-10")
    await on(sqlite_app, date(2030, 2, 9))
    assert await told(sqlite_app) != []
    await on(sqlite_app, date(2030, 2, 10))
    assert await told(sqlite_app) == []


async def test_a_hold_with_its_reason_stops_forgetting_and_erasing_until_it_is_released(app: App) -> None:
    event, token, _ = await lived(app)
    api = app.api()
    await (await app.owner(token)).post("/api/v1/invitation/erasure")
    assert (await api.post(f"/api/v1/holds/{event['id']}", json={"reason": "A court asks"})).status_code == 204
    again = await api.post(f"/api/v1/holds/{event['id']}", json={"reason": "A court asks"})
    (request,) = (await api.get("/api/v1/erasures")).json()
    settled = await api.post(f"/api/v1/erasures/{request['id']}/settlement", json={"is_erased": True})
    assert [a.json()["type"].rpartition("/")[2] for a in (again, settled)] == ["held-already", "on-hold"]
    await on(app, ANNOUNCED)
    await on(app, DUE)
    assert (len(await told(app)) > 0, (await statuses(app))[event["title"]][0]) == (True, "held")
    assert (await (await organiser(app)).delete(f"/api/v1/holds/{event['id']}")).status_code == 204
    await on(app, date(2028, 4, 17))
    assert await told(app) == []


async def test_a_project_on_hold_forgets_nothing_at_all(sqlite_app: App) -> None:
    await lived(sqlite_app)
    held = await sqlite_app.api().post(f"/api/v1/holds/{sqlite_app.project_id}", json={"reason": "An inquiry"})
    await on(sqlite_app, ANNOUNCED)
    await on(sqlite_app, DUE)
    assert (held.status_code, len(await told(sqlite_app)) > 0) == (204, True)


async def test_a_person_is_kept_while_one_of_their_events_is(sqlite_app: App) -> None:
    _, _, person = await lived(sqlite_app)
    await with_phone(sqlite_app, person)
    later = await sqlite_app.event(title="Later", first_day="2028-01-10", last_day="2028-01-11")
    await sqlite_app.name_people(later, [NAME])
    await on(sqlite_app, ANNOUNCED)
    await on(sqlite_app, DUE)
    assert await told(sqlite_app) == ["+90 532 999 88 77"]


async def test_forgetting_goes_on_where_a_sweep_died_and_two_at_once_note_it_once(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    event, _, _ = await lived(app)
    await on(app, ANNOUNCED)
    app.clock.now = datetime(2028, 4, 16, 8, 0, tzinfo=UTC)
    real = jobs._note

    async def dies(*given: Any) -> None:
        raise RuntimeError("the process was killed here")

    monkeypatch.setattr(jobs, "_note", dies)
    with pytest.raises(RuntimeError):
        await jobs.sweep(app.fastapi.state.context)
    monkeypatch.setattr(jobs, "_note", real)
    assert (await statuses(app))[event["title"]][0] == "announced"
    await jobs.sweep(app.fastapi.state.context)
    await jobs._note(app.fastapi.state.context, app.project_id, UUID(event["id"]), "event.forgotten")
    async with app.database.reading() as db:
        acts = (await db.exec(select(AuditEntry.act).where(AuditEntry.act == "event.forgotten"))).all()
    assert (await told(app), list(acts)) == ([], ["event.forgotten"])


async def test_when_the_evidence_is_no_longer_kept_nobody_is_left_in_the_project(app: App) -> None:
    event, _, _ = await lived(app)
    signed = {"file": ("sheet.pdf", b"%PDF-1.7 signed by everybody", "application/pdf")}
    uploaded = await app.api().post(f"/api/v1/events/{event['id']}/scans", files=signed)
    assert uploaded.status_code == 202, uploaded.text
    async with app.database.unit_of_work() as db:
        (await db.get_one(Project, app.project_id)).ends_on = date(2026, 12, 31)
        scan = (await db.exec(select(Scan.file_hash))).one()
    files = app.fastapi.state.settings.files
    assert files.read(scan)
    await on(app, date(2033, 12, 1))
    assert (await statuses(app))[""] == ("announced", "2034-01-01")
    await on(app, date(2034, 1, 1))
    text = await everything_in(app)
    assert [one for one in (NAME, ADDRESS, OTHER) if one in text] == []
    async with app.database.reading() as db:
        consents = (await db.exec(select(Consent))).all()
        invitations = (await db.exec(select(Invitation))).all()
        scans = (await db.exec(select(Scan))).all()
    assert (list(consents), len(invitations), (await statuses(app))[""][0]) == ([], 2, "forgotten")
    assert (list(scans), scan in {kept.hash for kept in files.all()}) == ([], False)


async def test_another_projects_events_are_neither_seen_nor_held(sqlite_app: App) -> None:
    event, _, _ = await lived(sqlite_app)
    await sqlite_app.found("P-OTHER", prefix="other-")
    theirs = sqlite_app.api("other-organiser")
    seen = await theirs.get(f"/api/v1/projects/{sqlite_app.project_id}/retention")
    held = await theirs.post(f"/api/v1/holds/{event['id']}", json={"reason": "Mine"})
    released = await theirs.delete(f"/api/v1/holds/{event['id']}")
    assert [a.status_code for a in (seen, held, released)] == [404, 404, 404]


async def test_the_page_says_what_is_forgotten_when_and_puts_it_on_hold(sqlite_app: App) -> None:
    event, _, _ = await lived(sqlite_app)
    desk, path = await sqlite_app.at_desk(), f"/projects/{sqlite_app.project_id}/retention"
    page = (await desk.get(path)).text
    assert (event["title"] in page, "16 Apr 2028" in page) == (True, True)
    empty = await desk.send(f"{path}/{event['id']}/hold", {"reason": " "})
    await desk.send(f"{path}/{event['id']}/hold", {"reason": "A court asks"})
    held = desk.page
    await desk.send(f"{path}/{event['id']}/release")
    assert (empty.status_code, "“A court asks”" in held, "On hold" in desk.page) == (422, True, False)


async def test_sign_in_mails_are_forgotten_after_a_month(sqlite_app: App) -> None:
    visitor = sqlite_app.stranger()
    await visitor.get("/sign-in/link")
    await visitor.send("/sign-in/link", {"address": "organiser@example.org"})
    await sqlite_app.work()
    await on(sqlite_app, date(2026, 3, 20))
    assert [m.plain != "" for m in await sqlite_app.mails("sign-in-link")] == [True]
    await on(sqlite_app, date(2026, 4, 5))
    assert [(m.plain, m.to_address) for m in await sqlite_app.mails("sign-in-link")] == [("", "")]


def test_all_that_people_told_is_found_by_its_event_or_by_the_person() -> None:
    left = [
        e.name
        for e in REGISTRY
        if e.keeping is Keeping.told and e.erasing is Erasing.redact and path_of(e.table) is None
    ]
    assert left == []


@pytest.mark.parametrize(
    ("due", "announced_for", "today", "wanted", "may"),
    [
        (DUE, None, date(2028, 3, 15), None, False),
        (DUE, None, ANNOUNCED, DUE, False),
        (DUE, DUE, DUE, None, True),
        (DUE, None, date(2029, 1, 31), date(2029, 2, 28), False),
        # The event was moved after it had been announced: it is announced anew.
        (date(2028, 6, 1), DUE, DUE, None, False),
        (date(2028, 6, 1), DUE, date(2028, 5, 2), date(2028, 6, 2), False),
    ],
)
def test_nothing_is_forgotten_that_was_not_announced_for_that_day(
    due: date, announced_for: date | None, today: date, wanted: date | None, may: bool
) -> None:
    assert (to_announce(due, announced_for, today), may_forget(due, announced_for, today)) == (wanted, may)


def test_months_end_where_months_end() -> None:
    assert months_after(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert months_after(date(2028, 3, 31), -1) == date(2028, 2, 29)
    assert months_after(date(2026, 5, 5), 600) == date(2076, 5, 5)
