"""Reading a nomination list: which column is what, and what each row will lead to. Pure."""

from collections.abc import Container, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from core.columns import folded
from core.documents.tables import Cell
from core.errors import N_, Refusal, Unacceptable
from core.text import address_key


class Verdict(StrEnum):
    """What importing a row will do."""

    new = "new"
    known = "known"
    already = "already"
    duplicate = "duplicate"
    wrong = "wrong"


VERDICTS = {
    Verdict.new: N_("New person"),
    Verdict.known: N_("Known person"),
    Verdict.already: N_("Already nominated"),
    Verdict.duplicate: N_("Twice in this list"),
    Verdict.wrong: N_("Cannot be imported"),
}
IMPORTABLE = (Verdict.new, Verdict.known)
_HEADINGS = {
    "name": ("name", "full name", "name surname", "ad soyad", "adi soyadi", "ad-soyad", "isim"),
    "given": ("first name", "given name", "ad", "adi"),
    "family": ("last name", "surname", "family name", "soyad", "soyadi"),
    "title": ("title", "unvan", "unvani", "gorev", "gorevi", "position"),
    "institution": ("institution", "organisation", "organization", "kurum", "kurumu", "birim", "birimi"),
    "province": ("province", "city", "il", "ili", "sehir"),
    "address": (
        "e-mail",
        "email",
        "mail",
        "e-posta",
        "eposta",
        "e-mail address",
        "e-posta adresi",
        "email address",
    ),
    "category": ("category", "kategori", "katilimci turu", "tur", "turu", "rol"),
}
# What a column of a list can be, in the order in which the mapping page offers it.
FIELDS = {
    "name": N_("Name"),
    "given": N_("Given name"),
    "family": N_("Family name"),
    "title": N_("Position"),
    "institution": N_("Institution"),
    "province": N_("Province"),
    "address": N_("E-mail"),
    "category": N_("Category"),
}
_COLUMN = {heading: column for column, headings in _HEADINGS.items() for heading in headings}


class ListRow(BaseModel):
    """One row of the list as it will be imported. `number` is its line in the file."""

    number: int
    name: str = ""
    title: str = ""
    institution: str = ""
    province: str = ""
    address: str = ""
    category: str = ""
    verdict: Verdict = Verdict.new
    message: str = ""


class NoHeadings(Unacceptable):
    """No line looks like headings: whoever uploaded it says which column is what."""

    def __init__(self) -> None:
        super().__init__(
            "file",
            N_(
                "No heading for names was found. Please put “Name”, “Institution”, “Province” and “E-mail” "
                "over the columns."
            ),
        )


class NameColumnNeeded(Refusal):
    status = 422
    code = "name-column-needed"
    title = N_("Please say which column holds the name, or given and family name.")


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
    title = N_("Nobody of this list can be withdrawn any more: all have been invited.")


def raw_rows(
    table: Sequence[Sequence[Cell]], remembered: Mapping[str, str] = MappingProxyType({})
) -> list[tuple[ListRow, bool]]:
    """Rows under the headings, found in the first ten lines, and whether a formula is among their cells.

    `remembered` says what else a project calls its columns. Raises NoHeadings.
    """
    known = {**_COLUMN, **remembered}
    for index, line in enumerate(table[:10]):
        columns = {known[key]: index for index, cell in enumerate(line) if (key := heading(cell.text)) in known}
        if has_names(columns):
            return rows_under(table, index, columns)
    raise NoHeadings()


def heading(text: str) -> str:
    """A heading as it is looked up: folded, without marks."""
    return folded(text).strip(" :*")


def has_names(columns: Container[str]) -> bool:
    return "name" in columns or ("given" in columns and "family" in columns)


def rows_under(table: Sequence[Sequence[Cell]], index: int, columns: Mapping[str, int]) -> list[tuple[ListRow, bool]]:
    """Rows below the line numbered `index`, read by which column is what."""
    return [_row(number, cells, columns) for number, cells in enumerate(table[index + 1 :], index + 2)]


def _row(number: int, cells: Sequence[Cell], columns: Mapping[str, int]) -> tuple[ListRow, bool]:
    def text(column: str) -> str:
        index = columns.get(column, -1)
        return cells[index].text if 0 <= index < len(cells) else ""

    name = text("name") or f"{text('given')} {text('family')}".strip()
    used: dict[str, Any] = {c: text(c) for c in ("title", "institution", "province", "address", "category")}
    has_formula = any(cells[index].is_formula for index in columns.values() if index < len(cells))
    return ListRow(number=number, name=name, **used), has_formula


def mark_repeated(rows: Sequence[ListRow]) -> None:
    """The first of equal rows counts: same mailbox, or same name and institution where none is given."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        if row.verdict is Verdict.wrong:
            continue
        key = ("@", address_key(row.address)) if row.address else (folded(row.name), folded(row.institution))
        if key in seen:
            row.verdict, row.message = Verdict.duplicate, str(seen[key])
        else:
            seen[key] = row.number
