"""Lists of a visit that have no pages are ordered by what their headings say, on pages and for programs."""

import re
from typing import Any

from tests.people import App
from tests.visits.test_booking_files import uploaded
from tests.visits.test_costs import add
from tests.visits.test_hotel_bookings import reservation
from tests.visits.test_legs import entered, travelling
from tests.visits.test_visas import stated


async def listed(app: App, path: str, sort: str, key: str) -> list[Any]:
    answer = await app.api("finance").get(f"/api/v1/{path}?sort={sort}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return [one[key] for one in (found if isinstance(found, list) else found["lines"])]


async def test_tasks_stand_by_what_they_are_called_or_until_when_from_either_end(app: App) -> None:
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    path = f"events/{event['id']}/tasks"
    for title, due in (("Zarf", "2026-05-01"), ("Çiçek", "2026-05-03"), ("Davet", "2026-05-02")):
        assert (await app.api().post(f"/api/v1/{path}", json={"title": title, "due_on": due})).status_code == 201
    assert await listed(app, path, "task", "title") == ["Çiçek", "Davet", "Zarf"]
    assert await listed(app, path, "-until", "title") == ["Çiçek", "Davet", "Zarf"]
    page = (await (await app.at_desk()).get(f"/{path}?sort=-task")).text
    assert 'aria-sort="descending"' in page
    assert re.findall("Zarf|Çiçek|Davet", page.split("<tbody>")[1])[0] == "Zarf"


async def test_costs_stand_by_amount_and_what_is_the_groups_last(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Çetin İki"])
    path = f"events/{event['id']}/costs"
    for text, amount, name in (("A", "9.00", ""), ("B", "100.00", "Çetin İki"), ("C", "20.00", "Ayşe Bir")):
        whose = {"registration_id": of[name]} if name else {}
        assert (await add(app, event, text=text, amount=amount, **whose)).status_code == 201
    assert await listed(app, path, "amount", "text") == ["A", "C", "B"]
    assert await listed(app, path, "-amount", "text") == ["B", "C", "A"]
    assert await listed(app, path, "name", "text") == ["C", "B", "A"]
    assert await listed(app, path, "-name", "text") == ["B", "C", "A"]
    page = (await (await app.at_desk("finance")).get(f"/{path}?sort=amount")).text
    assert [one for one in re.findall(r'data-label="What for">\s*([ABC])\s', page)] == ["A", "C", "B"]


async def test_visas_stand_by_the_names_of_countries_in_the_readers_language(sqlite_app: App) -> None:
    app = sqlite_app
    path = f"projects/{app.project_id}/visa-rules"
    for country in ("AT", "DE", "SE"):
        assert (await stated(app, country=country)).status_code == 200
    assert await listed(app, path, "country", "country") == ["AT", "DE", "SE"]
    assert await listed(app, path, "-country", "country") == ["SE", "DE", "AT"]
    assert (await (await app.at_desk()).get(f"/{path}?sort=source")).status_code == 422
    assert (await app.api().get(f"/api/v1/{path}?sort=source")).status_code == 422


async def test_people_stand_by_what_they_cost_beside_the_lines_as_they_were(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Çetin İki"])
    path = f"events/{event['id']}/costs"
    for name, amount in (("Ayşe Bir", "9.00"), ("Çetin İki", "100.00")):
        await add(app, event, text=f"for {name}", amount=amount, stage="booked", registration_id=of[name])

    async def shown(sort: str) -> list[str]:
        page = (await (await app.at_desk("finance")).get(f"/{path}?sort={sort}")).text
        return re.findall('data-label="Name">(.*?)<', page)[:2]

    assert await shown("booked") == ["Ayşe Bir", "Çetin İki"]
    assert await shown("-booked") == ["Çetin İki", "Ayşe Bir"]
    assert (await app.api("finance").get(f"/api/v1/{path}?sort=booked")).status_code == 422


async def test_who_is_where_stands_by_name_and_by_when_they_go_on(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Çetin İki"])
    await entered(app, event, [of["Ayşe Bir"]])
    await entered(app, event, [of["Çetin İki"]], number="TK 1", departs="06:00", arrives="07:30")
    path = f"/events/{event['id']}/where"

    async def shown(sort: str) -> list[str]:
        api = (await app.api().get(f"/api/v1/events/{event['id']}/whereabouts?sort={sort}")).json()
        page = (await (await app.at_desk()).get(f"{path}?sort={sort}")).text
        assert re.findall(r'/itinerary/[\w-]+">(.*?)<', page) == [one["name"] for one in api]
        return [one["name"].split()[0] for one in api]

    assert await shown("-name") == ["Çetin", "Ayşe"]
    assert await shown("next") == ["Çetin", "Ayşe"]
    assert await shown("-next") == ["Ayşe", "Çetin"]


async def test_hosts_stand_by_institution_and_those_without_an_interpreter_last(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    for institution, interpreter in (("Zentrum", ""), ("Çare", "Eva"), ("Amt", "Ada")):
        host = {"institution": institution, "interpreter": interpreter}
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/hosts", json=host)
    here = f"/events/{event['id']}/delegation"

    async def shown(sort: str) -> list[str]:
        meetings = (await sqlite_app.api().get(f"/api/v1{here}?sort={sort}")).json()["meetings"]
        page = (await (await sqlite_app.at_desk()).get(f"{here}?sort={sort}")).text
        assert re.findall('data-label="Institution">(.*?)<', page) == [one["institution"] for one in meetings]
        return [one["institution"] for one in meetings]

    assert await shown("institution") == ["Amt", "Çare", "Zentrum"]
    assert await shown("-interpreter") == ["Çare", "Amt", "Zentrum"]


async def test_bookings_stand_by_guest_and_by_day_which_the_page_writes_out(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir", "Çetin İki"])
    path = f"events/{event['id']}/bookings"
    await uploaded(sqlite_app, f"/api/v1/{path}", reservation("Ayşe Bir", check_in="2026-05-12"))
    await uploaded(sqlite_app, f"/api/v1/{path}", reservation("Çetin İki", check_in="2026-05-11"))

    async def shown(sort: str) -> list[str]:
        nights = (await sqlite_app.api().get(f"/api/v1/{path}?sort={sort}")).json()["nights"]
        page = (await (await sqlite_app.at_desk()).get(f"/{path}?sort={sort}")).text
        said = re.findall('data-label="Check-in">(.*?)<', page)
        assert [one["check_in"][-2:] for one in nights] == [day.split()[0] for day in said]
        return said

    assert await shown("checkin") == ["11 May 2026", "12 May 2026"]
    assert await shown("guest") == ["12 May 2026", "11 May 2026"]
