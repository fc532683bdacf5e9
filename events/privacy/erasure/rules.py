"""Which rows of any table belong to an event: by which column they are found."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from core.personal_data import (
    Subject,
    Table,
    Whose,
    column_of,
)
from events.attendance.evaluations.models import Evaluation
from events.invitations.invitations.models import Invitation
from events.invitations.registrations.models import Registration
from events.nominations.requests.models import NominationRequest
from events.programme.events.models import Event, Session

# By which column a row of an event is found, and which rows that column points to; the first that a table has.
_PATHS: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("event_id", lambda events: events),
    ("call_id", lambda events: select(NominationRequest.id).where(col(NominationRequest.event_id).in_(events))),
    ("invitation_id", lambda events: select(Invitation.id).where(col(Invitation.event_id).in_(events))),
    ("evaluation_id", lambda events: select(Evaluation.id).where(col(Evaluation.event_id).in_(events))),
    ("registration_id", lambda events: select(Registration.id).where(col(Registration.event_id).in_(events))),
    ("session_id", lambda events: select(Session.id).where(col(Session.event_id).in_(events))),
    ("about_id", lambda events: events),
)


def path_of(table: type[SQLModel]) -> str | None:
    """The column by which rows of the table belong to an event."""
    return next((column for column, _ in _PATHS if column in table.model_fields), None)


def rows_of(table: type[SQLModel], events: Any) -> sa.ColumnElement[bool]:
    """Rows of the table that belong to these events. Raises StopIteration where it has none."""
    column, rows = next(path for path in _PATHS if path[0] in table.model_fields)
    found: sa.ColumnElement[bool] = column_of(table, column).in_(rows(events))
    return found


def in_events() -> Whose:
    """Rows of events of the person's projects."""

    def whose(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
        return rows_of(table, select(Event.id).where(col(Event.project_id).in_(subject.projects)))

    return whose
