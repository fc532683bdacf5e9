"""When a monthly report goes, and what it says: amounts by event, never names of participants. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from core.errors import N_, Refusal
from core.money import Money
from core.working_days import is_public_holiday
from core.zones import zone_of
from finance.sheets.rules import SheetState

# In the project's own time, before the working day.
CLOCK = time(7, 0)
MOST_READERS = 30


class ReportFormat(StrEnum):
    """The file that goes along."""

    xlsx = "xlsx"
    csv = "csv"
    none = "none"


REPORT_FORMATS = {
    ReportFormat.xlsx: N_("Spreadsheet (XLSX)"),
    ReportFormat.csv: "CSV",
    ReportFormat.none: N_("No file: sums in the mail only"),
}


class TooManyReaders(Refusal):
    status = 409
    code = "too-many-readers"
    title = N_("The monthly report goes to %(count)s people already. Please stop it for one first.")


class ReadsAlready(Refusal):
    status = 409
    code = "reads-already"
    title = N_("The monthly report goes to this address already.")


class NobodyReads(Refusal):
    status = 409
    code = "nobody-reads"
    title = N_("The monthly report goes to nobody yet. Please add somebody first.")


@dataclass(frozen=True)
class ReportLine:
    """Sheets of one event in one state and currency: how many, what they pay in all, and what was paid of them in the
    month."""

    event: str
    component: str
    state: SheetState
    sheets: int
    total: Money
    paid: Money


@dataclass(frozen=True)
class MonthlyReport:
    """Sheets of a project that were submitted, decided on or paid in a month, by event, component, state and
    currency."""

    month: date
    lines: Sequence[ReportLine]

    def sums(self) -> list[tuple[str, Money, Money]]:
        """By currency: what approved and paid sheets pay, and what was paid."""
        found: dict[str, tuple[Money, Money]] = {}
        for line in self.lines:
            code = line.total.currency
            total, paid = found.get(code, (Money.zero(code), Money.zero(code)))
            is_given = line.state in (SheetState.approved, SheetState.paid, SheetState.closed)
            found[code] = (total + line.total if is_given else total, paid + line.paid)
        return [(code, *both) for code, both in sorted(found.items())]


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def first_working_day(month: date, country: str) -> date:
    """Monday to Friday, and no public holiday of the country."""
    day = month.replace(day=1)
    while day.weekday() >= 5 or is_public_holiday(day, country):
        day += timedelta(days=1)
    return day


def due_month(today: date, now: datetime, zone: str, country: str) -> tuple[date, datetime] | None:
    """The month whose report is due, and since when: from seven on the first working day of the next; None before."""
    moment = datetime.combine(first_working_day(today, country), CLOCK, zone_of(zone)).astimezone(UTC)
    return (month_before(today), moment) if moment <= now else None


def span_of_month(month: date, zone: str) -> tuple[datetime, datetime]:
    """From its first moment to that of the next, by the project's clock."""
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, last = (datetime.combine(day, time(0), zone_of(zone)).astimezone(UTC) for day in (month, after))
    return first, last
