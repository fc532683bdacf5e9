"""Booklets: the programme with what the organiser writes, everybody's with the own itinerary, made by a job."""

import io
import zipfile
from typing import Any

from sqlmodel import select

from tests.people import App, problem_fields
from tests.visits.test_itineraries import visiting
from tests.visits.test_journeys import PASSPORT
from tests.visits.test_vehicles import text_of
from visits.booklets.jobs import sweep
from visits.booklets.models import Booklet

TEXTS = {"emergency": "Police 133\nAmbulance 144", "contacts": "Elif, +90 532 1112233", "rules": "Bring your badge."}
ACIL = {"emergency": "Polis 133", "addresses": "Hotel Wandl, Petersplatz 9"}


async def written(app: App, event: dict[str, Any]) -> None:
    for language, given in (("en", TEXTS), ("tr", ACIL)):
        path = f"/api/v1/events/{event['id']}/booklet-texts/{language}"
        assert (await app.api().put(path, json=given)).status_code == 200


async def made(app: App, event: dict[str, Any], language: str = "own") -> Any:
    ordered = await app.api().post(f"/api/v1/events/{event['id']}/booklets", json={"language": language})
    assert ordered.status_code == 202, ordered.text
    await app.work()
    job = (await app.api().get(f"/api/v1/jobs/{ordered.json()['job_id']}")).json()
    return (await app.api().get(f"/api/v1/events/{event['id']}/booklets")).json(), job


async def test_the_booklet_for_everybody_has_programme_and_texts_in_the_language_asked_for(app: App) -> None:
    event, _, _ = await visiting(app, ["Ayşe Bir"])
    await written(app, event)
    path = f"/api/v1/events/{event['id']}/booklet"
    english = " ".join(text_of((await app.api().get(path)).content)).replace("\r\n", "\n")
    for said in ("Emergency numbers", "Ambulance 144", "Bring your badge.", "Opening at the ministry", "Petersplatz 9"):
        assert said in english, said
    assert ("Ayşe" in english, "TK 1887" in english, "Polis" in english) == (False, False, False)
    turkish = " ".join(text_of((await app.api().get(path, params={"language": "tr"})).content))
    for said in ("Acil durum numaraları", "Polis 133", "Petersplatz 9", "Bring your badge.", "Pazartesi"):
        assert said in turkish, said
    assert "Ambulance" not in turkish


async def test_addresses_of_hosts_and_hotels_stand_in_the_booklet_without_being_typed_again(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await visiting(app, ["Ayşe Bir"])
    host = {"institution": "Ministry of Justice", "address": "Museumstraße 7", "contact_phone": "+43 1 555"}
    hotel = {"name": "Hotel Post", "address": "Fleischmarkt 24", "phone": "+43 1 515", "country": "AT"}
    for path, given in (("hosts", host), ("hotels", hotel)):
        assert (await app.api().post(f"/api/v1/events/{event['id']}/{path}", json=given)).status_code == 201
    read = " ".join(text_of((await app.api().get(f"/api/v1/events/{event['id']}/booklet")).content))
    for said in ("Addresses of the visit", "Ministry of Justice, Museumstraße 7", "Fleischmarkt 24, +43 1 515"):
        assert said in read, said
    # Whom travellers may call there is for the organiser to say.
    assert "+43 1 555" not in read


async def test_everybodys_booklet_is_made_by_a_job_with_the_own_itinerary(app: App) -> None:
    event, tokens, _ = await visiting(app, ["Ayşe Bir", "Ali İki"])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    (leg, *_) = (await app.api().get(f"/api/v1/events/{event['id']}/legs")).json()
    for one in leg["passengers"]:
        given = {"state": "ticketed", "reference": "RXJ34P", "ticket_number": "2351234567890", "seat": "12A"}
        await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{one['registration_id']}", json=given)
    rows, job = await made(app, event, "en")
    assert (len(rows), job["done"], job["total"]) == (2, 2, 2)
    bundle = await app.api().get(f"/api/v1/events/{event['id']}/booklets/all.zip")
    with zipfile.ZipFile(io.BytesIO(bundle.content)) as files:
        names = files.namelist()
        first = " ".join(text_of(files.read(names[0])))
    assert names == ["001-Ali-İki.pdf", "002-Ayşe-Bir.pdf"]
    for said in ("Ali İki", "TK 1887", "08:05 (Istanbul)", "arrival not known", "Exit 3", "2 h 35 min", "12A"):
        assert said in first, said
    for secret in ("Ayşe", "U12345678", "RXJ34P", "2351234567890"):
        assert secret not in first
    whole = await app.api().get(f"/api/v1/events/{event['id']}/booklets/all.pdf")
    assert "Ayşe Bir" in " ".join(text_of(whole.content))
    async with app.database.reading() as db:
        hashes = list(await db.exec(select(Booklet.file_hash)))
    folder = app.fastapi.state.settings.files_folder
    assert all(b"%PDF" not in (folder / hash[:2] / hash).read_bytes() for hash in hashes)


async def test_made_again_there_is_one_for_each_and_they_go_sixty_days_after_the_visit(app: App) -> None:
    event, _, _ = await visiting(app, ["Ayşe Bir"])
    (before,), _ = await made(app, event)
    app.clock.forward(minutes=5)
    (after,), _ = await made(app, event, "tr")
    assert (after["id"], after["language"], before["made_at"] < after["made_at"]) == (before["id"], "tr", True)
    one = await app.api().get(f"/api/v1/booklets/{after['id']}")
    assert "Seyahat planım" in " ".join(text_of(one.content))
    await sweep(app.fastapi.state.context)
    assert len((await app.api().get(f"/api/v1/events/{event['id']}/booklets")).json()) == 1
    app.clock.forward(days=140)
    await sweep(app.fastapi.state.context)
    assert (await app.api().get(f"/api/v1/events/{event['id']}/booklets")).json() == []


async def test_a_traveller_chooses_the_language_of_the_own_booklet(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, _ = await visiting(app, ["Ayşe Bir", "Ali İki"])
    await written(app, event)
    token = tokens["Ayşe Bir"]
    assert (await app.stranger().client.get(f"/i/{token}/travel/booklet/en.pdf")).status_code == 303
    own = await app.owners_browser(token)
    page = (await own.get(f"/i/{token}/travel/itinerary")).text
    assert f"/i/{token}/travel/booklet/tr.pdf" in page
    english = " ".join(text_of((await own.get(f"/i/{token}/travel/booklet/en.pdf")).content))
    turkish = " ".join(text_of((await own.get(f"/i/{token}/travel/booklet/tr.pdf")).content))
    assert ("Police 133" in english, "Polis 133" in turkish, "Ali İki" in english) == (True, True, False)
    assert (await own.get(f"/i/{token}/travel/booklet/xx.pdf")).status_code in (404, 422)
    guest = await app.owner(token)
    assert (await guest.get("/api/v1/invitation/journey/booklet")).content.startswith(b"%PDF")


async def test_booklets_with_nobody_or_none_made_say_so_and_are_for_those_who_plan(sqlite_app: App) -> None:
    app = sqlite_app
    empty = await app.event(kind="study-visit")
    refused = await app.api().post(f"/api/v1/events/{empty['id']}/booklets", json={})
    assert (refused.status_code, refused.json()["type"].endswith("/nobody-travels")) == (409, True)
    missing = await app.api().get(f"/api/v1/events/{empty['id']}/booklets/all.pdf")
    assert missing.status_code == 409
    assert (await app.api("auditor").get(f"/api/v1/events/{empty['id']}/booklets")).status_code == 403
    long = await app.api().put(f"/api/v1/events/{empty['id']}/booklet-texts/en", json={"rules": "x" * 4001})
    assert (long.status_code, list(problem_fields(long))) == (422, ["rules"])


async def test_texts_are_written_and_booklets_made_on_the_page(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await visiting(app, ["Ayşe Bir"])
    desk = await app.at_desk()
    here = f"/events/{event['id']}/booklet"
    await desk.get(here)
    wrong = await desk.send(f"{here}/tr", {"emergency": "Polis 133", "rules": "x" * 4001})
    assert (wrong.status_code, "Polis 133" in wrong.text, "is-invalid" in wrong.text) == (422, True, True)
    await desk.get(here)
    await desk.send(f"{here}/tr", {"emergency": "Polis 133"})
    assert "Polis 133" in desk.page
    await desk.send(f"/events/{event['id']}/booklets", {"language": "own"})
    assert "data-progress" in desk.page
    await app.work()
    assert "Ayşe Bir" in (await desk.get(here)).text
    assert (await desk.get(f"/events/{event['id']}/booklets/all.pdf")).content.startswith(b"%PDF")
    assert (await desk.get(f"{here}/tr.pdf")).content.startswith(b"%PDF")
