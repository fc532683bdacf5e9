"""Nights of one person as spans: entering and taking away single nights without touching the others. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from core.errors import N_, Refusal


class NightsTooFar(Refusal):
    """People arrive before and leave after, but not by weeks."""

    status, code, title = 422, "nights-too-far", N_("These nights are far from the days of the event.")


@dataclass(frozen=True)
class StayPlace:
    """Where a night is spent and what is paid there; nights of one place that follow each other are one stay."""

    country: str
    city: str = ""
    hotel_id: UUID | None = None
    is_bed_provided: bool = False
    has_breakfast: bool = False
    is_personal: bool = False


@dataclass(frozen=True)
class NightSpan:
    """Nights from check-in to check-out (half-open). `key` is the stay's id, None for one that is not kept yet."""

    check_in: date
    check_out: date
    place: StayPlace
    key: UUID | None = None
    room_id: UUID | None = None

    def overlaps(self, check_in: date, check_out: date) -> bool:
        return self.check_in < check_out and self.check_out > check_in


def spans_in(nights: Iterable[date]) -> list[tuple[date, date]]:
    """Single nights as check-in and check-out of those that follow each other."""
    found: list[tuple[date, date]] = []
    for night in sorted(set(nights)):
        until = night + timedelta(days=1)
        if found and found[-1][1] == night:
            found[-1] = (found[-1][0], until)
        else:
            found.append((night, until))
    return found


def cleared(spans: Sequence[NightSpan], check_in: date, check_out: date) -> list[NightSpan]:
    """Without these nights. What is left before them stays the stay that it was, what is left after is a new one."""
    left: list[NightSpan] = []
    for span in spans:
        if not span.overlaps(check_in, check_out):
            left.append(span)
            continue
        has_before = span.check_in < check_in
        if has_before:
            left.append(replace(span, check_out=check_in))
        if span.check_out > check_out:
            left.append(replace(span, check_in=check_out, key=None if has_before else span.key))
    return left


def entered(spans: Sequence[NightSpan], check_in: date, check_out: date, place: StayPlace) -> list[NightSpan]:
    """With these nights there and nowhere else. They join a stay of the same place beside them, or else become the stay
    that they replace, so that calendars move its entry."""
    left = cleared(spans, check_in, check_out)
    beside = [span for span in left if span.place == place]
    before = next((span for span in beside if span.check_out == check_in), None)
    after = next((span for span in beside if span.check_in == check_out), None)
    if before and after and before.room_id and after.room_id and before.room_id != after.room_id:
        after = None
    kept = {span.key for span in left}
    gone = [span for span in spans if span.key not in kept]
    keys = [span.key for span in (before, after, *gone) if span and span.key]
    same_hotel = [span for span in gone if span.place.hotel_id == place.hotel_id]
    rooms = [span.room_id for span in (before, after, *same_hotel) if span and span.room_id]
    joined = NightSpan(
        check_in=before.check_in if before else check_in,
        check_out=after.check_out if after else check_out,
        place=place,
        key=keys[0] if keys else None,
        room_id=rooms[0] if rooms else None,
    )
    rest = [span for span in left if span is not before and span is not after]
    return sorted([*rest, joined], key=lambda span: (span.check_in, span.check_out))


def is_room_free(beds: int, check_in: date, check_out: date, others: Iterable[tuple[date, date]]) -> bool:
    """Whether a room has a bed left on each of these nights, with the nights of the others in it."""
    there = list(others)
    nights = [check_in + timedelta(days=n) for n in range((check_out - check_in).days)]
    return all(sum(first <= night < last for first, last in there) < beds for night in nights)
