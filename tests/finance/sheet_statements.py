"""Statements of people, and the document of a sheet, from worked cases of per diems."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from core.money import smallest_unit
from finance.playground.cases import computed
from finance.rules.lines import Computation
from finance.sheet_files.rules import SheetDocument, SheetSignature, SignatureRole
from finance.statements.rules import ConvertedTotal, PersonStatement, converted

MADE = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)


def statement_of(case: dict[str, Any], number: int, pay: str = "", factor: str = "49.81") -> PersonStatement:
    """What the case comes to, paid in its own currency or in another one."""
    return statement(computed(case), case["rule_set"], number, pay, factor)


def statement(
    found: Computation, rule_set: str, number: int, pay: str = "", factor: str = "49.81", **more: Any
) -> PersonStatement:
    pay = pay or found.currency
    total = sum((line.amount for line in found.lines), Decimal(0))
    totals = [ConvertedTotal(pay, total, total)]
    if pay != found.currency:
        totals = [converted(found.currency, total, pay, Decimal(factor), Decimal("1.1"), "InforEuro", date(2026, 4, 1))]
    facts = {"grade": "1-4" if number % 2 else "", "is_cash": number % 3 != 0, **more}
    return PersonStatement(
        registration_id=UUID(int=number),
        person_id=UUID(int=number),
        name=f"Gülşen Çağlar {number}",
        institution="Göç İdaresi Başkanlığı",
        currency=pay,
        rule_set=rule_set,
        lines=found.lines,
        open=found.open,
        totals=[] if found.open else totals,
        **facts,
    )


def document_of(statements: Sequence[PersonStatement], **more: Any) -> SheetDocument:
    signatures = [
        SheetSignature(SignatureRole.prepared, "Hülya Öz", datetime(2026, 4, 18, 8, tzinfo=UTC)),
        SheetSignature(SignatureRole.checked, "Ada Yılmaz"),
    ]
    document = SheetDocument(
        title="Study visit to Vienna & Graz",
        code="SV-12",
        days=(date(2026, 4, 14), date(2026, 4, 16)),
        place="Vienna, Austria",
        project="Strengthening Migration Management",
        contract="2025/123-456",
        budget_line="1.2.3",
        statement="This project is funded by the European Union.",
        rule_titles=["European Union, external actions: nights away"],
        state="Submitted",
        version=2,
        number="2026-0012",
        currency=statements[0].currency if statements else "EUR",
        language="en",
        made_at=MADE,
        zone="Europe/Istanbul",
        statements=statements,
        signatures=signatures,
    )
    return replace(document, **more)


def quantized(value: object, currency: str) -> Decimal:
    return Decimal(str(value or 0)).quantize(smallest_unit(currency))
