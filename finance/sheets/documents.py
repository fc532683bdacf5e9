"""The per-diem sheet as a spreadsheet whose formulas finance can follow, and the rows that pages show too."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from core.documents.sheets import workbook
from core.i18n import words
from core.money import Money
from finance.rules.eu_external import NightAmount

_FIRST = 8  # the summary's first person is on this line (one-based)
_COMPONENTS = ("bed", "breakfast", "lunch", "dinner")


@dataclass(frozen=True)
class Claim:
    """One night of one person."""

    registration_id: UUID
    name: str
    institution: str
    line: NightAmount


@dataclass(frozen=True)
class PersonRow:
    """One person's claims added up."""

    registration_id: UUID
    name: str
    institution: str
    lines: Sequence[NightAmount]

    @property
    def nights(self) -> int:
        return sum(line.counts for line in self.lines)

    def _sum(self, amounts: Sequence[Money]) -> Money:
        return sum(amounts[1:], amounts[0])

    @property
    def gross(self) -> Money:
        return self._sum([line.gross for line in self.lines])

    @property
    def bed(self) -> Money:
        return self._sum([line.deductions["bed"] for line in self.lines])

    @property
    def meals(self) -> Money:
        return self._sum([line.deductions[component] for line in self.lines for component in _COMPONENTS[1:]])

    @property
    def net(self) -> Money:
        return self._sum([line.amount for line in self.lines])


@dataclass(frozen=True)
class SheetDocument:
    """All that the file shows."""

    title: str
    days: tuple[date, date]
    project: str
    contract: str
    statement: str
    rule: str
    state: str
    currency: str
    claims: Sequence[Claim]
    language: str


def rows_of(claims: Sequence[Claim]) -> list[PersonRow]:
    """Claims by person, in the order in which the people came."""
    return [
        PersonRow(key[0], key[1], key[2], [claim.line for claim in group])
        for key, group in groupby(claims, lambda c: (c.registration_id, c.name, c.institution))
    ]


def total_of(claims: Sequence[Claim], currency: str) -> Money:
    return sum((claim.line.amount for claim in claims), Money.zero(currency))


def per_diem_xlsx(document: SheetDocument) -> bytes:
    """Two sheets: people with totals, and their nights. All sums are live formulas that carry their value."""
    into = io.BytesIO()
    with workbook(into) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format(
                {"bold": True, "bg_color": "#E8EDF4", "border": 1, "text_wrap": True, "valign": "top"}
            ),
            "money": book.add_format({"num_format": "#,##0.00", "border": 1}),
            "total": book.add_format({"num_format": "#,##0.00", "border": 1, "bold": True}),
            "cell": book.add_format({"border": 1}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "border": 1}),
            "plain": book.add_format({}),
        }
        say = words(document.language)
        summary, nights = book.add_worksheet(say.translate("Per diem")), book.add_worksheet(say.translate("Nights"))
        _write_nights(nights, document, formats)
        _write_summary(summary, nights.get_name(), document, formats)
    return into.getvalue()


def _write_summary(sheet: Any, nights: str, document: SheetDocument, formats: dict[str, Any]) -> None:
    say, rows = words(document.language), rows_of(document.claims)
    # Not within the f-string: what looks for messages would not find them there.
    rule, state = say.translate("Rule"), say.translate("State")
    _set_up(sheet, [5, 30, 34, 9, 14, 14, 14, 14, 22])
    sheet.write_string(0, 0, document.title, formats["title"])
    for line, text in enumerate(
        [
            say.days(*document.days),
            f"{document.project} · {document.contract}",
            document.statement,
            f"{rule}: {document.rule} · {state}: {document.state} · {document.currency}",
        ],
        1,
    ):
        sheet.write_string(line, 0, text, formats["plain"])
    _heads(
        sheet,
        _FIRST - 2,
        formats,
        [
            say.translate("No."),
            say.translate("Name"),
            say.translate("Institution"),
            say.translate("Nights"),
            say.translate("Gross"),
            say.translate("Accommodation deduction"),
            say.translate("Meals deduction"),
            say.translate("To pay"),
            say.translate("Signature"),
        ],
    )
    for index, row in enumerate(rows):
        line = _FIRST - 1 + index
        number = f"A{line + 1}"
        sheet.write_number(line, 0, index + 1, formats["cell"])
        sheet.write_string(line, 1, row.name, formats["cell"])
        sheet.write_string(line, 2, row.institution, formats["cell"])

        def of(columns: str, number: str = number) -> str:
            return "+".join(f"SUMIFS('{nights}'!{c}:{c},'{nights}'!A:A,{number})" for c in columns)

        sheet.write_formula(line, 3, f"={of('G')}", formats["cell"], row.nights)
        sheet.write_formula(line, 4, f"={of('H')}", formats["money"], row.gross.amount)
        sheet.write_formula(line, 5, f"={of('I')}", formats["money"], row.bed.amount)
        sheet.write_formula(line, 6, f"={of('JKL')}", formats["money"], row.meals.amount)
        sheet.write_formula(line, 7, f"=E{line + 1}-F{line + 1}-G{line + 1}", formats["money"], row.net.amount)
        sheet.write_blank(line, 8, None, formats["cell"])
    _write_totals(sheet, _FIRST - 1 + len(rows), rows, say.translate("Total"), formats)


def _write_totals(sheet: Any, line: int, rows: Sequence[PersonRow], label: str, formats: dict[str, Any]) -> None:
    sheet.write_string(line, 1, label, formats["total"])
    sums: list[tuple[str, Decimal | int]] = [
        ("D", sum(row.nights for row in rows)),
        ("E", sum((row.gross.amount for row in rows), Decimal(0))),
        ("F", sum((row.bed.amount for row in rows), Decimal(0))),
        ("G", sum((row.meals.amount for row in rows), Decimal(0))),
        ("H", sum((row.net.amount for row in rows), Decimal(0))),
    ]
    for index, (column, value) in enumerate(sums, 3):
        sheet.write_formula(line, index, f"=SUM({column}{_FIRST}:{column}{line})", formats["total"], value)


def _write_nights(sheet: Any, document: SheetDocument, formats: dict[str, Any]) -> None:
    say = words(document.language)
    _set_up(sheet, [5, 30, 12, 22, 10, 12, 8, 12, 12, 12, 12, 12, 12, 60])
    _heads(
        sheet,
        0,
        formats,
        [
            say.translate("No."),
            say.translate("Name"),
            say.translate("Night of"),
            say.translate("Place"),
            say.translate("Currency"),
            say.translate("Rate"),
            say.translate("Counts"),
            say.translate("Gross"),
            say.translate("Accommodation"),
            say.translate("Breakfast"),
            say.translate("Lunch"),
            say.translate("Dinner"),
            say.translate("To pay"),
            say.translate("Why"),
        ],
    )
    line = 1
    for number, row in enumerate(rows_of(document.claims), 1):
        for item in row.lines:
            n, night = line + 1, item.night
            sheet.write_number(line, 0, number, formats["cell"])
            sheet.write_string(line, 1, row.name, formats["cell"])
            sheet.write_datetime(line, 2, night.day, formats["day"])
            sheet.write_string(
                line, 3, ", ".join(filter(None, [night.city, say.country(night.country)])), formats["cell"]
            )
            sheet.write_string(line, 4, item.rate.currency, formats["cell"])
            sheet.write_number(line, 5, item.rate.amount, formats["money"])
            sheet.write_number(line, 6, int(item.counts), formats["cell"])
            sheet.write_formula(line, 7, f"=F{n}*G{n}", formats["money"], item.gross.amount)
            for index, component in enumerate(_COMPONENTS, 8):
                sheet.write_number(line, index, item.deductions[component].amount, formats["money"])
            sheet.write_formula(line, 12, f"=H{n}-I{n}-J{n}-K{n}-L{n}", formats["money"], item.amount.amount)
            sheet.write_string(line, 13, sentence(item, document.language), formats["cell"])
            line += 1


def sentence(line: NightAmount, language: str) -> str:
    """Why the line is what it is, in the reader's language."""
    say = words(language)
    facts = dict(line.facts)
    if "provided" in facts:
        named = {
            "bed": say.translate("Accommodation"),
            "breakfast": say.translate("Breakfast"),
            "lunch": say.translate("Lunch"),
            "dinner": say.translate("Dinner"),
        }
        facts["provided"] = ", ".join(named[component] for component in facts["provided"].split(", "))
    return say.translate(line.why, **facts)


def _set_up(sheet: Any, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _heads(sheet: Any, line: int, formats: dict[str, Any], titles: Sequence[str]) -> None:
    for column, title in enumerate(titles):
        sheet.write_string(line, column, title, formats["head"])
