"""Writing to many: drafting, seeing it as a real person would, writing it to all, letting it go, and its fate."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core import placeholders as texts
from core.errors import NotFound
from core.ids import new_id
from core.settings import Settings
from directory.accounts.access import Caller
from directory.accounts.models import Account
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.mails import MailContext, values_of
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.service import load_mail_contexts
from events.materials.models import Material
from events.materials.rules import Audience
from events.messaging.attachments.service import must_have, reference
from events.messaging.campaigns import rules
from events.messaging.campaigns.mails import campaign_message
from events.messaging.campaigns.models import Campaign
from events.messaging.campaigns.rules import CampaignProgress
from events.messaging.campaigns.schemas import CampaignIn, Whom
from events.participants.roster.schemas import RosterFilter
from events.participants.roster.service import chosen
from events.programme.events.models import Event
from events.programme.events.rows import get_with_event
from events.programme.events.rules import must_take_place
from events.programme.events.service import get_event, list_sessions, lock_event
from notifications.batches.models import MessageBatch
from notifications.batches.rules import BatchBeingWritten
from notifications.batches.service import open_batch
from notifications.jobs.models import Job
from notifications.jobs.service import enqueue_job, is_under_way
from notifications.outbox.models import Message
from notifications.outbox.redaction import for_other_eyes
from notifications.outbox.rules import State
from notifications.outbox.service import count_by_state, enqueue, send_again
from notifications.releases.service import discard_all, send_all

WRITE_CAMPAIGN = "events.write-campaign"
BATCH = 50


async def draft(
    db: AsyncSession,
    event_id: UUID,
    given: CampaignIn,
    caller: Caller,
    *,
    at: datetime,
    campaign_id: UUID | None = None,
) -> Campaign:
    """A new text, or other words for one that was not written to anybody yet. Raises CampaignWritten."""
    event = await get_event(db, event_id, caller)
    must_take_place(event.state)
    campaign = await db.get(Campaign, campaign_id) if campaign_id else None
    if campaign is None:
        campaign = Campaign(id=campaign_id or new_id(), event_id=event_id, made_at=at)
    elif campaign.event_id != event_id:
        raise NotFound()
    elif campaign.written_at is not None:
        raise rules.CampaignWritten()
    for name in ("subject_en", "subject_tr", "text_en", "text_tr"):
        setattr(campaign, name, getattr(given, name))
    campaign.wanted = given.wanted.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    campaign.materials = [str(id) for id in given.materials]
    campaign.attachments = [kind.value for kind in given.attachments]
    db.add(campaign)
    await db.flush()
    return campaign


async def get_campaign(db: AsyncSession, campaign_id: UUID, caller: Caller) -> tuple[Campaign, Event]:
    return await get_with_event(db, Campaign, campaign_id, caller)


async def list_campaigns(db: AsyncSession, event_id: UUID) -> list[Campaign]:
    found = await db.exec(
        select(Campaign).where(Campaign.event_id == event_id).order_by(col(Campaign.id).desc()).limit(100)
    )
    return list(found.all())


async def progress_of(db: AsyncSession, campaigns: Sequence[Campaign]) -> dict[UUID, CampaignProgress]:
    """How far each is, wherever its mails were sent, taken back or discarded: one query."""
    rows: Any = (
        # What waits again was taken back. A message is written anew, as it were, when it is sent off.
        select(Message.kind, sa.func.min(col(Message.written_at)))
        .where(
            col(Message.about_id).in_({one.event_id for one in campaigns}),
            col(Message.kind).in_([one.kind for one in campaigns]),
            col(Message.state).not_in([State.draft, State.cancelled]),
        )
        .group_by(Message.kind)
    )
    left = dict((await db.exec(rows)).all()) if campaigns else {}
    return {one.id: CampaignProgress.of(one.written_at is not None, left.get(one.kind)) for one in campaigns}


def filter_of(campaign: Campaign) -> RosterFilter:
    return RosterFilter(**Whom(**campaign.wanted).model_dump())


async def _those_with_address(db: AsyncSession, event: Event, campaign: Campaign) -> list[UUID]:
    ids = await chosen(db, event, filter_of(campaign))
    found = await db.exec(
        select(Invitation.id)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(col(Invitation.id).in_(ids), col(Person.address).is_not(None))
        .order_by(col(Invitation.id))
    )
    return list(found.all())


async def count_readers(db: AsyncSession, event: Event, campaign: Campaign) -> int:
    """How many it would be written to now."""
    return len(await _those_with_address(db, event, campaign))


async def sample(
    db: AsyncSession,
    campaign_id: UUID,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    invitation_id: UUID | None = None,
) -> Message:
    """The message as one real person of the list would get it, in their language; nothing is kept.

    Raises NobodyToWriteTo, ValueMissing, NotFound for somebody who is not on the list.
    """
    campaign, event = await get_campaign(db, campaign_id, caller)
    ids = await _those_with_address(db, event, campaign)
    if not ids:
        raise rules.NobodyToWriteTo()
    wanted = invitation_id or ids[0]
    found = await db.exec(
        select(Invitation, Person)
        .join(Person, col(Person.id) == Invitation.person_id)
        .where(Invitation.id == wanted, Invitation.event_id == event.id)
    )
    row = found.first()
    if row is None:
        raise NotFound()
    project = await db.get_one(Project, event.project_id)
    link = f"{settings.base_url}/i/…"
    mail = MailContext(row[0], row[1], event, project, await list_sessions(db, event.id), link, settings)
    return for_other_eyes(_message(campaign, mail, await _materials(db, campaign), at=at))


async def send_sample(db: AsyncSession, campaign_id: UUID, caller: Caller, settings: Settings, *, at: datetime) -> str:
    """The sample to the organiser's own mailbox. Returns the address."""
    message = await sample(db, campaign_id, caller, settings, at=at)
    account = await db.get_one(Account, caller.account_id)
    message.to_name, message.to_address, message.person_id = account.name, account.address, None
    message.dedupe_key, message.kind, message.state = f"sample:{new_id()}", "events/sample", State.queued
    message.is_bulk = False
    await enqueue(db, [message])
    return account.address


async def write(db: AsyncSession, campaign_id: UUID, caller: Caller, *, at: datetime) -> Job:
    """Write it to everybody who passes the filter now, as drafts that wait for release.

    Raises CampaignWritten, NobodyToWriteTo, ValueMissing, PaperMissing.
    """
    campaign, _ = await get_campaign(db, campaign_id, caller)
    event = await lock_event(db, campaign.event_id)
    await db.refresh(campaign)
    must_take_place(event.state)
    if campaign.written_at is not None:
        raise rules.CampaignWritten()
    ids = await _those_with_address(db, event, campaign)
    if not ids:
        raise rules.NobodyToWriteTo()
    must_have_values(campaign, event)
    await must_have(db, ids, campaign.attachments, caller.language)
    campaign.written_at = at
    key = (event.project_id, event.id, campaign.kind)
    await open_batch(db, key, "", caller, at=at, about_version=event.sequence)
    audit.record(
        db,
        "campaign.written",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(ids),
        campaign=campaign.id,
    )
    return await enqueue_job(
        db,
        WRITE_CAMPAIGN,
        project_id=event.project_id,
        about_id=event.id,
        at=at,
        campaign=str(campaign.id),
        ids=[str(id) for id in ids],
    )


async def write_again(db: AsyncSession, batch: MessageBatch, people: Collection[UUID]) -> None:
    """What was written to these people is discarded: the text is a draft again, if nothing else of it waits or has
    left."""
    others = select(Message.id).where(
        Message.about_id == batch.about_id,
        Message.kind == batch.kind,
        col(Message.state) != State.cancelled,
        ~sa.and_(col(Message.state) == State.draft, col(Message.person_id).in_(people)),
    )
    if (await db.exec(others.limit(1))).first() is not None:
        return
    found = await db.exec(select(Campaign).where(Campaign.event_id == batch.about_id))
    campaign = next((one for one in found if one.kind == batch.kind), None)
    if campaign is not None:
        campaign.written_at = None


async def write_batch(
    db: AsyncSession, campaign_id: UUID, ids: list[UUID], settings: Settings, *, at: datetime
) -> None:
    """The drafts for some of them. May run twice: each person gets one."""
    campaign = await db.get_one(Campaign, campaign_id)
    event = await db.get_one(Event, campaign.event_id)
    mail = await load_mail_contexts(db, event, settings, col(Invitation.id).in_(ids), at=at)
    materials = await _materials(db, campaign)
    await enqueue(db, [_message(campaign, one, materials, at=at) for one in mail if one.person.address])


async def release_campaign(
    db: AsyncSession, campaign_id: UUID, caller: Caller, settings: Settings, *, at: datetime
) -> int:
    """Send its drafts, or go on where it was stopped. Raises NothingToRelease, BatchOutdated."""
    campaign, event = await get_campaign(db, campaign_id, caller)
    return await send_all(db, event.id, event.project_id, caller, settings, at=at, kind=campaign.kind)


async def discard(db: AsyncSession, campaign_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Give up what waits of it: nobody gets that. If nothing of it has left, the text is a draft again, to be changed
    and written anew. Raises NothingToRelease, BatchBeingWritten."""
    campaign, event = await get_campaign(db, campaign_id, caller)
    if await is_under_way(db, event.id, [WRITE_CAMPAIGN]):
        raise BatchBeingWritten()
    return await discard_all(db, event.id, event.project_id, caller, at=at, kind=campaign.kind)


async def retry(db: AsyncSession, campaign_id: UUID, caller: Caller, *, at: datetime) -> int:
    """Send once more to those whom it did not reach. Raises NothingToSendAgain."""
    campaign, event = await get_campaign(db, campaign_id, caller)
    count = await send_again(db, event.id, campaign.kind, at=at)
    if not count:
        raise rules.NothingToSendAgain()
    audit.record(db, "campaign.again", event.id, at=at, project_id=event.project_id, **caller.signature, count=count)
    return count


async def delivery_counts(db: AsyncSession, campaign: Campaign) -> tuple[dict[State, int], int]:
    """How many messages are in which state, and how many of those reached have answered since."""
    counts = await count_by_state(db, campaign.event_id, kind=campaign.kind)
    answered = await db.exec(
        select(sa.func.count())
        .select_from(Message)
        .join(
            Invitation,
            sa.and_(col(Invitation.person_id) == Message.person_id, col(Invitation.event_id) == campaign.event_id),
        )
        .where(
            Message.kind == campaign.kind, Message.state == State.sent, col(Invitation.answered_at) > Message.sent_at
        )
    )
    return counts, answered.one()


def must_have_values(campaign: Campaign, event: Event) -> None:
    """Raises ValueMissing where the text speaks of something that this event does not have."""
    used = texts.used_placeholders(campaign.subject_en, campaign.subject_tr, campaign.text_en, campaign.text_tr)
    for name, value in (("place", event.venue), ("deadline", event.answer_by)):
        if name in used and not value:
            raise rules.ValueMissing(placeholder=name)


def _message(campaign: Campaign, mail: MailContext, materials: list[Material], *, at: datetime) -> Message:
    must_have_values(campaign, mail.event)
    language, values = mail.person.language, values_of(mail)
    links: list[tuple[str, str]] = [(m.title, f"{mail.link}/materials/{m.id}") for m in materials]
    message = campaign_message(
        mail,
        campaign.kind,
        at=at,
        subject=texts.filled(campaign.subject_in(language), values),
        paragraphs=[texts.filled(block, values) for block in texts.blocks(campaign.text_in(language))],
        materials=links,
    )
    message.attachments = [reference(kind, mail.invitation.id) for kind in campaign.attachments]
    return message


async def _materials(db: AsyncSession, campaign: Campaign) -> list[Material]:
    if not campaign.materials:
        return []
    found = await db.exec(
        select(Material).where(
            col(Material.id).in_([UUID(id) for id in campaign.materials]),
            Material.event_id == campaign.event_id,
            Material.audience != Audience.staff,
        )
    )
    return list(found.all())
