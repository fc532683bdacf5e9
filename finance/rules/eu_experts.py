"""What the European Commission pays people it invites as experts. Pure.

92 for each meeting day, half where the place in the invitation is at 100 km or less (JRC, rules for experts). Bed:
100 a night, at most as many nights as meeting days and one more (recalled); a bed that is given earns nothing. Meals
take off nothing. Ours: nights that are not paid do not use up the number.
"""

from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import Mission, MissionNight
from finance.rules.lines import Computation, LineHead, OpenLine, PayLine, computation, counts, unpaid_night

NEAR_KM = Decimal(100)
NEAR_SHARE = "0.5"
NIGHT = Decimal(100)
TOO_MANY = "more_nights_than_meeting_days_plus_one"


def expert_days(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "EUR",
    distance_km: Decimal | None = None,
    night_amount: Decimal = NIGHT,
) -> Computation:
    """Lines of the meeting days, then of the nights. An unknown distance counts as far; a row's `night` goes first."""
    found: list[PayLine | OpenLine] = []
    share = NEAR_SHARE if distance_km is not None and distance_km <= NEAR_KM else "1"
    days = sorted(set(mission.meeting_days))
    for day in days:
        pick = rates.find(mission.place.country, mission.place.city, day)
        head = LineHead("day", day, mission.place, currency, pick)
        if not counts(day, mission.attended):
            found.append(head.unpaid("not_attended", head.amount))
        elif pick is None:
            found.append(head.missing())
        else:
            found.append(head.paid(pick.amount, share, pick.amount * Decimal(share)))
    left = len(days) + 1
    for night in mission.ordered_nights:
        line = _night(mission, night, rates, currency, left, night_amount)
        left -= isinstance(line, OpenLine) or line.amount > 0
        found.append(line)
    return computation(currency, found)


def _night(
    mission: Mission, night: MissionNight, rates: DatedRates, currency: str, left: int, default: Decimal
) -> PayLine | OpenLine:
    pick = rates.find(night.place.country, night.place.city, night.day)
    head = LineHead("bed", night.day, night.place, currency, pick)
    rate = head.get("night") or (default if pick else None)
    reason = unpaid_night(night, mission.attended)
    if not reason and night.is_bed_given:
        reason = "provided"
    if not reason and left <= 0:
        reason = TOO_MANY
    if reason:
        return head.unpaid(reason, rate)
    return head.missing() if rate is None else head.paid(rate, "1", rate)
