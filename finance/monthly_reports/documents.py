"""The file of a monthly report: a line for each event, component, state and currency."""

from core.documents.sheets import XLSX, csv_bytes, xlsx_bytes
from core.errors import N_
from core.i18n import Words
from finance.monthly_reports.rules import MonthlyReport, ReportFormat
from finance.sheets.rules import SHEET_STATES
from notifications.jobs.context import Attached

_HEADS = (
    N_("Event"),
    N_("Component"),
    N_("State"),
    N_("Currency"),
    N_("Per-diem sheets"),
    N_("To pay"),
    N_("Paid in the month"),
)


def report_file(report: MonthlyReport, acronym: str, file_format: ReportFormat, say: Words) -> Attached | None:
    """As XLSX or CSV; None where no file is wanted."""
    if file_format is ReportFormat.none:
        return None
    rows: list[list[object]] = [[say.translate(head) for head in _HEADS]]
    for line in report.lines:
        state = say.translate(SHEET_STATES[line.state])
        amounts = (line.total.amount, line.paid.amount)
        rows.append([line.event, line.component, state, line.total.currency, line.sheets, *amounts])
    month = f"{report.month:%Y-%m}"
    safe = "".join(letter for letter in acronym if letter.isascii() and (letter.isalnum() or letter in "-_"))
    name = f"per-diems-{safe or 'project'}-{month}.{file_format}"
    if file_format is ReportFormat.csv:
        return Attached(name, "text/csv", csv_bytes(rows, say.decimal_mark))
    return Attached(name, XLSX, xlsx_bytes(month, rows))
