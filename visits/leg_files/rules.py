"""When a ticket or boarding pass may be seen by whom. Pure.

Its bar code opens the booking at the carrier, with the passport's number in it perhaps, as long as somebody has yet to
travel on it (docs/decisions/0096). Those who account for the journey need it as evidence, which is afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from core.errors import N_, Refusal
from visits.booking_files.models import BookingFile
from visits.legs.models import Leg, LegPassenger
from visits.travel_types import LocalTime


class NotTravelledYet(Refusal):
    """Evidence of a journey that is not over."""

    status, code, title = (
        403,
        "not-travelled-yet",
        N_("Until the last leg of this person is over, only those who plan the visit open this file."),
    )


@dataclass(frozen=True)
class LegFile:
    """A file that lies with a leg, whose it is, and whether those who account for the journey may open it by now."""

    file: BookingFile
    leg: Leg
    name: str
    is_evidence: bool


def is_over(legs: Iterable[tuple[Leg, LegPassenger]], *, at: datetime) -> bool:
    """Whether somebody's last leg has ended: at its arrival, else with the day on which it ends at its place."""
    return all(_ends(leg) <= at for leg, one in legs if one.is_travelling and leg.cancelled_at is None)


def _ends(leg: Leg) -> datetime:
    if leg.arrives_at is not None:
        return leg.arrives_at
    last = LocalTime(max(leg.arrival_day or leg.day, leg.day), leg.destination_zone, time())
    return last.later_by(1).earliest


def of_registration(files: Iterable[LegFile], registration_id: UUID) -> list[LegFile]:
    """What is one person's."""
    return [one for one in files if one.file.registration_id == registration_id]
