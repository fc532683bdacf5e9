"""What travellers tell lies in clear in no database file, backup, file, log, or list for hosts."""

from pathlib import Path

import pytest

from tests.finance.test_payees import IBAN
from tests.people import App
from tests.security.test_erasure import raw_copies
from tests.visits.test_booking_files import confirmation, uploaded
from tests.visits.test_delegations import made
from tests.visits.test_journeys import PASSPORT
from tests.visits.test_legs import entered, travelling
from tests.visits.test_vehicles import ordered

PLANTED = {
    "passport": "U77700177",
    "account": IBAN,
    "visa": "VISA77700177",
    "policy": "POLICY77700177",
    "reference": "QZX77J",
    "ticket": "2357770017701",
    "name on the ticket": "PLANTEDNAME/AYSE",
    "wish": "a window seat 77700177",
    "driver": "+43 777 00177",
    "booking": "BKG77Z",
}


async def lived(app: App) -> dict[str, object]:
    """A visit on which everything that is secret has been told once."""
    event, tokens, of = await travelling(app, ["Ayşe Bir"])
    leg = await entered(app, event, [*of.values()])
    guest = await app.owner(tokens["Ayşe Bir"])
    mine = "/api/v1/invitation/journey"
    told = {
        "passport": PASSPORT | {"number": PLANTED["passport"], "expires": "2031-04-15"},
        "visa": {"state": "granted", "number": PLANTED["visa"]},
        "insurance": {"company": "Any", "policy": PLANTED["policy"]},
        "wishes": {"wishes": PLANTED["wish"]},
    }
    for part, value in told.items():
        answer = await guest.put(f"{mine}/{part}", json=value)
        assert answer.status_code == 204, answer.text
    account = await guest.put("/api/v1/invitation/payment", json={"holder": "Ayşe Bir", "iban": PLANTED["account"]})
    assert account.status_code == 200, account.text
    ticket = {
        "state": "ticketed",
        "reference": PLANTED["reference"],
        "ticket_number": PLANTED["ticket"],
        "ticket_name": PLANTED["name on the ticket"],
    }
    answer = await app.api().put(f"/api/v1/legs/{leg['id']}/passengers/{of['Ayşe Bir']}", json=ticket)
    assert answer.status_code == 200, answer.text
    await ordered(app, event, driver_phone=PLANTED["driver"])
    path = f"/api/v1/events/{event['id']}/bookings"
    await uploaded(app, path, confirmation(reference=PLANTED["booking"]))
    return event


async def test_nothing_secret_of_a_journey_lies_in_clear_anywhere(
    app: App, tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    event = await lived(app)
    places = {f"copy {number}": copy for number, copy in enumerate(raw_copies(app, tmp_path, database_url))}
    places |= {str(path): path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()}
    places["logs"] = "".join(capfd.readouterr()).encode()
    host = await made(app, event, ending="csv")
    places["the host's list"] = host.content
    found = {(what, where) for what, text in PLANTED.items() for where, b in places.items() if text.encode() in b}
    assert found == set()
    assert len(places) > 3


async def test_the_search_finds_what_lies_in_clear(app: App, tmp_path: Path, database_url: str) -> None:
    """Else the test above could not fail."""
    await travelling(app, ["Ayşe Bir"])
    await app.event(title="Planted77700177")
    assert any(b"Planted77700177" in copy for copy in raw_copies(app, tmp_path, database_url))
