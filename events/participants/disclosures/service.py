"""Opening what somebody told, for who reads a project without planning it."""

from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from directory.accounts.access import Caller
from events.invitations.invitations.service import get_invitation
from events.invitations.questionnaires.service import answers_of, list_questions
from events.invitations.registrations.service import read_context
from events.participants.disclosures.schemas import DisclosureOut


async def disclose(
    db: AsyncSession, invitation_id: UUID, reason: str, caller: Caller, *, at: datetime
) -> DisclosureOut:
    """What is sensitive of one person; that it was opened, by whom and why stands in the history. Raises NotFound."""
    await get_invitation(db, invitation_id, caller)
    context = await read_context(db, invitation_id)
    said = (await answers_of(db, [invitation_id])).get(invitation_id, {})
    questions = {q.id: q for q in await list_questions(db, context.event.id)}
    audit.record(
        db,
        "person.disclosed",
        context.person.id,
        at=at,
        project_id=context.project.id,
        **caller.signature,
        reason=reason,
        event_id=context.event.id,
    )
    language = caller.language
    answers = {
        questions[id].label_in(language): questions[id].say(v, language) for id, v in said.items() if id in questions
    }
    return DisclosureOut.of(context, answers)
