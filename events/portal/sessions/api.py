"""Choosing sessions as JSON."""

from uuid import UUID

from fastapi import APIRouter
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from events.invitations.invitations.access import Participant
from events.invitations.registrations.service import read_context
from events.invitations.session_signups import service
from events.portal.sessions.schemas import ChoosableSession
from events.programme.events.service import list_sessions

router = APIRouter(prefix="/api/v1/invitation/sessions", tags=["answers"], route_class=StrictRoute)


@router.get("", response_model=list[ChoosableSession])
async def sessions(participant: Participant, db: ReadDb) -> list[ChoosableSession]:
    """Sessions that you can choose, with what is free."""
    return await _shown(db, participant.invitation_id)


@router.put("/{session_id}", response_model=list[ChoosableSession])
async def choose(session_id: UUID, participant: Participant, db: Db, at: Moment) -> list[ChoosableSession]:
    """Take a place in a session, one that is kept for you too, or a spot on its waiting list when it is full. 409 where
    you have chosen, or wait for, another one at the same time: leave that one first."""
    await service.choose(db, participant.invitation_id, session_id, at=at)
    return await _shown(db, participant.invitation_id)


@router.delete("/{session_id}", response_model=list[ChoosableSession])
async def give_back(
    session_id: UUID, participant: Participant, db: Db, at: Moment, settings: Installed
) -> list[ChoosableSession]:
    """Give a place back, or leave the waiting list."""
    await service.give_back(db, participant.invitation_id, session_id, settings, at=at)
    return await _shown(db, participant.invitation_id)


async def _shown(db: AsyncSession, invitation_id: UUID) -> list[ChoosableSession]:
    context = await read_context(db, invitation_id)
    limited = [s for s in await list_sessions(db, context.event.id) if s.capacity is not None]
    taken = await service.taken_seats(db, [s.id for s in limited])
    own = context.registration.id if context.registration else None
    mine = {id: is_so for (_, id), is_so in (await service.chosen_by(db, [own] if own else [])).items()}
    waiting = await service.waiting_for(db, [s.id for s in limited])
    offers = await service.offers_to(db, own) if own else {}
    return [
        ChoosableSession.of(
            s,
            taken.get(s.id, 0),
            own,
            waiting.get(s.id, []),
            is_mine=mine.get(s.id, False),
            offered_until=offers.get(s.id),
        )
        for s in limited
    ]
