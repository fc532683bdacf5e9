"""Once a day organisers are told what changed, if something did; nobody is named."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from events.messaging.digests.rules import due_for, span_of
from notifications.jobs.service import sweep
from notifications.outbox.models import Message
from tests.people import App
from tests.visits.test_legs import THERE, VIENNA


async def at_five(app: App, day: int = 2) -> list[Message]:
    """Let the minute after five in Istanbul come; the digests that went by then."""
    app.clock.now = datetime(2026, 3, day, 14, 1, tzinfo=UTC)
    await sweep(app.fastapi.state.context)
    await app.work()
    return list(await app.mails("events/digest"))


async def test_organisers_and_assistants_get_one_digest_of_what_happened(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    mails = await at_five(sqlite_app)
    assert {m.to_address for m in mails} == {"organiser@example.org", "assistant@example.org"}
    (mail,) = [m for m in mails if m.to_address.startswith("organiser")]
    assert mail.subject == "P-TEST today"
    assert event["title"] in mail.plain
    assert "Accepted" in mail.plain
    assert "/projects/" in mail.plain
    assert len(await at_five(sqlite_app)) == 2


async def test_nobody_is_named_in_it(sqlite_app: App) -> None:
    await sqlite_app.accepted_event(["Ayşe Bir"])
    for mail in await at_five(sqlite_app):
        assert "Ayşe" not in mail.plain + mail.html
        assert "ayse.bir" not in mail.plain + mail.html


async def test_a_hidden_events_title_is_not_in_it(sqlite_app: App) -> None:
    await sqlite_app.accepted_event(["Ayşe Bir"], title="Trafficking case team", confidentiality="hidden")
    for mail in await at_five(sqlite_app):
        assert "Trafficking" not in mail.subject + mail.plain


async def test_where_nothing_happened_nothing_is_sent(sqlite_app: App) -> None:
    await sqlite_app.event()
    assert await at_five(sqlite_app) == []


async def test_what_was_told_yesterday_is_not_told_again(sqlite_app: App) -> None:
    await sqlite_app.accepted_event(["Ayşe Bir"])
    assert len(await at_five(sqlite_app)) == 2
    assert len(await at_five(sqlite_app, 3)) == 2


async def test_a_mail_that_came_back_is_news(app: App) -> None:
    await app.accepted_event(["Ayşe Bir"])
    await at_five(app)
    async with app.database.unit_of_work() as db:
        later = datetime(2026, 3, 3, 8, tzinfo=UTC)
        changed = sa.update(Message).where(sa.column("kind") != "events/digest")
        await db.exec(changed.values(state="failed", due_at=later))
    (mail, _) = [m for m in await at_five(app, 3) if "did not arrive" in m.plain or "ulaşmayan" in m.plain]
    assert mail.dedupe_key.endswith("2026-03-03")


async def test_who_wants_none_gets_none_and_can_have_it_again(app: App) -> None:
    desk = await app.at_desk()
    await app.accepted_event(["Ayşe Bir"])
    here = f"/projects/{app.project_id}/news"
    assert "1" in (await desk.get(here)).text
    await desk.send(here, {"wanted": "no"})
    assert {m.to_address for m in await at_five(app)} == {"assistant@example.org"}
    api = app.api()
    assert (await api.put(f"/api/v1/projects/{app.project_id}/digest", json={"wanted": True})).status_code == 200
    assert "Send it to me" not in (await desk.get(here)).text


async def test_programs_read_the_same_numbers(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    sqlite_app.clock.forward(hours=1)
    news: dict[str, Any] = (await sqlite_app.api().get(f"/api/v1/projects/{sqlite_app.project_id}/news")).json()
    assert [(e["event_id"], e["answers"]) for e in news["events"]] == [(event["id"], {"accepted": 2})]


async def test_another_projects_news_are_not_shown(sqlite_app: App) -> None:
    other = await sqlite_app.found("P-OTHER", prefix="other-")
    assert (await sqlite_app.api().get(f"/api/v1/projects/{other}/news")).status_code == 404


@pytest.mark.parametrize(("hour", "due"), [(13, None), (14, date(2026, 3, 2)), (19, date(2026, 3, 2)), (20, None)])
def test_it_is_due_from_five_in_the_projects_own_time_and_not_made_up_for_at_night(hour: int, due: date | None) -> None:
    assert due_for("Europe/Istanbul", at=datetime(2026, 3, 2, hour, tzinfo=UTC)) == due


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(["Europe/Vienna", "Asia/Dhaka", "America/New_York"])
)
def test_the_spans_of_days_leave_no_gap_and_do_not_overlap(day: date, zone: str) -> None:
    begins, ends = span_of(day, zone)
    assert begins < ends
    assert span_of(date.fromordinal(day.toordinal() + 1), zone)[0] == ends


async def test_travellers_who_enter_or_change_their_journey_are_counted(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Can İki"], **VIENNA)
    await at_five(app)
    leg = THERE | {"day": event["first_day"]}
    traveller = await app.owner(tokens["Ayşe Bir"])
    for number in ("TK 1887", "TK 1889"):
        entered = await traveller.post("/api/v1/invitation/journey/legs", json={"leg": leg | {"number": number}})
        assert entered.status_code < 300, entered.text
    others = {"leg": leg | {"number": "OS 830"}, "registrations": [(await app.registrations(event))["Can İki"]]}
    await app.api().post(f"/api/v1/events/{event['id']}/legs", json=others)
    app.clock.forward(minutes=1)
    (news,) = (await app.api().get(f"/api/v1/projects/{app.project_id}/news")).json()["events"]
    assert news["journeys"] == 1
    (mail,) = [one for one in await at_five(app, 3) if one.to_address == "organiser@example.org"][1:]
    assert re.search(r"Entered or changed their journey\s*:?\s*1\b", mail.plain)
