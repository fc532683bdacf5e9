"""What a finding says to people, in their language: the numbers stand in the sentence."""

from collections.abc import Mapping
from datetime import date

from core.errors import N_
from core.i18n import Words
from visits.checks.rules import OF_NIGHTS, FindingCode, TravelFinding

_DAYS = frozenset({"night", "day", "until", "expires", "first_day", "last_day"})
_MESSAGES: Mapping[FindingCode, str] = {
    FindingCode.overlap: N_("%(second)s leaves %(minutes)s minutes before %(first)s has arrived."),
    FindingCode.wrong_place: N_(
        "%(first)s arrives at %(at)s, %(second)s starts from %(from)s, and nothing leads from one to the other."
    ),
    FindingCode.connection_impossible: N_(
        "From %(first)s to %(second)s there are %(available)s minutes at %(at)s; %(needed)s are needed. "
        "This cannot be done."
    ),
    FindingCode.connection_short: N_(
        "From %(first)s to %(second)s there are %(available)s minutes at %(at)s; %(needed)s are needed."
    ),
    FindingCode.connection_tight: N_(
        "From %(first)s to %(second)s there are %(available)s minutes at %(at)s, little more than the %(needed)s "
        "needed."
    ),
    FindingCode.long_wait: N_("Between %(first)s and %(second)s there are %(available)s minutes at %(at)s."),
    FindingCode.arrives_before_departure: N_("%(leg)s arrives before it leaves. Is the day of arrival right?"),
    FindingCode.duration_implausible: N_(
        "%(leg)s takes %(minutes)s minutes; %(least)s to %(most)s are usual for %(km)s km."
    ),
    FindingCode.night_without_bed: N_("No bed for the night from %(night)s to %(until)s."),
    FindingCode.two_beds: N_("Two beds for the night from %(night)s to %(until)s: %(hotels)s."),
    FindingCode.late_for_session: N_(
        "%(leg)s comes too late for “%(session)s”: ready at %(ready)s, %(minutes)s minutes after it begins."
    ),
    FindingCode.leaves_before_end: N_(
        "To reach %(leg)s one has to go at %(leaves)s, %(minutes)s minutes before “%(session)s” ends."
    ),
    FindingCode.no_leg_home: N_("Nothing leads home yet."),
    FindingCode.no_leg_there: N_("Nothing leads there yet."),
    FindingCode.outside_days: N_("%(leg)s on %(day)s is %(days)s days outside the visit's days."),
    FindingCode.name_near: N_("The ticket's name %(ticket)s is almost that of the passport. Please compare."),
    FindingCode.name_swapped: N_("On the ticket, family and given name are exchanged: %(ticket)s."),
    FindingCode.name_different: N_("The ticket is in another name than the passport: %(ticket)s."),
    FindingCode.passport_expires: N_("The passport expires on %(expires)s; it has to last until %(until)s."),
    FindingCode.passport_old: N_(
        "The passport was issued more than %(years)s years before entering the Schengen area."
    ),
    FindingCode.no_passport: N_("No passport has been entered."),
    FindingCode.no_visa: N_("A visa is needed and not granted yet; %(days)s days are left."),
    FindingCode.visa_short: N_("The visa does not cover all days from %(first_day)s to %(last_day)s."),
    FindingCode.no_insurance: N_("No travel insurance has been entered."),
    FindingCode.insurance_short: N_("The travel insurance ends on %(until)s; the journey lasts until %(last_day)s."),
    FindingCode.over_block: N_("%(rooms)s rooms are taken on %(night)s; the block has %(held)s."),
    FindingCode.room_half_empty: N_("A bed is free in a shared room from %(night)s."),
    FindingCode.mixed_room: N_("People of different sex share a room from %(night)s."),
    FindingCode.room_not_with: N_("%(name)s asked not to share a room with %(other)s."),
    FindingCode.room_wish: N_("%(name)s shares a room, and has not said that they would."),
    FindingCode.vehicle_full: N_("%(vehicle)s: %(people)s people for %(seats)s seats."),
    FindingCode.nobody_meets: N_("Nobody fetches who comes by %(leg)s."),
    FindingCode.waits_long: N_("Who comes by %(leg)s waits %(minutes)s minutes for the vehicle."),
    FindingCode.pick_up_early: N_(
        "%(vehicle)s was set by hand to leave at %(leaves)s, %(minutes)s minutes before who comes by %(leg)s is out."
    ),
    FindingCode.pick_up_late: N_(
        "%(vehicle)s was set by hand to leave at %(leaves)s, %(minutes)s minutes too late for %(leg)s."
    ),
    FindingCode.place_far: N_("%(airport)s is %(km)s km from %(town)s, whose name it carries."),
}
_OF_SCHENGEN = N_("The passport expires on %(expires)s; the Schengen area asks that it lasts until %(until)s.")
_NO_LEG_TO = N_("There is no leg to %(to)s yet.")
_NIGHTS = N_("No bed for the nights %(nights)s.")
_TWO_BEDS = N_("Two beds for the nights %(nights)s: %(hotels)s.")
_OWN_ROOM = N_("%(name)s shares a room, and wishes for one of their own.")
_UNSAID = N_("%(name)s shares a room, and prefers not to say with women or with men. Have they been asked?")
_OTHER_AIRPORT = N_(
    "%(first)s arrives at %(at)s, %(second)s leaves from %(from)s, another airport of the city: %(available)s minutes, "
    "%(needed)s are needed."
)
_NEXT_DAY = N_("%(leg)s arrives before it leaves. On %(day)s it would take %(after)s minutes.")
_OTHER_DAY = N_(
    "%(leg)s takes %(minutes)s minutes; %(least)s to %(most)s are usual for %(km)s km. Arriving on %(day)s, it would "
    "take %(after)s."
)
_SHIFTED = N_(
    "%(leg)s takes %(minutes)s minutes; %(least)s to %(most)s are usual for %(km)s km. The two zones differ by "
    "%(shift)s minutes: is one of the times in the other's zone?"
)
_TOO_FAST = N_("%(leg)s takes %(minutes)s minutes; %(km)s km take at least %(least)s.")


# Of one, where the number is that.
_OF_ONE = {
    FindingCode.outside_days: ("days", N_("%(leg)s on %(day)s is one day outside the visit's days.")),
    FindingCode.no_visa: ("days", N_("A visa is needed and not granted yet; one day is left.")),
    FindingCode.over_block: ("rooms", N_("One room is taken on %(night)s; the block has %(held)s.")),
}


def sentence(found: TravelFinding, words: Words) -> str:
    """In the language of `words`; days as they are written there."""
    facts = {name: _said(name, value, words) for name, value in found.numbers.items()}
    if isinstance(shift := found.numbers.get("shift"), int):
        facts["shift"] = str(abs(shift))
    if _is_of_several(found):
        first, last = (date.fromisoformat(str(found.numbers[name])) for name in ("night", "until"))
        facts["nights"] = words.days(first, last)
    return words.translate(_message(found), **facts)


def _message(found: TravelFinding) -> str:
    numbers = found.numbers
    name, of_one = _OF_ONE.get(found.code, ("", ""))
    if of_one and numbers.get(name) == 1:
        return of_one
    special = (
        (found.code is FindingCode.no_leg_there and bool(numbers.get("to")), _NO_LEG_TO),
        (found.code is FindingCode.night_without_bed and _is_of_several(found), _NIGHTS),
        (found.code is FindingCode.two_beds and _is_of_several(found), _TWO_BEDS),
        (found.code is FindingCode.passport_expires and numbers.get("rule") == "schengen", _OF_SCHENGEN),
        (found.code is FindingCode.room_wish and numbers.get("told") == "single", _OWN_ROOM),
        (found.code is FindingCode.room_wish and numbers.get("told") == "unsaid", _UNSAID),
        (found.code.value.startswith("connection_") and bool(numbers.get("other_airport")), _OTHER_AIRPORT),
        (found.code is FindingCode.arrives_before_departure and bool(numbers.get("day")), _NEXT_DAY),
        (found.code is FindingCode.duration_implausible and bool(numbers.get("shift")), _SHIFTED),
        (found.code is FindingCode.duration_implausible and bool(numbers.get("day")), _OTHER_DAY),
        (found.code is FindingCode.duration_implausible and numbers.get("most") is None, _TOO_FAST),
    )
    return next((message for applies, message in special if applies), _MESSAGES[found.code])


def _is_of_several(found: TravelFinding) -> bool:
    """Whether it is about more than one night."""
    if found.code not in OF_NIGHTS:
        return False
    first, last = (date.fromisoformat(str(found.numbers[name])) for name in ("night", "until"))
    return (last - first).days > 1


def _said(name: str, value: object, words: Words) -> object:
    return words.day(date.fromisoformat(str(value))) if name in _DAYS and value else value
