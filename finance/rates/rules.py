"""What a rate is, which one holds for a place and a day, and what a list changes against another. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property, lru_cache
from uuid import UUID

from core.errors import N_, Refusal


class RateScope(StrEnum):
    """What the first day of a row is compared with."""

    travel = "travel"
    contract = "contract"


RATE_SCOPES = {
    RateScope.travel: N_("The day of the journey"),
    RateScope.contract: N_("The day on which the contract was concluded"),
}


class RateTableState(StrEnum):
    """Whether sheets pay by a table."""

    pending = "pending"
    in_force = "in_force"
    withdrawn = "withdrawn"


RATE_TABLE_STATES = {
    RateTableState.pending: N_("Not yet in force"),
    RateTableState.in_force: N_("In force"),
    RateTableState.withdrawn: N_("Withdrawn"),
}


class Confidence(StrEnum):
    """Exact: the official page or act was read. Secondary: a named site or a transcription. Own: the project's."""

    exact = "exact"
    secondary = "secondary"
    history = "history"
    own = "own"


CONFIDENCES = {
    Confidence.exact: N_("The official page or act was read."),
    Confidence.secondary: N_("From a named site or a transcription: compare it with the official list before paying."),
    Confidence.history: N_("Exact, but no longer in force: for journeys of that time only."),
    Confidence.own: N_("Imported by the project."),
}
# What the amounts of a row are called, in the order in which they are shown.
AMOUNTS = {
    "amount": N_("Daily amount"),
    "full": N_("Full day"),
    "partial": N_("Partial day"),
    "overnight": N_("Night"),
    "night": N_("Amount for a night"),
    "hotel_ceiling": N_("Hotel ceiling"),
    "lodging_max": N_("Most for lodging"),
    "room_percent": N_("Room, percent of the daily amount"),
    "breakfast": N_("Breakfast"),
    "lunch": N_("Lunch"),
    "dinner": N_("Dinner"),
    "incidentals": N_("Incidentals"),
}


@dataclass(frozen=True)
class RatedRuleSet:
    """What rates need to know of a rule set: its name, what its lists are compared with, how many months they last."""

    title: str
    scope: RateScope = RateScope.travel
    renewed: int = 12


class RateTableInUse(Refusal):
    status = 409
    code = "rate-table-in-use"
    title = N_(
        "Sheets were worked out with this table (lines: %(count)s), so it stays in force. Newer rates are a new table."
    )


class RateTableMoved(Refusal):
    status = 409
    code = "rate-table-state"
    title = N_("This table is no longer in the state that you saw.")


class TakenOverAlready(Refusal):
    status = 409
    code = "taken-over-already"
    title = N_("The project has this table already.")


@dataclass(frozen=True)
class PlaceRate:
    """One row of a rate table with all its amounts: `amount` itself, and what its set has beside it (`partial`,
    `overnight`, `hotel_ceiling`, a meal's own …).

    An empty country is any place, `ZZ` every country that has no row; an empty city the whole country; an empty grade
    everybody. Without dates it always holds; both dates belong to it. Without a `scope` of its own the dates are
    compared with what whoever looks says; `row_id` is the row of the database, for what was paid by it.
    """

    country: str
    amounts: Mapping[str, Decimal]
    city: str = ""
    grade: str = ""
    currency: str = "EUR"
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    scope: RateScope | None = None
    row_id: UUID | None = None

    def holds(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_to or day)


class RateLevel(StrEnum):
    """Why a row was taken."""

    city = "city"
    country = "country"
    mother_country = "mother_country"
    other_countries = "other_countries"


RATE_LEVELS = {
    RateLevel.city: N_("The city has a row of its own."),
    RateLevel.country: N_("No row names this city: the row of its country holds."),
    RateLevel.mother_country: N_("The territory has no row: that of the country it belongs to holds."),
    RateLevel.other_countries: N_("Neither the city nor the country has a row: that of all other countries holds."),
}


NO_RATE = N_("No row in force holds for this place on that day: a sheet would leave its lines open.")


@dataclass(frozen=True)
class FoundRate:
    """The row that holds for a place on a day, and why it is this one."""

    row: PlaceRate
    level: RateLevel

    @property
    def amount(self) -> Decimal:
        return self.row.amounts["amount"]

    def get(self, name: str) -> Decimal | None:
        return self.row.amounts.get(name)


OTHER_COUNTRIES = "ZZ"
# Which of these letters an alphabet writes differently must not decide about a city: İzmir and Izmir are one.
_PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "ß": "ss", "đ": "d"})


@lru_cache(maxsize=8192)
def plain_city(name: str) -> str:
    """For comparison: without case, accents, marks and double spaces."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return " ".join("".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one)).split())


class IndexedRates(tuple[PlaceRate, ...]):
    """Rows that are put in order once, however many people are looked up in them. Of rows that are otherwise alike the
    later one goes first."""

    @cached_property
    def by_place(self) -> Mapping[tuple[str, str], Sequence[PlaceRate]]:
        """By country and plain city, the row first that goes before the others."""
        found: dict[tuple[str, str], list[PlaceRate]] = defaultdict(list)
        for row in reversed(self):
            found[row.country, plain_city(row.city)].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (row.grade != "", row.valid_from or date.min), reverse=True)
        return dict(found)


@dataclass(frozen=True)
class DatedRates:
    """Rows of all lists that there are, newer beside older ones, and the scope by which one is picked.

    With a `contract_date` that day picks the list for the whole journey, else each line's own day does; a row that has
    a scope keeps to it. `grade` is the person's. `other` is the country whose row stands in where the table has no row
    for other countries, `mothers` name the country that an overseas part belongs to.
    """

    rows: Sequence[PlaceRate]
    contract_date: date | None = None
    grade: str = ""
    other: str = ""
    mothers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Sequence[PlaceRate]]:
        return (self.rows if isinstance(self.rows, IndexedRates) else IndexedRates(self.rows)).by_place

    def find(self, country: str, city: str, day: date) -> FoundRate | None:
        """City, country, mother country, other countries: the first that has a row in force; of several the latest."""
        if city:
            row = country and self._latest(country, plain_city(city), day)
            if row:
                return FoundRate(row, RateLevel.city)
        row = self._latest(country, "", day)
        if row:
            return FoundRate(row, RateLevel.country)
        others = [
            (RateLevel.mother_country, self.mothers.get(country, "")),
            (RateLevel.other_countries, OTHER_COUNTRIES),
            (RateLevel.other_countries, self.other),
        ]
        for level, of in others:
            row = of and self._latest(of, "", day)
            if row:
                return FoundRate(row, level)
        return None

    def _latest(self, country: str, city: str, day: date) -> PlaceRate | None:
        rows = self._by_place
        return self._first(rows.get((country, city)), day) or (
            self._first(rows.get(("", city)), day) if country else None
        )

    def _first(self, rows: Sequence[PlaceRate] | None, day: date) -> PlaceRate | None:
        for row in rows or ():
            if row.grade and row.grade != self.grade:
                continue
            is_by_contract = self.contract_date is not None and row.scope is not RateScope.travel
            if row.holds(self.contract_date if is_by_contract and self.contract_date else day):
                return row
        return None


@dataclass(frozen=True)
class ProjectRates:
    """All rows of all tables of a project that are in force, by rule set: tables add up, none replaces another."""

    by_rule_set: Mapping[str, IndexedRates]

    def dated(
        self,
        rule_set: str,
        *,
        contract_date: date | None = None,
        grade: str = "",
        other: str = "",
        mothers: Mapping[str, str] | None = None,
    ) -> DatedRates:
        """The rates for one person. The date of the contract counts for rows of contract scope alone."""
        rows = self.by_rule_set.get(rule_set, _NO_ROWS)
        return DatedRates(rows, contract_date, grade, other, mothers or {})


_NO_ROWS = IndexedRates()


class ChangeKind(StrEnum):
    """What a list does to a place."""

    new = "new"
    changed = "changed"
    same = "same"
    absent = "absent"


CHANGE_KINDS = {
    ChangeKind.new: N_("New"),
    ChangeKind.changed: N_("Changed"),
    ChangeKind.same: N_("As before"),
    ChangeKind.absent: N_("Not in this list"),
}


@dataclass(frozen=True)
class RateChange:
    """A place of one list against what holds without it: `row` is missing where the list does not name the place,
    `before` where nothing holds for it yet."""

    kind: ChangeKind
    row: PlaceRate | None
    before: PlaceRate | None

    @property
    def place(self) -> PlaceRate:
        found = self.row or self.before
        if found is None:
            raise ValueError("neither row")
        return found

    @property
    def amounts(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        """Name, amount before and amount now, of those that differ; of a new or absent row all."""
        old = self.before.amounts if self.before else {}
        new = self.row.amounts if self.row else {}
        is_other_money = bool(self.row and self.before and self.row.currency != self.before.currency)
        names = [name for name in AMOUNTS if name in old or name in new]
        return [(n, old.get(n), new.get(n)) for n in names if is_other_money or old.get(n) != new.get(n)]


def compared(before: Iterable[PlaceRate], after: Iterable[PlaceRate]) -> list[RateChange]:
    """What a list changes: each of its rows against the row of that very place and grade that holds on its first day
    without it, then places that it does not name. Changed ones come first, those that stay as they are last."""
    of: dict[tuple[str, str, str], list[PlaceRate]] = defaultdict(list)
    for row in before:
        of[_place(row)].append(row)
    found, named = [], set()
    for row in after:
        named.add(_place(row))
        since = row.valid_from or date.max
        earlier = [one for one in of.get(_place(row), ()) if (one.valid_from or date.min) <= since]
        old = max(enumerate(earlier), key=lambda one: (one[1].valid_from or date.min, one[0]))[1] if earlier else None
        found.append(RateChange(_kind(old, row), row, old))
    for place, rows in of.items():
        if place not in named:
            found.append(RateChange(ChangeKind.absent, None, max(rows, key=lambda one: one.valid_from or date.min)))
    order = [ChangeKind.changed, ChangeKind.new, ChangeKind.absent, ChangeKind.same]
    return sorted(found, key=lambda one: (order.index(one.kind), *_shown(one.place)))


def _kind(old: PlaceRate | None, new: PlaceRate) -> ChangeKind:
    if old is None:
        return ChangeKind.new
    is_same = old.currency == new.currency and dict(old.amounts) == dict(new.amounts)
    return ChangeKind.same if is_same else ChangeKind.changed


def _place(row: PlaceRate) -> tuple[str, str, str]:
    return row.country, plain_city(row.city), row.grade


def _shown(row: PlaceRate) -> tuple[str, str, str, date]:
    return row.country, row.city, row.grade, row.valid_from or date.min


def counted_changes(changes: Iterable[RateChange]) -> dict[str, int]:
    """How many places are new, changed, as before and absent."""
    count = dict.fromkeys((kind.value for kind in ChangeKind), 0)
    for one in changes:
        count[one.kind.value] += 1
    return count
