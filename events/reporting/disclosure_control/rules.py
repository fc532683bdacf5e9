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
    flows = _Flows(whole, is_whole_told=whole[-1][-1] >= fewest)
    hidden = [place for place in flows.places if 0 < flows.value(place) < fewest]
    hidden += [(len(whole) - 1, j) for j in sorted(hidden_totals) if whole[-1][j] > 0]
    for place in hidden:
        flows.hide(place)
    # Hiding more never betrays what is hidden already: each is looked at once, those hidden for its sake as well. A
    # flow around a circle changes all that lies on it.
    may_differ: set[Place] = set()
    for place in hidden:
        if place not in may_differ:
            circle = flows.circle_through(place)
            hidden += [one for one in sorted(circle) if flows.hide(one)]
            may_differ |= circle | {place}
    return [[None if (i, j) in flows.hidden else n for j, n in enumerate(row)] for i, row in enumerate(whole)]


def with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with a column and a line of sums."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


# What hiding costs, and what is hidden.
_Way = tuple[int, tuple[Place, ...]]
# Where a way ends; columns count from nothing.
_END = -1


class _Flows:
    """A table with totals is a network: each number flows from its line to its column, totals the other way, and what
    flows into a node flows out of it. Another table with the same shown numbers is this one and a flow around a circle
    of hidden numbers, along some and against others; against one only where something flows.

    Columns are few and lines are many: of the ways from one column to another by a line the cheapest are kept at hand,
    so that a circle is looked for among columns alone.
    """

    def __init__(self, whole: Sequence[Sequence[int]], *, is_whole_told: bool) -> None:
        self.whole = whole
        self.lines, self.columns = len(whole) - 1, len(whole[0]) - 1
        self.hidden: set[Place] = set()
        self.places = [(i, j) for i, row in enumerate(whole) for j in range(len(row))]
        if is_whole_told:
            self.places.pop()
        self._known = set(self.places)
        self._ways: dict[Place, list[tuple[int, int]]] = {}
        for i in range(self.lines + 1):
            for j in range(self.columns + 1):
                self._note(i, j, range(j))

    def value(self, place: Place) -> int:
        return self.whole[place[0]][place[1]]

    def hide(self, place: Place) -> bool:
        """Whether it was shown until now."""
        if place in self.hidden:
            return False
        self.hidden.add(place)
        self._note(*place, range(self.columns + 1))
        return True

    def circle_through(self, place: Place) -> set[Place]:
        """What has to be hidden so that this number could be another: of the circles through it the cheapest. All,
        where there is none."""
        leaves = self._leaves_line(place)
        found = [self._circle(place, from_line=not leaves)]
        if self.value(place) > 0:
            found.append(self._circle(place, from_line=leaves))
        ways = [way for way in found if way is not None]
        return set(min(ways)[1]) if ways else set(self.places)

    def _leaves_line(self, place: Place) -> bool:
        return (place[0] == self.lines) == (place[1] == self.columns)

    def _may_flow(self, place: Place, *, from_line: bool) -> bool:
        """Whether more can flow like this: along, or against what flows already."""
        return place in self._known and (self._leaves_line(place) is from_line or self.value(place) > 0)

    def _cost(self, place: Place) -> int:
        """A number costs what it says; totals are dear, for a table without them is of little use, and zeros dearer.
        What is hidden costs next to nothing, but something: no way goes there and back."""
        if place in self.hidden:
            return 1
        value, is_total = self.value(place), place[0] == self.lines or place[1] == self.columns
        return 10**3 * (1 + value + 10**6 * is_total + 10**9 * (value == 0))

    def _note(self, i: int, j: int, others: Iterable[int]) -> None:
        """What ways by a line between this column and others cost now."""
        for other in others:
            for one, two in ((j, other), (other, j)):
                if one != two and self._is_way(one, i, two):
                    cost = self._cost((i, one)) + self._cost((i, two))
                    heappush(self._ways.setdefault((one, two), []), (cost, i))

    def _is_way(self, one: int, line: int, two: int) -> bool:
        return self._may_flow((line, one), from_line=False) and self._may_flow((line, two), from_line=True)

    def _cheapest_line(self, one: int, two: int, but: int) -> tuple[int, int] | None:
        """The cheapest way from a column to another by a line, and by which: what was noted before a number of it was
        hidden is left out, and `but` is put back."""
        ways, kept, found = self._ways.get((one, two), []), [], None
        while ways and found is None:
            cost, line = ways[0]
            if line == but:
                kept.append(heappop(ways))
            elif cost > self._cost((line, one)) + self._cost((line, two)):
                heappop(ways)
            else:
                found = cost, line
        for way in kept:
            heappush(ways, way)
        return found

    def _circle(self, place: Place, *, from_line: bool) -> _Way | None:
        """The cheapest way (Dijkstra) from the line of a number to its column, or back, that does not pass it."""
        line, column = place
        beside = [
            (self._cost((line, j)), ((line, j),), j)
            for j in range(self.columns + 1)
            if j != column and self._may_flow((line, j), from_line=from_line)
        ]
        waiting: list[tuple[int, tuple[Place, ...], int]] = sorted(beside) if from_line else [(0, (), column)]
        ends: dict[int, _Way] = {column: (0, ())} if from_line else {j: (cost, way) for cost, way, j in beside}
        seen: set[int] = set()
        while waiting:
            cost, way, here = heappop(waiting)
            if here == _END:
                return cost, way
            if here in seen:
                continue
            seen.add(here)
            if here in ends:
                more, rest = ends[here]
                heappush(waiting, (cost + more, (*way, *rest), _END))
            for there in range(self.columns + 1):
                if there not in seen and (by := self._cheapest_line(here, there, but=line)):
                    heappush(waiting, (cost + by[0], (*way, (by[1], here), (by[1], there)), there))
        return None
