"""Counting participations into tables, and hiding the numbers that would tell who somebody is. Pure.

Offices hide cells below three or five, and further ones from which a hidden one could be computed (Eurostat and OECD
handbooks on disclosure control: primary and complementary suppression).
"""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from heapq import heappop, heappush
from uuid import UUID

from core.columns import folded
from core.errors import N_
from directory.people.models import Sex


class Dimension(StrEnum):
    """What a table of a report counts by."""

    event = "event"
    component = "component"
    kind = "kind"
    category = "category"
    institution = "institution"
    province = "province"


DIMENSIONS = {
    Dimension.event: N_("Event"),
    Dimension.component: N_("Component"),
    Dimension.kind: N_("Kind"),
    Dimension.category: N_("Category"),
    Dimension.institution: N_("Institution"),
    Dimension.province: N_("Province"),
}
SEXES = (Sex.female, Sex.male, Sex.unsaid)
SEX_NAMES = {Sex.female: N_("Women"), Sex.male: N_("Men"), Sex.unsaid: N_("Not said")}


@dataclass(frozen=True)
class Participation:
    """One person at one event, who attended `half_days` of it. `by` says what it counts for in each dimension."""

    person_id: UUID
    event_id: UUID
    sex: Sex
    half_days: int
    by: Mapping[Dimension, str]


@dataclass(frozen=True)
class CrosstabLine:
    """One line of a table; None is hidden. `total` people at events, `person_days` whole and half ones."""

    label: str
    cells: tuple[int | None, ...]
    total: int | None
    person_days: Decimal | None


@dataclass(frozen=True)
class Crosstab:
    """Participations by one dimension and by sex, with totals; `is_hidden` where anything is hidden."""

    dimension: Dimension
    lines: Sequence[CrosstabLine]
    total: CrosstabLine

    @property
    def is_hidden(self) -> bool:
        return any(None in (*line.cells, line.total) for line in (*self.lines, self.total))


def crosstab(
    participations: Iterable[Participation], by: Dimension, *, fewest: int = 0, order: Sequence[str] = ()
) -> Crosstab:
    """Counts by one dimension and by sex. Below `fewest` people (0: none) a number is hidden, and with it each from
    which it could be computed. Lines that `order` names come in that order, before the others by their words."""
    counts: dict[str, list[int]] = {}
    halves: dict[str, int] = {}
    for one in participations:
        label = one.by[by]
        counts.setdefault(label, [0] * len(SEXES))[SEXES.index(one.sex)] += 1
        halves[label] = halves.get(label, 0) + one.half_days
    places = {label: place for place, label in enumerate(order)}
    labels = sorted(counts, key=lambda label: (places.get(label, len(places)), folded(label)))
    shown = suppressed([counts[label] for label in labels], fewest)
    lines = [
        CrosstabLine(label, tuple(row[:-1]), row[-1], None if row[-1] is None else Decimal(halves[label]) / 2)
        for label, row in zip(labels, shown, strict=False)
    ]
    *columns, whole = shown[-1]
    days = None if whole is None else Decimal(sum(halves.values())) / 2
    return Crosstab(by, lines, CrosstabLine("", tuple(columns), whole, days))


def suppressed(table: Sequence[Sequence[int]], fewest: int) -> list[list[int | None]]:
    """A table of counts with a column and a line of totals, in which no hidden number can be computed from the others.

    Hidden are the numbers from 1 to `fewest` − 1, then for each of them those further ones, the smallest, through which
    it could have another value although all lines and columns add up. Whoever looks sees one mark for both.
    """
    whole = with_totals(table)
    arcs = [_Arc((i, j), *_ends(whole, (i, j)), value) for i, row in enumerate(whole) for j, value in enumerate(row)]
    hidden = {arc.place for arc in arcs if 0 < arc.value < fewest}
    waiting = [arc for arc in arcs if arc.place in hidden]
    # Hiding more never betrays what is hidden already: each is looked at once, those hidden for its sake as well.
    for arc in waiting:
        further = _circle_through(arc, arcs, hidden)
        waiting += [one for one in arcs if one.place in further]
        hidden |= further
    return [[None if (i, j) in hidden else value for j, value in enumerate(row)] for i, row in enumerate(whole)]


Place = tuple[int, int]


def with_totals(table: Sequence[Sequence[int]]) -> list[list[int]]:
    """The table with a column and a line of sums; an empty one has a line of nothing."""
    rows = [[*row, sum(row)] for row in table]
    width = len(table[0]) if table else len(SEXES)
    return [*rows, [sum(row[j] for row in rows) for j in range(width + 1)]]


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


def _circle_through(arc: _Arc, arcs: Sequence[_Arc], hidden: Collection[Place]) -> set[Place]:
    """What is to be hidden so that the number of this arc could be another: of the circles through it the cheapest.
    A number costs what it says; totals are dear, for a table without them is of little use, and zeros are dearer."""
    last = max(one.place for one in arcs)
    steps: dict[Hashable, list[tuple[Hashable, int, Place]]] = {}
    for one in arcs:
        if one.place == arc.place:
            continue
        is_total = one.place[0] == last[0] or one.place[1] == last[1]
        cost = 0 if one.place in hidden else 1 + one.value + 10**6 * is_total + 10**9 * (one.value == 0)
        steps.setdefault(one.tail, []).append((one.head, cost, one.place))
        if one.value > 0:
            steps.setdefault(one.head, []).append((one.tail, cost, one.place))
    found = [_cheapest(steps, arc.head, arc.tail)]
    if arc.value > 0:
        found.append(_cheapest(steps, arc.tail, arc.head))
    ways = [way for way in found if way is not None]
    return set(min(ways)[1]) - set(hidden) if ways else {one.place for one in arcs} - set(hidden)


def _cheapest(
    steps: Mapping[Hashable, Sequence[tuple[Hashable, int, Place]]], start: Hashable, end: Hashable
) -> tuple[int, tuple[Place, ...]] | None:
    """The cheapest way (Dijkstra): its cost and what it passes."""
    waiting: list[tuple[int, str, Hashable, tuple[Place, ...]]] = [(0, "", start, ())]
    seen: set[Hashable] = set()
    while waiting:
        cost, _, here, way = heappop(waiting)
        if here == end:
            return cost, way
        if here in seen:
            continue
        seen.add(here)
        for there, more, place in steps.get(here, ()):
            if there not in seen:
                heappush(waiting, (cost + more, str(there), there, (*way, place)))
    return None


@dataclass(frozen=True)
class Totals:
    """The whole of a report; None is hidden. Percentages are rounded down."""

    events: int
    people: int | None
    participations: int | None
    person_days: Decimal | None
    women_percent: int | None
    invited: int | None
    confirmed: int | None

    @property
    def accepted_percent(self) -> int | None:
        return _percent(self.confirmed, self.invited)

    @property
    def attended_percent(self) -> int | None:
        return _percent(self.participations, self.confirmed)


def totals_of(
    participations: Sequence[Participation], *, events: int, invited: int, confirmed: int, fewest: int = 0
) -> Totals:
    """Each number below `fewest` people is hidden, and the percentage that would tell it."""

    def show(number: int) -> int | None:
        return None if 0 < number < fewest else number

    people = {one.person_id: one.sex for one in participations}
    women = sum(sex is Sex.female for sex in people.values())
    is_disclosing = any(0 < number < fewest for number in (women, len(people) - women))
    count = show(len(participations))
    return Totals(
        events=events,
        people=show(len(people)),
        participations=count,
        person_days=None if count is None else Decimal(sum(one.half_days for one in participations)) / 2,
        women_percent=None if is_disclosing else _percent(women, len(people)),
        invited=show(invited),
        confirmed=show(confirmed),
    )


def _percent(part: int | None, whole: int | None) -> int | None:
    return 100 * part // whole if part is not None and whole else None


def differs_by_few(count: int, earlier: Iterable[int], fewest: int) -> bool:
    """Whether a report beside one that was given out before would tell of fewer than `fewest` people."""
    return any(0 < abs(count - one) < fewest for one in earlier)
