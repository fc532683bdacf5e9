"""What lines that were pasted from a spreadsheet say of institutions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from core.columns import folded
from core.errors import N_, Refusal
from directory.list_repairs.rules import is_total, with_address_repaired
from directory.people.geography import provinces, subdivision_codes

# As many rows as a page of the table has.
MOST_ROWS = 100
# Columns of the table, in their order, with what spreadsheets call them.
HEADINGS = {
    "name": ("institution name", "institution", "name", "kurum adi", "kurum", "kurumu"),
    "name_en": ("name in english", "english name", "ingilizce adi", "ingilizce ad"),
    "kind": ("kind", "tur", "turu"),
    "province": ("province", "il", "ili"),
    "parent": ("parent institution", "parent", "ust kurum", "bagli oldugu kurum"),
    "focal_name": (
        "focal point",
        "focal points name",
        "irtibat noktasi",
        "irtibat noktasi adi",
        "irtibat kisisi",
        "odak noktasi",
        "ad soyad",
        "adi soyadi",
    ),
    "focal_address": ("e-mail", "email", "e-mail address", "e-posta", "eposta", "e-posta adresi"),
}
_FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings}


class TooManyLines(Refusal):
    status = 422
    code = "too-many-lines"
    title = N_("Please paste at most %(limit)s lines at a time.")


@dataclass(frozen=True)
class Cells:
    """One row of the table as text; the province by its Turkish name, the kind by its code."""

    name: str = ""
    name_en: str = ""
    kind: str = ""
    province: str = ""
    parent: str = ""
    focal_name: str = ""
    focal_address: str = ""

    @property
    def is_blank(self) -> bool:
        return not any(asdict(self).values())

    def over(self, below: "Cells") -> "Cells":
        """These, and where they say nothing what stood there before."""
        return Cells(**{name: value or getattr(below, name) for name, value in asdict(self).items()})


class Pasted(NamedTuple):
    """Rows for the table, and what was pasted that it has no column for."""

    rows: list[Cells]
    left_out: list[str]


def pasted(text: str, kinds: Mapping[str, str]) -> Pasted:
    """A row for each line. `kinds` are the names of kinds, folded, in every language, with their codes.

    With headings the columns may stand in any order. Without, seven cells are the table's own; of fewer, the one with
    an @ is the address, a province and a kind are known as such, and of what is left the first is the institution, the
    last the focal point. Lines that count others are left out. Raises TooManyLines.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = "\t" if "\t" in text else ";"
    rows = [[with_address_repaired(cell.strip().strip('"')) for cell in line.split(delimiter)] for line in lines]
    headings = [_FIELDS.get(folded(cell).strip(" :*")) for cell in rows[0]] if rows else []
    left_out: list[str] = []
    if sum(heading is not None for heading in headings) > 1:
        left_out += [cell for cell, heading in zip(rows[0], headings, strict=True) if cell and heading is None]
        rows = rows[1:]
    else:
        headings = []
    found: list[Cells] = []
    for row in rows:
        if is_total(row):
            left_out.append(" ".join(row).strip())
        elif headings:
            found.append(_under(headings, row))
        elif len(row) >= len(HEADINGS):
            found.append(_in_order(row))
            left_out += [cell for cell in row[len(HEADINGS) :] if cell]
        else:
            cells, rest = _guessed(row, kinds)
            found.append(cells)
            left_out += rest
    if len(found) > MOST_ROWS:
        raise TooManyLines(limit=MOST_ROWS)
    return Pasted([_with_codes(row, kinds) for row in found if not row.is_blank], left_out)


def _under(headings: Sequence[str | None], row: Sequence[str]) -> Cells:
    return Cells(**{field: cell for field, cell in zip(headings, row, strict=False) if field})


def _in_order(row: Sequence[str]) -> Cells:
    return Cells(*row[: len(HEADINGS)])


def _guessed(row: Sequence[str], kinds: Mapping[str, str]) -> tuple[Cells, list[str]]:
    """The cells, and those for which there is no place."""
    cells = [cell for cell in row if cell]
    address = next((cell for cell in cells if "@" in cell), "")
    province = next((cell for cell in cells if folded(cell) in subdivision_codes("TR")), "")
    kind = next((cell for cell in cells if folded(cell) in kinds), "")
    others = [cell for cell in cells if cell not in (address, province, kind)]
    focal = others.pop() if address and (len(others) > 1 or (others and province)) else ""
    name, name_en, *_ = [*others, "", ""]
    return Cells(name, name_en, kind, province, "", focal, address), others[2:]


def _with_codes(row: Cells, kinds: Mapping[str, str]) -> Cells:
    code = subdivision_codes("TR").get(folded(row.province), "")
    kind = kinds.get(folded(row.kind), row.kind if row.kind in kinds.values() else "")
    return replace(row, kind=kind, province=provinces().get(code, row.province))
