"""Writing to many, on pages."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, Refusal
from core.pages import Form, Typed, form_again, framed, render, see_other
from core.settings import Installed, Settings
from core.web import checked
from directory.accounts.access import Caller, Organiser, ProjectReader, Releaser
from events.invitations.invitations.rules import CATEGORIES, INVITATION_STATUSES
from events.materials.service import list_materials
from events.messaging.attachments.rules import ATTACHMENT_KINDS
from events.messaging.campaigns import service
from events.messaging.campaigns.rules import CampaignState
from events.messaging.campaigns.schemas import CampaignIn
from events.messaging.templates.rules import PLACEHOLDERS
from events.participants.roster.rules import MARKS
from events.programme.events.service import get_event
from notifications.batches.rules import ON_THEIR_WAY
from notifications.outbox.rules import STATE_NAMES

router = APIRouter(include_in_schema=False)
LIST, PAGE = "events/campaigns.html", "events/campaign.html"
WRITE_ANEW = N_("Nobody gets what was written. Your text is kept: change it if you like, then write it again.")
REST_DISCARDED = N_("Nobody gets the rest.")


@router.get("/events/{event_id}/campaigns")
async def campaigns(request: Request, event_id: UUID, caller: ProjectReader, db: ReadDb) -> Response:
    return render(request, LIST, **await _list(db, event_id=event_id, caller=caller))


@router.post("/events/{event_id}/campaigns")
async def draft(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(LIST, partial(_list, event_id=event_id, caller=caller), typed):
        campaign = await service.draft(db, event_id, checked(CampaignIn, _said(typed)), caller, at=at)
    return see_other(request, f"/campaigns/{campaign.id}", N_("Look at it as somebody would get it, then write it."))


@router.get("/campaigns/{campaign_id}")
async def campaign(
    request: Request,
    campaign_id: UUID,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    job: UUID | None = None,
) -> Response:
    view = await _view(db, campaign_id=campaign_id, caller=caller, settings=settings, at=at)
    return render(request, PAGE, **{**view, "job": job})


@router.get("/campaigns/{campaign_id}/html")
async def sample_html(
    request: Request, campaign_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment, settings: Installed
) -> Response:
    """The HTML part of the sample for a sandboxed frame."""
    message = await service.sample(db, campaign_id, caller, settings, at=at)
    return framed(message.html)


@router.post("/campaigns/{campaign_id}")
async def change(
    request: Request, campaign_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        found, event = await service.get_campaign(db, campaign_id, caller)
        given = checked(CampaignIn, _said(typed))
        await service.draft(db, event.id, given, caller, at=at, campaign_id=found.id)
    return see_other(request, f"/campaigns/{campaign_id}", N_("Saved."))


@router.post("/campaigns/{campaign_id}/test")
async def test_to_me(
    request: Request, campaign_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        address = await service.send_sample(db, campaign_id, caller, settings, at=at)
    return see_other(
        request, f"/campaigns/{campaign_id}", N_("A sample is on its way to %(address)s."), address=address
    )


@router.post("/campaigns/{campaign_id}/write")
async def write(
    request: Request, campaign_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        job = await service.write(db, campaign_id, caller, at=at)
    return see_other(request, f"/campaigns/{campaign_id}?job={job.id}")


@router.post("/campaigns/{campaign_id}/release")
async def release(
    request: Request, campaign_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        count = await service.release_campaign(db, campaign_id, caller, settings, at=at)
    return see_other(
        request,
        f"/campaigns/{campaign_id}",
        ON_THEIR_WAY,
        count=count,
    )


@router.post("/campaigns/{campaign_id}/discard")
async def discard(
    request: Request, campaign_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        await service.discard(db, campaign_id, caller, at=at)
    found, _ = await service.get_campaign(db, campaign_id, caller)
    is_again = found.written_at is None
    return see_other(request, f"/campaigns/{campaign_id}", WRITE_ANEW if is_again else REST_DISCARDED)


@router.post("/campaigns/{campaign_id}/again")
async def retry(
    request: Request, campaign_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(PAGE, _again(campaign_id, caller, settings, at=at), typed):
        count = await service.retry(db, campaign_id, caller, at=at)
    return see_other(
        request,
        f"/campaigns/{campaign_id}",
        ON_THEIR_WAY,
        count=count,
    )


def _said(typed: Form) -> dict[str, Any]:
    texts = {n: typed.get(n, "") for n in ("subject_en", "subject_tr", "text_en", "text_tr")}
    wanted = {n: typed.get(n, "") for n in ("q", "status", "category", "mark")}
    return texts | {
        "wanted": wanted,
        "materials": typed.get("materials[]", []),
        "attachments": typed.get("attachments[]", []),
    }


def _again(campaign_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> Any:
    return partial(_view, campaign_id=campaign_id, caller=caller, settings=settings, at=at)


async def _choices(db: AsyncSession, event_id: UUID) -> dict[str, Any]:
    return {
        "placeholders": PLACEHOLDERS,
        "answers": INVITATION_STATUSES,
        "categories": CATEGORIES,
        "marks": MARKS,
        "attachments": ATTACHMENT_KINDS,
        "materials": await list_materials(db, event_id),
        "history": await audit.history(db, event_id),
    }


async def _list(db: AsyncSession, *, event_id: UUID, caller: Caller) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    found = await service.list_campaigns(db, event_id)
    return {
        "event": event,
        "tab": "people",
        "campaigns": found,
        "progress": await service.progress_of(db, found),
        "campaign": None,
        **await _choices(db, event_id),
    }


async def _view(
    db: AsyncSession, *, campaign_id: UUID, caller: Caller, settings: Settings, at: datetime
) -> Mapping[str, object]:
    found, event = await service.get_campaign(db, campaign_id, caller)
    counts, answered = await service.delivery_counts(db, found)
    message, alert = None, None
    progress = (await service.progress_of(db, [found]))[found.id]
    is_draft = progress.state is CampaignState.draft
    if is_draft:
        try:
            message = await service.sample(db, campaign_id, caller, settings, at=at)
        except Refusal as refusal:
            alert = refusal
    return {
        "event": event,
        "tab": "people",
        "campaign": found,
        "counts": counts,
        "answered": answered,
        "states": STATE_NAMES,
        "sample": message,
        "alert": alert,
        "job": None,
        "readers": await service.count_readers(db, event, found) if is_draft else sum(counts.values()),
        "progress": progress,
        **await _choices(db, event.id),
    }
