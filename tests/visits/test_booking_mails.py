"""Mails with bookings: forwarded to the address of an event or a traveller, kept whole, and read like uploads."""

import re
from email.message import EmailMessage
from typing import Any

import pytest

from tests.notifications.test_inbound import bring
from tests.people import App
from tests.security.test_inbound_mail import post
from tests.visits.test_booking_files import confirmation
from tests.visits.test_legs import travelling

__all__ = ["post"]


async def address_of(app: App, event: dict[str, Any]) -> str:
    return str((await app.api().get(f"/api/v1/events/{event['id']}/bookings")).json()["forward_to"])


async def read(app: App, event: dict[str, Any]) -> dict[str, Any]:
    return dict((await app.api().get(f"/api/v1/events/{event['id']}/bookings")).json())


def mail_of(name: str) -> bytes:
    """A carrier's mail about somebody."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "reservations@carrier.example", "x@example.org", "Your booking"
    mail.set_content("Thank you for your booking.")
    mail.add_alternative(confirmation(name).decode(), subtype="html")
    return mail.as_bytes()


def with_attachment(raw: bytes, size: int) -> bytes:
    """A mail that brings another one and a file of that size."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ayse.bir@example.org", "x@example.org", "Fwd: your booking"
    mail.set_content("See below.")
    mail.add_attachment(bytes(size), maintype="application", subtype="octet-stream", filename="terms.bin")
    mail.add_attachment(raw, maintype="text", subtype="html", filename="booking.html")
    return mail.as_bytes()


async def test_a_forwarded_mail_becomes_a_proposal_and_enters_nothing(post: App) -> None:
    event, _, of = await travelling(post, ["Ayşe Bir"])
    assert (await bring(post, await address_of(post, event), mail_of("Ayşe Bir"))).startswith("2.0.0")
    found = await read(post, event)
    (one,) = found["proposals"]
    assert (one["kind"], one["registration_id"]) == ("new", of["Ayşe Bir"])
    assert (await post.api().get(f"/api/v1/events/{event['id']}/legs")).json() == []


async def test_a_mail_larger_than_ordinary_ones_is_kept_with_its_attachments_whole(post: App) -> None:
    event, _, _ = await travelling(post, ["Ayşe Bir"])
    raw = with_attachment(confirmation("Ayşe Bir"), 4_500_000)
    assert len(raw) > 6_000_000
    assert (await bring(post, await address_of(post, event), raw)).startswith("2.0.0")
    found = await read(post, event)
    assert found["files"][0]["size"] > 6_000_000
    assert [one["kind"] for one in found["proposals"]] == ["new"]


async def test_the_same_mail_twice_is_kept_once(post: App) -> None:
    event, _, _ = await travelling(post, ["Ayşe Bir"])
    to, raw = await address_of(post, event), mail_of("Ayşe Bir")
    for sender in ("reservations@carrier.example", "reservations@carrier.example", "other@vendor.example"):
        await bring(post, to, raw, sender)
    assert len((await read(post, event))["files"]) == 1


async def test_a_travellers_own_address_is_theirs_alone(post: App) -> None:
    event, tokens, _ = await travelling(post, ["Ayşe Bir", "Ali İki"])
    guest = await post.owner(tokens["Ayşe Bir"])
    to = (await guest.get("/api/v1/invitation/journey/bookings")).json()["forward_to"]
    assert to != await address_of(post, event)
    await bring(post, to, mail_of("Ayşe Bir"), "reservations@carrier.example")
    mine = (await guest.get("/api/v1/invitation/journey/bookings")).json()
    assert (len(mine["files"]), len(mine["proposals"])) == (1, 1)
    other = await post.owner(tokens["Ali İki"])
    assert (await other.get("/api/v1/invitation/journey/bookings")).json()["files"] == []


async def test_the_booking_of_somebody_else_is_shown_to_organisers_and_attached_to_nobody(post: App) -> None:
    event, tokens, _ = await travelling(post, ["Ayşe Bir"])
    await bring(post, await address_of(post, event), mail_of("Zoe Stranger"))
    (one,) = (await read(post, event))["proposals"]
    assert one["registration_id"] is None
    guest = await post.owner(tokens["Ayşe Bir"])
    assert (await guest.get("/api/v1/invitation/journey/bookings")).json()["proposals"] == []


@pytest.mark.parametrize("what", ["another letter", "an ordinary address"])
async def test_an_address_that_was_not_signed_takes_no_booking(post: App, what: str) -> None:
    event, _, _ = await travelling(post, ["Ayşe Bir"])
    to = await address_of(post, event)
    wrong = re.sub(r"\+c(.)", lambda found: "+c" + ("b" if found[1] == "a" else "a"), to)
    answer = await bring(post, wrong if what == "another letter" else re.sub(r"\+[^@]*", "", to), mail_of("Ayşe Bir"))
    assert (answer == "550" or answer.startswith("2.0.0"), (await read(post, event))["files"]) == (True, [])


async def test_what_comes_for_an_event_that_is_off_waits_to_be_looked_at(post: App) -> None:
    event, _, _ = await travelling(post, ["Ayşe Bir"])
    to = await address_of(post, event)
    answer = await post.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "Floods"})
    assert answer.status_code < 300, answer.text
    await bring(post, to, mail_of("Ayşe Bir"))
    assert (await read(post, event))["files"] == []
    assert "Booking for a journey" in (await (await post.at_desk()).get("/inbox")).text
