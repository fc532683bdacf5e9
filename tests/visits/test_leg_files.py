"""Tickets and boarding passes with a leg: attached by organiser or traveller, evidence once the journey is over."""

from typing import Any

from sqlmodel import select

from tests.people import App
from tests.visits.test_booking_files import confirmation
from tests.visits.test_legs import entered, travelling
from visits.booking_files.jobs import sweep
from visits.booking_files.models import BookingFile
from visits.legs.models import LegPassenger

PASS = b"%PDF-1.4 boarding pass M1BIR/AYSE ERXJ34P"


def sent(content: bytes = PASS, name: str = "pass.pdf") -> list[Any]:
    return [("file", (name, content, "application/pdf"))]


async def attached(app: App, leg: dict[str, Any], registration: str, content: bytes = PASS) -> Any:
    return await app.api().post(
        f"/api/v1/legs/{leg['id']}/files", data={"registration_id": registration}, files=sent(content)
    )


async def test_a_ticket_lies_with_the_leg_of_its_traveller_encrypted(app: App, tmp_path: Any) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [of["Ayşe Bir"]])
    answer = await attached(app, leg, of["Ayşe Bir"])
    assert answer.status_code == 202, answer.text
    (one,) = answer.json()
    assert (one["name"], one["leg_id"], one["file_name"], one["is_evidence"]) == (
        "Ayşe Bir",
        leg["id"],
        "pass.pdf",
        False,
    )
    assert (await attached(app, leg, of["Ali İki"], b"%PDF- other")).status_code == 422
    assert (await attached(app, leg, of["Ayşe Bir"])).status_code == 409
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and len(path.name) == 64)
    assert b"RXJ34P" not in kept
    path = f"/api/v1/events/{event['id']}/leg-files"
    assert (await app.api().post(f"{path}/{one['id']}/content")).content == PASS
    # Not beside the history.
    assert (await app.api().get(f"/api/v1/events/{event['id']}/bookings/{one['id']}")).status_code == 404
    assert "Ticket or boarding pass downloaded" in (await (await app.at_desk()).get(f"/legs/{leg['id']}/files")).text


async def test_finance_opens_it_only_when_the_last_leg_of_the_traveller_is_over(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    there = await entered(app, event, [*of.values()])
    back = {"origin": "VIE", "destination": "IST", "number": "1888", "day": "2026-05-13", "departs": "19:00"}
    await entered(app, event, [of["Ayşe Bir"]], **back, arrives=None)
    (mine,) = (await attached(app, there, of["Ayşe Bir"])).json()
    path = f"/api/v1/events/{event['id']}/leg-files"
    whole = f"{path}/{mine['id']}/content"
    finance = app.api("finance")

    async def at(moment: str) -> tuple[int, bool]:
        app.clock.now = app.clock.now.fromisoformat(moment)
        (item,) = (await finance.get(path)).json()["items"]
        return (await finance.post(whole)).status_code, item["is_evidence"]

    assert await at("2026-05-11T08:00:00+00:00") == (403, False)
    # Of the way home only the day is known, at its place three hours east.
    assert await at("2026-05-13T20:59:00+00:00") == (403, False)
    assert await at("2026-05-13T21:00:00+00:00") == (200, True)
    assert (await finance.post(whole)).content == PASS
    assert (await finance.post(f"/api/v1/legs/{there['id']}/files", data={}, files=sent())).status_code == 403


async def test_mails_and_lists_that_are_read_are_no_evidence(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    bookings = f"/api/v1/events/{event['id']}/bookings"
    read = await app.api().post(bookings, files=[("file", ("b.html", confirmation(), "text/html"))])
    file = read.json()["files"][0]["id"]
    path = f"/api/v1/events/{event['id']}/leg-files"
    app.clock.forward(days=90)
    assert (await app.api("finance").get(path)).json()["items"] == []
    assert (await app.api("finance").post(f"{path}/{file}/content")).status_code == 404
    assert (await app.api("finance").get(f"{bookings}/{file}")).status_code == 403


async def test_the_page_of_a_leg_shows_the_bookings_that_named_its_people(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    bookings = f"/api/v1/events/{event['id']}/bookings"
    files = [("file", (f"{n}.html", content, "text/html")) for n, content in enumerate([
        confirmation(),
        confirmation("Somebody Else"),
        confirmation("Ali İki", departs="2026-05-12T08:05:00+03:00", arrives="2026-05-12T09:40:00+02:00"),
    ])]  # fmt: skip
    await app.api().post(bookings, files=files)
    await app.work()
    desk = await app.at_desk()
    here = f"/legs/{leg['id']}/files"
    page = (await desk.get(here)).text
    assert ("0.html" in page, "1.html" in page, "2.html" in page) == (True, False, False)
    form = {"registration_id": of["Ali İki"]}
    assert (await desk.send(here, form, files=[("file[]", ("p.pdf", PASS, "application/pdf"))])).status_code == 303
    assert "p.pdf" in (await desk.get(here)).text
    assert (await desk.send(here, form, files=[("file[]", ("p.pdf", PASS, "application/pdf"))])).status_code == 409
    money = await app.at_desk("finance")
    listed = (await money.get(f"/events/{event['id']}/leg-files")).text
    assert ("p.pdf" in listed, "After the journey" in listed) == (True, True)


async def test_travellers_attach_to_their_own_legs_and_see_nobody_elses(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    leg = await entered(app, event, [*of.values()])
    alis = await entered(app, event, [of["Ali İki"]], number="99", day="2026-05-12")
    (other,) = (await attached(app, leg, of["Ali İki"], b"%PDF- of Ali")).json()
    guest = await app.owner(tokens["Ayşe Bir"])
    mine = "/api/v1/invitation/journey/legs"
    assert (await guest.post(f"{mine}/{leg['id']}/files", files=sent())).status_code == 204
    assert (await guest.post(f"{mine}/{alis['id']}/files", files=sent(b"%PDF- 2"))).status_code == 404
    phone = await app.owners_browser(tokens["Ayşe Bir"])
    here = f"/i/{tokens['Ayşe Bir']}/travel"
    page = (await phone.get(f"{here}/legs/{leg['id']}/files")).text
    assert (page.count("pass.pdf"), f"files/{other['id']}" in page) == (1, False)
    assert (await phone.get(f"{here}/files/{other['id']}")).status_code == 404
    assert (await phone.get(f"{here}/legs/{alis['id']}/files")).status_code == 404
    form = [("file[]", ("later.pdf", b"%PDF- later", "application/pdf"))]
    assert (await phone.send(f"{here}/legs/{leg['id']}/files", files=form)).status_code == 303
    listed = (await app.api().get(f"/api/v1/events/{event['id']}/leg-files")).json()
    assert sorted((one["name"], one["file_name"]) for one in listed["items"]) == [
        ("Ali İki", "pass.pdf"),
        ("Ayşe Bir", "later.pdf"),
        ("Ayşe Bir", "pass.pdf"),
    ]


async def test_files_references_and_tickets_go_sixty_days_after_the_event(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    await attached(app, leg, of["Ayşe Bir"])
    held = {"state": "ticketed", "seat": "12A", "reference": "RXJ34P", "ticket_number": "2352401234567"}
    await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=held)

    async def kept(moment: str) -> tuple[int, list[str]]:
        app.clock.now = app.clock.now.fromisoformat(moment)
        await sweep(app.fastapi.state.context)
        async with app.database.reading() as db:
            files = (await db.exec(select(BookingFile))).all()
            (one,) = (await db.exec(select(LegPassenger))).all()
        return len(files), [one.seat, one.reference, one.ticket_number]

    assert await kept("2026-07-14T10:00:00+00:00") == (1, ["12A", "RXJ34P", "2352401234567"])
    assert await kept("2026-07-15T10:00:00+00:00") == (0, ["", "", ""])
