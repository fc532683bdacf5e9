"""The lines of a sheet as a table for other programs."""

from decimal import Decimal

from core.documents.sheets import csv_bytes
from core.i18n import words
from core.money import smallest_unit
from finance.rules.lines import COMPONENTS
from finance.rules.sentences import explanation
from finance.sheet_files.rules import SheetDocument
from finance.sheet_files.texts import missing_of

HEADINGS = (
    "registration_id", "number", "name", "institution", "grade", "kind", "date", "place", "currency", "rate", "share",
    "gross", *COMPONENTS, "received", "amount", "reason", "explanation",
)  # fmt: skip


def per_diem_csv(document: SheetDocument) -> bytes:
    """One row for each line, and one without an amount for all that is missing. Decimals have a dot, days are ISO 8601;
    names of columns, kinds and reasons are codes, sentences are in the document's language."""
    say = words(document.language)
    rows: list[list[object]] = [list(HEADINGS)]
    for number, one in enumerate(document.statements, start=1):
        who = [one.registration_id, number, one.name, one.institution, one.grade]
        for line in one.lines:
            unit = smallest_unit(line.currency)

            def plain(amount: Decimal | None, unit: Decimal = unit) -> str:
                return "" if amount is None else f"{amount.quantize(unit):f}"

            taken = [plain(line.deductions.get(name)) for name in COMPONENTS]
            head = [line.kind, line.day.isoformat(), line.place, line.currency, plain(line.rate), line.share]
            amounts = [plain(line.gross), *taken, plain(line.received), plain(line.amount)]
            rows.append([*who, *head, *amounts, line.reason, explanation(line, say)])
        for text in missing_of(one, say):
            rows.append([*who, "open", *[""] * (len(HEADINGS) - len(who) - 2), text])
    return csv_bytes(rows)
