"""Taking what superiors answer."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.errors import NotFound
from events.attendance.evaluations.models import Evaluation, EvaluationResponse
from events.attendance.evaluations.rules import AlreadyAnswered, EvaluationKind, EvaluationNotOpen, EvaluationState
from events.attendance.evaluations.schemas import EvaluationAnswers
from events.attendance.evaluations.service import acceptable_answers
from events.attendance.superiors.models import Superior


async def form_of_superior(db: AsyncSession, superior: Superior) -> Evaluation:
    """The form for superiors of their event. Raises NotFound, EvaluationNotOpen."""
    found = await db.exec(
        select(Evaluation).where(Evaluation.event_id == superior.event_id, Evaluation.kind == EvaluationKind.superiors)
    )
    row = found.first()
    if row is None or row.state is EvaluationState.draft:
        raise NotFound()
    if row.state is not EvaluationState.open:
        raise EvaluationNotOpen()
    return row


async def answer_as_superior(db: AsyncSession, superior: Superior, given: EvaluationAnswers) -> None:
    """Keep what a superior answers, once. Raises NotFound, EvaluationNotOpen, AlreadyAnswered, UnacceptableFields.

    Of an anonymous form neither the superior, whom it is about nor the moment is kept with it.
    """
    row = await form_of_superior(db, superior)
    # In this order wherever both are locked.
    await db.refresh(row, with_for_update=True)
    await db.refresh(superior, with_for_update=True)
    if row.state is not EvaluationState.open:
        raise EvaluationNotOpen()
    if superior.has_answered:
        raise AlreadyAnswered()
    answers = acceptable_answers(row, given)
    superior.has_answered = True
    named = None if row.is_anonymous else superior.id
    db.add(EvaluationResponse(evaluation_id=row.id, superior_id=named, answers=answers))
    await db.flush()
