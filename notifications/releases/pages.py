"""The mail pages: batches that wait, and every message as its recipient sees it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Typed, form_again, framed, render, see_other
from core.paging import PageRequest, Paging
from core.settings import Installed, Settings, settings_of
from core.web import checked, checked_fields
from directory.accounts.access import Caller, Organiser, ProjectReader, Releaser
from directory.accounts.rules import Right
from notifications.batches.rules import BATCH_STATUSES, OMITTED, ON_THEIR_WAY
from notifications.delivery.mails import headers_of
from notifications.inbound.rules import KINDS
from notifications.inbound.service import list_about
from notifications.outbox import service as outbox
from notifications.outbox.models import Message
from notifications.outbox.reading import with_added_words
from notifications.outbox.redaction import CODE_KINDS, unfolded_without_tokens, without_codes, without_tokens
from notifications.outbox.rules import STATE_NAMES, State
from notifications.outbox.schemas import MessageSort, MessageText, ReasonToRead
from notifications.releases import service
from notifications.releases.schemas import AddedWords, BatchPaging, DraftIn, RecipientPaging, SendIn

router = APIRouter(include_in_schema=False)
LIST, ONE = "notifications/mail.html", "notifications/message.html"
BATCHES, BATCH = "notifications/batches.html", "notifications/batch.html"
Sought = Annotated[str, Query(max_length=120)]


@router.get("/mail")
async def mail(
    request: Request,
    caller: ProjectReader,
    db: ReadDb,
    page_request: PageRequest,
    about: UUID | None = None,
    state: Annotated[State | None, Query()] = None,
    q: Sought = "",
    sort: MessageSort = "-when",
) -> Response:
    """Every mail, by state and by whom it is to."""
    found = await outbox.list_messages(db, caller, page_request, about_id=about, state=state, q=q, sort=sort)
    waiting = await service.list_waiting(db, caller, about_id=about)
    view = {"messages": found, "state": state, "about": about, "states": STATE_NAMES, "waiting": waiting}
    return render(request, LIST, **view, q=q, sort=sort)


@router.get("/mail/batches")
async def batches(
    request: Request,
    caller: ProjectReader,
    db: ReadDb,
    page_request: BatchPaging,
    about: UUID | None = None,
    job: UUID | None = None,
) -> Response:
    """Mails that were written together, by event."""
    found = await service.list_batches(db, caller, page_request, about_id=about)
    return render(request, BATCHES, batches=found, about=about, statuses=BATCH_STATUSES, job=job)


@router.get("/mail/waiting")
async def waiting(request: Request, caller: ProjectReader, db: ReadDb, about: UUID | None = None) -> Response:
    """What waits about an event: the one batch there is, or all of them."""
    found = await service.list_waiting(db, caller, about_id=about)
    every = f"/mail/batches?about={about}" if about else "/mail/batches"
    return see_other(request, f"/mail/batches/{found[0].id}" if len(found) == 1 else every)


@router.get("/mail/batches/{message_batch_id}")
async def batch(
    request: Request,
    message_batch_id: UUID,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    page_request: RecipientPaging,
    settings: Installed,
    sample: UUID | None = None,
) -> Response:
    """Why it was written, to whom, one of them as its reader sees it, and what may be done with it."""
    view = await _batch_view(
        db,
        message_batch_id=message_batch_id,
        caller=caller,
        settings=settings,
        at=at,
        page_request=page_request,
        sample=sample,
    )
    return render(request, BATCH, **view)


@router.post("/mail/batches/{message_batch_id}/words")
async def add_words(
    request: Request,
    message_batch_id: UUID,
    caller: Organiser,
    db: Db,
    at: Moment,
    settings: Installed,
    typed: Typed,
) -> Response:
    with form_again(BATCH, _batch_again(message_batch_id, caller, settings, at=at), typed):
        await service.add_words(db, message_batch_id, checked_fields(typed, AddedWords), caller, at=at)
    return see_other(request, f"/mail/batches/{message_batch_id}", N_("Saved. Below is how it reads now."))


@router.post("/mail/batches/{message_batch_id}/send")
async def send(
    request: Request, message_batch_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(BATCH, _batch_again(message_batch_id, caller, settings, at=at), typed):
        given: SendIn = checked(SendIn, {"count": typed.get("count") or None})
        count = await service.send(db, message_batch_id, caller, settings, at=at, count=given.count)
    return see_other(
        request,
        f"/mail/batches/{message_batch_id}",
        ON_THEIR_WAY,
        count=count,
    )


@router.post("/mail/batches/{message_batch_id}/recall")
async def recall(
    request: Request, message_batch_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(BATCH, _batch_again(message_batch_id, caller, settings, at=at), typed):
        count = await service.recall(db, message_batch_id, caller, at=at)
    return see_other(
        request,
        f"/mail/batches/{message_batch_id}",
        NN_("Taken back: one message waits again.", "Taken back: %(num)s messages wait again."),
        count=count,
    )


@router.post("/mail/batches/{message_batch_id}/discard")
async def discard(
    request: Request, message_batch_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(BATCH, _batch_again(message_batch_id, caller, settings, at=at), typed):
        count = await service.discard(db, message_batch_id, caller, at=at)
    notice = NN_("Discarded: nobody gets this message.", "Discarded: nobody gets these %(num)s messages.")
    return see_other(request, f"/mail/batches/{message_batch_id}", notice, count=count)


@router.get("/mail/{message_id}")
async def message(
    request: Request, message_id: UUID, caller: ProjectReader, db: Db, at: Moment, settings: Installed
) -> Response:
    """Who plans reads it; whoever only reads the project says why first."""
    found = await outbox.get_message(db, message_id, caller)
    if caller.may(Right.plan, found.project_id):
        audit.record(db, "message.read", found.id, at=at, project_id=found.project_id, **caller.signature)
    return render(request, ONE, **await _open_view(request, settings, db, message_id=message_id, caller=caller))


@router.post("/mail/{message_id}/disclosure")
async def disclose(
    request: Request, message_id: UUID, caller: ProjectReader, db: Db, at: Moment, typed: Typed
) -> Response:
    """Its text, without anything that opens a page, for who reads the project without planning it."""
    with form_again(ONE, partial(_view, message_id=message_id, caller=caller), typed):
        given: ReasonToRead = checked_fields(typed, ReasonToRead)
        text = MessageText.of(await outbox.disclose(db, message_id, given.reason, caller, at=at))
    view = await _view(db, message_id=message_id, caller=caller)
    shown = {"plain": text.plain, "calendar": text.calendar, "is_closed": False}
    return render(request, ONE, **{**view, **shown})


@router.post("/mail/{message_id}/draft")
async def change_draft(
    request: Request, message_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Another subject, words added after the greeting."""
    with form_again(ONE, partial(_open_view, request, settings, message_id=message_id, caller=caller), typed):
        await service.change_draft(db, message_id, checked_fields(typed, DraftIn), caller, at=at)
    return see_other(request, f"/mail/{message_id}", N_("Saved. Below is how it reads now."))


@router.post("/mail/{message_id}/send")
async def send_draft(
    request: Request, message_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(ONE, partial(_open_view, request, settings, message_id=message_id, caller=caller), typed):
        found = await service.send_draft(db, message_id, caller, at=at)
    return see_other(request, f"/mail/{message_id}", N_("On its way to %(name)s."), name=found.to_name)


@router.post("/mail/{message_id}/discard")
async def discard_draft(
    request: Request, message_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(ONE, partial(_open_view, request, settings, message_id=message_id, caller=caller), typed):
        found = await service.discard_draft(db, message_id, caller, at=at)
    where = f"/mail/batches/{found.batch_id}" if found.batch_id else "/mail"
    return see_other(request, where, N_("Discarded: %(name)s does not get it."), name=found.to_name)


@router.get("/mail/{message_id}/html")
async def message_html(request: Request, message_id: UUID, caller: Organiser, db: ReadDb) -> Response:
    """The HTML part for a sandboxed frame."""
    found: Message = await outbox.get_message(db, message_id, caller)
    await with_added_words(db, [found])
    return framed(_shown(request, found.html, _hiding(found)), popups=True)


async def _open_view(
    request: Request, settings: Settings, db: AsyncSession, *, message_id: UUID, caller: Caller
) -> Mapping[str, object]:
    """A message with its text, where the caller plans in its project; else closed."""
    view = await _view(db, message_id=message_id, caller=caller)
    if not view["may_plan"]:
        return view
    found = await outbox.get_message(db, message_id, caller)
    await with_added_words(db, [found])
    return {
        **view,
        "plain": _shown(request, found.plain, _hiding(found)),
        "calendar": _shown(request, found.calendar or "", unfolded_without_tokens),
        "headers": [(n, _shown(request, str(v), unfolded_without_tokens)) for n, v in headers_of(found, settings)],
        "is_closed": False,
    }


async def _batch_view(
    db: AsyncSession,
    *,
    message_batch_id: UUID,
    caller: Caller,
    settings: Settings,
    at: datetime,
    page_request: Paging | None = None,
    sample: UUID | None = None,
) -> Mapping[str, object]:
    found = await service.get_batch(db, message_batch_id, caller)
    summary = await service.summary_of(db, found, caller)
    return {
        "batch": found,
        "summary": summary,
        "sample": await service.sample_of(db, found, sample),
        "recipients": await service.recipients_of(db, found, page_request or Paging(1, 50)),
        "by_language": await service.languages_of(db, found),
        "omitted": await service.omitted_from(db, found),
        "omissions": OMITTED,
        "statuses": BATCH_STATUSES,
        "states": STATE_NAMES,
        "recall_until": service.recallable_until(summary, settings, at=at),
        "may_plan": caller.may(Right.plan, found.project_id),
        "may_send": caller.may(Right.release, found.project_id),
    }


def _batch_again(message_batch_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> Any:
    return partial(_batch_view, message_batch_id=message_batch_id, caller=caller, settings=settings, at=at)


async def _view(db: AsyncSession, *, message_id: UUID, caller: Caller) -> Mapping[str, object]:
    """A message whose text is closed."""
    found = await outbox.get_message(db, message_id, caller)
    return {
        "message": found,
        "states": STATE_NAMES,
        "came_in": await list_about(db, found),
        "kinds": KINDS,
        "may_plan": caller.may(Right.plan, found.project_id),
        "is_closed": True,
        "plain": "",
        "calendar": "",
        "headers": [],
    }


def _hiding(found: Message) -> Callable[[str], str]:
    return without_codes if found.kind in CODE_KINDS else without_tokens


def _shown(request: Request, text: str, hide: Callable[[str], str] = without_tokens) -> str:
    """A token opens its person's page: once mail really leaves, nobody else needs to see it. Until then the mail page
    is the mailbox, for those who may plan in the message's project."""
    return hide(text) if settings_of(request).relays else text
