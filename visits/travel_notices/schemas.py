"""Notices of journeys for programs, and what a moved leg would do."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.i18n import Words
from visits.changes.rules import ChangeEffects, TravelConcern
from visits.travel_notices.mails import change_lines
from visits.travel_notices.rules import ItemChange


class NoticesIn(BaseModel):
    """Whom to write to, by registration; left out: everybody whose journey differs from what they were told."""

    model_config = ConfigDict(extra="forbid")

    registrations: Annotated[list[UUID], Field(min_length=1, max_length=500)] | None = None


class NoticeOut(BaseModel):
    """One traveller whose journey differs from what they were told; without `told_at` they were told nothing yet."""

    registration_id: UUID
    name: str
    told_at: datetime | None
    changes: list[str]

    @classmethod
    def of(
        cls, registration_id: UUID, name: str, told_at: datetime | None, changes: Sequence[ItemChange], say: Words
    ) -> "NoticeOut":
        lines = [line for one in changes for line in change_lines(one, say)]
        return cls(registration_id=registration_id, name=name, told_at=told_at, changes=lines)


class ConcernedOut(BaseModel):
    """One traveller concerned by a change, and why."""

    registration_id: UUID
    name: str
    why: list[TravelConcern]
    missed_sessions: list[str]
    nights_without_bed: list[date]
    nights_more: int


class EffectsOut(BaseModel):
    """Who is concerned when a leg moves or is cancelled. Nothing has been changed. `pick_ups_to_set` are vehicles whose
    pick-up was set by hand and does not fit any more: it stays until another is set."""

    concerned: list[ConcernedOut]
    tells: list[str]
    pick_ups_to_set: list[UUID]

    @classmethod
    def of(cls, effects: ChangeEffects, names: Mapping[str, str]) -> "EffectsOut":
        concerned = [
            ConcernedOut(
                registration_id=UUID(key),
                name=names.get(key, ""),
                why=sorted(why),
                missed_sessions=list(effects.missed.get(key, ())),
                nights_without_bed=list(effects.unslept.get(key, ())),
                nights_more=effects.nights_more.get(key, 0),
            )
            for key, why in effects.concerned.items()
        ]
        return cls(
            concerned=concerned,
            tells=sorted({who.value for who, _ in effects.told}),
            pick_ups_to_set=[UUID(key) for key in effects.misfits],
        )


class NotifiedOut(BaseModel):
    """How many mails were written."""

    mails: int
