"""Somebody drops out of a delegation: seats and sessions follow the substitute, tickets and beds become tasks."""

from typing import Any

from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.projects.service import list_members
from tests.people import App
from tests.visits.test_legs import VIENNA, entered, travelling
from tests.visits.test_vehicles import ordered, planned, seated
from visits.tasks.jobs import sweep

NIGHTS = {"check_in": "2026-05-11", "check_out": "2026-05-15", "country": "AT", "city": "Vienna"}


async def replace(app: App, event: dict[str, Any], name: str, by: str) -> None:
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    invitation = next(one for one in people if one["name"] == name)["invitation_id"]
    given = {"name": by, "address": f"{by.split()[0].lower()}@example.org"}
    answer = await app.api().post(f"/api/v1/invitations/{invitation}/substitution", json=given)
    assert answer.status_code < 300, answer.text


async def listed(app: App, event: dict[str, Any], role: str = "organiser") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await app.api(role).get(f"/api/v1/events/{event['id']}/tasks")).json()
    return found


async def tasks(app: App, event: dict[str, Any], role: str = "organiser") -> list[str]:
    return [one["title"] for one in await listed(app, event, role)]


async def organiser_of(app: App) -> str:
    async with app.database.reading() as db:
        members = await list_members(db, app.project_id)
    return next(str(account.id) for member, account in members if member.role is Role.organiser)


async def reads(app: App, role: str, language: str) -> None:
    """Somebody of the staff has the pages in another language."""
    async with app.database.unit_of_work() as db:
        (await db.get_one(Account, app.accounts[role])).language = language


async def test_a_seat_follows_and_the_vehicle_waits_for_the_substitutes_own_flight(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [*of.values()])
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [*of.values()])
    await replace(app, event, "Ayşe Bir", "Can Dört")
    new = (await app.registrations(event))["Can Dört"]
    riders = (await planned(app, event))["Minibus 1"]["passengers"]
    assert {one["registration_id"] for one in riders} == {new, of["Ali İki"]}
    await entered(app, event, [new], number="OS 834", departs="15:00", arrives="16:35")
    assert (await planned(app, event))["Minibus 1"]["pick_up"].endswith("17:35")


async def test_tickets_and_beds_do_not_follow_and_become_tasks(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json=NIGHTS)
    await replace(app, event, "Ayşe Bir", "Can Dört")
    titles = await tasks(app, event)
    assert len(titles) == 3
    assert all(title.startswith("Ayşe Bir → Can Dört: ") for title in titles)
    assert any("TK 1887" in title for title in titles)
    assert any("Vienna" in title for title in titles)
    (journey,) = (await app.api().get(f"/api/v1/events/{event['id']}/journeys")).json()
    assert (journey["name"], journey["legs"]) == ("Can Dört", [])


async def test_each_reads_the_tasks_in_their_language_until_somebody_writes_another_title(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    await app.api().post(f"/api/v1/events/{event['id']}/stays", json={**NIGHTS, "city": ""})
    await replace(app, event, "Ayşe Bir", "Can Dört")
    about = "Ayşe Bir → Can Dört: "
    assert {title.removeprefix(about) for title in await tasks(app, event)} == {
        "Ticket TK 1887, 11 May 2026: cancel or rename it",
        "Bed in Austria, 11–15 May 2026: look who shares the room, or cancel it",
        "Passport, visa and insurance of the substitute",
    }
    await reads(app, "auditor", "tr")
    turkish = [one for one in await tasks(app, event, "auditor") if "TK 1887" in one]
    assert turkish == [f"{about}TK 1887 bileti, 11 May 2026: iptal edin veya isim değişikliği yaptırın"]
    ticket = next(one for one in await listed(app, event) if "TK 1887" in one["title"])
    given = {"title": ticket["title"], "due_on": "2026-03-20", "phase": "travel"}
    await app.api().put(f"/api/v1/tasks/{ticket['id']}", json=given)
    assert turkish[0] in await tasks(app, event, "auditor")
    await app.api().put(f"/api/v1/tasks/{ticket['id']}", json={**given, "title": "Call the airline"})
    assert ("Call the airline" in await tasks(app, event, "auditor"), turkish[0] in await tasks(app, event)) == (
        True,
        False,
    )


async def test_a_mail_about_such_a_task_names_nobody(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    await replace(app, event, "Ayşe Bir", "Can Dört")
    (ticket, *_) = await listed(app, event)
    given = {"title": ticket["title"], "due_on": "2026-03-03", "owner_id": await organiser_of(app), "phase": "travel"}
    assert (await app.api().put(f"/api/v1/tasks/{ticket['id']}", json=given)).status_code == 200
    await sweep(app.fastapi.state.context)
    (mail,) = await app.mails("visits/tasks")
    assert ("Ticket TK 1887" in mail.plain, "Ayşe Bir" in mail.plain, "Can Dört" in mail.plain) == (True, False, False)


async def test_what_does_not_follow_is_said_before_somebody_is_replaced(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    here = f"/events/{event['id']}/people/{people[0]['invitation_id']}"
    assert "Ticket TK 1887" in (await (await app.at_desk()).get(here)).text
    assert "Ticket TK 1887" not in (await (await app.at_desk("auditor")).get(here)).text


async def test_who_travels_on_nothing_leaves_no_task(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    await replace(sqlite_app, event, "Ayşe Bir", "Can Dört")
    assert await tasks(sqlite_app, event) == []


async def test_places_in_sessions_follow_the_substitute(app: App) -> None:
    session = {"title": "Tour", "starts": "2026-05-11T14:00", "ends": "2026-05-11T16:00", "capacity": 1}
    days = {"first_day": "2026-05-11", "last_day": "2026-05-15"}
    event, tokens = await app.accepted_event(["Ayşe Bir"], **VIENNA, **days, sessions=[session])
    answer = await app.guest(tokens["Ayşe Bir"]).put(f"/api/v1/invitation/sessions/{event['sessions'][0]['id']}")
    assert answer.status_code < 300, answer.text
    await replace(app, event, "Ayşe Bir", "Can Dört")
    async with app.database.reading() as db:
        rows = (await (await db.connection()).exec_driver_sql("SELECT left_at FROM session_place")).all()
    assert sorted(row[0] is None for row in rows) == [False, True]
