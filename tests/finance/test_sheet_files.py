"""The files of a per-diem sheet: computed again by LibreOffice, read as paper, read as a table."""

import csv
import io
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from core.number_words import amount_in_words
from finance.rules.facts import NO_PLACE, PayPlace
from finance.rules.lines import Cut, LineHead, OpenLine
from finance.rules.registry import RULE_SETS
from finance.sheet_files.cash_list import per_diem_pdf
from finance.sheet_files.line_cells import cells_of
from finance.sheet_files.line_table import per_diem_csv
from finance.sheet_files.receipts import cash_receipts_pdf
from finance.sheet_files.rules import DENOMINATIONS, EvidenceLink, SheetDocument, cash_units
from finance.sheet_files.workbook import per_diem_xlsx
from finance.statements.rules import RECEIPT, UNIT_COST, PersonStatement, StatementAdjustment
from tests.finance.per_diem_examples import EXAMPLES, SHARES, US, away, night
from tests.finance.sheet_statements import document_of, quantized, statement, statement_of
from tests.finance.test_per_diem_properties import all_sets, missions, tables
from tests.finance.test_per_diem_rules import WORKED
from tests.office import Office, pdf_pages

CASES = [case for _, case, _ in EXAMPLES] + [case for case in WORKED if case["rule_set"] != "sheet"]
HEAD_ROW = 7
EU_CASE = {
    "rule_set": "eu_external",
    "rates": [{"country": "AT", "amount": "240"}],
    "nights": [night("2026-03-02", bed="organiser", breakfast=True), night("2026-03-03")],
    "switches": {"shares": SHARES},
}


def xlsx(document: SheetDocument) -> bytes:
    into = io.BytesIO()
    per_diem_xlsx(document, into)
    return into.getvalue()


def opened(file: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(file), data_only=values)


def heads(sheet: Any, row: int) -> dict[str, int]:
    """Column by what it is called."""
    return {str(cell.value): cell.column for cell in sheet[row] if cell.value}


def column(book: Workbook, name: str, people: int) -> list[object]:
    """What stands under a head of the summary for each person, and in the row of totals."""
    sheet = book.worksheets[0]
    at = heads(sheet, HEAD_ROW)[name]
    return [sheet.cell(HEAD_ROW + 1 + n, at).value for n in range(people + 1)]


def to_pay(book: Workbook, people: Sequence[PersonStatement], head: str = "To pay") -> list[Decimal]:
    return [quantized(value, people[0].currency) for value in column(book, head, len(people))]


def differences(brought: Workbook, computed: Workbook) -> list[str]:
    """Cells whose number is another one after a spreadsheet program computed them."""
    found = []
    for ours, theirs in zip(brought.worksheets, computed.worksheets, strict=True):
        for row, other in zip(ours.iter_rows(), theirs.iter_rows(), strict=False):
            for mine, computed_cell in zip(row, other, strict=False):
                if isinstance(mine.value, int | float) and abs(mine.value - (computed_cell.value or 0)) > 1e-6:
                    found.append(f"{ours.title}!{mine.coordinate}: {mine.value} {computed_cell.value}")
    return found


def amounts_in_table(document: SheetDocument) -> Decimal:
    rows = csv.DictReader(io.StringIO(per_diem_csv(document).decode("utf-8-sig")), delimiter=";")
    return sum((Decimal(row["amount"]) for row in rows if row["amount"]), Decimal(0))


def worked_statements() -> dict[str, list[PersonStatement]]:
    """Of every worked case without anything open, by currency."""
    found: dict[str, list[PersonStatement]] = {}
    for number, case in enumerate(CASES, start=1):
        one = statement_of(case, number)
        if not one.is_open:
            found.setdefault(one.currency, []).append(one)
    return found


@pytest.mark.parametrize("currency", ["EUR", "USD", "TRY", "GBP", "JPY"])
def test_lines_spreadsheet_list_and_table_come_to_the_same_for_every_set(currency: str, office: Office) -> None:
    people = worked_statements()[currency]
    document = document_of(people)
    file = xlsx(document)
    brought, computed = opened(file), office.computed(file)
    assert differences(brought, computed) == []
    paid = [one.to_pay or Decimal(0) for one in people]
    assert to_pay(computed, people) == [*paid, sum(paid)]
    assert amounts_in_table(document) == sum(paid) == document.to_pay
    digits = 0 if currency == "JPY" else 2
    assert f"{currency} {sum(paid):,.{digits}f}" in "\n".join(pdf_pages(per_diem_pdf(document)))


def test_a_wrong_total_that_a_file_brings_along_is_found(office: Office) -> None:
    """The proof that the computing above computes: one stored value is not what its formula comes to."""
    file = xlsx(document_of([replace(statement_of(EU_CASE, 1), totals=[])]))
    assert differences(opened(file), office.computed(file)) != []


def test_every_set_has_a_worked_case() -> None:
    assert {case["rule_set"] for case in CASES} >= set(RULE_SETS) - {"uk_hmrc_day"}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_journey_by_any_set_is_computed_again_to_the_cent(office: Office, data: st.DataObject) -> None:
    people = []
    for _ in range(4):
        found = all_sets(data.draw(missions()), data.draw(tables()))
        for key, computation in found.items():
            if not computation.open:
                people.append(statement(computation, key, len(people) + 1))
    file = xlsx(document_of(people))
    computed = office.computed(file)
    assert differences(opened(file), computed) == []
    paid = [one.to_pay or Decimal(0) for one in people]
    assert to_pay(computed, people) == [*paid, sum(paid)]


def changed(file: bytes, office: Office, **cells: float) -> Workbook:
    """The workbook computed again after somebody typed other numbers into the tab of lines."""
    book = opened(file, values=False)
    for cell, value in cells.items():
        book.worksheets[1][cell].value = value
    saved = io.BytesIO()
    book.save(saved)
    return office.computed(saved.getvalue())


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        # 240 − 120 − 14.40 + 240 = 345.60 as it is.
        ({}, "345.60"),
        ({"G2": 300}, "372.00"),  # 300 − 150 − 18 + 240
        ({"H3": 0.5}, "225.60"),
        ({"F3": 0}, "105.60"),
        ({"L2": 0.25}, "405.60"),
        ({"L2": 0.99}, "240.00"),  # bed 237.60, of the breakfast only 2.40 is left
    ],
)
def test_another_rate_share_or_count_changes_the_total(cells: dict[str, float], total: str, office: Office) -> None:
    people = [statement_of(EU_CASE, 1)]
    computed = changed(xlsx(document_of(people)), office, **cells)
    assert to_pay(computed, people) == [Decimal(total)] * 2


def test_american_meals_never_take_off_the_incidentals(office: Office) -> None:
    case = {**US, "absence": away("2026-03-02T06:00", "2026-03-04T20:00", "America/New_York"), "nights": []}
    case["meals"] = [{"date": "2026-03-02", "meal": kind, "by": "organiser"} for kind in ("breakfast", "lunch")]
    case["meals"].append({"date": "2026-03-02", "meal": "dinner", "by": "organiser"})
    people = [statement_of(case, 1)]
    assert people[0].lines[0].amount == 5
    computed = changed(xlsx(document_of(people)), office, G2=40)
    assert quantized(computed.worksheets[1]["U2"].value, "USD") == 5


def test_what_was_converted_paid_before_and_adjusted_is_computed_too(office: Office) -> None:
    first = statement_of(EU_CASE, 1, "TRY")
    second = replace(statement_of(EU_CASE, 2, "TRY"), adjustments=[StatementAdjustment(Decimal("-100.50"), "Taxi")])
    third = replace(statement_of(EU_CASE, 3, "TRY"), earlier=Decimal(20_000), advances=Decimal(500))
    people = [first, second, third]
    gone = UUID(int=99)
    document = document_of(people, previous={first.registration_id: Decimal("15000"), gone: Decimal(7)})
    computed = office.computed(xlsx(document))
    converted_total = (Decimal("345.60") * Decimal("49.81") / Decimal("1.1")).quantize(Decimal("0.01"))
    assert to_pay(computed, people, "To pay TRY")[:3] == [converted_total, converted_total - Decimal("100.50"), 0]
    assert to_pay(computed, people, "To be returned TRY")[2] == 20_500 - converted_total
    assert to_pay(computed, people, "Difference TRY")[0] == converted_total - 15_000
    texts = [str(cell.value) for row in computed.worksheets[0].iter_rows() for cell in row if cell.value]
    assert any("InforEuro" in text for text in texts)
    assert any("1 of the version before" in text for text in texts)


def test_while_something_is_missing_there_is_no_total_and_it_says_what() -> None:
    done = statement_of(EU_CASE, 1)
    stuck = replace(statement_of(EU_CASE, 2), open=[OpenLine(done.lines[0].day, "rate", "AT")], totals=[])
    document = document_of([done, stuck])
    book = opened(xlsx(document))
    assert column(book, "To pay", 2) == [345.60, "open", "open"]
    missing = "The rate of Austria is missing on 2 March 2026."
    assert book["What is missing"]["C2"].value == missing
    shown = "\n".join(pdf_pages(per_diem_pdf(document)))
    assert missing in shown
    assert "open: something is missing" in shown
    assert "open;;" in per_diem_csv(document).decode("utf-8-sig")


def test_what_people_typed_is_never_a_formula(office: Office) -> None:
    evil = "=1+1"
    one = replace(
        statement_of(EU_CASE, 1),
        name=evil,
        institution="+2",
        grade="@3",
        adjustments=[StatementAdjustment(Decimal(1), "-4-typed")],
    )
    link = EvidenceLink(evil, "javascript:alert(1)")
    document = document_of([one], title=evil, project=evil, evidence={one.registration_id: [link]})
    file = xlsx(document)
    typed = ["=1+1", "+2", "@3", "-4-typed", "javascript"]
    assert not [formula for formula in office.formulas(file) if any(word in formula for word in typed)]
    lines = per_diem_csv(document).decode("utf-8-sig").splitlines()
    assert ";'=1+1;'+2;'@3;" in lines[1]


def test_it_is_set_up_to_be_printed_and_signed() -> None:
    one = statement_of(EU_CASE, 1)
    link = EvidenceLink("Boarding pass", "https://heyet.example/documents/1")
    book = opened(xlsx(document_of([one], evidence={one.registration_id: [link]})))
    for sheet in book.worksheets:
        setup = sheet.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToHeight) == (9, "landscape", 0)
        assert "Page &P of &N" in (sheet.oddFooter.right.text or "")
    summary = book.worksheets[0]
    assert summary.print_title_rows == "$7:$7"
    assert summary.row_dimensions[HEAD_ROW + 1].height >= 24
    texts = [str(cell.value) for row in summary.iter_rows() for cell in row if cell.value]
    assert {"Prepared by", "Checked by", "Approved by"} <= set(texts)
    assert "Hülya Öz, 18 Apr 2026 11:00 (Istanbul time)" in texts
    assert book["Evidence"]["D2"].hyperlink.target == "https://heyet.example/documents/1"
    approvals = {row[0].value: row[1].value for row in book["Approvals"].iter_rows()}
    assert approvals["Per-diem sheet"] == "2026-0012, version 2"


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(people: int) -> int:
        one = statement_of(EU_CASE, 1)
        document = document_of([one] * people)
        into = io.BytesIO()
        tracemalloc.start()
        per_diem_xlsx(document, into)
        used = tracemalloc.get_traced_memory()[1] - len(into.getvalue())
        tracemalloc.stop()
        return used

    peak(10)
    assert peak(1500) < peak(150) + 1_000_000


def test_cash_is_counted_out_in_few_notes_and_nothing_is_lost() -> None:
    assert cash_units(Decimal("1386.40"), "TRY") == {
        Decimal(200): 6, Decimal(100): 1, Decimal(50): 1, Decimal(20): 1, Decimal(10): 1, Decimal(5): 1, Decimal(1): 1,
        Decimal("0.25"): 1, Decimal("0.10"): 1, Decimal("0.05"): 1,
    }  # fmt: skip
    assert cash_units(Decimal(10), "XAF") == {}


@given(st.sampled_from([*DENOMINATIONS]), st.decimals("0", "100000", places=2))
def test_notes_and_coins_make_up_the_amount(currency: str, amount: Decimal) -> None:
    counted = cash_units(amount, currency)
    assert 0 <= amount - sum(unit * count for unit, count in counted.items()) < DENOMINATIONS[currency][-1]


def test_the_cash_list_counts_only_who_is_paid_in_cash() -> None:
    people = [replace(statement_of(EU_CASE, n), is_cash=n != 2) for n in (1, 2, 3)]
    pages = pdf_pages(per_diem_pdf(document_of(people)))
    assert "EUR 1,036.80" in pages[0]
    assert "EUR 691.20" in pages[0]
    assert "By bank transfer" in pages[0]
    assert all(f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, start=1))
    counted = next(line for line in pages[-1].splitlines() if line.strip().startswith("Total"))
    assert counted.split() == ["Total", "691.20", "2", "2", "4", "2", "2", "2"]  # 200 100 20 5 0.50 0.10


@pytest.mark.parametrize(
    ("language", "spelled"),
    [("en", "three hundred forty-five euros 60/100"), ("tr", "üç yüz kırk beş avro 60/100")],
)
def test_a_receipt_says_the_amount_in_words_and_its_lines(language: str, spelled: str) -> None:
    people = [replace(statement_of(EU_CASE, n), is_cash=n == 1) for n in (1, 2)]
    pages = pdf_pages(cash_receipts_pdf(document_of(people, language=language)))
    assert len(pages) == 1
    assert spelled in pages[0]
    assert ("120.00" if language == "en" else "120,00") in pages[0]
    assert len(pdf_pages(cash_receipts_pdf(document_of(people[1:], language=language)))) == 1


def test_a_cost_is_of_a_kind_in_the_words_of_pages_wherever_it_stands() -> None:
    fare = LineHead(RECEIPT, date(2026, 3, 2), PayPlace("public-transport"), "EUR").paid(None, "1", Decimal(12))
    band = LineHead(UNIT_COST, date(2026, 3, 2), PayPlace("100 to 499 km"), "EUR").paid(None, "1", Decimal(230))
    one = statement_of(EU_CASE, 1)
    document = document_of([replace(one, is_cash=True, lines=[*one.lines, fare, band])], language="tr")
    list_of_lines = [cell.value for cell in opened(xlsx(document)).worksheets[1]["E"]]
    (receipt,) = pdf_pages(cash_receipts_pdf(document))
    assert {"Toplu taşıma", "100 to 499 km"} <= {*list_of_lines}
    assert ("Toplu taşıma" in receipt, "100 to 499 km" in receipt, "public" in receipt) == (True, True, False)


def test_amounts_in_words() -> None:
    assert amount_in_words(Decimal("1234.50"), "TRY", "tr") == "bin iki yüz otuz dört Türk lirası 50/100"
    assert amount_in_words(Decimal(5000), "JPY", "en") == "five thousand Japanese yen"


@given(missions(), tables())
def test_most_lines_are_formulas(mission: Any, rates: Any) -> None:
    """A line with a rate is a product again, but for bills and hours."""
    for key, found in all_sets(mission, rates).items():
        for line in found.lines:
            cells = cells_of(line, key)
            assert cells.share is not None or line.rate is None or line.formula, (key, line)
            assert cells.base is not None or not line.deductions, (key, line)


def test_a_line_that_is_no_product_stands_as_a_number() -> None:
    one = statement_of(EU_CASE, 1)
    line = LineHead("day", one.lines[0].day, NO_PLACE, "EUR").paid(
        Decimal(10), "1", Decimal(7), [Cut("bed", Decimal(3))]
    )
    assert cells_of(line, "flat").share is None
