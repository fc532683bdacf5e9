"""The own payment for programs that act for a participant."""

from fastapi import APIRouter

from core.clock import Moment
from core.db import Db, ReadDb
from core.web import StrictRoute
from events.invitations.invitations.access import ConfirmedParticipant, Owner
from finance.payees.schemas import PayeeIn, PayeeOut
from finance.portal import service

router = APIRouter(prefix="/api/v1/invitation/payment", tags=["per diem"], route_class=StrictRoute)


@router.get("", response_model=PayeeOut)
async def payment(owner: Owner, db: ReadDb) -> PayeeOut:
    """How you are paid; numbers are masked for you too."""
    mine = await service.my_payment(db, owner.invitation_id)
    return PayeeOut.of(mine.registration.id, mine.details, is_shown=True)


@router.put("", response_model=PayeeOut)
async def tell(given: PayeeIn, owner: ConfirmedParticipant, db: Db, at: Moment) -> PayeeOut:
    """How you want to be paid, after a code from your mailbox. Kept encrypted; a number that is left out stays."""
    details = await service.tell(db, owner.invitation_id, given, at=at)
    return PayeeOut.of(details.registration_id, details, is_shown=True)
