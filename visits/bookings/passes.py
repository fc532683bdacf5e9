"""Wallet passes (.pkpass): a zip with one JSON. The bar code first, then the fields. Nobody checks the signature."""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from visits.bookings.bcbp import parse_bar_code
from visits.bookings.codes import leg_of, read_code
from visits.bookings.markup import parsed_json
from visits.bookings.rules import (
    BookingEnd,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadingProblem,
    ReadLeg,
)
from visits.bookings.times import clock_in, said_time
from visits.passports.names import plain
from visits.places.lookup import airport_named, place_by_code, town_in
from visits.travel_types import LocalTime, TravelMode, local_time

MOST_UNPACKED = 1024 * 1024
MOST_ENTRIES = 20
_MODES = {
    "PKTransitTypeAir": TravelMode.flight,
    "PKTransitTypeTrain": TravelMode.train,
    "PKTransitTypeBus": TravelMode.bus,
    "PKTransitTypeBoat": TravelMode.ferry,
}
# What airlines call their fields, in key or label.
_NAMED = {
    "seat": r"seat|koltuk|sitz", "gate": r"gate|kap[ıi]", "passenger": r"passenger|name|yolcu|fluggast|traveler",
    "number": r"flight|flightnumber|train|trainnumber|u[cç]u[sş]|sefer|flug|zug", "reference":
    r"pnr|confirmation|bookingref|booking|recordlocator|reference|reservation|rezervasyon", "boarding": r"boarding",
    "departs": r"depart|departure|departuretime|kalk[ıi][sş]|abflug|abfahrt", "date": r"date|tarih|datum",
    "arrives": r"arrive|arrival|arrivaltime|var[ıi][sş]|ankunft", "class": r"class|s[ıi]n[ıi]f|klasse|cabin",
    "sequence": r"seq|sequence|sequenceno|secno", "terminal": r"terminal",
}  # fmt: skip
_EMPTY = re.compile(r"[\s.\-–—_/]*")
_SHORT_DAY = re.compile(r"(\d{1,2})\s*([A-Za-z]{3})[a-z]*\.?\s*(\d{2,4})?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_passes(content: bytes, context: ReadingContext, *, depth: int = 0) -> MessageReading:
    """A pass, or a zip of passes. Refused whole if it unpacks to too much, has many entries, or names with a path."""
    reading = MessageReading()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            is_large = len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED
            if is_large:
                return MessageReading(problem=ReadingProblem.too_large)
            if any(re.search(r"^[/\\]|\.\.|^[A-Za-z]:", entry.filename) for entry in entries):
                return MessageReading(problem=ReadingProblem.unreadable)
            inner = [entry for entry in entries if entry.filename.lower().endswith(".pkpass")]
            for entry in inner if depth == 0 else []:
                reading.take(read_passes(_unpacked(archive, entry), context, depth=1))
            if any(entry.filename == "pass.json" for entry in entries):
                reading.take(_read_pass(_unpacked(archive, archive.getinfo("pass.json")), context))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError):
        return MessageReading(problem=ReadingProblem.unreadable)
    if reading.is_empty and reading.problem is None:
        reading.problem = ReadingProblem.nothing_found
    return reading


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Whatever its head says of its size, no more than that is unpacked."""
    with archive.open(entry) as file:
        content = file.read(MOST_UNPACKED + 1)
    if len(content) > MOST_UNPACKED:
        raise ValueError("larger than it says")
    return content


def _read_pass(content: bytes, context: ReadingContext) -> MessageReading:
    said, _ = parsed_json(_text_of(content))
    card = said.get("boardingPass") if isinstance(said, dict) else None
    if not isinstance(card, dict):
        return MessageReading(problem=ReadingProblem.nothing_found)
    fields = _fields(card)
    relevant = _instant(said.get("relevantDate"))
    anchor = ReadingContext(relevant.date(), None, None) if relevant and not context.has_visit else context
    reading = MessageReading()
    for message in _messages(said):
        code = parse_bar_code(message)
        if code:
            reading.legs += [leg_of(code, part, anchor, reading) for part in code.legs if not reading.legs]
        else:
            read_code(message.encode("iso-8859-1", "replace"), anchor, reading)
    mode = _MODES.get(str(card.get("transitType")), TravelMode.flight)
    if not reading.legs:
        reading.legs = _leg_of_fields(card, fields, mode, relevant, context)
        reading.problem = None if reading.legs else reading.problem
    reading.legs[:1] = [_with_fields(leg, fields, relevant, reading) for leg in reading.legs[:1]]
    return reading


def _text_of(content: bytes) -> str:
    """UTF-8; passes in UTF-16 are seen too."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    if content[:1] == b"\0":
        return content.decode("utf-16-be", "replace")
    return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-8-sig", "replace")


def _messages(said: Mapping[str, Any]) -> list[str]:
    codes = said.get("barcodes")
    codes = [*(codes if isinstance(codes, list) else []), said.get("barcode")]
    return list(dict.fromkeys(code["message"] for code in codes if isinstance(code, dict)
                              and isinstance(code.get("message"), str)))[:4]  # fmt: skip


def _fields(card: Mapping[str, Any]) -> dict[str, str]:
    """Values by what they are, wherever they stand; the fields of the back come last. Keys tell more than labels."""
    found: dict[str, str] = {}
    groups = [card.get(f"{group}Fields") for group in ("header", "primary", "secondary", "auxiliary", "back")]
    fields = [one for group in groups if isinstance(group, list) for one in group[:50] if isinstance(one, dict)]
    for said in ("key", "label"):
        for one in fields:
            name, value = re.sub(r"[\W_]|\d+$", "", str(one.get(said, "")).lower()), one.get("value")
            if not isinstance(value, str | int) or _EMPTY.fullmatch(str(value)):
                continue
            for meaning, pattern in _NAMED.items():
                if re.fullmatch(f"(?:{pattern})(?:time|no|number|name|code|date|group)?", name):
                    found.setdefault(meaning, str(value).strip()[:200])
    return found


def _instant(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _leg_of_fields(
    card: Mapping[str, Any],
    fields: Mapping[str, str],
    mode: TravelMode,
    relevant: datetime | None,
    context: ReadingContext,
) -> list[ReadLeg]:
    """Of a pass whose code is none of IATA's: a railway's, a bus's. The two large fields are the two ends."""
    primary = card.get("primaryFields")
    ends = [_end(one, mode) for one in (primary if isinstance(primary, list) else [])[:2] if isinstance(one, dict)]
    if len(ends) < 2 or not all(end.iata or end.name for end in ends):
        return []
    day = _day(fields, context)
    if day is None and relevant:
        day = (relevant.astimezone(ZoneInfo(ends[0].zone)) if ends[0].zone else relevant).date()
    if day is None:
        return []
    reference = fields.get("reference", "")
    carrier, number = _number(fields.get("number", ""))
    return [
        ReadLeg(mode, carrier, number, ends[0], ends[1], LocalTime(day, ends[0].zone),
                references=(reference,) if reference else ())
    ]  # fmt: skip


def _end(field: Mapping[str, Any], mode: TravelMode) -> BookingEnd:
    value, label = str(field.get("value", ""))[:100].strip(), str(field.get("label", ""))[:100].strip()
    if place := place_by_code(value) if mode is TravelMode.flight else None:
        return BookingEnd(value, zone=place.zone)
    place = airport_named(value) if mode is TravelMode.flight else town_in(value) or town_in(label)
    return BookingEnd(place.iata if place else "", value, zone=place.zone if place else "")


def _number(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"([A-Z0-9]{2}|[A-Za-z]{1,5})\s*0*(\d{1,5}[A-Z]?)", text.strip())
    return (found[1], found[2]) if found else ("", text.strip())


def _day(fields: Mapping[str, str], context: ReadingContext) -> date | None:
    """The day that the pass prints; a year that is missing is that nearest to the visit."""
    text = fields.get("date", "") or fields.get("departs", "")
    if (said := said_time(text)) and len(said.days) == 1:
        return said.days[0]
    found = _SHORT_DAY.search(text)
    if not found or found[2].lower() not in _MONTHS:
        return None
    month, number = _MONTHS.index(found[2].lower()) + 1, int(found[1])
    year = int(found[3]) if found[3] else None
    start = (context.first_day or context.received).year
    years = [year + 2000 if year < 100 else year] if year else [start - 1, start, start + 1]
    days = []
    for one in years:
        try:
            days.append(date(one, month, number))
        except ValueError:
            continue
    return min(days, key=context.days_off, default=None)


def _with_fields(
    leg: ReadLeg, fields: Mapping[str, str], relevant: datetime | None, reading: MessageReading
) -> ReadLeg:
    """What the code lacks. The moment of relevance is the boarding, never the departure."""
    zone = leg.origin.zone
    boards = _clock(fields.get("boarding", ""), leg.departs)
    if boards is None and relevant and zone and leg.mode is TravelMode.flight:
        boards = local_time(relevant, zone)
        boards = boards if leg.day in (None, boards.day) else None
    departs = _clock(fields.get("departs", ""), leg.departs) or leg.departs
    arrives = _arrival(fields.get("arrives", ""), leg, departs)
    name, passenger = _name(fields.get("passenger", ""), leg, reading)
    gate = fields.get("gate", "")
    return replace(
        leg, boards=boards, departs=departs, arrives=arrives, name=name, passenger=passenger, gate=gate,
        seat=leg.seat or fields.get("seat", ""), seat_class=fields.get("class", ""),
        sequence=leg.sequence or fields.get("sequence", "").lstrip("0"),
    )  # fmt: skip


def _clock(text: str, departs: LocalTime | None) -> LocalTime | None:
    """A time of day on the day of departure, or a whole moment with its offset."""
    if (moment := _instant(text)) and departs and departs.zone:
        return local_time(moment, departs.zone)
    clock = clock_in(text)
    return replace(departs, clock=clock) if clock and departs else None


def _arrival(text: str, leg: ReadLeg, departs: LocalTime | None) -> LocalTime | None:
    """On the day of departure, or the next if it would be before it as instants."""
    if departs is None or not leg.destination.zone:
        return None
    found = _clock(text, replace(departs, zone=leg.destination.zone, clock=None))
    is_before = found and found.instant and departs.instant and found.instant < departs.instant
    return found.later_by(1) if found and is_before and not _instant(text) else found


def _name(text: str, leg: ReadLeg, reading: MessageReading) -> tuple[str, str]:
    """The field's, which people wrote; "Doe, John" says which is which. Where the code has it the other way round,
    nobody knows."""
    family, comma, given = (part.strip() for part in text.partition(","))
    if not comma:
        family, slash, given = (part.strip() for part in text.partition("/"))
        if not slash:
            return (leg.name, leg.passenger) if leg.name or not text else (text, text)
    coded_family, _, coded_given = leg.name.partition("/")
    if coded_given and plain(family) == plain(coded_given) and plain(given) == plain(coded_family):
        reading.warn(ProposalWarning.name_order_unsure)
    return f"{family}/{given}", f"{given} {family}".strip()
