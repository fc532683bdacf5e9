"""The report: figures that agree with who was there, and small numbers that nobody can compute."""

import io
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from operator import add
from uuid import UUID, uuid4

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from directory.people.models import Person, Sex
from events.reporting.disclosure_control.rules import Alike, Counts, Shown, suppressed, suppressed_together, with_totals
from events.reporting.reports.rules import Dimension, Participation, crosstabs, totals_of
from tests.people import App, names

DAY = date(2026, 4, 14)
WEEK = ("Ankara", "Izmir", "Van")
PEOPLE = [uuid4() for _ in range(12)]


def solutions(
    whole: Sequence[Sequence[int]], hidden: Sequence[tuple[int, int]], change: tuple[int, int]
) -> Iterator[None]:
    """Tables that show the same numbers and have another one at `change`: every way to fill the hidden places in turn
    is tried, and given up as soon as a line or a column cannot add up any more."""
    filled = {(i, j): value for i, row in enumerate(whole) for j, value in enumerate(row) if (i, j) not in hidden}
    last_line, last_column = len(whole) - 1, len(whole[0]) - 1
    rules: list[list[tuple[tuple[int, int], int]]] = [
        [((i, j), 1 if j < last_column else -1) for j in range(last_column + 1)] for i in range(last_line + 1)
    ] + [[((i, j), 1 if i < last_line else -1) for i in range(last_line + 1)] for j in range(last_column + 1)]
    of = {place: [rule for rule in rules if any(place == p for p, _ in rule)] for place in hidden}
    order = [change, *sorted(p for p in hidden if p != change)]

    def can_add_up(place: tuple[int, int]) -> bool:
        for rule in of[place]:
            open_ = {sign for p, sign in rule if p not in filled}
            total = sum(sign * filled[p] for p, sign in rule if p in filled)
            if (not open_ and total != 0) or (open_ == {1} and total > 0) or (open_ == {-1} and total < 0):
                return False
        return True

    def fill(n: int) -> Iterator[None]:
        if n == len(order):
            yield None
            return
        i, j = place = order[n]
        true = whole[i][j]
        nearest = sorted(range(max(0, true - 3), true + 4), key=lambda value: abs(value - true))
        for value in nearest:
            if place == change and value == true:
                continue
            filled[place] = value
            if can_add_up(place):
                yield from fill(n + 1)
            del filled[place]

    return fill(0)


def test_no_hidden_number_of_a_thousand_tables_can_be_computed_from_what_is_shown() -> None:
    chance = random.Random(20261126)
    hidden_ones = 0
    for _ in range(1000):
        fewest = chance.choice([3, 5])
        table = [[chance.choice([0, 0, 1, 2, 3, 4, 6, 9, 15]) for _ in range(3)] for _ in range(chance.randint(1, 4))]
        shown, whole = suppressed(table, fewest), with_totals(table)
        hidden = [(i, j) for i, row in enumerate(shown) for j, value in enumerate(row) if value is None]
        hidden_ones += len(hidden)
        for i, j in hidden:
            assert next(solutions(whole, hidden, (i, j)), "one only") is None, (table, shown)
        for i, row in enumerate(whole):
            for j, value in enumerate(row):
                assert shown[i][j] == value or (i, j) in hidden
                assert not 0 < value < fewest or (i, j) in hidden
    assert hidden_ones > 5000


def test_what_a_single_hidden_number_would_betray_is_what_the_check_finds() -> None:
    # Only the small number is hidden: it is the total without the others.
    whole = with_totals([[2, 10, 7], [12, 20, 5]])
    assert next(solutions(whole, [(0, 0)], (0, 0)), "one only") == "one only"


def test_a_hidden_number_takes_one_beside_it_along_and_totals_stay() -> None:
    shown = suppressed([[2, 10, 7], [12, 20, 5], [6, 8, 9]], 5)
    assert shown[-1] == [20, 38, 21, 79]
    assert [row[-1] for row in shown] == [19, 37, 23, 79]
    assert sum(value is None for row in shown for value in row) == 4


def test_what_one_table_hides_no_other_tells() -> None:
    """A training with one woman and a visit with five: totals that the table of events hides stood in others."""
    training, visit = [1, 0, 8], [5, 5, 0]
    tables = {
        "event": Counts(["Training", "Visit"], [training, visit]),
        "kind": Counts(["Training of officers", "Visit"], [training, visit]),
        "category": Counts(["Participant"], [[6, 5, 8]]),
    }
    parts = {("event", "kind"): [Alike(["Training"], ["Training of officers"]), Alike(["Visit"], ["Visit"])]}
    shown = suppressed_together(tables, parts, 5)
    assert {one[-1][-1] for one in shown.values()} == {19}
    of_women = {one[-1][0] for one in shown.values()}
    assert shown["event"][0][0] is shown["kind"][0][0] is None
    # Either nobody is told how many women there were, or at the visit nobody is.
    assert of_women == {None} or {shown["event"][1][0], shown["kind"][1][0]} == {None}


def cells_that_may_differ(rows: Sequence[Sequence[int]], shown: Mapping[str, Shown]) -> set[tuple[int, int]]:
    """Of three events, of which the first and last are of one kind: where another table with each number at most one
    more or less is shown alike by both tables. All of them are tried."""
    whole, ways = with_totals(rows), []
    for row, told in zip(rows, shown["event"], strict=False):
        steps = [(0,) if one is not None else (-1, 0, 1)[value == 0 :] for value, one in zip(row, told, strict=False)]
        ways.append([way for way in product(*steps) if told[-1] is None or sum(way) == 0])
    found = set()
    for change in product(*ways):
        other = with_totals(
            [[a + b for a, b in zip(row, more, strict=True)] for row, more in zip(rows, change, strict=True)]
        )
        kinds = [list(map(add, other[0], other[2])), other[1], other[3]]
        same = all(
            told is None or told == value
            for table, seen in ((other, shown["event"]), (kinds, shown["kind"]))
            for line, values in zip(table, seen, strict=True)
            for value, told in zip(line, values, strict=True)
        )
        if same and other[-1][-1] == whole[-1][-1]:
            found |= {(i, j) for i, more in enumerate(change) for j, step in enumerate(more) if step}
    return found


def test_no_small_number_of_an_event_can_be_computed_from_its_kind() -> None:
    chance, parts = random.Random(20261128), {("event", "kind"): [Alike("AC", "X"), Alike("B", "Y")]}
    small = apart = 0
    for _ in range(150):
        rows = [[chance.choice([0, 1, 2, 4, 6, 9]) for _ in range(3)] for _ in range(3)]
        kinds = [list(map(add, rows[0], rows[2])), rows[1]]
        tables = {"event": Counts(["A", "B", "C"], rows), "kind": Counts(["X", "Y"], kinds)}
        shown = suppressed_together(tables, parts, 3)
        few = {(i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if 0 < value < 3}
        assert few <= cells_that_may_differ(rows, shown), (rows, shown)
        alone = {name: suppressed(one.rows, 3) for name, one in tables.items()}
        small, apart = small + len(few), apart + len(few - cells_that_may_differ(rows, alone))
    # What each table hides for itself alone would be told by the other.
    assert (small > 300, apart > 10) == (True, True)


def of_men(places: Mapping[tuple[str, str], int]) -> list[Participation]:
    """So many men of each institution and province, at one event."""
    everywhere = dict.fromkeys(Dimension, "Ankara")
    return [
        Participation(
            uuid4(),
            PEOPLE[0],
            Sex.male,
            1,
            everywhere | {Dimension.institution: institution, Dimension.province: province},
        )
        for (institution, province), count in places.items()
        for _ in range(count)
    ]


def test_people_without_an_institution_make_no_small_one_computable() -> None:
    """Of a province that has two institutions; people of none come from two others."""
    there = {("Court", "Konya"): 3, ("Office", "Konya"): 9, ("Bar", "Bursa"): 5, ("School", "Bursa"): 8}
    tables = crosstabs(of_men({**there, ("", "Ankara"): 6, ("", "Bolu"): 6}), fewest=5)
    told = {(by, line.label): line.total for by, table in tables.items() for line in table.lines}
    assert told[Dimension.institution, "Court"] is None
    assert None in (told[Dimension.institution, "Office"], told[Dimension.province, "Konya"])


_PARTICIPATIONS = st.lists(
    st.builds(
        lambda person, place, half_days: Participation(
            PEOPLE[person], UUID(int=place), list(Sex)[person % 3], half_days, dict.fromkeys(Dimension, WEEK[place])
        ),
        st.integers(0, 11),
        st.integers(0, 2),
        st.integers(1, 6),
    ),
    unique_by=lambda one: (one.person_id, one.event_id),
)


@given(_PARTICIPATIONS)
def test_figures_agree_with_the_rows_to_the_unit(rows: list[Participation]) -> None:
    table = crosstabs(rows)[Dimension.province]
    assert table.total.total == len(rows) == sum(line.total or 0 for line in table.lines)
    assert table.total.person_days == Decimal(sum(one.half_days for one in rows)) / 2
    for line in table.lines:
        assert line.total == sum(count or 0 for count in line.cells)
        assert line.total == sum(one.by[Dimension.province] == line.label for one in rows)
    totals = totals_of(rows, events=3, invited=20, confirmed=15)
    assert totals.people == len({one.person_id for one in rows})


@given(_PARTICIPATIONS)
def test_person_days_and_percentages_tell_no_more_than_the_counts(rows: list[Participation]) -> None:
    table = crosstabs(rows, fewest=5)[Dimension.province]
    assert all((line.total is None) == (line.person_days is None) for line in (*table.lines, table.total))
    totals = totals_of(rows, events=3, invited=2, confirmed=2, fewest=5)
    assert totals.invited is None
    assert totals.accepted_percent is None
    if totals.people is None:
        assert totals.women_percent is None


async def held(app: App, count: int, title: str, **more: object) -> dict[str, object]:
    event, _ = await app.accepted_event(names(count), title=title, **more)
    await app.sign(event, DAY)
    return event


async def told_sex(app: App, women: int) -> None:
    async with app.database.unit_of_work() as db:
        for person in await db.exec(select(Person)):
            person.sex = Sex.female if person.name in names(women) else Sex.male


async def test_a_report_counts_people_participations_and_person_days(app: App) -> None:
    await held(app, 6, "First")
    second = await held(app, 8, "Second")
    await told_sex(app, 3)
    path = f"/api/v1/projects/{app.project_id}/report"
    whole = (await app.api().get(path, params={"fewest": "0"})).json()
    assert {k: whole["totals"][k] for k in ("events", "people", "participations", "person_days", "women_percent")} == {
        "events": 2,
        "people": 8,
        "participations": 14,
        "person_days": "14",
        "women_percent": 37,
    }
    by_event = next(table for table in whole["tables"] if table["by"] == "event")
    assert [line["by_sex"] for line in by_event["lines"]] == [
        {"female": 3, "male": 3, "unsaid": 0},
        {"female": 3, "male": 5, "unsaid": 0},
    ]
    alone = (await app.api().get(path, params={"event": second["id"], "fewest": "0"})).json()
    assert alone["totals"]["participations"] == 8
    later = (await app.api().get(path, params={"since": str(DAY + timedelta(days=30))})).json()
    assert later["totals"]["events"] == 0
    hidden = (await app.api().get(path)).json()
    by_event = next(table for table in hidden["tables"] if table["by"] == "event")
    assert 3 not in by_event["lines"][0]["by_sex"].values()


async def test_the_files_say_what_the_page_says(sqlite_app: App) -> None:
    event = await held(sqlite_app, 6, "First")
    await sqlite_app.api().post(
        f"/api/v1/events/{event['id']}/outcomes",
        json={"text": "=Write to the ministry", "owner": "Elif", "due_on": "2026-05-01"},
    )
    desk = await sqlite_app.at_desk()
    path = f"/projects/{sqlite_app.project_id}/report"
    page = (await desk.get(f"{path}?fewest=0")).text
    book = openpyxl.load_workbook(io.BytesIO((await desk.send(f"{path}.xlsx?fewest=0")).content))
    summary = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=5)}
    assert (summary["Participations (a person at an event)"], summary["Person-days"]) == (6, 6)
    outcomes = [cell for row in book.worksheets[-1].iter_rows(min_row=5) for cell in row]
    text = next(cell for cell in outcomes if cell.value == "=Write to the ministry")
    assert text.data_type == "s"
    assert "=Write to the ministry" in page
    pdf = await desk.send(f"{path}.pdf?fewest=0")
    assert pdf.content.startswith(b"%PDF")


async def test_two_reports_that_differ_by_few_people_are_warned_of(sqlite_app: App) -> None:
    await held(sqlite_app, 6, "First")
    desk = await sqlite_app.at_desk()
    path = f"/projects/{sqlite_app.project_id}/report"
    await desk.send(f"{path}.xlsx")
    assert "given out before" not in (await desk.get(path)).text
    await held(sqlite_app, 2, "Small")
    assert "given out before" in (await desk.get(path)).text
    assert "given out before" not in (await desk.get(f"{path}?fewest=0")).text


@pytest.mark.parametrize("query", ["since=yesterday", "fewest=4", "component=x", "until=2026-02-30"])
async def test_a_selection_that_is_none_is_refused(sqlite_app: App, query: str) -> None:
    answer = await sqlite_app.api().get(f"/api/v1/projects/{sqlite_app.project_id}/report?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_action_points_are_kept_changed_and_removed_on_a_page(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    desk = await sqlite_app.at_desk()
    page = f"/events/{event['id']}/outcomes"
    assert "Nothing noted yet" in (await desk.get(page)).text
    said = {
        "kind": "action-point",
        "text": "Send the protocol",
        "owner": "Elif",
        "due_on": "2026-05-01",
        "state": "open",
    }
    wrong = await desk.send(page, {**said, "text": "", "owner": "Elif Karaca"})
    assert wrong.status_code == 422
    assert "Elif Karaca" in wrong.text
    await desk.send(page, said)
    (one,) = (await sqlite_app.api().get(f"/api/v1{page}")).json()
    await desk.send(f"/outcomes/{one['id']}", {**said, "state": "done"})
    assert (await sqlite_app.api().get(f"/api/v1{page}")).json()[0]["state"] == "done"
    await desk.send(f"/outcomes/{one['id']}/remove")
    assert (await sqlite_app.api().get(f"/api/v1{page}")).json() == []
