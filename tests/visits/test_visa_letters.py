"""Letters for visas know where people sleep, and from when until when."""

import pytest
from sqlmodel import select

from directory.people.models import Person
from tests.office import pdf_pages
from tests.people import App, problem_fields
from tests.visits.test_legs import travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights


async def test_a_visa_letter_is_of_the_nights_that_are_entered(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 10, 11, 12, 13, 14, 15)], hotel_id=hotel["id"])
    path = f"/api/v1/events/{event['id']}"
    made = await app.api().post(f"{path}/visa-letters", json={"language": "en"})
    pages = pdf_pages(made.content)
    (first,), (second,) = ([page for page in pages if name in page] for name in ("Ayşe Bir", "Ali İki"))
    assert ("10–16 May 2026" in first, hotel["name"] in first) == (True, True)
    assert (hotel["name"] in second, "16 May" in second) == (False, False)
    people = (await app.api().get(f"{path}/people")).json()["items"]
    (id,) = [one["invitation_id"] for one in people if one["name"] == "Ayşe Bir"]
    form = (await (await app.at_desk()).get(f"/events/{event['id']}/people/{id}/visa-letter")).text
    assert all(f'value="{day}"' in form for day in ("2026-05-10", "2026-05-16"))
    assert hotel["name"] in form


async def test_visa_letters_of_all_bear_the_name_of_the_passport_as_that_of_one_does(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    async with app.database.unit_of_work() as db:
        person = (await db.exec(select(Person).where(Person.name == "Ayşe Bir"))).one()
        person.passport_name = "AYSE BIR YILMAZ"
    path = f"/api/v1/events/{event['id']}"
    made = await app.api().post(f"{path}/visa-letters", json={"language": "en"})
    (id,) = [one["invitation_id"] for one in (await app.api().get(f"{path}/people")).json()["items"]]
    form = (await (await app.at_desk()).get(f"/events/{event['id']}/people/{id}/visa-letter")).text
    assert ('value="AYSE BIR YILMAZ"' in form, "AYSE BIR YILMAZ" in pdf_pages(made.content)[0]) == (True, True)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ({"stay_from": "2026-05-18"}, "18 May 2026"),
        ({"stay_until": "2026-05-08"}, "8 May 2026"),
        ({"stay_from": "2026-05-12"}, "12–16 May 2026"),
    ],
)
async def test_a_day_that_is_typed_makes_no_stay_end_before_it_begins(
    sqlite_app: App, typed: dict[str, str], days: str
) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 10, 11, 12, 13, 14, 15)], hotel_id=hotel["id"])
    path = f"/api/v1/events/{event['id']}/visa-letters"
    (page,) = pdf_pages((await app.api().post(path, json={"language": "en"} | typed)).content)
    assert f"Days of the stay {days}" in " ".join(page.split())


async def test_a_stay_that_ends_before_it_begins_is_refused(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    reversed_days = {"stay_from": "2026-05-12", "stay_until": "2026-05-10"}
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/visa-letters", json=reversed_days)
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["stay_until"])
