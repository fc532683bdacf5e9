"""One list of what waits: Home, a project's dashboard, the digest and programs read the same."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from notifications.jobs.service import sweep
from tests.events.privacy.test_data_requests import request_of, settle, told
from tests.finance.test_sheets import step, submitted, visit
from tests.people import App


async def tasks(app: App, role: str = "organiser", **params: str) -> dict[str, dict[str, Any]]:
    """By kind, as programs of that role get them; texts in one language only are told of beside the list of these."""
    answer = await app.api(role).get("/api/v1/tasks", params=params)
    return {one["kind"]: one for one in answer.raise_for_status().json() if one["kind"] != "one-language"}


async def test_what_is_written_and_not_sent_waits_for_who_may_send(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir", "Mehmet İki"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    (waiting,) = (await tasks(app)).values()
    assert (waiting["kind"], waiting["sentence"], waiting["step"], waiting["href"], waiting["event"]) == (
        "mails-to-send",
        "2 mails are written and not sent.",
        "Look and send",
        f"/mail/waiting?about={event['id']}",
        event["title"],
    )
    # An assistant plans and sends nothing; finance sees nothing of either.
    assert await tasks(app, "assistant") == await tasks(app, "finance") == {}


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2026, 3, 2), set()),
        (date(2026, 3, 20), {"not-invited"}),
        (date(2026, 4, 5), {"not-invited", "few-places-taken"}),
        (date(2026, 4, 14), {"not-invited", "few-places-taken", "check-in"}),
        (date(2026, 4, 20), {"event-over"}),
    ],
)
async def test_an_event_asks_for_its_next_step_as_its_days_come(sqlite_app: App, day: date, kinds: set[str]) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    (await sqlite_app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})).raise_for_status()
    sqlite_app.clock.now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    assert set(await tasks(sqlite_app)) == kinds


@pytest.mark.parametrize("day", [date(2026, 4, 14), date(2026, 4, 15)])
async def test_the_check_in_is_due_on_each_day_of_an_event(sqlite_app: App, day: date) -> None:
    await sqlite_app.accepted_event(["Ayşe Bir"])
    sqlite_app.clock.now = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    assert (await tasks(sqlite_app))["check-in"]["due_on"] == day.isoformat()


async def test_a_draft_is_asked_about_when_its_day_is_near(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    sqlite_app.clock.now = datetime(2026, 3, 20, 8, tzinfo=UTC)
    (draft,) = (await tasks(sqlite_app)).values()
    assert (draft["kind"], draft["due_on"], draft["href"]) == ("event-draft", "2026-04-14", f"/events/{event['id']}")


async def test_attendance_is_asked_for_until_somebody_recorded_it(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    sqlite_app.clock.now = datetime(2026, 4, 17, 8, tzinfo=UTC)
    missing = (await tasks(sqlite_app))["attendance-missing"]
    await sqlite_app.sign(event, date(2026, 4, 14))
    assert missing["sentence"] == "It is over, and no attendance is recorded for one person."
    assert "attendance-missing" not in await tasks(sqlite_app)


async def test_each_role_gets_only_what_it_can_do(app: App) -> None:
    event = await visit(app)
    id = await submitted(app, event)
    app.clock.now = datetime(2026, 4, 20, 8, tzinfo=UTC)
    found = {
        role: set(await tasks(app, role)) & {"to-check", "to-approve", "returned", "approved-lately"}
        for role in ("organiser", "finance", "approver", "auditor")
    }
    await step(app, id, "approval", "finance")
    assert found == {
        "organiser": set(),
        "finance": {"to-check", "to-approve"},
        "approver": {"to-approve"},
        "auditor": set(),
    }
    assert (await tasks(app, "auditor"))["approved-lately"]["count"] == 1
    app.clock.forward(days=15)
    assert "approved-lately" not in await tasks(app, "auditor")


async def test_a_project_shows_only_its_own(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    other = "00000000-0000-0000-0000-000000000007"
    assert set(await tasks(app, project_id=str(app.project_id))) == {"mails-to-send"}
    assert await tasks(app, project_id=other) == {}


async def test_a_request_to_be_erased_waits_for_whoever_may_answer_it(app: App) -> None:
    _, token = await told(app)
    assert "erasure-asked" not in await tasks(app)
    id = await request_of(app, token)
    waiting = (await tasks(app))["erasure-asked"]
    assert (waiting["sentence"], waiting["step"], waiting["href"], waiting["due_on"]) == (
        "One person asks to be erased.",
        "Decide",
        "/erasures",
        "2026-04-01",
    )
    # An auditor reads it all and answers nobody.
    assert "erasure-asked" not in await tasks(app, "auditor")
    assert await settle(app, id, erased=False, reason="Signed lists are kept.") == 204
    assert "erasure-asked" not in await tasks(app)


async def test_home_has_a_button_for_each_and_says_what_is_late(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    sqlite_app.clock.now = datetime(2026, 4, 17, 8, tzinfo=UTC)
    page = " ".join((await (await sqlite_app.at_desk()).get("/")).text.split())
    assert f'<a class="btn" href="/events/{event["id"]}/attendance"> Record attendance' in page
    assert "late" in page.partition("no attendance is recorded")[2][:400]
    desk = await sqlite_app.at_desk("auditor")
    assert "Nothing waits for you now." in (await desk.get("/")).text


async def test_the_digest_says_what_waits_without_hidden_titles(sqlite_app: App) -> None:
    event = await sqlite_app.event(title="Trafficking case team", confidentiality="hidden")
    tokens = await sqlite_app.invite(event, ["Ayşe Bir", "Mehmet İki"])
    await sqlite_app.accept(tokens["Ayşe Bir"])
    await sqlite_app.name_people(event, ["Zehra Üç"])
    await sqlite_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await sqlite_app.work()
    sqlite_app.clock.now = datetime(2026, 3, 2, 14, 1, tzinfo=UTC)
    await sweep(sqlite_app.fastapi.state.context)
    await sqlite_app.work()
    told = {mail.to_address.partition("@")[0]: mail.plain for mail in await sqlite_app.mails("events/digest")}
    assert "One mail is written and not sent." in told["organiser"]
    assert "written and not sent" not in told["assistant"]
    assert all("Trafficking" not in text for text in told.values())
