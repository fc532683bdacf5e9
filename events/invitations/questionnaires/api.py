"""Questions and answers as JSON."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute, download
from directory.accounts.access import Desk, Organiser, ProjectReader
from events.invitations.invitations.access import Participant
from events.invitations.invitations.service import get_invitation
from events.invitations.link_sessions.service import end_other_authors
from events.invitations.questionnaires import rules, service
from events.invitations.questionnaires.access import come_up_anyway, must_be_new
from events.invitations.questionnaires.models import Question
from events.invitations.questionnaires.rules import AskedOf
from events.invitations.questionnaires.schemas import AnswersIn, AnswersOut, QuestionOut, QuestionsIn
from events.programme.events.service import get_event

router = APIRouter(prefix="/api/v1", tags=["questions"], route_class=StrictRoute)
FILE: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}}


@router.get("/events/{event_id}/questions", response_model=list[QuestionOut])
async def list_questions(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[Question]:
    """What is asked at an event, in order."""
    await get_event(db, event_id, caller)
    return await service.list_questions(db, event_id)


@router.put("/events/{event_id}/questions", response_model=list[QuestionOut])
async def set_questions(event_id: UUID, given: QuestionsIn, caller: Organiser, db: Db, at: Moment) -> list[Question]:
    """These questions in this order, no others. Ids are the caller's; one that stays keeps its answers."""
    return await service.set_questions(db, event_id, given, caller, at=at)


@router.get("/invitation/questions", response_model=list[QuestionOut])
async def my_questions(participant: Participant, db: ReadDb) -> list[Question]:
    """What you are asked. Which of them come up depends on your answers."""
    questions = await service.list_questions(db, participant.event_id)
    return [q for q in questions if q.asked_of is AskedOf.participant]


@router.put("/invitation/answers", response_model=AnswersOut)
async def answer(given: AnswersIn, participant: Participant, db: Db, at: Moment) -> AnswersOut:
    """Answer some or all; the rest can come later. Seeing what was said before, or changing it, takes a code."""
    await must_be_new(db, participant, given.answers)
    await end_other_authors(db, participant.invitation_id, participant.session_id)
    answers, missing = await service.answer(db, participant.invitation_id, given.answers, at=at)
    if not participant.may_see:
        answers = {id: value for id, value in answers.items() if id in given.answers}
        known = await come_up_anyway(db, participant, answers)
        missing = [id for id in missing if id in known]
    return AnswersOut(answers=answers, missing=missing)


@router.put("/invitation/answers/{question_id}/file", status_code=204)
async def send_file(
    question_id: UUID,
    file: Annotated[UploadFile, File()],
    participant: Participant,
    db: Db,
    at: Moment,
    settings: Installed,
) -> Response:
    """Send a file as an answer, of at most ten megabytes. It lies encrypted; another one in its place takes a code."""
    await must_be_new(db, participant, [question_id])
    await end_other_authors(db, participant.invitation_id, participant.session_id)
    await service.keep_answer_file(
        db, participant.invitation_id, question_id, file.filename or "", await file.read(), settings.files, at=at
    )
    return Response(status_code=204)


@router.get("/invitations/{invitation_id}/answers", response_model=AnswersOut)
async def answers(invitation_id: UUID, caller: Organiser, db: ReadDb) -> AnswersOut:
    """What somebody answered."""
    invitation = await get_invitation(db, invitation_id, caller)
    said = (await service.answers_of(db, [invitation_id])).get(invitation_id, {})
    asking = [q.asking for q in await service.list_questions(db, invitation.event_id)]
    left = rules.missing(asking, said, invitation.category)
    return AnswersOut(answers=said, missing=[q.id for q in left])


@router.put("/invitations/{invitation_id}/answers", response_model=AnswersOut)
async def note_answers(invitation_id: UUID, given: AnswersIn, caller: Desk, db: Db, at: Moment) -> AnswersOut:
    """Note what is asked at check-in; organisers also what only they are asked."""
    invitation = await get_invitation(db, invitation_id, caller)
    event = await get_event(db, invitation.event_id, caller)
    asked_of = service.may_note(caller, event.project_id)
    said, missing = await service.note_answers(db, invitation_id, given.answers, asked_of, caller, at=at)
    return AnswersOut(answers=said, missing=missing)


@router.get("/invitations/{invitation_id}/answers/{question_id}/file", response_class=Response, responses=FILE)
async def answer_file(
    invitation_id: UUID, question_id: UUID, caller: Organiser, db: ReadDb, settings: Installed
) -> Response:
    """A file that somebody sent."""
    await get_invitation(db, invitation_id, caller)
    content, _, name = await service.read_answer_file(db, invitation_id, question_id, settings.files)
    return download(content, "application/octet-stream", name)
