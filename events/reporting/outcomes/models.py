"""Outcomes of events."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from events.reporting.outcomes.rules import OutcomeKind, OutcomeState


class EventOutcome(SQLModel, table=True):
    """One of them. `owner` is who does it, in words; `due_on` and `state` are of use for action points."""

    __tablename__ = "outcome"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    kind: OutcomeKind = choice(OutcomeKind)
    text: str = secret()
    owner: str = secret(default="")
    due_on: date | None = None
    state: OutcomeState = choice(OutcomeState, default=OutcomeState.open)
    created_at: datetime = instant()
