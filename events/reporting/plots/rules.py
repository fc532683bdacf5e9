"""Shaping counted rows into what a plot shows. Pure."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.collation import sort_key
from core.errors import N_
from core.zones import day_in
from events.invitations.invitations.rules import InvitationStatus


class AnswerGroup(StrEnum):
    """What an answer comes to, for whoever plans: four groups that fit one bar."""

    attending = "attending"
    undecided = "undecided"
    unanswered = "unanswered"
    declined = "declined"


ANSWER_GROUPS = {
    AnswerGroup.attending: N_("Attending"),
    AnswerGroup.undecided: N_("Tentative or waiting"),
    AnswerGroup.unanswered: N_("Not answered"),
    AnswerGroup.declined: N_("Declined"),
}
GROUP_OF = {
    InvitationStatus.accepted: AnswerGroup.attending,
    InvitationStatus.tentative: AnswerGroup.undecided,
    InvitationStatus.pending: AnswerGroup.undecided,
    InvitationStatus.waiting: AnswerGroup.undecided,
    InvitationStatus.offered: AnswerGroup.undecided,
    InvitationStatus.invited: AnswerGroup.unanswered,
    InvitationStatus.declined: AnswerGroup.declined,
    InvitationStatus.cancelled: AnswerGroup.declined,
    InvitationStatus.expired: AnswerGroup.declined,
    InvitationStatus.rejected: AnswerGroup.declined,
}
# More points than this are drawn week by week.
MOST_DAYS = 120
# Shades of a map beside the one for nothing.
SHADES = 5


@dataclass(frozen=True)
class AnswerRow:
    """One invitation, and whose: the institution's name and the province's code, "" where there is none."""

    status: InvitationStatus
    invited_at: datetime | None
    answered_at: datetime | None
    institution: str = ""
    province: str = ""


@dataclass(frozen=True)
class AnswerDay:
    """How many were invited, attend and have declined by the end of a day; each number never falls."""

    day: date
    invited: int
    attending: int
    declined: int


@dataclass(frozen=True)
class GroupedAnswers:
    """The invitations of one institution, province or event: how many stand in each group."""

    key: str
    counts: dict[AnswerGroup, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def number(self, group: AnswerGroup) -> int:
        return self.counts.get(group, 0)


@dataclass(frozen=True)
class SessionAttendance:
    """One half-day of an event: who counts as present of those expected."""

    day: date
    half: str
    present: int
    expected: int


def answers_by_day(rows: Iterable[AnswerRow], zone: str, until: date) -> list[AnswerDay]:
    """One entry for each day from the first invitation until
    that day, in the event's zone; of many days each seventh and the last. What somebody answers now counts from their
    last answer on: a no that was a yes before is a no in all of the plot."""
    invited: Counter[date] = Counter()
    answered: dict[AnswerGroup, Counter[date]] = {AnswerGroup.attending: Counter(), AnswerGroup.declined: Counter()}
    for row in rows:
        if row.invited_at is None:
            continue
        asked = day_in(zone, at=row.invited_at)
        invited[asked] += 1
        group = GROUP_OF.get(row.status)
        if group in answered and row.answered_at is not None:
            answered[group][max(asked, day_in(zone, at=row.answered_at))] += 1
    if not invited:
        return []
    first = min(invited)
    until = max(until, *invited, *answered[AnswerGroup.attending], *answered[AnswerGroup.declined])
    found, asked_by, yes, no = [], 0, 0, 0
    for n in range((until - first).days + 1):
        day = first + timedelta(days=n)
        asked_by += invited[day]
        yes += answered[AnswerGroup.attending][day]
        no += answered[AnswerGroup.declined][day]
        found.append(AnswerDay(day, asked_by, yes, no))
    return found if len(found) <= MOST_DAYS else [*found[:-1:7], found[-1]]


def changed_days(days: Sequence[AnswerDay]) -> list[AnswerDay]:
    """Those on which a number is another than the day before: the lines of the table."""
    return [
        one
        for before, one in zip([None, *days], days, strict=False)
        if before is None
        or (before.invited, before.attending, before.declined) != (one.invited, one.attending, one.declined)
    ]


def grouped(rows: Iterable[tuple[str, InvitationStatus, int]]) -> list[GroupedAnswers]:
    """(key, status, count) by key, those with the most unanswered first, then the largest. Who is not invited or has
    been replaced or withdrawn counts nowhere."""
    found: dict[str, Counter[AnswerGroup]] = {}
    for key, status, count in rows:
        group = GROUP_OF.get(InvitationStatus(status))
        if group:
            found.setdefault(key, Counter())[group] += count
    made = [GroupedAnswers(key, dict(counts)) for key, counts in found.items()]
    return sorted(made, key=lambda one: (-one.number(AnswerGroup.unanswered), -one.total, sort_key(one.key)))


def nice_top(most: int) -> int:
    """The end of a scale from 0 that holds `most`: 4, or 1, 2, 4, 5 or 8 times a power of ten; always even, so that the
    middle is a whole number."""
    power = 10
    while power < most:
        power *= 10
    ends = (power // 10 * 2, power // 10 * 4, power // 2, power // 10 * 8, power)
    return next(end for end in ends if end >= max(most, 4) and end % 2 == 0)


def shade(count: int, most: int) -> int:
    """0 for none, else 1 to SHADES, in equal steps up to the largest count."""
    return 0 if count <= 0 else min(SHADES, 1 + (count - 1) * SHADES // max(most, 1))


def shade_spans(most: int) -> list[tuple[int, int, int]]:
    """What each shade stands for: (shade, from, to); shades that no count has are left out."""
    spans: dict[int, tuple[int, int]] = {}
    for count in range(1, most + 1):
        one = shade(count, most)
        spans[one] = (spans.get(one, (count, count))[0], count)
    return [(one, *span) for one, span in sorted(spans.items())]


@dataclass(frozen=True)
class ShadedMap:
    """Provinces by code with their counts and shades, and what each shade stands for."""

    counts: Mapping[str, int]
    shades: Mapping[str, int]
    spans: Sequence[tuple[int, int, int]]


def shaded(counts: Mapping[str, int]) -> ShadedMap:
    """A map of counts by province; provinces that are not there count none, and "" is no province."""
    known = {code: count for code, count in counts.items() if code and count > 0}
    most = max(known.values(), default=0)
    return ShadedMap(known, {code: shade(count, most) for code, count in known.items()}, shade_spans(most))


def year_span(first: date, last: date, year: int) -> tuple[float, float]:
    """Where days lie on a line of twelve equal months, from 0 to 12: begin and end, cut to the year."""
    first, last = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))

    def place(day: date, days: int) -> float:
        return day.month - 1 + days / monthrange(day.year, day.month)[1]

    return round(place(first, first.day - 1), 3), round(place(last, last.day), 3)
