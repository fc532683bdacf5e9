"""Making forms, asking for them, their figures; and the form itself on a phone."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NotFound
from core.pages import Form, Typed, form_again, render, see_other, ticked
from core.settings import Installed
from core.web import checked
from directory.accounts.access import AttendanceReader, Caller, Organiser, Releaser
from directory.projects.models import Project
from events.attendance.evaluations import service
from events.attendance.evaluations.rules import (
    EVALUATION_KINDS,
    EVALUATION_STATES,
    ITEM_KINDS,
    TESTS,
    WITH_OPTIONS,
    EvaluationKind,
    FormItem,
    ItemKind,
)
from events.attendance.evaluations.schemas import EvaluationAnswers, EvaluationIn, EvaluationItem, EvaluationItems
from events.attendance.evaluations.views import forms_with_counts, results_of
from events.attendance.superiors.rules import USUAL_WAIT
from events.invitations.invitations.access import Guest, Respondent
from events.invitations.questionnaires.rules import typed_options
from events.programme.events.models import Event
from events.programme.events.service import get_event
from notifications.batches.rules import ON_THEIR_WAY
from notifications.outbox.rules import State
from notifications.outbox.service import count_by_state

router = APIRouter(include_in_schema=False)
LIST, PAGE, FORM = "events/evaluations.html", "events/evaluation.html", "events/evaluation_form.html"
ONE = "/evaluations/{evaluation_id}"
LEVELS = {1: N_("1 Reaction"), 2: N_("2 Learning"), 3: N_("3 Behaviour"), 4: N_("4 Results")}


@router.get("/events/{event_id}/evaluations")
async def evaluations(request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb) -> Response:
    return render(request, LIST, **await _list(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/evaluations")
async def create(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(LIST, partial(_list, event_id=event_id, caller=caller), typed):
        said = {"kind": typed.get("kind", ""), "is_anonymous": typed.get("is_anonymous") == "yes"}
        row = await service.create(db, event_id, checked(EvaluationIn, said), caller, at=at)
    return see_other(request, f"/evaluations/{row.id}", N_("Look through the questions, then open the form."))


@router.get(ONE)
async def evaluation(
    request: Request, evaluation_id: UUID, caller: AttendanceReader, db: ReadDb, job: UUID | None = None, edit: str = ""
) -> Response:
    view = await _view(db, evaluation_id=evaluation_id, caller=caller, edit=edit)
    return render(request, PAGE, **{**view, "job": job})


@router.post(f"{ONE}/items")
async def save(request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """One more question, or other words for one that is there."""
    edit = str(typed.get("key", ""))
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller, edit=edit), typed):
        items = await _items(db, evaluation_id, caller)
        old = next((one for one in items if one.key == edit), None)
        given: EvaluationItem = checked(EvaluationItem, _item(typed, items, old))
        items = [given if one.key == given.key else one for one in items] if old else [*items, given]
        await service.set_items(db, evaluation_id, EvaluationItems(items=items), caller, at=at)
    return see_other(request, f"/evaluations/{evaluation_id}#questions", N_("Saved."))


@router.post(f"{ONE}/items/move")
async def move(request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    """One place up or down."""
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        items = await _items(db, evaluation_id, caller)
        here = next((n for n, one in enumerate(items) if one.key == typed.get("key")), None)
        if here is None:
            raise NotFound()
        items.insert(max(0, here + (-1 if typed.get("up") else 1)), items.pop(here))
        await service.set_items(db, evaluation_id, EvaluationItems(items=items), caller, at=at)
    return see_other(request, f"/evaluations/{evaluation_id}#questions")


@router.post(f"{ONE}/items/remove")
async def remove_item(
    request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        items = [one for one in await _items(db, evaluation_id, caller) if one.key != typed.get("key")]
        await service.set_items(db, evaluation_id, EvaluationItems(items=items), caller, at=at)
    return see_other(request, f"/evaluations/{evaluation_id}#questions", N_("Removed."))


@router.post(f"{ONE}/opening")
async def open_form(
    request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        await service.open_form(db, evaluation_id, caller, at=at)
    notice = N_("The form is open. It stands on the page of everybody who takes part; write to them as well.")
    return see_other(request, f"/evaluations/{evaluation_id}", notice)


@router.post(f"{ONE}/closing")
async def close_form(
    request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        await service.close_form(db, evaluation_id, caller, at=at)
    return see_other(request, f"/evaluations/{evaluation_id}", N_("The form is closed."))


@router.post(f"{ONE}/remove")
async def remove(
    request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        event_id = await service.remove(db, evaluation_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/evaluations", N_("Removed."))


@router.post(f"{ONE}/requests")
async def ask(request: Request, evaluation_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        job = await service.ask(db, evaluation_id, caller, at=at)
    return see_other(request, f"/evaluations/{evaluation_id}?job={job.id}")


@router.post(f"{ONE}/requests/release")
async def release(
    request: Request, evaluation_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, partial(_view, evaluation_id=evaluation_id, caller=caller), typed):
        count = await service.release_requests(db, evaluation_id, caller, settings, at=at)
    return see_other(
        request,
        f"/evaluations/{evaluation_id}",
        ON_THEIR_WAY,
        count=count,
    )


@router.get("/i/{token}/evaluations/{evaluation_id}")
async def form(request: Request, token: str, evaluation_id: UUID, participant: Respondent, db: ReadDb) -> Response:
    return render(request, FORM, **await _form(db, evaluation_id=evaluation_id, participant=participant))


@router.post("/i/{token}/evaluations/{evaluation_id}")
async def answer(
    request: Request, token: str, evaluation_id: UUID, participant: Respondent, db: Db, typed: Typed
) -> Response:
    event_id, person_id = participant.event_id, participant.person_id
    with form_again(FORM, partial(_form, evaluation_id=evaluation_id, participant=participant), typed):
        row, _ = await service.form_for(db, evaluation_id, event_id, person_id)
        said = {"answers": answers_typed(row.items, typed), "pair_code": typed.get("pair_code", "")}
        await service.answer(db, evaluation_id, event_id, person_id, checked(EvaluationAnswers, said))
    return see_other(request, f"/i/{token}/evaluations/{evaluation_id}", N_("Thank you. Your answers are in."))


def answers_typed(items: list[FormItem], typed: Form) -> dict[str, Any]:
    """A matrix has one field for each line, called "question.line"; boxes come under a name with brackets."""
    said: dict[str, Any] = {}
    for item in items:
        if item.kind is ItemKind.matrix:
            said[item.key] = {
                one.key: typed[f"{item.key}.{one.key}"] for one in item.options if f"{item.key}.{one.key}" in typed
            }
        elif item.kind is ItemKind.several:
            said[item.key] = ticked(typed, item.key)
        else:
            said[item.key] = typed.get(item.key, "")
    return said


def _item(typed: Form, items: list[EvaluationItem], old: EvaluationItem | None) -> dict[str, object]:
    """The form's fields as a question. Right answers of a test have an asterisk before them."""
    known = {(one.en, one.tr): one.key for one in old.options} if old else {}
    lines = [line.strip() for line in str(typed.get("options", "")).splitlines() if line.strip(" \t*|")]
    options = [
        {**option, "is_right": line.startswith("*")}
        for line, option in zip(lines, typed_options((one.lstrip("*") for one in lines), known), strict=True)
    ]
    keys = {one.key for one in items}
    key = old.key if old else next(f"q{n}" for n in range(1, 1000) if f"q{n}" not in keys)
    plain: Form = {name: typed[name] for name in ("kind", "label_en", "label_tr", "level") if name in typed}
    is_choosing = typed.get("kind") in WITH_OPTIONS
    return {
        "key": key,
        **plain,
        "options": options if is_choosing else [],
        "is_required": typed.get("is_required") == "yes",
    }


async def _items(db: AsyncSession, evaluation_id: UUID, caller: Caller) -> list[EvaluationItem]:
    row, _ = await service.get_evaluation(db, evaluation_id, caller)
    return [EvaluationItem.of(item) for item in row.items]


async def _list(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    forms = await service.list_evaluations(db, event_id)
    there = {one.kind for one in forms}
    return {
        "event": event,
        "tab": "attendance",
        "forms_made": await forms_with_counts(db, forms),
        "kinds": EVALUATION_KINDS,
        "kinds_left": {kind: name for kind, name in EVALUATION_KINDS.items() if kind not in there},
        "states": EVALUATION_STATES,
        "history": await audit.history(db, event_id),
    }


async def _view(db: AsyncSession, *, evaluation_id: UUID, caller: Caller, edit: str = "") -> Mapping[str, object]:
    row, event = await service.get_evaluation(db, evaluation_id, caller)
    counts = await count_by_state(db, event.id, kind=row.mail_kind)
    return {
        "event": event,
        "tab": "attendance",
        "evaluation": row,
        "edited": next((item for item in row.items if item.key == edit), None),
        "results": await results_of(db, row),
        "due": len(await service.those_due(db, row)),
        "drafts": counts.get(State.draft, 0),
        "kinds": EVALUATION_KINDS,
        "states": EVALUATION_STATES,
        "item_kinds": ITEM_KINDS,
        "levels": LEVELS,
        "asked_from": event.last_day + USUAL_WAIT if row.kind is EvaluationKind.superiors else None,
        "job": None,
        "history": await audit.history(db, event.id),
    }


async def _form(db: AsyncSession, *, evaluation_id: UUID, participant: Guest) -> Mapping[str, object]:
    row, is_answered = await service.form_for(db, evaluation_id, participant.event_id, participant.person_id)
    event = await db.get_one(Event, participant.event_id)
    return {
        "evaluation": row,
        "is_answered": is_answered,
        "needs_pair_code": row.is_anonymous and row.kind in TESTS,
        "kinds": EVALUATION_KINDS,
        "event": event,
        "project": await db.get_one(Project, event.project_id),
        "token": participant.token,
        "action": f"/i/{participant.token}/evaluations/{row.id}",
        "asks_superiors": await service.asks_superiors(db, event.id),
        "is_test": row.kind in TESTS,
    }
