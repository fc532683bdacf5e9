"""Lists that go out regularly: a link that takes signing in, to those alone who may read the project on the day."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, delete, select

from core.audit import AuditEntry
from directory.accounts.models import Membership
from events.participants.scheduled_exports.models import ScheduledExport
from events.participants.scheduled_exports.rules import Rhythm, latest_day
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from notifications.jobs.service import sweep
from notifications.outbox.models import Message
from tests.people import App, problem_fields

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(rhythm=st.sampled_from(Rhythm), weekday=st.integers(0, 6), before=st.integers(1, 60), first=DAYS, today=DAYS)
def test_a_day_that_is_due_is_never_in_the_future_and_of_its_rhythm(
    rhythm: Rhythm, weekday: int, before: int, first: date, today: date
) -> None:
    day = latest_day(rhythm, weekday=weekday, days_before=before, first_day=first, today=today)
    assert day is None or day <= today
    if rhythm is Rhythm.weekly:
        assert day is not None
        assert (day.weekday(), (today - day).days < 7) == (weekday, True)
    if rhythm is Rhythm.before_start and day:
        assert (first - day).days == before


async def listed(app: App, event: dict[str, Any], *readers: str, **more: Any) -> dict[str, Any]:
    wanted = {"rhythm": "daily", "readers": [str(app.accounts[one]) for one in readers or ("auditor",)], **more}
    made = await app.api().post(f"/api/v1/events/{event['id']}/scheduled-exports", json=wanted)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def look(app: App) -> None:
    """Let a minute come in which everything is looked at that goes by itself."""
    await sweep(app.fastapi.state.context)
    await app.work()


async def lists(app: App) -> list[tuple[str, date]]:
    """Whom a list went to, and when it was written."""
    await look(app)
    return [(m.to_address, m.written_at.date()) for m in await app.mails("events/scheduled-export")]


async def lose(app: App, role: str) -> None:
    async with app.database.unit_of_work() as db:
        await db.exec(delete(Membership).where(col(Membership.account_id) == app.accounts[role]))


def morning(app: App, day: int, month: int = 3) -> None:
    # Seven in Ankara.
    app.clock.now = datetime(2026, month, day, 4, 0, tzinfo=UTC)


async def test_each_morning_each_reader_gets_one_link_and_nothing_of_the_list(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    await listed(app, event, "auditor", "assistant", ends_on="2026-03-05", status="accepted")
    # Made at eleven: the first goes the next morning.
    assert await lists(app) == []
    morning(app, 3)
    await asyncio.gather(look(app), look(app))
    sent = [(f"{role}@example.org", date(2026, 3, 3)) for role in ("assistant", "auditor")]
    assert sorted(await lists(app)) == sent
    app.clock.forward(hours=9)
    assert len(await lists(app)) == 2
    (mail, _) = await app.mails("events/scheduled-export")
    text = mail.plain + mail.html
    assert ("Ayşe" in text, f"/events/{event['id']}/people?status=accepted" in mail.plain) == (False, True)
    # The link is worth nothing without signing in.
    answer = await app.stranger().client.get(f"/events/{event['id']}/people?status=accepted")
    assert (answer.status_code, "Ayşe" in answer.text) == (303, False)
    assert "Ayşe Bir" in (await (await app.at_desk("auditor")).get(f"/events/{event['id']}/people")).text
    morning(app, 5)
    assert len(await lists(app)) == 4
    morning(app, 6)
    assert len(await lists(app)) == 4
    (ended,) = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
    assert (ended["end"], ended["last_for"]) == ("done", "2026-03-05")


async def test_every_week_on_its_day_and_once_before_the_event(app: App) -> None:
    event = await app.event(first_day="2026-03-20", last_day="2026-03-20")
    await listed(app, event, rhythm="weekly", weekday=2, ends_on="2026-03-20")
    await listed(app, event, "assistant", rhythm="before-start", days_before=3)
    for day in range(3, 22):
        morning(app, day)
        await look(app)
    assert sorted(await lists(app)) == [
        ("assistant@example.org", date(2026, 3, 17)),
        ("auditor@example.org", date(2026, 3, 4)),
        ("auditor@example.org", date(2026, 3, 11)),
        ("auditor@example.org", date(2026, 3, 18)),
    ]


async def test_the_one_before_the_event_waits_with_an_event_that_is_postponed(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event(first_day="2026-03-20", last_day="2026-03-20")
    await listed(app, event, rhythm="before-start", days_before=3)
    path = f"/api/v1/events/{event['id']}/postponement"
    assert (await app.api().post(path, json={"reason": "The minister travels"})).status_code == 200
    for day in (17, 21, 25):
        morning(app, day)
        assert await lists(app) == []
    moved = await app.api().post(path, json={"reason": "In April", "first_day": "2026-04-20"})
    assert moved.status_code == 200
    morning(app, 17, 4)
    assert await lists(app) == [("auditor@example.org", date(2026, 4, 17))]


async def test_without_a_last_day_it_goes_as_long_as_the_event_is_ahead(app: App) -> None:
    event = await app.event(first_day="2026-03-10", last_day="2026-03-10")
    twice = await listed(app, event, "auditor", "auditor", rhythm="weekly", weekday=0)
    assert (twice["ends_on"], twice["readers"]) == (None, [str(app.accounts["auditor"])])
    path = f"/api/v1/events/{event['id']}/postponement"
    assert (await app.api().post(path, json={"reason": "The minister travels"})).status_code == 200
    # Until there are new days none goes, and nothing ends.
    for day in (9, 16, 23):
        morning(app, day)
        assert await lists(app) == []
    assert (await app.api().post(path, json={"reason": "May", "first_day": "2026-04-08"})).status_code == 200
    for month, day in ((3, 30), (4, 6), (4, 13)):
        morning(app, day, month)
        await look(app)
    assert [day for _, day in await lists(app)] == [date(2026, 3, 30), date(2026, 4, 6)]
    (ended,) = (await app.api().get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
    assert ended["end"] == "done"


async def test_another_rhythm_begins_anew(app: App) -> None:
    event = await app.event(first_day="2026-03-20", last_day="2026-03-20")
    made = await listed(app, event)
    morning(app, 3)
    assert len(await lists(app)) == 1
    wanted = {"rhythm": "before-start", "days_before": 3, "readers": [str(app.accounts["auditor"])]}
    assert (await app.api().put(f"/api/v1/scheduled-exports/{made['id']}", json=wanted)).status_code == 200
    for day in (4, 16, 17, 18):
        morning(app, day)
        await look(app)
    assert [day for _, day in await lists(app)] == [date(2026, 3, 3), date(2026, 3, 17)]


async def test_mornings_are_those_of_the_event_s_own_place_whatever_its_clocks_do(sqlite_app: App) -> None:
    """In Brussels clocks go forward on the 29th of March; in Auckland it is another day than in Greenwich."""
    app = sqlite_app
    for zone, moments in {
        "Europe/Brussels": [(28, 5, 59), (28, 6, 0), (29, 4, 59), (29, 5, 0)],
        "Pacific/Auckland": [(27, 17, 59), (27, 18, 0), (28, 17, 59), (28, 18, 0)],
    }.items():
        event = await app.event(title=zone, zone=zone)
        app.clock.now = datetime(2026, 3, moments[0][0], moments[0][1], 0, tzinfo=UTC)
        made = await listed(app, event)
        before, counted = len(await lists(app)), []
        for day, hour, minute in moments:
            app.clock.now = datetime(2026, 3, day, hour, minute, tzinfo=UTC)
            counted.append(len(await lists(app)) - before)
        assert counted == [0, 1, 1, 2], zone
        assert (await app.api().delete(f"/api/v1/scheduled-exports/{made['id']}")).status_code == 204
        app.clock.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


async def test_who_changed_it_last_answers_for_it_and_an_archived_event_ends_it(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event(first_day="2026-03-04", last_day="2026-03-04")
    made = await listed(app, event, "auditor", ends_on="2026-06-30")
    async with app.database.unit_of_work() as db:
        (await db.get_one(ScheduledExport, UUID(made["id"]))).account_id = app.accounts["assistant"]
    wanted = {"rhythm": "daily", "readers": [str(app.accounts["auditor"])], "ends_on": "2026-06-30"}
    assert (await app.api().put(f"/api/v1/scheduled-exports/{made['id']}", json=wanted)).status_code == 200
    await lose(app, "assistant")
    morning(app, 3)
    assert len(await lists(app)) == 1
    async with app.database.unit_of_work() as db:
        (await db.get_one(Event, UUID(event["id"]))).state = EventState.archived
    morning(app, 4)
    await look(app)
    (ended,) = (await app.api().get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
    assert (ended["account_id"], ended["end"]) == (str(app.accounts["organiser"]), "event-off")


async def test_who_may_no_longer_read_gets_none_and_without_its_owner_it_ends(app: App) -> None:
    event = await app.event()
    await listed(app, event, "auditor", "assistant")
    await lose(app, "auditor")
    morning(app, 3)
    assert await lists(app) == [("assistant@example.org", date(2026, 3, 3))]
    await lose(app, "organiser")
    morning(app, 4)
    assert len(await lists(app)) == 1
    (note,) = await app.mails("events/scheduled-export-ended")
    assert (note.to_address, event["title"] in note.plain + note.subject) == ("organiser@example.org", False)
    (ended,) = (await app.api("assistant").get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
    assert ended["end"] == "owner-may-not"
    morning(app, 5)
    await look(app)
    assert (len(await lists(app)), len(await app.mails("events/scheduled-export-ended"))) == (1, 1)
    async with app.database.reading() as db:
        acts = (await db.exec(select(AuditEntry.act).where(col(AuditEntry.act).startswith("export.")))).all()
    assert sorted(acts) == ["export.ended", "export.scheduled"]


async def test_without_a_reader_left_and_without_the_event_it_ends(sqlite_app: App) -> None:
    app = sqlite_app
    off, on = await app.event(title="Off"), await app.event(title="On")
    await listed(app, off)
    await listed(app, on)
    await app.api().post(f"/api/v1/events/{off['id']}/cancellation", json={"reason": "Off"})
    await lose(app, "auditor")
    morning(app, 3)
    assert await lists(app) == []
    for event, end in ((off, "event-off"), (on, "nobody-left")):
        (one,) = (await app.api().get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
        assert one["end"] == end
    assert len(await app.mails("events/scheduled-export-ended")) == 2


async def test_only_members_who_may_read_are_chosen_and_only_by_who_may_send(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    path = f"/api/v1/events/{event['id']}/scheduled-exports"
    await app.found("P-OTHER", prefix="other-")
    for reader in ("finance", "desk", "other-organiser"):
        wanted = {"rhythm": "daily", "readers": [str(app.accounts[reader])]}
        refused = await app.api().post(path, json=wanted)
        assert (refused.status_code, set(problem_fields(refused))) == (422, {"readers"}), reader
    wanted = {"rhythm": "daily", "readers": [str(app.accounts["auditor"])]}
    for role, status in (("assistant", 403), ("auditor", 403), ("other-organiser", 404)):
        assert (await app.api(role).post(path, json=wanted)).status_code == status
    for ends_on in ("2026-03-01", "2028-01-01"):
        late = await app.api().post(path, json={**wanted, "ends_on": ends_on})
        assert (late.status_code, set(problem_fields(late))) == (422, {"ends_on"})
    made = await listed(app, event)
    one = f"/api/v1/scheduled-exports/{made['id']}"
    for role, status in (("assistant", 403), ("other-organiser", 404)):
        assert (await app.api(role).put(one, json=wanted)).status_code == status
        assert (await app.api(role).delete(one)).status_code == status


async def test_it_is_changed_and_stopped(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    made = await listed(app, event)
    one = f"/api/v1/scheduled-exports/{made['id']}"
    changed = {"rhythm": "weekly", "weekday": 3, "readers": [str(app.accounts["assistant"])], "ends_on": "2026-03-30"}
    assert (await app.api().put(one, json=changed)).json()["readers"] == [str(app.accounts["assistant"])]
    for day in (3, 4, 5):
        morning(app, day)
        await look(app)
    assert await lists(app) == [("assistant@example.org", date(2026, 3, 5))]
    for _ in range(2):
        assert (await app.api().delete(one)).status_code == 204
    assert (await app.api().put(one, json=changed)).status_code == 409
    morning(app, 12)
    assert len(await lists(app)) == 1


async def test_by_page(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    desk, path = await app.at_desk(), f"/events/{event['id']}/exports"
    assert "No list goes out regularly" in (await desk.get(path)).text
    nobody = await desk.send(path, {"rhythm": "daily", "ends_on": "2026-03-30"})
    assert (nobody.status_code, 'value="2026-03-30"' in nobody.text) == (422, True)
    await desk.get(path)
    await desk.send(path, {"rhythm": "daily", "ends_on": "2026-03-30", "readers[]": [str(app.accounts["auditor"])]})
    assert ("Claire Dubois" in desk.page, "Every day" in desk.page) == (True, True)
    (made,) = (await app.api().get(f"/api/v1/events/{event['id']}/scheduled-exports")).json()
    edit = (await desk.get(f"/exports/{made['id']}")).text
    assert f'action="/exports/{made["id"]}"' in edit
    given = {"rhythm": "weekly", "weekday": "4", "ends_on": "2026-03-30", "readers[]": [str(app.accounts["assistant"])]}
    await desk.send(f"/exports/{made['id']}", given)
    assert "Friday" in desk.page
    await desk.send(f"/exports/{made['id']}/stop")
    assert "Stopped" in desk.page
    for role in ("assistant", "auditor"):
        reader = await app.at_desk(role)
        assert ("Friday" in (await reader.get(path)).text, f'action="{path}"' in reader.page) == (True, False)
        assert (await reader.send(path, given)).status_code == 403


@pytest.mark.parametrize("role", ["auditor", "assistant"])
async def test_who_gets_the_link_may_take_the_list_out(sqlite_app: App, role: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    reader = await sqlite_app.at_desk(role)
    page = (await reader.get(f"/events/{event['id']}/people?status=accepted")).text
    assert f"/events/{event['id']}/people.xlsx?status=accepted" in page
    assert (await reader.get(f"/events/{event['id']}/people.xlsx?status=accepted")).status_code == 200


async def test_one_mail_for_a_day_stands_in_the_database(sqlite_app: App) -> None:
    """Whatever the row remembers: a day is written once for each reader."""
    app = sqlite_app
    event = await app.event()
    made = await listed(app, event)
    morning(app, 3)
    await look(app)
    async with app.database.unit_of_work() as db:
        (await db.get_one(ScheduledExport, UUID(made["id"]))).last_for = None
    await look(app)
    async with app.database.reading() as db:
        assert len((await db.exec(select(Message).where(Message.kind == "events/scheduled-export"))).all()) == 1
