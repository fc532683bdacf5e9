"""Absences as they go in and out. Times are by the clock of their zone; an offset behind a time that a clock shows
twice says which: 02:30+02:00."""

from dataclasses import asdict
from datetime import datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.codes import Zone
from core.errors import N_
from core.paging import Paging, sorting
from core.text import Blank, ClockTime, wrong
from core.zones import instant_of, zone_of
from events.programme.events.schemas import Day
from finance.absences.models import Absence
from finance.absences.rules import MOST_AT_ONCE, AbsencePlan, ToldAbsence
from finance.rules.facts import TimeAway
from visits.travel_types import LocalTime

# What absences may stand by.
AbsencePaging = Annotated[Paging, sorting("name", "left", "back")]

_Clock = Annotated[ClockTime, Field(validate_default=True)]


class AbsenceIn(BaseModel):
    """When somebody left and was back. Without a `returns_zone` both times are by the clocks of one zone."""

    model_config = ConfigDict(extra="forbid")

    leaves_day: Day
    leaves_clock: _Clock = None
    returns_day: Day
    returns_clock: _Clock = None
    zone: Zone = "Europe/Istanbul"
    returns_zone: Annotated[Zone | None, Blank] = None

    @field_validator("leaves_clock", "returns_clock")
    @classmethod
    def _known(cls, clock: time | None) -> time:
        if clock is None:
            raise wrong(N_("Please write a time like 09:30."))
        return clock

    @property
    def told(self) -> ToldAbsence:
        """As moments. Raises Unacceptable beside the field for a time that a clock skips or shows twice."""
        back = self.returns_zone or self.zone
        leaves = datetime.combine(self.leaves_day, self.leaves_clock or time())
        returns = datetime.combine(self.returns_day, self.returns_clock or time())
        return ToldAbsence(
            instant_of(leaves, zone_of(self.zone), "leaves_clock"),
            self.zone,
            instant_of(returns, zone_of(back), "returns_clock"),
            back,
        )

    @classmethod
    def fields_of(cls, away: TimeAway) -> dict[str, str]:
        """An absence as its form shows it before anything is changed."""
        leaves, returns = away.leaves, away.returns
        return {
            "leaves_day": leaves.day.isoformat(),
            "leaves_clock": f"{leaves.clock:%H:%M}{leaves.offset.removeprefix('UTC')}" if leaves.clock else "",
            "returns_day": returns.day.isoformat(),
            "returns_clock": f"{returns.clock:%H:%M}{returns.offset.removeprefix('UTC')}" if returns.clock else "",
            "zone": leaves.zone,
            "returns_zone": returns.zone if returns.zone != leaves.zone else "",
        }


class AbsencesIn(AbsenceIn):
    """The same for everybody with a place, or for those named. What is entered already stays unless it `replaces`."""

    registrations: Annotated[list[UUID] | None, Field(min_length=1, max_length=MOST_AT_ONCE)] = None
    replaces: bool = False


class AbsencePlanOut(BaseModel):
    """For how many it is new, of how many it replaces what is entered (`told` by themselves), and whose stays."""

    people: int
    new: int
    replaced: int
    told: int
    kept: int

    @classmethod
    def of(cls, plan: AbsencePlan) -> "AbsencePlanOut":
        return cls(**asdict(plan))


class AbsenceOut(BaseModel):
    """When somebody was away, as an instant and by the clock there. `told` says that the person entered it."""

    leaves_at: datetime
    leaves: str
    leaves_zone: str
    returns_at: datetime
    returns: str
    returns_zone: str
    hours: str
    told: bool
    entered_at: datetime

    @classmethod
    def of(cls, one: Absence) -> "AbsenceOut":
        away = one.away
        return cls(
            leaves_at=one.leaves_at,
            leaves=_wall(away.leaves),
            leaves_zone=one.leaves_zone,
            returns_at=one.returns_at,
            returns=_wall(away.returns),
            returns_zone=one.returns_zone,
            hours=f"{away.length.total_seconds() / 3600:.2f}",
            told=one.entered_by is None,
            entered_at=one.entered_at,
        )


class AbsenceRowOut(BaseModel):
    """A person with what is entered; null where nothing is."""

    registration_id: UUID
    name: str
    absence: AbsenceOut | None

    @classmethod
    def of_person(cls, registration_id: UUID, name: str, entered: Absence | None) -> "AbsenceRowOut":
        return cls(registration_id=registration_id, name=name, absence=AbsenceOut.of(entered) if entered else None)


def _wall(moment: LocalTime) -> str:
    return f"{moment.wall:%Y-%m-%dT%H:%M}"
