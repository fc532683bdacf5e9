"""Logs of Zoom, Teams and Webex: read, matched, shown, and recorded once somebody says so."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from httpx2 import Response

from directory.people.service import name_key
from events.attendance.platform_logs.rules import (
    LineMatch,
    LogCandidate,
    LoggedAttendee,
    attendees_in,
    match,
    minutes_by_half,
    moment_in,
)
from events.attendance.records.rules import Half
from tests.desks import on_the_day
from tests.people import App

ISTANBUL = ZoneInfo("Europe/Istanbul")
DAYS = [date(2026, 4, 14), date(2026, 4, 15)]
NINE = datetime(2026, 4, 14, 9, 0, tzinfo=ISTANBUL)
ZOOM = (
    "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
    "Ayşe Bir,ayse.bir@example.org,04/14/2026 09:00:00 AM,04/14/2026 09:20:00 AM,20,Yes\n"
    "Ayşe Bir,ayse.bir@example.org,04/14/2026 09:10:00 AM,04/14/2026 02:00:00 PM,290,Yes\n"
    "İKİ Mehmet,,04/14/2026 09:05:00 AM,04/14/2026 09:15:00 AM,10,Yes\n"
    "Oguz Uc (Ankara),,04/14/2026 01:00:00 PM,04/14/2026 04:00:00 PM,180,Yes\n"
    "iPad,,04/14/2026 09:00:00 AM,04/14/2026 04:00:00 PM,420,Yes\n"
)
TEAMS = (
    "1. Summary\n"
    "Meeting title\tCoordination\n"
    "Attended participants\t2\n\n"
    "2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole\n"
    "Ayşe Bir\t4/14/26, 9:00:00 AM\t4/14/26, 12:00:00 PM\t3h\tayse.bir@example.org\tAttendee\n\n"
    "3. In-Meeting Activities\n"
    "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n"
    "Ayşe Bir\t4/14/26, 9:00:00 AM\t4/14/26, 9:10:00 AM\t10m\tayse.bir@example.org\tAttendee\n"
    "Ayşe Bir\t4/14/26, 11:00:00 AM\t4/14/26, 12:00:00 PM\t1h\tayse.bir@example.org\tAttendee\n"
)
WEBEX = (
    "Meeting Name,Attendee Name,Attendee Email,Join Time,Leave Time,Attendance Duration\n"
    "Coordination,Ayşe Bir,ayse.bir@example.org,2026-04-14 09:00:00,2026-04-14 10:30:00,90 mins\n"
)


@pytest.mark.parametrize(
    "text",
    ["04/14/2026 09:00:00 AM", "14/04/2026 09:00", "14.04.2026 09:00:00", "2026-04-14T09:00:00", "4/14/26, 9:00 AM"],
)
def test_the_moments_of_all_platforms_are_read_by_the_clock_of_the_event(text: str) -> None:
    assert moment_in(text, ISTANBUL, DAYS) == NINE


def test_day_and_month_are_the_way_round_that_makes_a_day_of_the_event() -> None:
    days = [date(2026, 5, 4)]
    assert moment_in("04/05/2026 10:00", ISTANBUL, days) == datetime(2026, 5, 4, 10, 0, tzinfo=ISTANBUL)
    assert moment_in("05/04/2026 10:00 AM", ISTANBUL, days) == datetime(2026, 5, 4, 10, 0, tzinfo=ISTANBUL)


def test_two_devices_of_one_person_count_once_and_noon_divides() -> None:
    spans = tuple(
        (datetime(2026, 4, 14, *begins, tzinfo=UTC), datetime(2026, 4, 14, *ends, tzinfo=UTC))
        for begins, ends in (((6, 0), (7, 0)), ((6, 30), (7, 30)), ((9, 0), (10, 0)))
    )
    held = [(DAYS[0], Half.morning), (DAYS[0], Half.afternoon)]
    assert list(minutes_by_half(LoggedAttendee("A", "", spans), "Europe/Istanbul", held).values()) == [120, 30]


def test_a_mailbox_decides_then_all_words_of_a_name_then_somebody_is_proposed() -> None:
    people = [
        LogCandidate(UUID(int=n), name, name_key(name), address)
        for n, (name, address) in enumerate([("Ayşe Bir", "a@example.org"), ("Bir Ayşe", ""), ("Oğuz Üç", "")])
    ]

    def found(name: str, address: str = "") -> tuple[LineMatch, UUID | None]:
        return match(LoggedAttendee(name, address, ()), people, name_key(name))

    assert found("Somebody else", "A@example.org") == (LineMatch.address, UUID(int=0))
    assert found("ÜÇ, Oğuz") == (LineMatch.name, UUID(int=2))
    assert found("Oguz Uc.") == (LineMatch.name, UUID(int=2))
    assert found("Ouz Üç")[0] is LineMatch.proposed
    # Two of one name: nobody is taken for the other without a look.
    assert found("Ayşe Bir")[0] is LineMatch.proposed
    assert found("iPad") == (LineMatch.nobody, None)


@pytest.mark.parametrize(("text", "between", "spans"), [(ZOOM, ",", 2), (TEAMS, "\t", 2), (WEBEX, ",", 1)])
def test_the_table_with_every_joining_is_found_in_what_each_platform_writes(
    text: str, between: str, spans: int
) -> None:
    found = attendees_in([line.split(between) for line in text.replace("26, ", "26 ").splitlines()], ISTANBUL, DAYS)
    assert (found[0].name, found[0].address, len(found[0].spans)) == ("Ayşe Bir", "ayse.bir@example.org", spans)


async def upload(app: App, event: dict[str, Any], content: bytes, name: str = "log.csv", **more: Any) -> Response:
    files = {"file": (name, content, "text/csv")}
    return await app.api("desk").post(f"/api/v1/events/{event['id']}/platform-logs", files=files, data=more)


async def attendance(app: App, event: dict[str, Any]) -> dict[str, list[str]]:
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    return {one["name"]: [half["half"] for half in one["present"]] for one in rows}


async def test_a_log_waits_until_somebody_has_looked_and_is_recorded_once(app: App) -> None:
    event, _ = await on_the_day(app, ["Ayşe Bir", "Mehmet İki", "Oğuz Üç"])
    made = await upload(app, event, ZOOM.encode(), least_minutes=30)
    assert made.status_code == 201, made.text
    log = made.json()
    assert [(one["name"], one["match"]) for one in log["lines"]] == [
        ("Ayşe Bir", "address"),
        ("İKİ Mehmet", "name"),
        ("Oguz Uc (Ankara)", "nobody"),
        ("iPad", "nobody"),
    ]
    assert not any((await attendance(app, event)).values())
    ids = await app.registrations(event)
    path = f"/api/v1/platform-logs/{log['id']}"
    choices = {"choices": [{"line": 2, "registration_id": ids["Oğuz Üç"]}]}
    assert (await app.api("auditor").post(f"{path}/application", json=choices)).status_code == 403
    done = await app.api("desk").post(f"{path}/application", json=choices)
    assert done.json() == {"changed": 3}
    # Ten minutes are too few.
    assert await attendance(app, event) == {"Ayşe Bir": ["am", "pm"], "Mehmet İki": [], "Oğuz Üç": ["pm"]}
    assert (await app.api("desk").post(f"{path}/application", json={})).status_code == 409
    (record, _) = (await app.api().get(f"/api/v1/events/{event['id']}/attendance/{ids['Ayşe Bir']}")).json()
    assert (record["source"], record["evidence_id"]) == ("platform", log["id"])


async def test_teams_writes_several_tables_and_the_one_with_every_joining_counts(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"])
    made = await upload(sqlite_app, event, TEAMS.encode("utf-16"))
    assert made.status_code == 201, made.text
    assert made.json()["lines"][0]["halves"] == [{"day": "2026-04-14", "half": "am", "minutes": 70, "is_enough": True}]


async def test_what_is_no_log_is_refused_beside_the_file_and_a_page_shows_what_waits(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    desk = await sqlite_app.at_desk("desk")
    page = f"/events/{event['id']}/platform-logs"
    await desk.get(page)
    refused = await desk.send(
        page, {"least_minutes": "30"}, files={"file": ("list.csv", b"Name;City\nA;B\n", "text/csv")}
    )
    assert (refused.status_code, 'aria-invalid="true"' in refused.text) == (422, True)
    await desk.get(page)
    await desk.send(page, {"least_minutes": "5"}, files={"file": ("zoom.csv", ZOOM.encode(), "text/csv")})
    assert "2 of 4 people are found" in desk.page
    log = desk.page.split('action="/platform-logs/')[1][:36]
    ids = await sqlite_app.registrations(event)
    form = {"line-0": "", "line-1": ids["Mehmet İki"], "line-2": "", "line-3": ""}
    await desk.send(f"/platform-logs/{log}/application", form)
    assert await attendance(sqlite_app, event) == {"Ayşe Bir": [], "Mehmet İki": ["am"]}
