"""Planning what is asked, and files that people sent as answers."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.pages import Form, Typed, form_again, render, see_other
from core.settings import Installed
from core.web import checked, download
from directory.accounts.access import Caller, Organiser
from events.invitations.invitations.access import Owner
from events.invitations.invitations.rules import CATEGORIES
from events.invitations.invitations.service import get_invitation
from events.invitations.questionnaires import service
from events.invitations.questionnaires.models import Question
from events.invitations.questionnaires.rules import ASKED_OF, DECIDING, QUESTION_KINDS, typed_options
from events.invitations.questionnaires.schemas import QuestionIn, QuestionsIn
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE = "events/questions.html"


@router.get("/events/{event_id}/questions")
async def questions(
    request: Request, event_id: UUID, caller: Organiser, db: ReadDb, edit: UUID | None = None
) -> Response:
    return render(request, PAGE, **await _view(db, event_id=event_id, caller=caller, edit=edit))


@router.post("/events/{event_id}/questions")
async def save(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """One more question, or other words for one that is there."""
    edit = checked(UUID, typed["id"]) if typed.get("id") else None
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller, edit=edit), typed):
        present = await _present(db, event_id, caller)
        given: QuestionIn = checked(QuestionIn, _question(typed, present))
        if given.id in {q.id for q in present}:
            present = [given if q.id == given.id else q for q in present]
        else:
            present.append(given)
        await _keep(db, event_id, present, caller, at=at)
    return see_other(request, f"/events/{event_id}/questions", N_("Saved."))


@router.post("/events/{event_id}/questions/{question_id}/move")
async def move(
    request: Request, event_id: UUID, question_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    """One place up or down."""
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        present = await _present(db, event_id, caller)
        here = next((n for n, q in enumerate(present) if q.id == question_id), None)
        if here is None:
            raise NotFound()
        there = max(0, min(len(present) - 1, here + (-1 if typed.get("up") else 1)))
        present.insert(there, present.pop(here))
        await _keep(db, event_id, present, caller, at=at)
    return see_other(request, f"/events/{event_id}/questions")


@router.post("/events/{event_id}/questions/{question_id}/remove")
async def remove(
    request: Request, event_id: UUID, question_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, event_id=event_id, caller=caller), typed):
        present = await _present(db, event_id, caller)
        await _keep(db, event_id, [q for q in present if q.id != question_id], caller, at=at)
    return see_other(request, f"/events/{event_id}/questions", N_("Removed. Answers given so far are kept."))


@router.get("/i/{token}/answers/{question_id}")
async def my_file(
    request: Request, token: str, question_id: UUID, participant: Owner, db: ReadDb, settings: Installed
) -> Response:
    content, media_type, name = await service.read_answer_file(
        db, participant.invitation_id, question_id, settings.files
    )
    return download(content, media_type, name)


@router.get("/invitations/{invitation_id}/answers/{question_id}")
async def their_file(
    request: Request,
    invitation_id: UUID,
    question_id: UUID,
    caller: Organiser,
    db: ReadDb,
    settings: Installed,
) -> Response:
    await get_invitation(db, invitation_id, caller)
    return download(*await service.read_answer_file(db, invitation_id, question_id, settings.files))


async def _keep(db: AsyncSession, event_id: UUID, present: list[QuestionIn], caller: Caller, *, at: Moment) -> None:
    given: QuestionsIn = checked(QuestionsIn, {"questions": [q.model_dump() for q in present]})
    await service.set_questions(db, event_id, given, caller, at=at)


async def _present(db: AsyncSession, event_id: UUID, caller: Caller) -> list[QuestionIn]:
    await get_event(db, event_id, caller)
    return [
        QuestionIn(**q.model_dump(exclude={"event_id", "position", "removed_at"}))
        for q in await service.list_questions(db, event_id)
    ]


def _question(typed: Form, present: list[QuestionIn]) -> Form:
    """The form's fields as a question."""
    old = next((q for q in present if str(q.id) == typed.get("id")), None)
    known = {(o.en, o.tr): o.key for o in old.options} if old else {}
    lines = [line for line in str(typed.get("options", "")).splitlines() if line.strip()]
    depends, _, value = str(typed.get("depends", "")).partition(":")
    plain = ("kind", "asked_of", "category", "label_en", "label_tr", "hint_en", "hint_tr")
    return {name: typed[name] for name in plain if name in typed} | (
        {
            "options": typed_options(lines, known),
            "is_required": typed.get("is_required") == "yes",
            "depends_on_id": depends,
            "depends_value": value,
        }
        | ({"id": typed["id"]} if typed.get("id") else {})
    )


async def _view(db: AsyncSession, *, event_id: UUID, caller: Caller, edit: UUID | None = None) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    asked = await service.list_questions(db, event_id)
    edited = next((q for q in asked if q.id == edit), None)
    earlier = [q for q in asked if edited is None or q.position < edited.position]
    return {
        "event": event,
        "tab": "people",
        "questions": asked,
        "edited": edited,
        "kinds": QUESTION_KINDS,
        "asked_of": ASKED_OF,
        "categories": CATEGORIES,
        "conditions": [c for q in earlier for c in _conditions(q)],
        "by_id": {q.id: q for q in asked},
        "history": await audit.history(db, event_id),
    }


def _conditions(question: Question) -> list[tuple[str, Question, str]]:
    """Each answer that a later question can wait for."""
    if question.kind not in DECIDING:
        return []
    keys = [option["key"] for option in question.options] or ["yes", "no"]
    return [(f"{question.id}:{key}", question, key) for key in keys]
