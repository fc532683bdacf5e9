"""German meal allowances: income tax act § 9(4a), BMF letter of 5 December 2025, BRKG. Pure.

A day trip of more than 8 hours is partial, at the last place of work abroad. Day of leaving and day of return are
partial whatever the hours, days between are full. A day takes the place reached before 24:00 local, the day of return
the last place of work abroad (BMF 2026). A plane reaches a country when it lands and stopovers do not count; dates
wholly in the air take Austria's rate (LStR R 9.6(3)), wholly at sea Luxembourg's. Over midnight without lodging and
more than 8 hours: one partial rate, on the date with the greater part. A day of return that begins another journey
takes the higher of the two. Meals take off 20, 40 and 40 % of the *full* rate, also those of a carrier, a fee or the
room (BRKG § 6(2)). Countries without a row take Luxembourg's, overseas parts the mother country's (letter of 2018):
`MOTHERS`.
Switches, off: half from the 15th day at one place (BRKG § 8); nothing after three months (tax law).
Ours: equal parts over midnight count for the first date; a night in a vehicle is an overnight stay.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from finance.rates.rules import DatedRates, FoundRate
from finance.rules.days_on_board import at_midnight, on_board
from finance.rules.facts import (
    MEAL_GIVEN,
    MealKind,
    Mission,
    PayPlace,
    ProvidedBy,
    TimeAway,
    official,
)
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    computation,
    counts,
)
from visits.travel_types import LocalTime

SHARES = {"breakfast": Decimal("0.20"), "lunch": Decimal("0.40"), "dinner": Decimal("0.40")}
GIVEN = MEAL_GIVEN | {ProvidedBy.carrier}
NOTHING_UP_TO = timedelta(hours=8)
IN_THE_AIR, AT_SEA = PayPlace("AT"), PayPlace("LU")
OTHER = "LU"
MOTHERS = {
    **dict.fromkeys(("GF", "GP", "MQ", "NC", "PF", "PM", "RE", "WF", "YT", "BL", "MF"), "FR"),
    **dict.fromkeys(("AI", "BM", "FK", "GG", "GI", "IM", "JE", "KY", "MS", "PN", "SH", "TC", "VG"), "GB"),
    **dict.fromkeys(("AS", "GU", "MP", "PR", "VI"), "US"),
    **dict.fromkeys(("AW", "BQ", "CW", "SX"), "NL"),
    **dict.fromkeys(("FO", "GL"), "DK"),
    **dict.fromkeys(("CC", "CX", "NF"), "AU"),
    **dict.fromkeys(("NU", "TK"), "NZ"),
    **dict.fromkeys(("BV", "SJ"), "NO"),
    "AX": "FI",
}


@dataclass(frozen=True)
class OtherJourney:
    """What a day earns by another journey that begins on it."""

    day: date
    place: str
    rate: Decimal
    share: str
    amount: Decimal


@dataclass(frozen=True)
class _GermanDay:
    day: date
    place: PayPlace
    share: str
    reason: str = ""
    meal_days: tuple[date, ...] = ()


def german_days(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "EUR",
    shares: Mapping[str, Decimal] = SHARES,
    also: Sequence[OtherJourney] = (),
    half_from_day_15: bool = False,
    three_month_limit: bool = False,
) -> Computation:
    """One line for each calendar day."""
    rates = replace(rates, other=rates.other or OTHER, mothers=rates.mothers or MOTHERS)
    cut = official(mission)
    found: list[PayLine | OpenLine] = []
    at_place: Counter[PayPlace] = Counter()
    since: dict[PayPlace, date] = {}
    for one in _days(cut.mission):
        at_place[one.place] += 1
        since.setdefault(one.place, one.day)
        line = _line(cut.mission, one, rates, currency, {**SHARES, **shares})
        is_paid = isinstance(line, PayLine) and line.gross > 0
        if is_paid and three_month_limit and one.day >= _three_months_after(since[one.place]):
            line = _head(one, rates, currency).unpaid("after_three_months", share="none")
        elif is_paid and half_from_day_15 and at_place[one.place] >= 15:
            line = _line(cut.mission, one, rates, currency, {**SHARES, **shares}, part=Decimal("0.5"))
        found.append(_higher(line, also) if isinstance(line, PayLine) else line)
    for day in cut.personal_days:
        night = mission.night_of(day)
        head = LineHead("day", day, night.place if night else mission.place, currency)
        found.append(head.unpaid("personal", share="none"))
    return computation(currency, found)


def _head(one: _GermanDay, rates: DatedRates, currency: str) -> LineHead:
    return LineHead("day", one.day, one.place, currency, rates.find(one.place.country, one.place.city, one.day))


def _line(
    mission: Mission,
    one: _GermanDay,
    rates: DatedRates,
    currency: str,
    shares: Mapping[str, Decimal],
    part: Decimal = Decimal(1),
) -> PayLine | OpenLine:
    head = _head(one, rates, currency)
    full = _full(head.found) if head.found else None
    night = mission.night_of(one.day)
    if night is not None and night.is_personal:
        return head.unpaid("personal", full, "none")
    if one.share == "none":
        return head.unpaid(one.reason, full, "none")
    if not counts(one.day, mission.attended):
        return head.unpaid("not_attended", full, "none")
    if full is None or head.found is None:
        return head.missing()
    rate = full if one.share == "full" else head.found.get("partial")
    if rate is None:
        return head.missing("partial rate")
    given = frozenset().union(*(mission.given_on(day, GIVEN) for day in one.meal_days or (one.day,)))
    cuts = [Cut(kind.value, full * shares[kind.value], shares[kind.value]) for kind in MealKind if kind in given]
    return head.paid(rate, one.share, rate * part, cuts, reason=one.reason)


def _full(found: FoundRate) -> Decimal:
    own = found.get("full")
    return found.amount if own is None else own


def _higher(line: PayLine, also: Sequence[OtherJourney]) -> PayLine:
    """Of two journeys that meet on a day only the higher amount counts."""
    for other in also:
        if other.day != line.day:
            continue
        line = replace(line, reason="higher_of_two_journeys")
        if other.amount > line.amount:
            line = replace(
                line,
                place=other.place,
                rate=other.rate,
                share=other.share,
                gross=other.amount,
                amount=other.amount,
                deductions={},
                cut_shares={},
                found=None,
            )
    return line


def _days(mission: Mission) -> list[_GermanDay]:
    away = mission.away
    dates = away.dates if away else []
    if away is None or not dates:
        return []
    is_lodged = any(night.bed is not ProvidedBy.home for night in mission.nights)
    if len(dates) == 1 or (len(dates) == 2 and not is_lodged):
        day = _greater_part(away, dates)
        place = _last_work_abroad(mission, dates[-1]) or mission.place
        place = place if place.country else mission.home_country
        if away.length <= NOTHING_UP_TO:
            return [_GermanDay(day, place, "none", "up_to_8_hours")]
        return [_GermanDay(day, place, "partial", "over_midnight" if len(dates) == 2 else "", tuple(dates))]
    days = []
    for day in dates:
        share = "partial" if day in (dates[0], dates[-1]) else "full"
        if day == dates[-1]:
            days.append(_GermanDay(day, _place_of_return(mission, day), share))
        else:
            place, reason = _place_of(mission, day)
            days.append(_GermanDay(day, place, share, reason))
    return days


def _greater_part(away: TimeAway, dates: Sequence[date]) -> date:
    if len(dates) == 1:
        return dates[0]
    midnight: datetime = LocalTime(dates[1], away.leaves.zone).earliest
    return dates[0] if midnight - away.start >= away.end - midnight else dates[1]


def _place_of(mission: Mission, day: date) -> tuple[PayPlace, str]:
    """The place reached before 24:00, and whether the date was spent on board."""
    mode = on_board(mission, day)
    if mode is not None:
        return (IN_THE_AIR, "in_flight") if mode == "flight" else (AT_SEA, "at_sea")
    night = mission.night_of(day)
    if night is not None and night.bed is ProvidedBy.home:
        return mission.home_country, ""
    if night is not None and night.bed is not ProvidedBy.vehicle and night.place.country:
        return night.place, ""
    reached = at_midnight(mission, day)
    if reached is not None:
        return reached, ""
    return (night.place if night and night.place.country else _known(mission, day)), ""


def _known(mission: Mission, day: date) -> PayPlace:
    """Without a night and rides: where the person last slept, else worked, else the place of work."""
    slept = [one.place for one in mission.ordered_nights if one.day < day and one.place.country]
    worked = [one.place for one in sorted(mission.work, key=lambda one: one.day) if one.day <= day]
    places = [*worked[-1:], *slept[-1:], mission.place, mission.home_country]
    return next(place for place in [*slept[-1:], *places] if place.country or place is places[-1])


def _place_of_return(mission: Mission, day: date) -> PayPlace:
    """The last place of work abroad; at home where the last night was there and nothing on the day was abroad."""
    home = mission.home.country
    nights = [night for night in mission.ordered_nights if night.day < day and night.bed is not ProvidedBy.vehicle]
    slept = nights[-1].place if nights else PayPlace()
    abroad_today = [one for one in mission.work if one.day == day and one.place.country != home]
    came_back = [
        ride
        for ride in mission.rides
        if ride.arrives and ride.arrives.day == day and ride.origin.country not in ("", home)
    ]
    if slept.country == home and not abroad_today and not came_back:
        return slept
    work = _last_work_abroad(mission, day)
    if work is not None:
        return work
    candidates = [slept, *(ride.origin for ride in came_back[-1:]), mission.place]
    abroad = [place for place in candidates if place.country not in ("", home)]
    return abroad[0] if abroad else (slept if slept.country else mission.home_country)


def _last_work_abroad(mission: Mission, day: date) -> PayPlace | None:
    work = sorted(mission.work, key=lambda one: one.day)
    abroad = [one.place for one in work if one.day <= day and one.place.country != mission.home.country]
    return abroad[-1] if abroad else None


def _three_months_after(day: date) -> date:
    month = day.month + 3
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    first = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=day.day - 1), first - timedelta(days=1))
