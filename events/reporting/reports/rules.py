"""Counting participations into tables, which hide the numbers that would tell who somebody is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from uuid import UUID

from core.columns import folded
from core.errors import N_
from directory.people.models import Sex
from events.reporting.disclosure_control.rules import Alike, Counts, Shown, suppressed_together


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


def crosstabs(
    participations: Sequence[Participation],
    dimensions: Iterable[Dimension] = Dimension,
    *,
    fewest: int = 0,
    order: Sequence[str] = (),
) -> dict[Dimension, Crosstab]:
    """Counts by each dimension and by sex. Below `fewest` people (0: none) a number is hidden, and with it each from
    which it could be computed, of whichever of the tables. Lines that `order` names come in that order, before the
    others by their words."""
    places = {label: place for place, label in enumerate(order)}
    counted = {by: _counted(participations, by, places) for by in dimensions}
    parts = {(a, b): _parts(participations, a, b) for a, b in combinations(counted, 2)}
    nobody: Shown = [[0] * (len(SEXES) + 1)]
    shown = suppressed_together(counted, parts, fewest) if participations else dict.fromkeys(counted, nobody)
    return {by: _crosstab(by, counted[by], shown[by], participations) for by in counted}


def _counted(participations: Iterable[Participation], by: Dimension, places: Mapping[str, int]) -> Counts:
    counts: dict[str, list[int]] = {}
    for one in participations:
        counts.setdefault(one.by[by], [0] * len(SEXES))[SEXES.index(one.sex)] += 1
    labels = sorted(counts, key=lambda label: (places.get(label, len(places)), folded(label)))
    return Counts(labels, [counts[label] for label in labels])


def _parts(participations: Iterable[Participation], one: Dimension, other: Dimension) -> list[Alike]:
    """Which lines of two tables count the same people: as few as can be, like the institutions of a province and that
    province, as whoever reads knows of events and their kinds, and may know of any other."""
    groups: dict[tuple[Dimension, str], set[tuple[Dimension, str]]] = {}
    for a, b in {((one, each.by[one]), (other, each.by[other])) for each in participations}:
        if b not in groups.get(a, ()):
            joined = groups.get(a, {a}) | groups.get(b, {b})
            groups |= dict.fromkeys(joined, joined)
    found = {min(group): group for group in groups.values()}.values()
    if len(found) == 1:  # that of both their totals, which tells nothing new
        return []
    return [Alike(*([label for by, label in group if by is of] for of in (one, other))) for group in found]


def _crosstab(by: Dimension, counted: Counts, shown: Shown, participations: Iterable[Participation]) -> Crosstab:
    halves = dict.fromkeys(counted.labels, 0)
    for one in participations:
        halves[one.by[by]] += one.half_days
    of_lines = zip([*halves, ""], shown, [*halves.values(), sum(halves.values())], strict=True)
    *lines, total = (
        CrosstabLine(label, tuple(row[:-1]), row[-1], None if row[-1] is None else Decimal(days) / 2)
        for label, row, days in of_lines
    )
    return Crosstab(by, lines, total)


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
    participations: Sequence[Participation],
    *,
    events: int,
    invited: int,
    confirmed: int,
    fewest: int = 0,
    tables: Iterable[Crosstab] = (),
) -> Totals:
    """Each number below `fewest` people is hidden, and the percentage that would tell it, or what `tables` hide."""

    def show(number: int) -> int | None:
        return None if 0 < number < fewest else number

    people = {one.person_id: one.sex for one in participations}
    women = sum(sex is Sex.female for sex in people.values())
    is_disclosing = any(0 < number < fewest for number in (women, len(people) - women))
    is_disclosing = is_disclosing or any(None in table.total.cells for table in tables)
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


def told_of_all(totals: Totals, tables: Mapping[Dimension, Crosstab]) -> dict[str, int]:
    """How many took part and of which sex, as far as a report shows it."""
    cells = zip(SEXES, tables[Dimension.event].total.cells, strict=True)
    numbers = {"count": totals.participations, **{sex.value: number for sex, number in cells}}
    return {name: number for name, number in numbers.items() if number is not None}


def differs_by_few(told: Mapping[str, int], earlier: Iterable[Mapping[str, int]], fewest: int) -> bool:
    """Whether a report beside one that was given out before would tell of fewer than `fewest` people."""
    return any(
        0 < abs(number - before[name]) < fewest for before in earlier for name, number in told.items() if name in before
    )
