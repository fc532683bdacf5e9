"""Letters for visas know where people sleep, and from when until when."""

from tests.office import pdf_pages
from tests.people import App
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
