"""Per diems: ten thousand journeys of five days by every rule set, and the sheet of two thousand people."""

import io
import math
import statistics
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unittest import mock
from uuid import UUID

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from benchmarks.measure import Measurement, Table, Work, compare, exponent, timed
from finance.rates.rules import DatedRates, PlaceRate
from finance.rates.shipped import turkish_lodging
from finance.rules.facts import (
    MealKind,
    Mission,
    MissionNight,
    MissionRide,
    PaidReceipt,
    PaidUnit,
    PayPlace,
    ProvidedBy,
    ProvidedMeal,
    TimeAway,
    WorkDay,
)
from finance.rules.registry import RULE_SETS, compute
from finance.sheet_files.rules import SheetDocument
from finance.sheet_files.workbook import per_diem_xlsx
from finance.statements.rules import ConvertedTotal, PersonStatement
from visits.travel_types import LocalTime

DAY = date(2026, 4, 14)
SHARES = {"bed": Decimal("0.5"), "breakfast": Decimal("0.06"), "lunch": Decimal("0.12"), "dinner": Decimal("0.12")}
NIGHTS = 5
PEOPLE, DAYS, LINES_A_SECOND = 10_000, 5, 20_000
_WRITERS = ("write_string", "write_number", "write_formula", "write_blank", "write_datetime", "set_row")
# Name of a tab, name of a method, what it was given.
Call = tuple[str, str, tuple[Any, ...]]


def _statement(number: int) -> PersonStatement:
    """Bed and lunch given, at a rate of the person's own, so that no line is like another."""
    rates = DatedRates([PlaceRate("AT", {"amount": Decimal(24_000 + number) / 100})])
    days = [DAY + timedelta(days=n) for n in range(NIGHTS)]
    nights = [MissionNight(day, PayPlace("AT", "Wien"), ProvidedBy.organiser, has_breakfast=True) for day in days]
    meals = [ProvidedMeal(day, MealKind.lunch) for day in days]
    found = compute("eu_external", Mission(nights=nights, meals=meals), rates, "EUR", {"shares": SHARES})
    total = found.total or Decimal(0)
    return PersonStatement(
        registration_id=UUID(int=number),
        person_id=UUID(int=number),
        name=f"Hâkim Gülşen Çağlar {number}",
        institution=f"{number % 81}. İl Müdürlüğü",
        currency="EUR",
        rule_set="eu_external",
        lines=found.lines,
        totals=[ConvertedTotal("EUR", total, total)],
    )


def _document(people: int) -> SheetDocument:
    return SheetDocument(
        title="Study visit",
        code="SV-1",
        days=(DAY, DAY + timedelta(days=NIGHTS)),
        place="Vienna",
        project="Coordination",
        contract="ACT/1",
        budget_line="1.2",
        statement="This project is funded by the European Union.",
        rule_titles=["European Union, external actions"],
        state="Draft",
        version=1,
        number="2026-1",
        currency="EUR",
        language="tr",
        made_at=datetime(2026, 4, 20, tzinfo=UTC),
        zone="Europe/Istanbul",
        statements=[_statement(number) for number in range(1, people + 1)],
    )


@contextmanager
def _recorded(calls: list[Call]) -> Iterator[None]:
    """All that is written into tabs meanwhile."""

    def noting(name: str) -> Any:
        write = getattr(Worksheet, name)

        def note(sheet: Worksheet, *given: Any) -> Any:
            calls.append((str(sheet.name), name, given))
            return write(sheet, *given)

        return note

    with mock.patch.multiple(Worksheet, **{name: noting(name) for name in _WRITERS}):
        yield


def _bare(calls: list[Call]) -> bytes:
    """The same cells by xlsxwriter alone, with nothing to compute."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(
        into, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        tabs = {name: book.add_worksheet(name) for name in dict.fromkeys(call[0] for call in calls)}
        formats: dict[int, Any] = {}
        for tab, name, given in calls:
            write = getattr(tabs[tab], name)
            write(*[_own(book, formats, one) if isinstance(one, xlsxwriter.format.Format) else one for one in given])
    return into.getvalue()


def _own(book: Any, formats: dict[int, Any], shape: Any) -> Any:
    if id(shape) not in formats:
        formats[id(shape)] = book.add_format({"num_format": shape.num_format, "border": 1})
    return formats[id(shape)]


def _mission(number: int) -> Mission:
    """Five days in Vienna, with flights, nights, meals, work, receipts: something for every set to count. No two are
    quite alike."""
    days = [DAY + timedelta(days=n) for n in range(DAYS)]
    home, vienna = PayPlace("TR", "Ankara"), PayPlace("AT", "Wien")
    leaves = LocalTime(days[0], "Europe/Istanbul", time(6 + number % 3, number % 60))
    returns = LocalTime(days[-1], "Europe/Istanbul", time(20, number % 60))
    lands, departs = (LocalTime(day, "Europe/Vienna", time(at)) for day, at in ((days[0], 11), (days[-1], 15)))
    beds = (ProvidedBy.organiser, ProvidedBy.itself)
    return Mission(
        home=home,
        away=TimeAway(leaves, returns),
        place=vienna,
        nights=[
            MissionNight(day, vienna, beds[(number + n) % 2], cost=Decimal(90 + number % 50))
            for n, day in enumerate(days[:-1])
        ],
        meals=[ProvidedMeal(day, MealKind.lunch, zone="Europe/Vienna") for day in days[1:]],
        rides=[MissionRide(home, vienna, leaves, lands), MissionRide(vienna, home, departs, returns)],
        work=[WorkDay(day, vienna) for day in days],
        attended=frozenset(days),
        meeting_days=days,
        units=[PaidUnit(day, "1", frozenset({"lunch"})) for day in days],
        receipts=[PaidReceipt("meal", day, Decimal(number % 40 + 10), "EUR") for day in days],
    )


def _computing(key: str, missions: Sequence[Mission]) -> Work:
    """All of them by one set. Each person's rates are a table of a few rows, as a project has them at hand."""
    amounts = {
        "amount": Decimal(240),
        "full": Decimal(50),
        "partial": Decimal(33),
        "hotel_ceiling": Decimal(140),
        "lodging_max": Decimal(150),
        "night": Decimal(100),
    }
    rates = DatedRates([PlaceRate(country, amounts) for country in ("AT", "TR", "DE")])
    switches = {"shares": SHARES, "lodging": turkish_lodging(), "distance_km": Decimal(900)}

    async def work() -> None:
        for mission in missions:
            compute(key, mission, rates, "EUR", switches)

    return work


async def _once(key: str, people: int) -> float:
    """Seconds for missions that were never asked anything: they remember what they computed of themselves. Made in
    pieces, and not counted, so that rows of the whole list are no load for the collector of garbage."""
    pieces = range(0, people, 500)
    return sum([await timed(_computing(key, [_mission(first + n) for n in range(500)])) for first in pieces])


async def _computation(table: Table) -> None:
    """The floor is a rate and no code: so long 20,000 lines may take a second."""
    allowed = PEOPLE * DAYS / LINES_A_SECOND
    for key in RULE_SETS:
        few, many = [
            statistics.median([await _once(key, people) for _ in range(3)]) for people in (PEOPLE // 10, PEOPLE)
        ]
        ratio = allowed / many
        name = f"per-diem computation, {PEOPLE:,} people × {DAYS} days: {key}"
        goal = f"≥ {LINES_A_SECOND // 1000},000/s"
        row = Measurement(name, many * 1000, allowed * 1000, ratio, (ratio, ratio), goal, ratio >= 1)
        row.growth = math.log10(many / few)
        table.add(row)


def _peak(document: SheetDocument) -> int:
    """Bytes that writing takes beyond the file itself."""
    into = io.BytesIO()
    tracemalloc.start()
    per_diem_xlsx(document, into)
    used = tracemalloc.get_traced_memory()[1] - len(into.getvalue())
    tracemalloc.stop()
    return used


async def run(table: Table) -> None:
    await _computation(table)
    small, large = _document(200), _document(2000)
    calls: list[Call] = []
    with _recorded(calls):
        per_diem_xlsx(large, io.BytesIO())

    async def ours() -> None:
        per_diem_xlsx(large, io.BytesIO())

    async def smaller() -> None:
        per_diem_xlsx(small, io.BytesIO())

    async def floor() -> None:
        _bare(calls)

    growth = await exponent(smaller, ours, 10)
    name = f"per-diem sheet, 10,000 lines, {len(calls):,} cells (floor: xlsxwriter)"
    table.add(await compare(name, ours, floor, goal=0.77, growth=growth))
    few, many = _peak(small), _peak(large)
    grown = many / few
    table.add(
        Measurement(
            "per-diem sheet, memory of 10 times the rows (MB)",
            many / 1e6,
            few / 1e6,
            1 / grown,
            (1 / grown, 1 / grown),
            "≥ 0.77",
            grown <= 1.3,
        )
    )
