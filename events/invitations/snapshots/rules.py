"""What became of an event's day between two mails. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class NewDay(StrEnum):
    """What became of the day since somebody was told of it."""

    same = "same"
    later = "later"
    earlier = "earlier"


def new_day(before: Mapping[str, Any], now: Mapping[str, Any]) -> NewDay:
    """Whether it is later, or not known any more; or earlier."""
    if now["holds"] == "postponed" and before.get("holds") != "postponed":
        return NewDay.later
    first, first_now = before["first_day"], now["first_day"]
    if first == first_now:
        return NewDay.same
    return NewDay.later if first_now > first else NewDay.earlier
