"""Figures as a spreadsheet: for each currency a table by component, month, kind and event."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from core.documents.sheets import workbook
from core.errors import N_
from core.i18n import Words
from finance.figures.rules import CurrencyFigures, Figure

TABLES = (
    ("by_component", N_("By component")),
    ("by_month", N_("By month")),
    ("by_kind", N_("By kind")),
    ("by_event", N_("By event")),
)


def figures_xlsx(figures: Sequence[CurrencyFigures], title: str, say: Words) -> bytes:
    """A sheet for each currency, with its tables one below the other. Numbers are numbers, text is text."""
    into = io.BytesIO()
    with workbook(into) as book:
        looks = {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "bg_color": "#E8EDF4"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
        }
        if not figures:
            book.add_worksheet("–").write_string(0, 0, title, looks["bold"])
        for one in figures:
            _currency(book.add_worksheet(one.currency), one, title, say, looks)
    return into.getvalue()


def _currency(sheet: Any, one: CurrencyFigures, title: str, say: Words, looks: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 3, 16)
    sheet.write_string(0, 0, f"{title} – {one.currency}", looks["bold"])
    line = 2
    for name, heading in TABLES:
        rows: Sequence[Figure] = getattr(one, name)
        if not rows:
            continue
        sheet.write_string(line, 0, say.translate(heading), looks["head"])
        for column, head in enumerate((N_("Approved"), N_("Paid"), N_("Budget")), start=1):
            sheet.write_string(line, column, say.translate(head), looks["head"])
        for row in rows:
            line += 1
            sheet.write_string(line, 0, label_of(name, row, say))
            for column, money in enumerate((row.approved, row.paid, row.budget), start=1):
                if money is not None:
                    sheet.write_number(line, column, money.amount, looks["money"])
        line += 2


def label_of(table: str, row: Figure, say: Words) -> str:
    """What a row is called: kinds are messages, a month is said as the language does, no component in words."""
    if table == "by_kind":
        return say.translate(row.label)
    if table == "by_month":
        return say.month(date.fromisoformat(f"{row.label}-01"))
    return row.label or say.translate(N_("Without a component"))
