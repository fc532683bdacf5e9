"""What a check finds: a code, how bad it is, and the numbers that its sentence names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class FindingCode(StrEnum):
    overlap = "overlap"
    wrong_place = "wrong_place"
    connection_impossible = "connection_impossible"
    connection_short = "connection_short"
    connection_tight = "connection_tight"
    long_wait = "long_wait"
    arrives_before_departure = "arrives_before_departure"
    duration_implausible = "duration_implausible"
    night_without_bed = "night_without_bed"
    two_beds = "two_beds"
    late_for_session = "late_for_session"
    leaves_before_end = "leaves_before_end"
    no_leg_home = "no_leg_home"
    no_leg_there = "no_leg_there"
    outside_days = "outside_days"
    name_near = "name_near"
    name_swapped = "name_swapped"
    name_different = "name_different"
    passport_expires = "passport_expires"
    passport_old = "passport_old"
    no_passport = "no_passport"
    no_visa = "no_visa"
    visa_short = "visa_short"
    no_insurance = "no_insurance"
    insurance_short = "insurance_short"
    over_block = "over_block"
    room_half_empty = "room_half_empty"
    mixed_room = "mixed_room"
    room_not_with = "room_not_with"
    room_wish = "room_wish"
    vehicle_full = "vehicle_full"
    nobody_meets = "nobody_meets"
    waits_long = "waits_long"
    pick_up_early = "pick_up_early"
    pick_up_late = "pick_up_late"
    place_far = "place_far"


class FindingSeverity(StrEnum):
    note = "note"
    warning = "warning"
    error = "error"


_ERRORS = frozenset({
    FindingCode.overlap, FindingCode.connection_impossible, FindingCode.arrives_before_departure,
    FindingCode.name_different, FindingCode.passport_expires, FindingCode.passport_old, FindingCode.no_passport,
})  # fmt: skip
# What these say is told by the traveller.
OF_DETAILS = frozenset(
    {
        FindingCode.passport_expires,
        FindingCode.passport_old,
        FindingCode.no_passport,
        FindingCode.no_visa,
        FindingCode.visa_short,
        FindingCode.name_near,
        FindingCode.name_swapped,
        FindingCode.name_different,
        FindingCode.no_insurance,
        FindingCode.insurance_short,
        FindingCode.mixed_room,
        FindingCode.room_not_with,
        FindingCode.room_wish,
    }
)
# What only the organiser can mend: beds, rooms and vehicles. Of rooms it would also tell of whom somebody shares with.
OF_ORGANISERS = frozenset(
    {
        FindingCode.night_without_bed,
        FindingCode.two_beds,
        FindingCode.over_block,
        FindingCode.room_half_empty,
        FindingCode.mixed_room,
        FindingCode.room_not_with,
        FindingCode.room_wish,
        FindingCode.pick_up_early,
        FindingCode.pick_up_late,
        FindingCode.vehicle_full,
        FindingCode.nobody_meets,
        FindingCode.waits_long,
    }
)
# One for each night; consecutive ones can be told together, from `night` until the morning of `until`.
OF_NIGHTS = frozenset({FindingCode.night_without_bed, FindingCode.two_beds})
_NOTES = frozenset({FindingCode.connection_tight, FindingCode.long_wait, FindingCode.place_far})


@dataclass(frozen=True)
class TravelFinding:
    """`numbers` are what the sentence says; `legs`, `stays` and `sessions` the keys of what it is about.

    Minutes are whole, days and nights ISO dates, times by the clock of the place (HH:MM).
    """

    code: FindingCode
    numbers: Mapping[str, object] = field(default_factory=dict)
    severity: FindingSeverity = FindingSeverity.warning
    keys: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))


def finding(
    code: FindingCode,
    *keys: str,
    severity: FindingSeverity | None = None,
    numbers: Mapping[str, object] | None = None,
    **more: object,
) -> TravelFinding:
    """With the severity that the code has, unless another is given."""
    return TravelFinding(
        code, {**(numbers or {}), **more}, severity or severity_of(code), tuple(key for key in keys if key)
    )


def severity_of(code: FindingCode) -> FindingSeverity:
    if code in _ERRORS:
        return FindingSeverity.error
    return FindingSeverity.note if code in _NOTES else FindingSeverity.warning
