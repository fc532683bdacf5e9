"""Spreadsheets as LibreOffice opens them; and that it really computes what it is given."""

import io

import pytest
import xlsxwriter

from core.documents.sheets import csv_bytes, xlsx_bytes
from tests.office import Office

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://example.org")', "=cmd|'/c calc'!A1"]


def claiming(total: float) -> bytes:
    """A workbook that says of 2 · 21 what it is told to say."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into) as book:
        sheet = book.add_worksheet()
        sheet.write_number("A1", 2)
        sheet.write_formula("A2", "=A1*21", None, total)
    return into.getvalue()


@pytest.mark.parametrize("claimed", [42, 7])
def test_a_total_that_a_workbook_brings_along_is_computed_anew(office: Office, claimed: float) -> None:
    assert office.computed(claiming(claimed)).worksheets[0]["A2"].value == 42


def test_what_is_no_workbook_is_not_opened(office: Office) -> None:
    with pytest.raises(AssertionError, match="could not be loaded"):
        office.computed(b"PK\x03\x04 and nothing more")


def test_exported_text_never_runs_in_a_spreadsheet(office: Office) -> None:
    rows = [["Answer"], *([text] for text in RISKY)]
    assert office.formulas(csv_bytes(rows), "csv") == []
    assert office.formulas(xlsx_bytes("Answers", rows)) == []
    shown = office.computed(xlsx_bytes("Answers", rows)).worksheets[0]
    assert [row[0].value for row in shown.iter_rows(min_row=2)][:4] == RISKY[:4]


def test_text_that_would_run_is_found(office: Office) -> None:
    assert office.formulas(b"Answer;Sum\r\nyes;=1+1\r\n", "csv") == ["=1+1"]
