"""What vendors send, made up: reservations as JSON-LD, mails around them, passes, calendar entries."""

import io
import json
import zipfile
from datetime import date
from email.message import EmailMessage, Message
from typing import Any

from visits.bookings.messages import read_message
from visits.bookings.proposals import propose
from visits.bookings.reading import read_any, read_any_attached
from visits.bookings.rules import MessageReading, ReadingContext

RECEIVED = date(2026, 9, 21)
VISIT = ReadingContext(RECEIVED, date(2026, 10, 12), date(2026, 10, 16))
ALONE = ReadingContext(RECEIVED)


def airport(code: str, name: str = "") -> dict[str, str]:
    return {"@type": "Airport", "iataCode": code, "name": name or code}


def flight(
    route: str = "IST-VIE",
    departs: str = "2026-10-12T08:05:00+03:00",
    arrives: str = "2026-10-12T09:40:00+02:00",
    number: str = "1887",
    *,
    carrier: str = "TK",
    person: Any = "Elif Demir",
    reference: str = "HYT6K2",
    **more: Any,
) -> dict[str, Any]:
    """A FlightReservation of schema.org; `more` are further properties of the reservation."""
    origin, destination = route.split("-")
    trip = {
        "@type": "Flight",
        "flightNumber": number,
        "airline": {"@type": "Airline", "iataCode": carrier},
        "departureAirport": airport(origin),
        "arrivalAirport": airport(destination),
        "departureTime": departs,
        "arrivalTime": arrives,
    }
    under = {"@type": "Person", "name": person} if isinstance(person, str) else person
    said = {"@type": "FlightReservation", "reservationNumber": reference, "underName": under, "reservationFor": trip}
    return {"@context": "https://schema.org", **said, **more}


def script(text: Any, kind: str = "application/ld+json") -> str:
    said = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return f'<script type="{kind}">{said}</script>'


def page(*scripts: Any) -> bytes:
    inner = "".join(one if isinstance(one, str) else script(one) for one in scripts)
    return f"<html><head>{inner}</head><body><p>Your booking & more<br></body></html>".encode()


def mail(*scripts: Any, sent: str = "Mon, 21 Sep 2026 10:00:00 +0300", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Date"] = "no-reply@airline.example", "travel@heyet.example", sent
    message["Subject"] = "Your booking"
    message.set_content("Please see the HTML part.")
    message.add_alternative(page(*scripts).decode(), subtype="html", charset=charset)
    return message


def forwarded(inner: Message, times: int = 1) -> EmailMessage:
    for _ in range(times):
        outer = EmailMessage()
        outer["From"], outer["Date"] = "elif@people.example", "Fri, 25 Sep 2026 10:00:00 +0300"
        outer.set_content("See below.")
        outer.add_attachment(inner)
        inner = outer
    return outer


def calendar(*lines: str, head: str = "METHOD:PUBLISH") -> bytes:
    entry = ("BEGIN:VEVENT", *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", head, *entry, "END:VCALENDAR", "")).encode()


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def boarding_pass(message: str = "", *, kind: str = "Air", encoding: str = "utf-8", **groups: Any) -> bytes:
    """A .pkpass; `groups` are its fields ("primary": {key: (label, value)}) and its relevant date."""
    card: dict[str, Any] = {"transitType": f"PKTransitType{kind}"}
    for name, fields in groups.items():
        if isinstance(fields, dict):
            card[f"{name}Fields"] = [{"key": key, "label": said[0], "value": said[1]} for key, said in fields.items()]
    said: dict[str, Any] = {"formatVersion": 1, "boardingPass": card, "relevantDate": groups.get("relevant")}
    if message:
        said["barcodes"] = [{"format": "PKBarcodeFormatAztec", "message": message, "messageEncoding": "iso-8859-1"}]
    return zipped({"pass.json": json.dumps(said).encode(encoding), "icon.png": b"\x89PNG"})


def read(content: bytes, context: ReadingContext = ALONE) -> MessageReading:
    return read_any(content, context)


def proposal(
    *contents: bytes | Message, context: ReadingContext = ALONE, people: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What these files propose, read here and not in a process of its own."""
    readings = [
        read_message(one.as_bytes(), context, read_any_attached) if isinstance(one, Message) else read_any(one, context)
        for one in contents
    ]
    return propose(readings, context, people)
