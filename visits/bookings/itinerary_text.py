"""What the text of a calendar entry says of a journey, in the words of vendors: legs, carrier, number, reference."""

import re
from dataclasses import dataclass
from datetime import time

from visits.bookings.times import clock_in
from visits.places.lookup import place_by_code
from visits.travel_types import TravelMode


@dataclass(frozen=True)
class TextLeg:
    origin: str
    destination: str
    starts: time | None = None
    ends: time | None = None
    carrier: str = ""
    number: str = ""
    mode: TravelMode | None = None
    origin_platform: str = ""
    destination_platform: str = ""


@dataclass(frozen=True)
class Described:
    """What holds for the whole entry. `is_hidden` if the text names more than one train or flight, or a change."""

    mode: TravelMode
    carrier: str = ""
    number: str = ""
    reference: str = ""
    seat: str = ""
    seat_class: str = ""
    passenger: str = ""
    is_hidden: bool = False


_MODES = (
    (TravelMode.underground, r"underground|metro|u-bahn|subway"),
    (TravelMode.bus, r"bus|otob[uü]s|coach"),
    (TravelMode.ferry, r"ferry|f[aä]hre|feribot|vapur|boat"),
    (TravelMode.train, r"train|zug|tren|bahn|rail|gar[ıi]?|hbf|hl\.? ?n|treno|wagen|kolej|gleis|voie"),
)
_FLIES = re.compile(
    r"\b(flights?|flug|flugnr|u[cç]u[sş]|vol|volo|vuelo|airline|havaliman[ıi]|airport)\b", re.IGNORECASE
)
_REFERENCE = re.compile(
    r"\b(?:buchungscode|buchungsnummer|booking (?:code|reference|number)|pnr|rezervasyon (?:kodu|no)"
    r"|reservation(?: code)?"
    r"|confirmation(?: (?:code|number))?|reference|r[eé]f[eé]rence|record locator)\s*[:#]\s*([A-Z0-9]{5,12})\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b(?:flugnr|flugnummer|flight(?: ?(?:no|number))?|u[cç]u[sş](?: no)?|sefer(?: no)?|vol|volo|vuelo"
    r"|flug)\b\.?\s*:?\s*"
    r"([A-Z][A-Z0-9]|[0-9][A-Z])\s?0*(\d{1,4}[A-Z]?)\b",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\b([A-Z]{2}|[A-Z]\d|\d[A-Z])\s?0*(\d{2,4})\b")
_TRAIN = re.compile(
    r"\(\s*([A-Za-zÖÄÜ]{1,5})\s+(\d{1,6})\s*\)|\b(RJX?|ICE?|EC|EN|NJ|TGV|YHT|REX?|IR|WB|FR)\s*(\d{1,6})\b"
)
_PLATFORM = re.compile(
    r"\b(?:kolej|gleis|gl\.|platform|peron|voie|binario|pl\.|spor|spoor|tor)\s*([\w./-]{1,8})", re.IGNORECASE
)
_CLASS = re.compile(r"\b(?:klasse|class|s[ıi]n[ıi]f|cabin)\s*:\s*([^\n(]{2,30})", re.IGNORECASE)
_NO_CLASS = re.compile(r"keine|no |none|-", re.IGNORECASE)
_SEAT = re.compile(r"\b(?:sitz(?:platz)?|seat|koltuk)\s*:\s*([\w/]{1,8})\b", re.IGNORECASE)
_PASSENGER = re.compile(
    r"\b(?:passenger|passagier|fluggast|yolcu|reisender|name)s?\s*:\s*([^\n,;]{3,80})", re.IGNORECASE
)
_FROM = re.compile(
    r"^\s*(?:von|from|nereden|kalk[ıi][sş] yeri|departure|de|da)\s*:?\s+([^\n]{3,80})$", re.IGNORECASE | re.MULTILINE
)
_TO = re.compile(
    r"^\s*(?:nach|to|nereye|var[ıi][sş] yeri|arrival|a|à)\s*:\s*([^\n]{3,80})$", re.IGNORECASE | re.MULTILINE
)
_CHANGE = re.compile(r"\b(umsteigen|umstieg|change at|aktarma|transfer at|via|correspondance)\b", re.IGNORECASE)
_ARROW = re.compile(r"\s*(?:->|→|➞|➔|=>|–|—|\s-\s)\s*")
_BOTH = re.compile(
    r"(?:.*\b(?:from|von)\s+|^|:\s*)(.{3,60}?),?\s+(?:to|nach|do)\s+(.{3,60}?)"
    r"(?:,\s*(?:seat|sitz|koltuk).*)?$",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([A-Z]{3})\)")
_CODES = re.compile(r"\b([A-Z]{3})\s*(?:-|–|→|➞|->|/|\bto\b)\s*([A-Z]{3})\b")
_JOURNEY = re.compile(
    r"(?:^|\n)(?:[\w ]{3,30}: )?(?P<origin>[^\n:]{3,60}?)(?: \([A-Z]{3}\))? (?:to|nach) "
    r"(?P<destination>[^\n,]{3,60}?)(?: \([A-Z]{3}\))?,? "
    r"dep\.? (?P<starts>\d{1,2}:\d\d),? arr\.? (?P<ends>\d{1,2}:\d\d)"
    r"(?P<rest>(?:\n(?!\n)[^\n]{0,120}){0,4})"
)
_COMPANY = re.compile(r"(?:train company|operator|betreiber|i[sş]letmeci)\s*:\s*([^\n]{2,60})", re.IGNORECASE)
_MEANS = re.compile(r"mode of transport\s*:\s*([^\n]{2,40})", re.IGNORECASE)
# "odj. 11:56 Praha hl.n. (RJ 79)": a word, a time, a place.
_STOP = re.compile(r"^\W*[^\W\d]{1,8}\.?:?\s+(?P<time>\d{1,2}:\d{2})\s+(?P<place>[^\W\d_][^\n]{2,80})$", re.MULTILINE)
_BESIDE = re.compile(r"\s+-\s+|\s*[▷|]|\s*\(\s*[A-Za-zÖÄÜ]{1,5}\s+\d{1,6}\s*\)|\s{2,}")


def mode_of(text: str) -> TravelMode | None:
    if _FLIES.search(text):
        return TravelMode.flight
    for mode, pattern in _MODES:
        if re.search(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
            return mode
    return None


def described(text: str) -> Described:
    """Of summary, description and location together."""
    text = text[:20_000]
    by_air = bool(_airports(text))
    number = _NUMBER.search(text) or (_BARE_NUMBER.search(text) if by_air or _FLIES.search(text) else None)
    mode = TravelMode.flight if number or by_air else mode_of(text) or TravelMode.train
    carrier, digits = (number[1].upper(), number[2].upper()) if number else ("", "")
    trains = {(one[0] or one[2], one[1] or one[3]) for one in _TRAIN.findall(text)}
    if mode is TravelMode.train and len(trains) == 1:
        carrier, digits = next(iter(trains))
    numbers = {(one[0].upper(), one[1].upper()) for one in _NUMBER.findall(text)}
    return Described(
        mode=mode,
        carrier=carrier,
        number=digits,
        reference=_group(_REFERENCE, text).upper(),
        seat=_group(_SEAT, text),
        seat_class="" if _NO_CLASS.match(_group(_CLASS, text)) else _group(_CLASS, text),
        passenger=_group(_PASSENGER, text),
        is_hidden=bool(_CHANGE.search(text)) or len(numbers) > 1 or len(trains) > 1,
    )


def _group(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return " ".join(found[1].split()) if found else ""


def _airports(text: str) -> tuple[str, str] | None:
    """Two codes of airports: side by side, or in brackets where the text is about flying (stations have such too)."""
    codes = _CODES.search(text)
    found = (codes[1], codes[2]) if codes else None
    in_brackets = _BRACKETS.findall(text.partition("\n")[0])
    if found is None and len(in_brackets) == 2 and (_FLIES.search(text) or _BARE_NUMBER.search(text)):
        found = (
            None
            if any(re.search(rf"(?<!\w)(?:{said})(?!\w)", text, re.I) for _, said in _MODES)
            else tuple(in_brackets)
        )
    return found if found and all(map(place_by_code, found)) else None


def legs_in(text: str) -> list[TextLeg]:
    """Legs that the text names with both their times; none where it is not understood."""
    text = text[:20_000]
    found = [_journey(said) for said in _JOURNEY.finditer(text)]
    if found:
        return found
    stops = list(_STOP.finditer(text))
    if not stops or len(stops) % 2:
        return []
    before = [0, *(stop.end() for stop in stops)]
    return [
        _between(stops[place], stops[place + 1], text[before[place] : stops[place].start()])
        for place in range(0, len(stops), 2)
    ]


def _journey(said: re.Match[str]) -> TextLeg:
    means = _group(_MEANS, said["rest"])
    mode = mode_of(means) if means else None
    times = clock_in(said["starts"]), clock_in(said["ends"])
    return TextLeg(
        said["origin"].strip(), said["destination"].strip(), *times, _group(_COMPANY, said["rest"]), "", mode
    )


def _between(leaves: re.Match[str], lands: re.Match[str], above: str) -> TextLeg:
    """Two lines of a timetable: train and platform stand behind the place, or the train in a line above."""
    origin, destination = leaves["place"], lands["place"]
    train = _TRAIN.search(origin) or _TRAIN.search(destination) or _TRAIN.search(above)
    carrier, number = (train[1] or train[3], train[2] or train[4]) if train else ("", "")
    names = [_BESIDE.split(text.strip())[0].strip() for text in (origin, destination)]
    platforms = [_group(_PLATFORM, text) for text in (origin, destination)]
    mode = mode_of(carrier) or TravelMode.train if train else None
    times = clock_in(leaves["time"]), clock_in(lands["time"])
    return TextLeg(names[0], names[1], *times, carrier, number, mode, *platforms)


def route_in(summary: str, description: str, location: str) -> TextLeg | None:
    """The two ends alone: codes, labelled lines, an arrow, or "A to B"; the start may be the location."""
    for text in (summary, description):
        if codes := _airports(text):
            return TextLeg(*codes)
    origin, destination = _FROM.search(description), _TO.search(description)
    if origin and destination:
        return TextLeg(origin[1].strip(), destination[1].strip())
    head = re.sub(r"\s*\([A-Z]{3}\)", "", _TRAIN.sub("", summary).strip())
    parts = [part for part in _ARROW.split(head) if part]
    if len(parts) == 2:
        return TextLeg(re.sub(r"^.*:\s*", "", parts[0]), parts[1])
    both = _BOTH.search(head)
    if both:
        return TextLeg(re.sub(r"^.*:\s*", "", both[1]).strip(), both[2].strip())
    target = re.search(r"(?:flug|flight|zug|train)\s+(?:nach|to)\s+(.{3,60})$", head, re.IGNORECASE)
    if target and location:
        return TextLeg(re.sub(r"^(?:von|from)\s+", "", location.strip(), flags=re.IGNORECASE), target[1].strip())
    return None
