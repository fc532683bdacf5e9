"""Campaigns as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.paging import Count
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import Organiser, ProjectReader, Releaser
from events.messaging.campaigns import service
from events.messaging.campaigns.rules import CampaignProgress, CampaignState
from events.messaging.campaigns.schemas import CampaignIn, CampaignOut, SampleSent
from events.messaging.templates.schemas import Preview
from events.programme.events.service import get_event
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut
from notifications.outbox.models import Message

router = APIRouter(prefix="/api/v1", tags=["campaigns"], route_class=StrictRoute)


@router.get("/events/{event_id}/campaigns", response_model=list[CampaignOut])
async def list_campaigns(event_id: UUID, caller: ProjectReader, db: ReadDb) -> list[CampaignOut]:
    """What was written to many people of the event; how far each is stands at the campaign itself."""
    await get_event(db, event_id, caller)
    found = await service.list_campaigns(db, event_id)
    progress = await service.progress_of(db, found)
    return [CampaignOut.of(one, progress[one.id]) for one in found]


@router.post("/events/{event_id}/campaigns", status_code=201, response_model=CampaignOut)
async def draft(event_id: UUID, given: CampaignIn, caller: Organiser, db: Db, at: Moment) -> CampaignOut:
    """A new text. Nothing is written to anybody yet."""
    return CampaignOut.of(
        await service.draft(db, event_id, given, caller, at=at), CampaignProgress(CampaignState.draft)
    )


@router.put("/campaigns/{campaign_id}", response_model=CampaignOut)
async def change(campaign_id: UUID, given: CampaignIn, caller: Organiser, db: Db, at: Moment) -> CampaignOut:
    """Other words, as long as it was not written to anybody."""
    campaign, event = await service.get_campaign(db, campaign_id, caller)
    changed = await service.draft(db, event.id, given, caller, at=at, campaign_id=campaign.id)
    return CampaignOut.of(changed, CampaignProgress(CampaignState.draft))


@router.get("/campaigns/{campaign_id}", response_model=CampaignOut)
async def get_campaign(campaign_id: UUID, caller: ProjectReader, db: ReadDb) -> CampaignOut:
    """A campaign, how far its messages are, and how many have answered since."""
    campaign, _ = await service.get_campaign(db, campaign_id, caller)
    progress = (await service.progress_of(db, [campaign]))[campaign.id]
    return CampaignOut.of(campaign, progress, *await service.delivery_counts(db, campaign))


@router.get("/campaigns/{campaign_id}/sample", response_model=Preview)
async def sample(
    campaign_id: UUID,
    caller: ProjectReader,
    db: ReadDb,
    at: Moment,
    settings: Installed,
    invitation_id: UUID | None = None,
) -> Message:
    """The message as a real person would get it."""
    return await service.sample(db, campaign_id, caller, settings, at=at, invitation_id=invitation_id)


@router.post("/campaigns/{campaign_id}/writing", status_code=202, response_model=JobOut)
async def write(campaign_id: UUID, caller: Organiser, db: Db, at: Moment) -> Job:
    """Write it to everybody who passes the filter, as drafts."""
    return await service.write(db, campaign_id, caller, at=at)


@router.post("/campaigns/{campaign_id}/release", response_model=Count)
async def release(campaign_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed) -> Count:
    """Let its messages go, or go on where it was stopped."""
    return Count(count=await service.release_campaign(db, campaign_id, caller, settings, at=at))


@router.post("/campaigns/{campaign_id}/discard", response_model=Count)
async def discard(campaign_id: UUID, caller: Organiser, db: Db, at: Moment) -> Count:
    """Give up what waits of it; if none of it has left, it is a draft again, to be changed and written anew."""
    return Count(count=await service.discard(db, campaign_id, caller, at=at))


@router.post("/campaigns/{campaign_id}/retrial", response_model=Count)
async def retry(campaign_id: UUID, caller: Releaser, db: Db, at: Moment) -> Count:
    """Send once more to those whom it did not reach."""
    return Count(count=await service.retry(db, campaign_id, caller, at=at))


@router.post("/campaigns/{campaign_id}/test", status_code=202)
async def test_to_me(campaign_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed) -> SampleSent:
    """Send a sample to your own mailbox."""
    return SampleSent(address=await service.send_sample(db, campaign_id, caller, settings, at=at))
