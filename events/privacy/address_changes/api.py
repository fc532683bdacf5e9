"""Another address of one's own, as JSON."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.settings import Installed
from core.web import StrictRoute
from directory.accounts.access import ProjectReader, Whoever
from directory.people.models import Person
from events.invitations.invitations.access import ConfirmedParticipant
from events.privacy.address_changes import service
from events.privacy.address_changes.access import must_allow_request, slowing_openers
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.schemas import (
    AddressChangeOut,
    AddressConfirmed,
    AddressToken,
    FormerAddress,
    NewAddressIn,
)

router = APIRouter(prefix="/api/v1", tags=["privacy"], route_class=StrictRoute)


@router.get("/invitation/address", response_model=AddressChangeOut)
async def my_address(participant: ConfirmedParticipant, db: ReadDb, at: Moment) -> AddressChangeOut:
    """Where we write to you, or where you asked us to write."""
    person = await db.get_one(Person, participant.person_id)
    return AddressChangeOut.of(await service.find_open(db, person.id, at=at), person.address or "")


@router.post("/invitation/address", status_code=202, response_model=AddressChangeOut)
async def ask(
    request: Request, given: NewAddressIn, participant: ConfirmedParticipant, db: Db, at: Moment, settings: Installed
) -> AddressChangeOut:
    """Ask to be written to elsewhere. Both mailboxes get a link; the new address takes force once both confirmed."""
    await must_allow_request(request, participant.person_id, given.address)
    change = await service.ask(db, participant.person_id, given.address, settings, at=at)
    return AddressChangeOut.of(change, given.address)


@router.delete("/invitation/address", status_code=204)
async def take_back(participant: ConfirmedParticipant, db: Db, at: Moment) -> Response:
    """Take the request back."""
    await service.take_back(db, participant.person_id, at=at)
    return Response(status_code=204)


@router.post("/public/address-changes/confirmation", response_model=AddressConfirmed)
async def confirm(request: Request, given: AddressToken, caller: Whoever, db: Db, at: Moment) -> AddressConfirmed:
    """Confirm with the last part of a link from one of the two mailboxes."""
    async with slowing_openers(request, given.token):
        return AddressConfirmed(state=(await service.confirm(db, given.token, at=at)).state)


@router.post("/public/address-changes/refusal", status_code=204)
async def refuse(request: Request, given: AddressToken, caller: Whoever, db: Db, at: Moment) -> Response:
    """Refuse with the last part of a link from one of the two mailboxes: nothing changes."""
    async with slowing_openers(request, given.token):
        await service.refuse(db, given.token, at=at)
    return Response(status_code=204)


@router.get("/people/{person_id}/former-addresses", response_model=list[FormerAddress])
async def former(person_id: UUID, caller: ProjectReader, db: ReadDb) -> list[AddressChange]:
    """Addresses that somebody had before they changed them, and one that another record has."""
    return await service.list_former(db, person_id, caller)
