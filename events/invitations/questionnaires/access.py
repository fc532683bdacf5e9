"""What of the answers under a personal link its holder may change, and learn."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from events.invitations.invitations.access import Guest
from events.invitations.link_sessions.rules import CodeNeeded
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.service import lock_context


async def must_be_new(db: AsyncSession, participant: Guest, questions: Collection[UUID] | None = None) -> None:
    """Whoever holds the link may answer what nobody answered yet; changing an answer takes a code. Raises CodeNeeded.

    Without `questions` nothing at all may have been answered: so it is where who tells goes on seeing everything.
    """
    if participant.may_see:
        return
    await lock_context(db, participant.invitation_id)
    said = (await answers_of(db, [participant.invitation_id])).get(participant.invitation_id, {}).keys()
    if said if questions is None else said & set(questions):
        raise CodeNeeded(page=f"/i/{participant.token}/code")


async def come_up_anyway(db: AsyncSession, participant: Guest, answers: Collection[UUID]) -> set[UUID]:
    """Questions that depend on none, or on one of these: that another one comes up tells what was answered."""
    asked = await list_questions(db, participant.event_id)
    return {q.id for q in asked if q.depends_on_id is None or q.depends_on_id in answers}
