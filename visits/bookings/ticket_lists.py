"""A travel agency's list of tickets, by the columns, headings and repairs of the one import. Pure.

A line is read whole or said with why it is not; nothing of it is guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

from core.columns import folded
from core.documents.tables import Line, Sheet
from core.money import Money, is_currency
from directory.imports.rules import HEADINGS_WITHIN, ImportRow, Layout, Verdict, find_layout, left_out, read_rows
from directory.list_repairs.rules import Repair
from visits.bookings.itinerary_text import mode_of
from visits.bookings.reservations import flight_number, named_end, shown_name, ticket_digits
from visits.bookings.rules import (
    MOST_TICKETS,
    BookingEnd,
    BookingState,
    LineProblem,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadLeg,
    UnreadLine,
)
from visits.bookings.ticket_columns import TICKET_FIELDS, is_ticket_list
from visits.bookings.times import DateOrder, SaidTime, day_said, said_time, settle_order
from visits.travel_types import LocalTime, TravelMode

_OFF = (Repair.capitals, Repair.addresses)
_MOST_UNREAD, _MOST_LEFT = 50, 20
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?\s*(?:\(?\+\s*([12])\)?)?|(\d{2})(\d{2})\s*(?:\(?\+\s*([12])\)?)?"
)
_WITH_TIME = re.compile(r"(\d[\d./-]+\d)[ T,]+(\d{1,2}[:.]\d{2}(?::\d{2})?)")
_SHORT_YEAR = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{2})")
_IN_WORDS = re.compile(r"(\d{1,2})[\s.-]*([a-z]{3,9})\.?[\s.,-]*(\d{4}|\d{2})?(?:\s+[a-z]+)?")
_MONTHS = (
    "jan ock oca", "feb sub", "mar", "apr nis", "may", "jun haz", "jul tem", "aug agu", "sep eyl", "oct eki",
    "nov kas", "dec ara",
)  # fmt: skip
_ARROW = re.compile(r"\s*(?:→|->|=>|>|/|–|—)\s*|\s+-\s*|\s*-\s+|(?<=[A-Z]{3})-(?=[A-Z]{3}\b)")
_CODES = re.compile(r"([A-Z]{3})\s*[-–/ ]?\s*([A-Z]{3})")
_CODE_FIRST = re.compile(r"([A-Z]{3})(?:\s*[-–/,(]\s*|\s+)\S.*")
_AMOUNT = re.compile(r"\d{1,3}(?:[. ,]\d{3})+(?:[.,]\d{1,3})?|\d+(?:[.,]\d{1,3})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[. ,]\d{3})+")
_SYMBOLS = {"₺": "TRY", "TL": "TRY", "€": "EUR", "EURO": "EUR", "AVRO": "EUR", "$": "USD", "£": "GBP"}
# What people write for those whose flights carry a code.
_AIRLINES = {
    "thy": "TK", "turkish airlines": "TK", "turk hava yollari": "TK", "turkish": "TK", "pegasus": "PC",
    "pegasus airlines": "PC", "ajet": "VF", "anadolujet": "VF", "sunexpress": "XQ", "corendon": "XC",
    "lufthansa": "LH", "austrian": "OS", "austrian airlines": "OS", "swiss": "LX", "klm": "KL", "air france": "AF",
    "british airways": "BA", "lot": "LO", "iberia": "IB", "brussels airlines": "SN", "ita airways": "AZ", "sas": "SK",
}  # fmt: skip


@dataclass(frozen=True)
class _Unread(Exception):
    why: LineProblem


def read_ticket_lists(sheets: Sequence[Sheet], context: ReadingContext) -> MessageReading:
    """What all sheets say that are lists of tickets. Nothing where none is one: then no problem is told either."""
    reading = MessageReading()
    for sheet in sheets:
        layout = None if sheet.is_hidden else find_layout(sheet.lines, TICKET_FIELDS, is_ticket_list)
        if layout is not None:
            reading.is_list = True
            _read_sheet(sheet, layout, context, reading)
    return reading


def _read_sheet(sheet: Sheet, layout: Layout, context: ReadingContext, reading: MessageReading) -> None:
    columns = _by_content(sheet.lines, layout)
    heads = next(line for line in sheet.lines[:HEADINGS_WITHIN] if line.number == layout.heading)
    titles = {index: cell.text[:60] for index, cell in enumerate(heads.cells) if cell.text}
    reading.columns_left += left_out(titles, columns)[: _MOST_LEFT - len(reading.columns_left)]
    rows = read_rows(sheet.lines, TICKET_FIELDS, heading=layout.heading, columns=columns, off=_OFF)
    order = DateOrder()
    for row in rows:
        settle_order(order, _said_day(row.values.get("day", ""), context, reading), None, context)
    hint = mode_of(" ".join(titles.values())) or mode_of(sheet.name)
    for row in rows:
        if row.verdict is Verdict.skipped:
            continue
        try:
            if len(reading.legs) >= MOST_TICKETS:
                raise _Unread(LineProblem.too_many)
            reading.legs.append(_leg(sheet, row, order, hint, context, reading))
        except _Unread as unread:
            _note(reading, sheet, row, unread.why)
            if unread.why is LineProblem.too_many:
                return
    reading.warnings |= order.warnings


def _note(reading: MessageReading, sheet: Sheet, row: ImportRow, why: LineProblem) -> None:
    if len(reading.unread) < _MOST_UNREAD:
        reading.unread.append(UnreadLine(sheet.name[:60], row.number, why))


def _by_content(lines: Sequence[Line], layout: Layout) -> dict[int, str]:
    """Columns as they are filled: places stand under "departure" and "arrival" where no other column has them."""
    columns = dict(layout.columns)
    for said, meant in (("departs", "origin"), ("arrives", "destination")):
        index = next((index for index, name in columns.items() if name == said), None)
        if index is None or meant in columns.values() or "route" in columns.values():
            continue
        texts = [line.cells[index].text for line in lines if line.number > layout.heading and index < len(line.cells)]
        if sum(any(map(str.isdigit, text)) for text in texts) * 2 < len([text for text in texts if text]):
            columns[index] = meant
    return columns


def _leg(
    sheet: Sheet,
    row: ImportRow,
    order: DateOrder,
    hint: TravelMode | None,
    context: ReadingContext,
    reading: MessageReading,
) -> ReadLeg:
    """Raises _Unread."""
    said = row.values
    if row.verdict is Verdict.wrong:
        raise _Unread(LineProblem.formula)
    name = said.get("name", "")[:200]
    if not any(map(str.isalpha, name)):
        raise _Unread(LineProblem.name)
    start, end = _ends(said)
    mode = mode_of(said.get("mode", "")) or hint or _mode_by(said, start, end)
    carrier, number = _carrier_and_number(said, mode)
    origin, destination = (_end(text, mode) for text in (start, end))
    departs, arrives = _times(said, origin, destination, order, context, reading)
    fare, currency = _fare(said)
    if fare is None:
        _note(reading, sheet, row, LineProblem.fare)
    reference, ticket = said.get("reference", "").upper(), said.get("ticket", "")
    return ReadLeg(
        mode, carrier, number, origin, destination, departs, arrives,
        references=(reference[:20],) if reference else (),
        passenger=shown_name(name),
        name=name,
        seat=said.get("seat", "")[:10],
        seat_class=said.get("seat_class", "")[:20],
        ticket=ticket_digits(ticket) or ("" if mode is TravelMode.flight else ticket[:20]),
        state=_state(said.get("state", "")),
        fare=fare or "",
        fare_currency=currency if fare else "",
    )  # fmt: skip


def _ends(said: Mapping[str, str]) -> tuple[str, str]:
    start, end = said.get("origin", ""), said.get("destination", "")
    if not (start and end):
        route = said.get("route", "")
        codes = _CODES.fullmatch(route.strip())
        parts = list(codes.groups()) if codes else [part for part in _ARROW.split(route) if part]
        if len(parts) != 2:
            raise _Unread(LineProblem.places)
        start, end = parts
    return start[:80], end[:80]


def _mode_by(said: Mapping[str, str], start: str, end: str) -> TravelMode:
    """By what the carrier is called, else a flight where its number or both ends are those of one."""
    found = mode_of(said.get("carrier", "")) or mode_of(said.get("number", ""))
    if found:
        return found
    is_known_airline = folded(said.get("carrier", "")) in _AIRLINES
    is_coded = all(named_end(_bare_end(text), TravelMode.flight).iata for text in (start, end))
    if is_known_airline or is_coded or flight_number(said.get("number", "")):
        return TravelMode.flight
    raise _Unread(LineProblem.mode)


def _bare_end(text: str) -> str:
    """“IST – İstanbul” is IST."""
    first = _CODE_FIRST.fullmatch(text)
    return first[1] if first else text


def _end(text: str, mode: TravelMode) -> BookingEnd:
    end = named_end(_bare_end(text) if mode is TravelMode.flight else text, mode)
    end = end if end.zone else named_end(text, mode)
    if not end.zone:
        raise _Unread(LineProblem.places)
    return end


def _carrier_and_number(said: Mapping[str, str], mode: TravelMode) -> tuple[str, str]:
    carrier, number = said.get("carrier", "").strip(), said.get("number", "").strip()
    if mode is TravelMode.flight:
        code = _AIRLINES.get(folded(carrier), carrier.upper() if re.fullmatch(r"\w{2}", carrier) else carrier)
        found = flight_number(number)
        if found:
            return (code if len(code) == 2 else found[0]), found[1]
        return code[:40], number.lstrip("0")[:20]
    split = re.fullmatch(r"([A-Za-zÇĞİÖŞÜ]{1,5})\s*(\d{1,6})", number)
    return (split[1], split[2]) if split else (carrier[:40], number[:20])


def _times(
    said: Mapping[str, str],
    origin: BookingEnd,
    destination: BookingEnd,
    order: DateOrder,
    context: ReadingContext,
    reading: MessageReading,
) -> tuple[LocalTime, LocalTime | None]:
    """By the clock of each place. Without a day of arrival it is the first one on which the leg ends after it began."""
    day_text, departs_text = _apart(said.get("day", ""), said.get("departs", ""))
    day = _day(day_text, order, context, reading)
    leaves, _ = _clock(departs_text)
    arrival_text, arrives_text = _apart(said.get("arrival_day", ""), said.get("arrives", ""))
    lands, later = _clock(arrives_text)
    departs = LocalTime(day, origin.zone, leaves)
    if leaves or lands:
        reading.warn(ProposalWarning.zone_from_place)
    if lands is None and not arrival_text:
        return departs, None
    arrival_day = _day(arrival_text, order, context, reading) if arrival_text else day + timedelta(days=later)
    arrives = LocalTime(arrival_day, destination.zone, lands)
    first, last = departs.instant, arrives.instant
    if not arrival_text and not later and first and last and last <= first:
        arrives = replace(arrives, day=day + timedelta(days=1))
    return departs, arrives


def _apart(day: str, clock: str) -> tuple[str, str]:
    """A cell may hold day and time; a time of its own column counts before that."""
    both = _WITH_TIME.fullmatch(clock)
    if both:
        return both[1], both[2]
    both = _WITH_TIME.fullmatch(day)
    return (both[1], clock or both[2]) if both else (day, clock)


def _clock(text: str) -> tuple[time | None, int]:
    """A time, and how many days later it says it is. Raises _Unread for a text that is none."""
    if not text:
        return None, 0
    found = _CLOCK.fullmatch(text.strip())
    hour, minute = (int(found[1] or found[4]), int(found[2] or found[5])) if found else (99, 0)
    if found is None or hour > 23 or minute > 59:
        raise _Unread(LineProblem.time)
    return time(hour, minute), int(found[3] or found[6] or 0)


def _day(text: str, order: DateOrder, context: ReadingContext, reading: MessageReading) -> date:
    said = _said_day(text, context, reading)
    day = day_said(said, order) if said else None
    if day is None:
        raise _Unread(LineProblem.day)
    if context.has_visit and context.days_off(day) > 366:
        raise _Unread(LineProblem.day)
    return day


def _said_day(text: str, context: ReadingContext, reading: MessageReading) -> SaidTime | None:
    """Digits in their usual orders, or a month in words; without a year the one that is nearest to the visit."""
    text = _apart(text, "")[0].strip()
    short = _SHORT_YEAR.fullmatch(text)
    said = said_time(f"{short[1]}{short[2]}{short[3]}{short[2]}20{short[4]}" if short else text)
    if said is not None:
        return replace(said, clock=None, offset=None)
    words = _IN_WORDS.fullmatch(folded(text))
    month = next((n for n, names in enumerate(_MONTHS, 1) if words and words[2][:3] in names.split()), 0)
    if words is None or not month:
        return None
    about = context.first_day or context.received
    years = [int(words[3]) % 100 + 2000] if words[3] else [about.year - 1, about.year, about.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, month, int(words[1])))
        except ValueError:
            continue
    if not words[3]:
        reading.warn(ProposalWarning.year_assumed)
    return SaidTime((min(days, key=context.days_off),)) if days else None


def _fare(said: Mapping[str, str]) -> tuple[str | None, str]:
    """Amount and currency; an empty amount where none is said, None where it cannot be one."""
    text = said.get("fare", "").upper().strip()
    if not text:
        return "", ""
    found = _AMOUNT.search(text)
    beside = (text[: found.start()] + text[found.end() :]).strip(" .") if found else text
    wanted = said.get("currency", "").upper().strip() or beside
    currency = _SYMBOLS.get(wanted, wanted)
    if found is None or (beside and _SYMBOLS.get(beside, beside) != currency) or not is_currency(currency):
        return None, ""
    try:
        amount = Decimal(_plain_amount(found[0]))
    except InvalidOperation:
        return None, ""
    if get_currency_precision(currency) > 2 and _GROUPED.fullmatch(found[0]):
        # Thousands of dinars or thousandths of one: nothing tells.
        return None, ""
    is_whole = Money(amount, currency).rounded().amount == amount
    return (str(amount), currency) if is_whole and amount <= 1_000_000 else (None, "")


def _plain_amount(text: str) -> str:
    """“3.200,50” and “3,200.50” are one amount; one mark with three digits behind it parts thousands."""
    last = max(text.rfind("."), text.rfind(","))
    is_grouped = bool(_GROUPED.fullmatch(text)) and len(set(text) & {".", ","}) < 2
    if last >= 0 and not is_grouped:
        return re.sub(r"[., ]", "", text[:last]) + "." + text[last + 1 :]
    return re.sub(r"[., ]", "", text)


def _state(text: str) -> BookingState:
    word = folded(text)
    if re.search(r"\b(iptal|cancel\w*|void|refund\w*|iade)\b", word):
        return BookingState.cancelled
    is_held = re.search(r"\b(opsiyon\w*|option|hold|held|pending|beklemede|wait\w*)\b", word)
    return BookingState.held if is_held else BookingState.booked
