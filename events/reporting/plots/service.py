"""Reading what plots show, in one query each."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Institution, Person
from events.attendance.records.models import Attendance
from events.attendance.records.rules import Half
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import known_status
from events.programme.events.models import Event
from events.reporting.plots.rules import (
    GROUP_OF,
    AnswerRow,
    GroupedAnswers,
    SessionAttendance,
    grouped,
)


async def answers_of(db: AsyncSession, event_id: UUID, language: str) -> list[AnswerRow]:
    """Each invitation of an event as it is known to people, with the name of the institution in a language and the code
    of the province. One query: what a page draws of it is counted from the same rows."""
    english = sa.func.nullif(Institution.name_en, "") if language == "en" else sa.null()
    rows: Any = await db.exec(
        sa.select(  # type: ignore[call-overload]
            known_status(),
            col(Invitation.invited_at),
            col(Invitation.answered_at),
            sa.func.coalesce(english, Institution.name, ""),
            col(Person.province),
        )
        .select_from(Invitation)
        .join(Person, col(Person.id) == Invitation.person_id)
        .join(Institution, col(Institution.id) == Person.institution_id, isouter=True)
        .where(col(Invitation.event_id) == event_id)
    )
    # Whose mail is still a draft is not invited yet.
    return [
        AnswerRow(status, None if status is InvitationStatus.nominated else invited_at, *others)
        for status, invited_at, *others in rows
    ]


async def answers_by_event(db: AsyncSession, event_ids: Iterable[UUID]) -> dict[UUID, GroupedAnswers]:
    """How the invitations of each event stand; one that has none is left out."""
    status = known_status()
    rows = await db.exec(
        select(col(Invitation.event_id), status, sa.func.count())
        .where(col(Invitation.event_id).in_(list(event_ids)), col(Invitation.status).in_(list(GROUP_OF)))
        .group_by(col(Invitation.event_id), status)
    )
    return {UUID(one.key): one for one in grouped((str(key), InvitationStatus(s), n) for key, s, n in rows)}


async def attendance_by_half_day(db: AsyncSession, event: Event) -> Sequence[SessionAttendance]:
    """Half-days of which anybody's attendance is recorded, in their order, beside how many have a place."""
    rows = await db.exec(
        select(col(Attendance.day), col(Attendance.half), sa.func.count())
        .where(Attendance.event_id == event.id)
        .group_by(col(Attendance.day), col(Attendance.half))
    )
    order = list(Half)
    found = sorted(((day, Half(half), count) for day, half, count in rows), key=lambda x: (x[0], order.index(x[1])))
    return [SessionAttendance(day, str(half), count, max(event.taken, count)) for day, half, count in found]
