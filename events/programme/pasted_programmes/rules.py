"""What the lines of a programme say that somebody wrote in a mail, a text or a spreadsheet. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from core.errors import N_, Refusal
from core.plain_text import clock_time
from events.programme.events.rules import SessionKind

MOST_LETTERS, MOST_SESSIONS, MOST_LINES, MOST_IN_LINE = 60_000, 300, 1_500, 2_000
MOST_IN_TITLE = 200
_PLAIN = str.maketrans("çğıöşüâîûÇĞİÖŞÜIÂÎÛ", "cgiosuaiucgiosuiaiu")
_MONTHS = (
    ("january", "ocak", "jan", "oca"),
    ("february", "subat", "feb", "sub"),
    ("march", "mart", "mar"),
    ("april", "nisan", "apr", "nis"),
    ("may", "mayis"),
    ("june", "haziran", "jun", "haz"),
    ("july", "temmuz", "jul", "tem"),
    ("august", "agustos", "aug", "agu"),
    ("september", "eylul", "sept", "sep", "eyl"),
    ("october", "ekim", "oct", "eki"),
    ("november", "kasim", "nov", "kas"),
    ("december", "aralik", "dec", "ara"),
)
_WEEKDAYS = (
    ("monday", "pazartesi", "mon", "pzt"),
    ("tuesday", "sali", "tue"),
    ("wednesday", "carsamba", "wed"),
    ("thursday", "persembe", "thu"),
    ("friday", "cuma", "fri"),
    ("saturday", "cumartesi", "sat"),
    ("sunday", "pazar", "sun"),
)
_ORDINALS = (
    ("first", "birinci", "ilk"),
    ("second", "ikinci"),
    ("third", "ucuncu"),
    ("fourth", "dorduncu"),
    ("fifth", "besinci"),
)
# The first that is found in a title says what happens. Whole words, or their beginnings where a star stands.
_KINDS: tuple[tuple[SessionKind, str], ...] = (
    (SessionKind.coffee, r"coffee|tea break|kahve|cay arasi|cay ve kahve|break|ara"),
    (SessionKind.lunch, r"lunch\w*|ogle yemegi|ogle arasi"),
    (SessionKind.dinner, r"dinner|aksam yemegi|gala"),
    (SessionKind.breakfast, r"breakfast|kahvalti"),
    (SessionKind.group_work, r"group work|working groups?|grup calismasi|calisma gruplari|atolye\w*"),
    (SessionKind.site_visit, r"site visit|visit to|kurum ziyareti|saha ziyareti|ziyaret\w*"),
    (SessionKind.travel, r"transfer|departure|journey|yolculuk|hareket|ulasim"),
    (SessionKind.ceremony, r"ceremony|toren\w*"),
)
_COLUMNS = {
    "day": ("day", "date", "gun", "tarih"),
    "time": ("time", "hour", "hours", "saat", "zaman"),
    "starts": ("start", "starts", "start time", "from", "begin", "baslangic", "baslangic saati"),
    "ends": ("end", "ends", "end time", "to", "until", "bitis", "bitis saati"),
    "title": ("title", "session", "topic", "subject", "activity", "programme", "program", "agenda", "konu", "oturum"),
    "what": ("baslik", "etkinlik", "faaliyet", "gundem", "icerik", "event", "item"),
    "speakers": ("speaker", "speakers", "presenter", "konusmaci", "konusmacilar", "sunan", "sunum yapan"),
    "moderators": ("moderator", "moderators", "chair", "moderatorler", "oturum baskani", "kolaylastirici"),
    "room": ("room", "venue", "place", "hall", "location", "salon", "yer", "mekan"),
}
_CLOCK = r"([0-9]{1,2}[:.hH][0-9]{2}|[0-9]{3,4}|[0-9]{1,2}(?=\s*[AaPp]\.?[Mm]))(?:\s*([AaPp])\.?[Mm]\.?)?"
_RANGE = re.compile(rf"{_CLOCK}\s*(?:[-–—‒−~\t]+|to|until|ile)\s*{_CLOCK}(?![0-9]|:[0-9])[\s:.,|–—-]*(.*)", re.DOTALL)
_START = re.compile(r"([0-9]{1,2}[:.hH][0-9]{2})(?:\s*([AaPp])\.?[Mm]\.?)?(?![0-9:.])[\s:,|–—-]+(.*)", re.DOTALL)
_SPACES = re.compile(r"[^\S\t\n]+")
_JUNK = re.compile(r"[\s•·*▪●◦>–—-]+")
_BETWEEN = re.compile(r"[\s,.:;|()/–—-]+")
_NUMERIC = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})")
_MONTH = "|".join(sorted((name for names in _MONTHS for name in names), key=len, reverse=True))
_WORDED = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th|\.)?\s+({_MONTH})\b\.?(?:,?\s+([0-9]{{4}})\b)?")
_ENGLISH = re.compile(rf"({_MONTH})\b\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+([0-9]{{4}})\b)?")
_NUMBERED = re.compile(r"(?:day|gun)\s+([0-9]{1,2})\b|([0-9]{1,2})\s*\.?\s*(?:gun|day)\b")
_ORDINAL = re.compile(rf"({'|'.join(name for names in _ORDINALS for name in names)})\s+(?:day|gun)\b")
_WEEKDAY = re.compile(
    rf"({'|'.join(sorted((name for names in _WEEKDAYS for name in names), key=len, reverse=True))})(?:\s+gunu)?\b"
)
_PART = re.compile(r"\s+[–—-]\s+")
_ROOM = re.compile(r"\s*[(\[]([^()\[\]]{2,120})[)\]]\s*$")
_ROOM_WORDS = re.compile(r"\b(room|hall|salon\w*|oda\w*|auditorium|amfi|floor|kat)\b")
_LABEL = re.compile(r"([\w ]{3,20}?)\s*:\s*(.+)", re.DOTALL)
_NAMES = re.compile(r"\s*[,;&/]\s*|\s+(?:and|ve)\s+")


class LineRole(StrEnum):
    """What a pasted line becomes."""

    session = "session"
    day = "day"
    detail = "detail"
    left_out = "left-out"


NO_END = N_("It does not say when it ends. Write it like 09:30–10:15.")
ENDS_FIRST = N_("The session ends before it starts.")
NO_TITLE = N_("It has no title.")
NOT_A_DAY = N_("This day is not one of the event’s.")
TOO_LONG = N_("The title has more than 200 letters.")
# Why a line is left out.
HEADINGS = N_("These are headings of columns.")
NO_CLOCK = N_("Its times are not between 00:00 and 23:59.")
NO_TIMES = N_("It begins neither with times nor with a day.")
LINE_TOO_LONG = N_("The line has more than 2,000 letters.")
TOO_MANY_LINES = N_("From here on nothing is read: a programme has at most 1,500 lines.")


HONORIFICS = re.compile(
    r"(?:(?:prof|doc|dr|av|ogr|uyesi|mr|mrs|ms|sn|sayin|judge|prosecutor|hakim|savci|professor)\b\.?\s*)+"
)


class NothingRead(Refusal):
    """Nothing in the text begins with a time."""

    status = 422
    code = "nothing-read"
    title = N_("No line could be read as a session. Each begins with its times, like 09:30–10:15 Opening.")


class NothingPasted(Refusal):
    status = 409
    code = "nothing-pasted"
    title = N_("Nothing that was pasted is left in the agenda, or the programme was published since.")


@dataclass(frozen=True)
class PastedLine:
    """A line by its number, and what it becomes. `problem` (a message) says why a session is not taken
    over, or a line is left out."""

    number: int
    text: str
    role: LineRole
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    title: str = ""
    kind: SessionKind = SessionKind.content
    room: str = ""
    speakers: tuple[str, ...] = field(default=())
    moderators: tuple[str, ...] = field(default=())
    problem: str = ""

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """From when to when by the clock of the event's zone; none where it is no whole session."""
        if self.role is not LineRole.session or self.problem or not (self.day and self.starts and self.ends):
            return None
        return datetime.combine(self.day, self.starts), datetime.combine(self.day, self.ends)


def plain(text: str) -> str:
    """The same letters as a plain keyboard writes them, in the same places."""
    return "".join(letter if len(low := letter.lower()) != 1 else low for letter in text.translate(_PLAIN))


def read_programme(text: str, days: Sequence[date]) -> list[PastedLine]:
    """Each line that holds something and what it becomes. `days` are the event's, in order; lines before any day are
    of the first one."""
    found: list[PastedLine] = []
    day: date | None = days[0]
    columns: dict[str, int] = {}
    for number, line in _lines(text, found):
        cells = [cell.strip() for cell in line.split("\t")] if "\t" in line else []
        if cells and (heads := _headings(cells)):
            columns = heads
            found.append(PastedLine(number, line, LineRole.left_out, problem=HEADINGS))
            continue
        if cells and columns:
            line = _by_columns(cells, columns)
        said, rest = _leading_day(_JUNK.sub("", line, count=1) if _JUNK.match(line) else line, days)
        one = _session(number, line, rest)
        if said is not _UNSAID:
            day = said
        if one is not None and one.role is LineRole.left_out:
            found.append(one)
        elif one is not None:
            problem = one.problem or ("" if day in days else NOT_A_DAY)
            found.append(replace(one, day=day, problem=problem))
        elif said is not _UNSAID:
            found.append(PastedLine(number, line, LineRole.day, day, problem="" if day in days else NOT_A_DAY))
        else:
            _add_detail(found, number, line)
    return _with_ends(found)


def _lines(text: str, found: list[PastedLine]) -> Iterator[tuple[int, str]]:
    """Lines that hold something, by their numbers; what is too long to be read is found to be left out."""
    lines = text.splitlines()
    for number, raw in enumerate(lines[:MOST_LINES], 1):
        line = _SPACES.sub(" ", raw[:MOST_IN_LINE]).strip(" ")
        if len(raw) > MOST_IN_LINE:
            found.append(PastedLine(number, f"{line[:MOST_IN_TITLE]} …", LineRole.left_out, problem=LINE_TOO_LONG))
        elif line.strip():
            yield number, line
    if any(line.strip() for line in lines[MOST_LINES:]):
        found.append(PastedLine(MOST_LINES + 1, "", LineRole.left_out, problem=TOO_MANY_LINES))


_UNSAID = date.min


def _leading_day(text: str, days: Sequence[date]) -> tuple[date | None, str]:
    """The day with which a line begins and what follows it; `_UNSAID` where it begins with none, nothing where it is
    one that does not exist."""
    at, low = 0, plain(text)
    named: date | None = _UNSAID
    weekday: int | None = None
    while at < len(low):
        if skipped := _BETWEEN.match(low, at):
            at = skipped.end()
            continue
        if found := _NUMERIC.match(low, at) or _WORDED.match(low, at) or _ENGLISH.match(low, at):
            named = _date(found, days)
        elif found := _NUMBERED.match(low, at) or _ORDINAL.match(low, at):
            if named is _UNSAID:
                number = _ordinal(found)
                named = days[number - 1] if 0 < number <= len(days) else None
        elif found := _WEEKDAY.match(low, at):
            weekday = next(n for n, names in enumerate(_WEEKDAYS) if found[1] in names)
        else:
            break
        at = found.end()
    rest = text[at:]
    if named is _UNSAID and weekday is not None:
        if _BETWEEN.sub("", rest) and not _RANGE.match(rest):
            return _UNSAID, text
        fits = [day for day in days if day.weekday() == weekday]
        return (fits[0] if len(fits) == 1 else None), rest
    return (named, rest) if named is not _UNSAID else (_UNSAID, text)


def bare_name(name: str) -> str:
    """A name without the titles before it."""
    found = HONORIFICS.match(plain(name))
    return name[found.end() :] if found else name


def _ordinal(found: re.Match[str]) -> int:
    said = next(part for part in found.groups() if part)
    return int(said) if said.isdigit() else next(n for n, names in enumerate(_ORDINALS, 1) if said in names)


def _date(found: re.Match[str], days: Sequence[date]) -> date | None:
    """Without a year it is that of the event, for one over New Year the one that fits."""
    if found.re is _NUMERIC:
        year, month, day = (int(part) for part in (found.groups()[:3] if found[1] else found.groups()[:2:-1]))
        years = [year]
    else:
        number, name = (found[1], found[2]) if found.re is _WORDED else (found[2], found[1])
        month, day = next(n for n, names in enumerate(_MONTHS, 1) if name in names), int(number)
        years = [int(found[3])] if found[3] else sorted({days[0].year, days[-1].year})
    for year in years:
        try:
            one = date(year, month, day)
        except ValueError:
            continue
        if one in days or year == years[-1]:
            return one
    return None


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """Which column holds what, where a line names at least two."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = next((name for name, words in _COLUMNS.items() if plain(cell).strip(" :") in words), None)
        name = "title" if name == "what" else name
        if name and name not in found:
            found[name] = index
    return found if len(found) > 1 else {}


def _by_columns(cells: Sequence[str], columns: dict[str, int]) -> str:
    """The cells in the order in which a line without headings has them."""

    def cell(name: str) -> str:
        return cells[columns[name]] if name in columns and columns[name] < len(cells) else ""

    times = cell("time") or "–".join(filter(None, [cell("starts"), cell("ends")]))
    people = cell("speakers")
    if cell("moderators"):
        people = f"{people}\tModerator: {cell('moderators')}"
        return "\t".join([f"{cell('day')} {times}".strip(), cell("title"), people.lstrip("\t"), cell("room")])
    return "\t".join([f"{cell('day')} {times}".strip(), cell("title"), people, cell("room")])


def _session(number: int, text: str, rest: str) -> PastedLine | None:
    """What follows the day, where it begins with times; left out where these are none of the clock."""
    found = _RANGE.match(rest)
    if found:
        starts, ends = _clock(found[1], found[2] or found[4]), _clock(found[3], found[4])
        what = found[5]
    elif found := _START.match(rest):
        starts, ends, what = _clock(found[1], found[2]), None, found[3]
    else:
        return None
    if starts is None or (found.re is _RANGE and ends is None):
        return PastedLine(number, text, LineRole.left_out, problem=NO_CLOCK)
    one = _described(PastedLine(number, text, LineRole.session, starts=starts, ends=ends), what)
    problem = NO_TITLE if not any(map(str.isalnum, one.title)) else TOO_LONG if len(one.title) > MOST_IN_TITLE else ""
    if ends is not None and ends <= starts:
        problem = ENDS_FIRST
    return replace(one, problem=problem, kind=kind_of(one.title))


def _clock(text: str, half: str | None) -> time | None:
    """A time of the clock; with am or pm behind it one of twelve hours."""
    read = clock_time(text if len(text) > 2 else f"{text}:00")
    if read is None or not half or read.hour > 12:
        return read
    return read.replace(hour=read.hour % 12 + (12 if half.lower() == "p" else 0))


def _described(one: PastedLine, what: str) -> PastedLine:
    """Title, people and room: by cells, or with dashes and brackets between them."""
    if "\t" not in what and " | " in what:
        what = what.replace(" | ", "\t")
    if "\t" in what:
        title, *cells = (cell.strip() for cell in what.split("\t"))
        labelled = [cell for cell in cells if _labelled(cell)]
        others = [cell for cell in cells if not _labelled(cell)]
        people, room, *_ = [*others, "", ""]
        if people and not room and _ROOM_WORDS.search(plain(people)):
            people, room = "", people
        one = replace(one, title=_tidy(title), speakers=_names(people), room=_tidy(room)[:120])
        for cell in labelled:
            one = _with_detail(one, *_labelled(cell)) if _labelled(cell) else one
        return one
    in_brackets = _ROOM.search(what)
    if in_brackets and _ROOM_WORDS.search(plain(in_brackets[1])):
        one, what = replace(one, room=_tidy(in_brackets[1])), what[: in_brackets.start()]
    title, *parts = _PART.split(what.strip())
    if parts and _ROOM_WORDS.search(plain(parts[-1])) and not one.room:
        one = replace(one, room=_tidy(parts.pop())[:120])
    people = parts.pop() if parts else ""
    return replace(one, title=_tidy(" – ".join([title, *parts])), speakers=_names(people))


def kind_of(title: str) -> SessionKind:
    """What happens, as far as the title says."""
    said = plain(title)
    return next((kind for kind, words in _KINDS if re.search(rf"\b(?:{words})\b", said)), SessionKind.content)


def _labelled(text: str) -> tuple[str, str] | tuple[()]:
    """The column that a label before a colon means, and what follows it."""
    found = _LABEL.fullmatch(text.strip())
    name = next((name for name, words in _COLUMNS.items() if found and plain(found[1]).strip() in words), None)
    return (name, found[2]) if found and name in ("speakers", "moderators", "room") else ()


def _with_detail(one: PastedLine, name: str, said: str) -> PastedLine:
    if name == "room":
        return replace(one, room=_tidy(said)[:120])
    if name == "moderators":
        return replace(one, moderators=(*one.moderators, *_names(said)))
    return replace(one, speakers=(*one.speakers, *_names(said)))


def _add_detail(found: list[PastedLine], number: int, line: str) -> None:
    """A line below a session may say who speaks and where; any other one is left out."""
    at = next((n for n in range(len(found) - 1, -1, -1) if found[n].role is LineRole.session), None)
    label = _labelled(_JUNK.sub("", line, count=1) if _JUNK.match(line) else line)
    if at is None or not label or any(one.role is LineRole.day for one in found[at:]):
        found.append(PastedLine(number, line, LineRole.left_out, problem=NO_TIMES))
        return
    found[at] = _with_detail(found[at], *label)
    found.append(PastedLine(number, line, LineRole.detail))


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for part in _NAMES.split(text) if (name := _tidy(part)))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(' .,;:–—-"“”')


def _with_ends(lines: Sequence[PastedLine]) -> list[PastedLine]:
    """What says no end ends where the next of its day begins."""
    found = list(lines)
    for at, one in enumerate(found):
        if one.role is LineRole.session and one.ends is None:
            later = (o.starts for o in found[at + 1 :] if o.day == one.day and o.starts)
            ends = next((starts for starts in later if one.starts and starts > one.starts), None)
            found[at] = replace(one, ends=ends, problem=one.problem or ("" if ends else NO_END))
    return found
