"""Hiding the numbers of several tables that would tell who somebody is, and those from which they could be computed.
Pure.

Offices hide cells below three or five, and further ones from which a hidden one could be computed (Eurostat and OECD
handbooks on disclosure control: primary and complementary suppression); in tables that count the same people, together.
"""

import random
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeVar

Shown = Sequence[Sequence[int | None]]
Place = tuple[int, int]
# A prime: what cancels out in whole numbers cancels out modulo it.
_PRIME = 2**61 - 1


@dataclass(frozen=True)
class Counts:
    """A table before anything is hidden: how often, by line and column. Lines have their own names."""

    labels: Sequence[str]
    rows: Sequence[Sequence[int]]


@dataclass(frozen=True)
class Alike:
    """Lines of one table and lines of another that count the same people."""

    lines: Collection[str]
    others: Collection[str]


Name = TypeVar("Name", bound=str)
# Of two tables, by their names.
Parts = Mapping[tuple[Name, Name], Iterable[Alike]]


def suppressed_together(tables: Mapping[Name, Counts], parts: Parts[Name], fewest: int) -> dict[Name, Shown]:
    """Tables of the same people with their totals, in which no number from 1 to `fewest` − 1 can be computed from all
    that is shown. They have the same columns and at least one line; a table that would tell what one before it hides
    shows the totals of its lines only, or nothing."""
    totals: set[int] = set()
    shown: dict[Name, Shown] = {}
    while True:
        shown = {name: suppressed(one.rows, fewest, hidden_totals=totals) for name, one in tables.items()}
        hidden = {j for one in shown.values() for j, value in enumerate(one[-1][:-1]) if value is None}
        if hidden <= totals:
            break
        totals |= hidden
    if fewest == 0 or _is_safe(shown, tables, parts, fewest):
        return shown
    kept: dict[Name, Shown] = {}
    for name, one in tables.items():
        kept[name] = shown[name]
        for less in (_without_columns, _without_numbers):
            if not _is_safe(kept, tables, parts, fewest):
                kept[name] = less(one.rows, fewest)
    return kept


def _without_columns(rows: Sequence[Sequence[int]], fewest: int) -> Shown:
    """Totals of lines alone."""
    of_lines = suppressed([[sum(row)] for row in rows], fewest)
    width = len(rows[0])
    return [[*[None] * width, None if None in one else one[-1]] for one in of_lines]


def _without_numbers(rows: Sequence[Sequence[int]], fewest: int) -> Shown:
    """All hidden but the whole."""
    whole = with_totals(rows)
    hidden = [[None] * len(row) for row in whole[:-1]]
    return [*hidden, [*[None] * (len(whole[-1]) - 1), whole[-1][-1] if whole[-1][-1] >= fewest else None]]


def _is_safe(shown: Mapping[Name, Shown], tables: Mapping[Name, Counts], parts: Parts[Name], fewest: int) -> bool:
    """Whether no small number follows from what is shown, as sums of one another. A hidden zero counts as known: it
    cannot become less."""
    values: dict[Hashable, int] = {}
    for name, rows in shown.items():
        for i, row in enumerate(with_totals(tables[name].rows)):
            for j, value in enumerate(row):
                if rows[i][j] is None and value > 0:
                    values[_unknown(name, tables[name], i, j)] = value
    for name, rows in shown.items():
        for j, told in enumerate(rows[-1]):
            if told is not None:
                values.pop(_unknown(name, tables[name], len(rows) - 1, j), None)
    sums = ({one: n % _PRIME for one, n in each.items() if one in values} for each in _sums(shown, tables, parts))
    return all(values[one] >= fewest for one in _determined(sums))


def _unknown(name: str, table: Counts, i: int, j: int) -> Hashable:
    """A number of a table; totals of columns are those of all tables."""
    return (name, table.labels[i], j) if i < len(table.labels) else ("", "", j)


def _sums(
    shown: Mapping[Name, Shown], tables: Mapping[Name, Counts], parts: Parts[Name]
) -> Iterator[dict[Hashable, int]]:
    """What adds up, with a minus before what it adds up to: lines, columns, and lines that count the same people."""
    for name in shown:
        table = tables[name]
        lines, width = len(table.labels), len(table.rows[0])
        for i in range(lines + 1):
            yield {_unknown(name, table, i, j): 1 if j < width else -1 for j in range(width + 1)}
        for j in range(width + 1):
            yield {_unknown(name, table, i, j): 1 if i < lines else -1 for i in range(lines + 1)}
    for (one, other), groups in parts.items():
        if one in shown and other in shown:
            for group in groups:
                for j in range(len(tables[one].rows[0]) + 1):
                    lines_of: dict[Hashable, int] = {(one, label, j): 1 for label in group.lines}
                    yield lines_of | {(other, label, j): -1 for label in group.others}


def _determined(sums: Iterable[dict[Hashable, int]]) -> Iterator[Hashable]:
    """Unknowns that have one value only: no other numbers add up alike and differ there.

    Gauss's elimination, modulo a prime and the shortest sums first; then numbers by chance for what is left open. What
    they leave at nothing cannot differ, but once in 2**61 times.
    """
    chance = random.Random(_PRIME)  # noqa: S311  no secret: only whether a number can be nothing
    solved: dict[Hashable, dict[Hashable, int]] = {}
    for each in sorted(sums, key=len):
        waiting = [one for one in each if one in solved]
        while waiting:
            if (one := waiting.pop()) in each:
                _take_off(each, solved[one], each[one])
                waiting += [other for other in solved[one] if other in solved and other in each]
        if each:
            pivot = next(iter(each))
            inverse = pow(each[pivot], -1, _PRIME)
            solved[pivot] = {one: n * inverse % _PRIME for one, n in each.items()}
    other: dict[Hashable, int] = {}
    for pivot, row in reversed(solved.items()):
        for one in row:
            if one not in solved and one not in other:
                other[one] = chance.randrange(1, _PRIME)
        other[pivot] = -sum(n * other[one] for one, n in row.items() if one != pivot) % _PRIME
    return (one for one, value in other.items() if not value)


def _take_off(row: dict[Hashable, int], other: Mapping[Hashable, int], times: int) -> None:
    for one, n in other.items():
        left = (row.get(one, 0) - n * times) % _PRIME
        if left:
            row[one] = left
        else:
            row.pop(one, None)


def suppressed(
    table: Sequence[Sequence[int]], fewest: int, *, hidden_totals: Collection[int] = ()
) -> list[list[int | None]]:
    """A table of counts with a column and a line of totals, in which no hidden number can be computed from the others.

    Hidden are the numbers from 1 to `fewest` − 1 and the totals of columns that another table hides, then for each of
    them those further ones, the smallest, through which it could have another value although all lines and columns add
    up. Whoever looks sees one mark for both. The whole is told elsewhere, and hides nothing.
    """
    whole = with_totals(table)
    arcs = [_Arc((i, j), *_ends(whole, (i, j)), value) for i, row in enumerate(whole) for j, value in enumerate(row)]
    last = arcs[-1]
    if last.value >= fewest:
        arcs.pop()
    hidden = {arc.place for arc in arcs if 0 < arc.value < fewest}
    hidden |= {(last.place[0], j) for j in hidden_totals if whole[-1][j] > 0}
    steps = _steps(arcs)
    waiting = [arc for arc in arcs if arc.place in hidden]
    # Hiding more never betrays what is hidden already: each is looked at once, those hidden for its sake as well. A
    # flow around a circle changes all that lies on it.
    may_differ: set[Place] = set()
    for arc in waiting:
        if arc.place not in may_differ:
            circle = _circle_through(arc, steps, hidden)
            waiting += [one for one in arcs if one.place in circle - hidden]
            hidden |= circle
            may_differ |= circle | {arc.place}
    return [[None if (i, j) in hidden else value for j, value in enumerate(row)] for i, row in enumerate(whole)]


def with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with a column and a line of sums."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


@dataclass(frozen=True)
class _Arc:
    """A table with totals is a network: each number flows from its line to its column, totals the other way, and what
    flows into a node flows out of it. Another table with the same shown numbers is this one and a flow around a circle
    of hidden arcs, along some and against others; against one only where something flows."""

    place: Place
    tail: Hashable
    head: Hashable
    value: int


def _ends(whole: Sequence[Sequence[int]], place: Place) -> tuple[Hashable, Hashable]:
    i, j = place
    line, column = ("line", i), ("column", j)
    is_backwards = (i == len(whole) - 1) != (j == len(whole[0]) - 1)
    return (column, line) if is_backwards else (line, column)


# From a node to another by an arc, and what it costs to hide that.
_Steps = Mapping[Hashable, Sequence[tuple[Hashable, Place, int]]]


def _steps(arcs: Sequence[_Arc]) -> _Steps:
    """A number costs what it says; totals are dear, for a table without them is of little use, and zeros are dearer."""
    lines, columns = max(one.place[0] for one in arcs), max(one.place[1] for one in arcs)
    steps: dict[Hashable, list[tuple[Hashable, Place, int]]] = {}
    for one in arcs:
        is_total = one.place[0] == lines or one.place[1] == columns
        cost = 1 + one.value + 10**6 * is_total + 10**9 * (one.value == 0)
        steps.setdefault(one.tail, []).append((one.head, one.place, cost))
        if one.value > 0:
            steps.setdefault(one.head, []).append((one.tail, one.place, cost))
    return steps


def _circle_through(arc: _Arc, steps: _Steps, hidden: Collection[Place]) -> set[Place]:
    """What has to be hidden so that the number of this arc could be another: of the circles through it the cheapest.
    All, where there is none."""
    found = [_cheapest(steps, arc.head, arc.tail, arc.place, hidden)]
    if arc.value > 0:
        found.append(_cheapest(steps, arc.tail, arc.head, arc.place, hidden))
    ways = [way for way in found if way is not None]
    return set(min(ways)[1]) if ways else {place for of_node in steps.values() for _, place, _ in of_node}


def _cheapest(
    steps: _Steps, start: Hashable, end: Hashable, but: Place, hidden: Collection[Place]
) -> tuple[int, tuple[Place, ...]] | None:
    """The cheapest way (Dijkstra) without one arc: its cost and what it passes. What is hidden costs nothing more."""
    waiting: list[tuple[int, tuple[Place, ...], Hashable]] = [(0, (), start)]
    seen: set[Hashable] = set()
    while waiting:
        cost, way, here = heappop(waiting)
        if here == end:
            return cost, way
        if here in seen:
            continue
        seen.add(here)
        for there, place, more in steps.get(here, ()):
            if there not in seen and place != but:
                heappush(waiting, (cost if place in hidden else cost + more, (*way, place), there))
    return None
