"""Outcomes as they go in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Blank, Line, Prose
from events.programme.events.schemas import Day
from events.reporting.outcomes.rules import OutcomeKind, OutcomeState


class OutcomeIn(BaseModel):
    """One outcome; who does it and until when is said of action points."""

    model_config = ConfigDict(extra="forbid")

    kind: OutcomeKind = OutcomeKind.action_point
    text: Annotated[Prose, Field(min_length=1, max_length=2000)]
    owner: Annotated[Line, Field(max_length=200)] = ""
    due_on: Annotated[Day | None, Blank] = None
    state: OutcomeState = OutcomeState.open


class OutcomeOut(OutcomeIn):
    """An outcome with its id."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    event_id: UUID
