"""Reading a nomination list: which column is what, and what each row will lead to. Pure."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
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
    Verdict.already: N_("Named already"),
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
}
_COLUMN = {heading: column for column, headings in _HEADINGS.items() for heading in headings}


class Row(BaseModel):
    """One row of the list as it will be imported. `number` is its line in the file."""

    number: int
    name: str = ""
    title: str = ""
    institution: str = ""
    province: str = ""
    address: str = ""
    verdict: Verdict = Verdict.new
    message: str = ""


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
    title = N_("Nobody of this list can be taken back any more: all have been invited.")


def raw_rows(table: Sequence[Sequence[Cell]]) -> list[tuple[Row, bool]]:
    """Rows under the headings, found in the first ten lines, and whether a formula is among their cells."""
    for index, line in enumerate(table[:10]):
        columns = {
            _COLUMN[key]: place
            for place, cell in enumerate(line)
            if (key := folded(cell.text).strip(" :*")) in _COLUMN
        }
        if "name" in columns or {"given", "family"} <= columns.keys():
            return [
                _row(number, cells, columns) for number, cells in enumerate(table[index + 1 :], index + 2)
            ]
    raise Unacceptable(
        "file",
        N_(
            "No heading for names was found. Please put “Name”, “Institution”, “Province” and “E-mail” over the columns."
        ),
    )


def _row(number: int, cells: Sequence[Cell], columns: Mapping[str, int]) -> tuple[Row, bool]:
    def text(column: str) -> str:
        place = columns.get(column, -1)
        return cells[place].text if 0 <= place < len(cells) else ""

    name = text("name") or f"{text('given')} {text('family')}".strip()
    used: dict[str, Any] = {c: text(c) for c in ("title", "institution", "province", "address")}
    has_formula = any(cells[place].is_formula for place in columns.values() if place < len(cells))
    return Row(number=number, name=name, **used), has_formula


def mark_repeated(rows: Sequence[Row]) -> None:
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
