"""Visits at their edges: cancelled, names as long as names are, money for whom it is not."""

import json

from tests.people import App
from tests.visits.test_legs import entered, travelling
from tests.visits.test_nights import a_hotel, nights_of, set_nights
from tests.visits.test_vehicles import ordered, seated, text_of


async def test_travellers_read_everywhere_that_their_visit_is_cancelled(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    mine = f"/i/{tokens['Ayşe Bir']}/travel"
    browser = await app.owners_browser(tokens["Ayşe Bir"])
    for path in (mine, f"{mine}/itinerary"):
        assert "iptal edildi" not in (await browser.get(path)).text
    cancelled = await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "Strike"})
    assert cancelled.status_code == 200
    for path in (mine, f"{mine}/itinerary"):
        page = (await browser.get(path)).text
        # The leg stays: it is bought, and somebody may be on the way.
        assert ("Bu etkinlik iptal edildi." in page, "TK 1887" in page) == (True, True)
    kept = json.loads((await browser.get(f"{mine}/kept")).text)
    assert kept["event"] == f"{event['title']}: İptal edildi"


async def test_pages_of_a_cancelled_visit_offer_no_room_and_no_mail_that_would_be_refused(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir"])
    await entered(app, event, [*of.values()])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of["Ayşe Bir"], 11, 12)], hotel_id=hotel["id"])
    desk, here = await app.at_desk(), f"/events/{event['id']}"
    assert "Make the ticked rooms" in (await desk.get(f"{here}/rooms")).text
    await app.api().post(f"/api/v1{here}/cancellation", json={"reason": "Strike"})
    assert "Make the ticked rooms" not in (await desk.get(f"{here}/rooms")).text
    told = (await desk.get(f"{here}/travel-notices")).text
    assert ("Nobody is told of journeys any more." in told, "An organiser who may send" in told) == (True, False)


async def test_long_names_are_whole_on_what_drivers_and_hotels_get(sqlite_app: App) -> None:
    app, name = sqlite_app, "Muhammed Abdülkadir Karaosmanoğlu Büyükdağlıoğlu"
    event, _, of = await travelling(app, [name])
    await entered(app, event, [*of.values()])
    hotel = await a_hotel(app, event)
    await set_nights(app, event, [nights_of(of[name], 11, 12)], hotel_id=hotel["id"])
    vehicle = await ordered(app, event)
    await seated(app, vehicle, [*of.values()])
    here = f"/api/v1/events/{event['id']}"
    sheets = await app.api().post(f"{here}/driver-sheets", json={"recipient": "Huber", "vehicles": [vehicle["id"]]})
    assert name in text_of(sheets.content)[0]
    made = (await app.api().post(f"{here}/hotels/{hotel['id']}/rooming-lists")).json()
    wanted = {"recipient": "Hotel", "ending": "pdf"}
    printed = await app.api().post(f"{here}/rooming-lists/{made['id']}/file", json=wanted)
    assert name in text_of(printed.content)[0]


async def test_whoever_plans_without_reading_money_neither_reads_nor_enters_costs(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    here = f"/api/v1/events/{event['id']}/costs"
    line = {"heading": "travel", "stage": "planned", "text": "Tickets", "amount": "2400.00", "currency": "EUR"}
    made = (await app.api().post(here, json=line)).json()
    (known,) = [one["id"] for one in made["lines"] if one["id"]]
    assistant = app.api("assistant")
    answers = [
        await assistant.get(here),
        await assistant.post(here, json=line),
        await assistant.put(f"{here}/budget", json={"amount": "1.00", "currency": "EUR"}),
        await assistant.put(f"/api/v1/costs/{known}", json=line),
        await assistant.delete(f"/api/v1/costs/{known}"),
        await (await app.at_desk("assistant")).get(f"/events/{event['id']}/costs/budget"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert [one["amount"] for one in (await app.api().get(here)).json()["lines"]] == ["2400.00"]
