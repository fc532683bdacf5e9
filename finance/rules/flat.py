"""A fixed amount for each day or night: what a project without rules of its own uses. Pure.

What is provided takes off the project's share of the line. A day counts when itself is signed, a night also by the
next day.
"""

from collections.abc import Mapping
from decimal import Decimal

from finance.rates.rules import DatedRates
from finance.rules.facts import Mission
from finance.rules.lines import (
    Computation,
    Cut,
    LineHead,
    OpenLine,
    PayLine,
    computation,
    counts,
    night_counts,
)


def flat_units(
    mission: Mission,
    rates: DatedRates,
    *,
    currency: str = "EUR",
    unit: str = "day",
    shares: Mapping[str, Decimal] | None = None,
) -> Computation:
    """One line for each unit; `unit` is "day" or "night"."""
    found: list[PayLine | OpenLine] = []
    is_counted = night_counts if unit == "night" else counts
    for one in sorted(mission.units, key=lambda one: one.day):
        place = one.place if one.place.country else mission.place
        pick = rates.find(place.country, place.city, one.day)
        head = LineHead(unit, one.day, place, currency, pick)
        if one.is_personal:
            found.append(head.unpaid("personal", head.amount))
        elif not is_counted(one.day, mission.attended):
            found.append(head.unpaid("not_attended", head.amount))
        elif pick is None:
            found.append(OpenLine(one.day, "rate", place.label))
        else:
            gross = pick.amount * Decimal(one.share)
            parts = {name: share for name, share in (shares or {}).items() if name in one.provided}
            cuts = [Cut(name, gross * share, share) for name, share in parts.items()]
            found.append(head.paid(pick.amount, one.share, gross, cuts))
    return computation(currency, found)
