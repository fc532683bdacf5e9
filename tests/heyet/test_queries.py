"""A page costs the same number of queries whatever the length of its list."""

import shutil
from pathlib import Path
from typing import Any

from tests.conftest import open_app, settings_for
from tests.people import App, names

PAGES = (
    "/",
    "/events",
    "/people",
    "/institutions",
    "/institutions/grid",
    "/institutions-look-alike",
    "/suggestions/institutions?project_id={project}&q=court",
    "/suggestions/people?project_id={project}&q=soyadi",
    "/people-look-alike",
    "/api/v1/people",
    "/api/v1/institutions",
    "/mail",
    "/projects",
    "/search?q=soyadi",
    "/events/{event}",
    "/events/{event}/overview",
    "/events/{event}/people",
    "/events/{event}/people?mark=missing",
    "/events/{event}/attendance",
    "/events/{event}/evaluations",
    "/events/{event}/superiors",
    "/events/{event}/outcomes",
    "/events/{event}/certificates",
    "/events/{event}/letters",
    "/events/{event}/visa-letters",
    "/events/{event}/per-diem",
    "/events/{event}/payees",
    "/events/{event}/receipts",
    "/events/{event}/absences",
    "/api/v1/events/{event}/absences",
    "/events/{event}/adjustments",
    "/api/v1/events/{event}/adjustments",
    "/events/{event}/advances",
    "/events/{event}/unit-costs",
    "/api/v1/events/{event}/unit-costs",
    "/finance",
    "/finance?waiting=to-be-returned",
    "/finance?waiting=receipts",
    "/finance/without-evidence",
    "/finance/figures",
    "/projects/{project}/monthly-report",
    "/api/v1/finance/sheets",
    "/api/v1/events/{event}/advances",
    "/api/v1/events/{event}/receipts",
    "/api/v1/events/{event}/payees",
    "/api/v1/events",
    "/api/v1/messages",
    "/api/v1/events/{event}",
    "/api/v1/events/{event}/people",
    "/api/v1/events/{event}/participants",
    "/api/v1/events/{event}/per-diem",
    "/api/v1/events/{event}/clashes",
    "/api/v1/events/{event}/quotas",
    "/events/{event}/quotas",
    "/events/{event}/calls",
    "/events/{event}/questions",
    "/events/{event}/waiting",
    "/events/{event}/exports",
    "/api/v1/events/{event}/scheduled-exports",
    "/events/{event}/campaigns",
    "/events/{event}/timeline",
    "/api/v1/events/{event}/timeline",
    "/mail/suppressed",
    "/inbox",
    "/projects/{project}/news",
    "/projects/{project}/report",
    "/projects/{project}/languages",
    "/projects/{project}/sign-in-sheets",
    "/projects/{project}/texts/invitation",
    "/projects/{project}/webhooks",
    "/api/v1/events/{event}/waiting-list",
    "/api/v1/events/{event}/questions",
    "/api/v1/events/{event}/calls",
    "/events/{event}/materials",
    "/events/{event}/scans",
    "/events/{event}/scan-entries",
    "/api/v1/events/{event}/session-people",
    "/events/{event}/programme",
    "/events/{event}/travel",
    "/events/{event}/transfers",
    "/events/{event}/itinerary",
    "/events/{event}/arrivals",
    "/events/{event}/where",
    "/events/{event}/booklet",
    "/api/v1/events/{event}/vehicles",
    "/api/v1/events/{event}/journeys",
)


# How many rows there are is counted only where a page does not show them all, as these do with thirty people.
HAS_MORE = ("/mail", "/search?q=soyadi", "/api/v1/messages")
# What is to be paid is worked out anew from all that is known of everybody's journey, a table each.
MOST = {"/events/{event}/per-diem": 28, "/api/v1/events/{event}/per-diem": 26}
# What is looked at all day may cost no more than this.
BUSIEST = {"/events/{event}/people": 7, "/search?q=soyadi": 5}


async def furnished(app: App, size: int) -> dict[str, Any]:
    """An event of that many people and sessions, each with a mail, nights and attendance."""
    sessions = [
        {
            "title": f"Session {n}",
            "starts": f"2026-04-14T{8 + n // 6:02}:{n % 6 * 10:02}",
            "ends": f"2026-04-14T{8 + n // 6:02}:{n % 6 * 10 + 9:02}",
        }
        for n in range(size)
    ]
    for n in range(size - 1):
        await app.event(title=f"Other {n}")
    event, _ = await app.accepted_event(names(size), sessions=sessions)
    await app.rates("AT;;240;EUR;2024-01-01;List of 2024")
    stay = {"check_in": "2026-04-14", "check_out": "2026-04-15", "country": "AT"}
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=stay)
    await app.sign(event, "2026-04-14")
    registrations = list((await app.registrations(event)).values())
    paid = {"registrations": registrations, "amount": "50", "currency": "EUR", "paid_on": "2026-03-01"}
    await app.api("finance").post(f"/api/v1/events/{event['id']}/advances", json=paid)
    for registration in registrations:
        more = {"registration_id": registration, "amount": "5", "reason": "Asked for by the project"}
        await app.api("finance").post(f"/api/v1/events/{event['id']}/adjustments", json=more)
        spent = {"registration_id": registration, "kind": "taxi", "amount": "10", "currency": "EUR"}
        await app.api().post(f"/api/v1/events/{event['id']}/receipts", json=spent)
    leg = {"number": "TK 1887", "origin": "IST", "destination": "ESB", "day": "2026-04-14", "arrives": "09:00"}
    await app.api().post(f"/api/v1/events/{event['id']}/legs", json={"leg": leg, "registrations": registrations})
    ride = {"name": "Bus", "seats": 50, "origin": "ESB", "destination": "Hotel", "day": "2026-04-14"}
    bus = (await app.api().post(f"/api/v1/events/{event['id']}/vehicles", json=ride)).json()["id"]
    await app.api().post(f"/api/v1/vehicles/{bus}/passengers", json={"registrations": registrations})
    return event


async def cost(app: App, path: str, event: dict[str, Any]) -> int:
    path = path.format(event=event["id"], project=app.project_id)
    role = "administrator" if path.endswith("/webhooks") else "organiser"
    client = app.api() if path.startswith("/api/") else (await app.at_desk(role)).client
    with app.counting() as seen:
        answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return len(seen)


async def test_thirty_rows_cost_as_many_queries_as_one_and_no_page_more_than_fourteen(
    sqlite_template: Path, tmp_path: Path
) -> None:
    costs: dict[int, dict[str, int]] = {}
    for size in (1, 30):
        file = tmp_path / f"{size}.db"
        shutil.copy(sqlite_template, file)
        async for app in open_app(settings_for(f"sqlite+aiosqlite:///{file}", tmp_path)):
            event = await furnished(app, size)
            costs[size] = {path: await cost(app, path, event) for path in PAGES}
    counted = {path: n + (path in HAS_MORE) for path, n in costs[1].items()}
    assert costs[30] == counted
    assert {path: n for path, n in costs[30].items() if n > MOST.get(path, 14)} == {}
    assert {path: costs[30][path] for path in BUSIEST} == BUSIEST


# What many people look at at the same time, with the statement that finds out who asks.
BUSIEST_OF_PARTICIPANTS = {"/i/{token}": 10, "/e/{code}": 4}


async def test_the_pages_of_participants_cost_as_few_queries_with_many_sessions(sqlite_app: App) -> None:
    for count in (1, 20):
        sessions = [
            {"title": f"{n}", "starts": f"2026-04-14T09:{n:02}", "ends": f"2026-04-14T09:{n + 1:02}"}
            for n in range(count)
        ]
        event, tokens = await sqlite_app.accepted_event(
            [f"Ayşe {count}"], title=f"{count} sessions", sessions=sessions, confidentiality="public"
        )
        known = {"token": tokens[f"Ayşe {count}"], "code": event["code"]}
        costs: dict[str, int] = {}
        for path in BUSIEST_OF_PARTICIPANTS:
            client = sqlite_app.stranger()
            await client.get(path.format(**known))
            with sqlite_app.counting() as seen:
                assert (await client.get(path.format(**known))).status_code == 200
            costs[path] = len(seen)
        assert costs == BUSIEST_OF_PARTICIPANTS
