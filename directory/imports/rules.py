"""Which sheet, line and columns of a file make up a list, and what each of its lines will lead to. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, TypeAdapter, ValidationError

from core.columns import folded
from core.documents.tables import Line
from core.errors import N_, Refusal
from core.text import Address
from directory.list_repairs.rules import Repair, is_nothing, is_total, is_turkish, repaired
from directory.people.schemas import Position

# Headings stand among the first lines, under a title and an address perhaps.
HEADINGS_WITHIN = 30
# Columns that only count the lines: nothing is left out with them.
_COUNTING = re.compile(r"^(?:s(?:ira)? ?)?(?:no|nu|numarasi)?$|^(?:sira|satir|row|line|serial)(?: (?:no|number))?$|^#$")


class ImportState(StrEnum):
    """What was done with a list."""

    unmapped = "unmapped"
    previewed = "previewed"
    applied = "applied"
    undone = "undone"


IMPORT_STATES = {
    ImportState.unmapped: N_("Columns to be chosen"),
    ImportState.previewed: N_("Previewed"),
    ImportState.applied: N_("Imported"),
    ImportState.undone: N_("Undone"),
}


class Verdict(StrEnum):
    """What importing a line will do."""

    new = "new"
    known = "known"
    differs = "differs"
    shared = "shared"
    already = "already"
    duplicate = "duplicate"
    wrong = "wrong"
    skipped = "skipped"


VERDICTS = {
    Verdict.new: N_("New"),
    Verdict.known: N_("Known"),
    Verdict.differs: N_("Known, but differs"),
    Verdict.shared: N_("Address of somebody else"),
    Verdict.already: N_("There already"),
    Verdict.duplicate: N_("Twice in this list"),
    Verdict.wrong: N_("Cannot be imported"),
    Verdict.skipped: N_("Left out"),
}
# What is imported unless somebody leaves it out.
IMPORTABLE = (Verdict.new, Verdict.known, Verdict.differs)
# What is imported only if somebody says so.
ON_REQUEST = (Verdict.shared,)
# Faulty lines come first: they are what a person has to look at.
ORDER = [
    Verdict.wrong,
    Verdict.shared,
    Verdict.differs,
    Verdict.duplicate,
    Verdict.already,
    Verdict.new,
    Verdict.known,
    Verdict.skipped,
]


@dataclass(frozen=True)
class ListField:
    """What a column of a list can be. `headings` are whole headings as `heading` makes them, `pattern` finds others;
    `shape` checks and tidies a text, and `problem` is what is said of one that does not fit. `is_code`: what stands for
    nothing elsewhere is a value here, as NA is Namibia."""

    label: str
    headings: tuple[str, ...] = ()
    pattern: str = ""
    shape: TypeAdapter[str] | None = None
    problem: str = N_("Please check this field.")
    is_code: bool = False

    def speaks(self, text: str) -> int:
        """How far into a heading the word stands that means this field; 0 where none does. What is meant stands last:
        “institution e-mail” is an address."""
        found = list(re.finditer(self.pattern, text)) if self.pattern else []
        return found[-1].end() if found else 0


def _addresses(text: str) -> str:
    return " ".join(_ADDRESS.validate_python(part) for part in text.split())


_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)
_NO_ADDRESS = N_("This is not an e-mail address. Example: ayse.yilmaz@example.org.")
# Columns that lists of people and of institutions have alike.
CONTACT_FIELDS = {
    "title": ListField(
        N_("Position"),
        ("title", "unvan", "unvani", "gorev", "gorevi", "position", "job title", "pozisyon", "rutbe", "rutbesi"),
        r"\b(unvan|unvani|gorevi|position|job title|pozisyonu)\b",
        TypeAdapter(Position),
        N_("Please check the position."),
    ),
    "address": ListField(
        N_("E-mail"),
        ("e mail", "email", "mail", "e posta", "eposta", "e mail address", "e posta adresi", "email address"),
        r"\b(e ?mail|mail|mailadresi|e ?posta|epostasi)\b",
        _ADDRESS,
        _NO_ADDRESS,
    ),
    "other_address": ListField(
        N_("Other e-mail"),
        ("other e mail", "diger e posta", "e posta 2", "e mail 2"),
        shape=TypeAdapter(Annotated[str, AfterValidator(_addresses)]),
        problem=_NO_ADDRESS,
    ),
    "phone": ListField(
        N_("Telephone"),
        ("telephone", "phone", "mobile", "tel", "telefon", "gsm", "cep", "cep telefonu", "telefon numarasi"),
        r"\b(tel|telefon|telefonu|gsm|cep|phone|mobile)\b",
    ),
}


@dataclass(frozen=True)
class Layout:
    """Where a list lies on its sheet. `heading` is the number of the last line of headings, 0 where there are none;
    `columns` says which column, counted from 0, holds which field."""

    heading: int
    columns: Mapping[int, str]


@dataclass
class Note:
    """A sentence about a line, beside one of its fields or about all of it; `text` is a message of the catalogues."""

    text: str
    field: str = ""
    facts: dict[str, str | int] = default(default_factory=dict)


@dataclass
class ImportRow:
    """A line of the list as it will be imported. `number` is its line in the file, `was` what was written where a
    repair or a person changed it, `known` what the project knows otherwise of whom it names (`known_id`)."""

    number: int
    values: dict[str, str] = default(default_factory=dict)
    was: dict[str, str] = default(default_factory=dict)
    repairs: list[Repair] = default(default_factory=list)
    verdict: Verdict = Verdict.new
    notes: list[Note] = default(default_factory=list)
    known: dict[str, str] = default(default_factory=dict)
    known_id: UUID | None = None

    def mark(self, verdict: Verdict, text: str = "", field: str = "", **facts: str | int) -> None:
        """Judge the line, with a sentence why."""
        self.verdict = verdict
        if text:
            self.notes.append(Note(field=field, text=text, facts=facts))


class ImportIsOver(Refusal):
    status = 409
    code = "import-over"
    title = N_("This list has been dealt with already.")


class NothingChosen(Refusal):
    status = 422
    code = "nothing-chosen"
    title = N_("No row of this list can be imported as chosen.")


class CannotUndo(Refusal):
    status = 409
    code = "cannot-undo"
    title = N_("Nothing of this list can be taken back any more.")


def heading(text: str) -> str:
    """A heading as it is looked up: folded, its marks made spaces. “E‑Posta (kurum):” → “e posta kurum”."""
    return " ".join(re.findall(r"[^\W_]+|#", folded(text)))


def read_headings(
    cells: Mapping[int, str], fields: Mapping[str, ListField], remembered: Mapping[str, str] = MappingProxyType({})
) -> dict[int, str]:
    """Which column is which field by its heading. A heading that everybody knows means what it says, whatever a
    project remembers; of two columns for one field the first counts, a second address is another address."""
    found: dict[int, str] = {}
    for index, text in sorted(cells.items()):
        key = heading(text)
        whole = [name for name, one in fields.items() if key in one.headings]
        likely = sorted((n for n, one in fields.items() if one.speaks(key)), key=lambda n: -fields[n].speaks(key))
        name = (whole or list(filter(None, [remembered.get(key)])) or likely or [""])[0]
        if name == "address" and "address" in found.values():
            name = "other_address"
        if name in fields and name not in found.values():
            found[index] = name
    return found


def find_layout(
    lines: Sequence[Line],
    fields: Mapping[str, ListField],
    is_enough: Callable[[Container[str]], bool],
    remembered: Mapping[str, str] = MappingProxyType({}),
) -> Layout | None:
    """The line of headings that says most, alone or together with the line above it. None where no line says enough."""
    best: Layout | None = None
    for at, line in enumerate(lines[:HEADINGS_WITHIN]):
        texts = {index: cell.text for index, cell in enumerate(line.cells) if cell.text}
        above = {index: cell.text for index, cell in enumerate(lines[at - 1].cells) if cell.text} if at else {}
        for cells in (texts, _together(above, texts)):
            columns = read_headings(cells, fields, remembered)
            if is_enough(columns.values()) and (best is None or len(columns) > len(best.columns)):
                best = Layout(line.number, columns)
    return best


def _together(above: Mapping[int, str], below: Mapping[int, str]) -> dict[int, str]:
    """Headings of two lines: “Kişi” over “Adı” and “Soyadı”. Where the lower one is empty the upper one counts."""
    return {**above, **below} if below and above else {}


def guess_columns(lines: Sequence[Line], fields: Container[str]) -> dict[int, str]:
    """What columns without headings hold, by what stands in them: addresses, and names of several words before that."""
    found: dict[int, str] = {}
    width = max((len(line.cells) for line in lines), default=0)
    for index in range(width):
        texts = [line.cells[index].text for line in lines[:200] if index < len(line.cells)]
        texts = [text for text in texts if not is_nothing(text)]
        if not texts:
            continue
        if "address" in fields and _share(texts, lambda text: "@" in text) > 0.5 and "address" not in found.values():
            found[index] = "address"
        elif "name" in fields and _share(texts, _looks_like_a_name) > 0.8 and "name" not in found.values():
            found[index] = "name"
    return found


def _share(texts: Sequence[str], is_one: Callable[[str], bool]) -> float:
    return sum(map(is_one, texts)) / len(texts)


def _looks_like_a_name(text: str) -> bool:
    return len(text) <= 60 and 2 <= len(text.split()) <= 5 and not re.search(r"[\d@]", text)


def left_out(cells: Mapping[int, str], columns: Container[int]) -> list[str]:
    """Headings of columns that are not imported, but for those that only count the lines."""
    return [
        text for index, text in sorted(cells.items()) if index not in columns and not _COUNTING.match(heading(text))
    ]


def is_heading_again(texts: Mapping[str, str], fields: Mapping[str, ListField]) -> bool:
    """Whether a line repeats the headings, as the second page of a printed list does."""
    said = {name: heading(text) for name, text in texts.items() if text}
    return len(said) > 1 and all(name in fields and key in fields[name].headings for name, key in said.items())


def counted(verdicts: Sequence[Verdict]) -> dict[Verdict, int]:
    """How many lines there are of each verdict, in the order in which a person looks at them."""
    count = Counter(verdicts)
    return {verdict: count[verdict] for verdict in ORDER if count[verdict]}


def read_rows(
    lines: Sequence[Line],
    fields: Mapping[str, ListField],
    *,
    heading: int,
    columns: Mapping[int, str],
    off: Container[Repair] = (),
    cells: Mapping[int, Mapping[str, str]] = MappingProxyType({}),
) -> list[ImportRow]:
    """The lines below the headings, repaired and checked by the shape of each field. `off` are repairs that are not
    made, `cells` corrections by line and field, which nothing repairs any more."""
    below = [line for line in lines if line.number > heading]
    turkish = is_turkish([cell.text for line in below[:2000] for cell in line.cells])
    repairs = {repair for repair in Repair if repair not in off}
    rows = []
    for line in below:
        row = _row(line, fields, columns, repairs, turkish=turkish, corrected=cells.get(line.number, {}))
        if row is not None:
            rows.append(row)
    return rows


def _row(
    line: Line,
    fields: Mapping[str, ListField],
    columns: Mapping[int, str],
    repairs: Container[Repair],
    *,
    turkish: bool,
    corrected: Mapping[str, str],
) -> ImportRow | None:
    """One line; None where it holds nothing of its own."""
    own = {columns[i]: c.text for i, c in enumerate(line.cells) if i in columns and not c.is_filled}
    filled = {columns[i]: c.text for i, c in enumerate(line.cells) if i in columns and c.is_filled}
    if not any(own.values()):
        return None
    row = ImportRow(number=line.number, values=own)
    if Repair.totals in repairs:
        if is_total([cell.text for cell in line.cells]):
            row.mark(Verdict.skipped, N_("This line counts, it names nobody."))
        elif is_heading_again(own, fields):
            row.mark(Verdict.skipped, N_("These are the headings again."))
    if row.verdict is Verdict.skipped:
        return row
    if any(c.is_formula for i, c in enumerate(line.cells) if i in columns and columns[i] not in corrected):
        row.mark(Verdict.wrong, N_("A cell of this row is a formula."))
        return row
    raw = own | (filled if Repair.filled in repairs else dict.fromkeys(filled, ""))
    mended = repaired(raw, turkish=turkish, off=[repair for repair in Repair if repair not in repairs])
    codes = {name: text for name, text in raw.items() if name in fields and fields[name].is_code}
    row.values, row.was, row.repairs = mended.values | codes, mended.was, sorted(mended.repairs)
    if filled and Repair.filled in repairs:
        row.was |= dict.fromkeys((name for name, text in filled.items() if text), "")
        row.repairs.append(Repair.filled)
    for name, text in corrected.items():
        row.was.setdefault(name, row.values.get(name, ""))
        row.values[name] = text.strip()
    _check(row, fields)
    return row


def _check(row: ImportRow, fields: Mapping[str, ListField]) -> None:
    if "given" in fields:
        parts = [row.values.pop("given", ""), row.values.pop("family", "")]
        row.values["name"] = row.values.get("name") or " ".join(part for part in parts if part)
    for name, text in row.values.items():
        shape = fields[name].shape if name in fields else None
        if shape is None or not text:
            continue
        try:
            row.values[name] = shape.validate_python(text)
        except ValidationError as error:
            found = error.errors()[0]
            facts = {key: fact for key, fact in (found.get("ctx") or {}).items() if isinstance(fact, str | int)}
            if found["type"] == "heyet":
                row.mark(Verdict.wrong, found["msg"], name, **facts)
            elif found["type"] == "string_too_long":
                row.mark(Verdict.wrong, N_("This is longer than the %(max_length)s letters that fit."), name, **facts)
            else:
                row.mark(Verdict.wrong, fields[name].problem, name)
