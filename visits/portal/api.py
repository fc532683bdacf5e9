"""The own journey for programs that act for a participant."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.pdf import PDF
from core.i18n import words
from core.settings import Installed
from core.web import StrictRoute, download
from events.invitations.invitations.access import Owner
from events.programme.events.models import Event
from visits.booking_files.schemas import BookingsOut, BookingUpload, TakenOver, TakeOver
from visits.booklets.schemas import BookletLanguage
from visits.booklets.service import for_traveller
from visits.itineraries.composition import items_of
from visits.itineraries.schemas import ItineraryOut
from visits.journeys.schemas import JourneyOut
from visits.journeys.service import shown
from visits.legs.schemas import OwnLegIn
from visits.portal import service
from visits.travel_details.schemas import (
    InsuranceIn,
    PassportIn,
    RoomWishIn,
    TravelDetailsOut,
    VisaIn,
    WishesIn,
)

router = APIRouter(prefix="/api/v1/invitation/journey", tags=["travel"], route_class=StrictRoute)


@router.get("", response_model=JourneyOut)
async def journey(owner: Owner, db: ReadDb, at: Moment) -> JourneyOut:
    """Your legs, and what the checks say of them. Sentences are in English."""
    return shown(await service.my_journey(db, owner.invitation_id, at=at), words("en"))


@router.get("/details", response_model=TravelDetailsOut | None)
async def details(owner: Owner, db: ReadDb, at: Moment) -> TravelDetailsOut | None:
    """What you told for the journey, whole."""
    told = (await service.my_journey(db, owner.invitation_id, at=at)).details
    return TravelDetailsOut.of(told, is_whole=True) if told else None


@router.get("/itinerary", response_model=ItineraryOut)
async def itinerary(owner: Owner, db: ReadDb, at: Moment) -> ItineraryOut:
    """Your legs, transfers, nights and sessions in order. Labels are in English."""
    mine = await service.my_journey(db, owner.invitation_id, at=at)
    event, say = await db.get_one(Event, owner.event_id), words("en")
    return ItineraryOut.of(mine, event, items_of(mine, event, say), say)


@router.get("/booklet", response_class=Response)
async def booklet(
    owner: Owner, db: ReadDb, at: Moment, settings: Installed, language: BookletLanguage = "en"
) -> Response:
    """Your booklet as PDF, with your itinerary, in the language you choose."""
    mine = await service.my_journey(db, owner.invitation_id, at=at)
    event = await db.get_one(Event, owner.event_id)
    return download(await for_traveller(db, event, mine, language, settings, at=at), PDF, "booklet.pdf")


@router.post("/legs", status_code=201, response_model=JourneyOut)
async def add_leg(given: OwnLegIn, owner: Owner, db: Db, at: Moment) -> JourneyOut:
    """A leg you wish for, or have a ticket for."""
    await service.add_leg(db, owner.invitation_id, given.leg, has_ticket=given.has_ticket, at=at)
    return shown(await service.my_journey(db, owner.invitation_id, at=at), words("en"))


@router.delete("/legs/{leg_id}", status_code=204)
async def leave_leg(leg_id: UUID, owner: Owner, db: Db, at: Moment) -> Response:
    """Not travel on a leg any more. 409 once a ticket is issued or paid for: then write to the organiser."""
    await service.leave_leg(db, owner.invitation_id, leg_id, at=at)
    return Response(status_code=204)


@router.post("/bookings", status_code=202, response_model=BookingUpload)
async def upload_bookings(
    file: Annotated[list[UploadFile], File()], owner: Owner, db: Db, at: Moment, settings: Installed
) -> BookingUpload:
    """Upload bookings of your journey. They are read by a job; nothing is entered by that."""
    files = [(one.filename or "", await one.read()) for one in file]
    kept, job = await service.upload_bookings(db, owner.invitation_id, files, settings, at=at)
    return BookingUpload.of(kept, job.id)


@router.post("/legs/{leg_id}/files", status_code=204)
async def attach_to_leg(
    leg_id: UUID, file: Annotated[list[UploadFile], File()], owner: Owner, db: Db, at: Moment, settings: Installed
) -> Response:
    """Attach your ticket or boarding pass to a leg of yours. The organiser sees it at once; those who account for the
    journey once your last leg is over."""
    files = [(one.filename or "", await one.read()) for one in file]
    await service.attach_to_leg(db, owner.invitation_id, leg_id, files, settings, at=at)
    return Response(status_code=204)


@router.put("/passport-page", status_code=204)
async def keep_page(
    file: Annotated[UploadFile, File()], owner: Owner, db: Db, at: Moment, settings: Installed
) -> Response:
    """A photograph or scan of your passport's page, in place of the one before. It is kept encrypted and not read."""
    await service.keep_page(db, owner.invitation_id, (file.filename or "", await file.read()), settings, at=at)
    return Response(status_code=204)


@router.get("/passport-page", response_class=Response)
async def my_page(owner: Owner, db: ReadDb, settings: Installed) -> Response:
    """The page as you uploaded it. 404 where there is none."""
    name, content = await service.my_page(db, owner.invitation_id, settings)
    return download(content, "application/octet-stream", name)


@router.delete("/passport-page", status_code=204)
async def drop_page(owner: Owner, db: Db, at: Moment) -> Response:
    """Take the page away, with its file."""
    await service.drop_page(db, owner.invitation_id, at=at)
    return Response(status_code=204)


@router.get("/bookings", response_model=BookingsOut)
async def my_bookings(owner: Owner, db: ReadDb, settings: Installed) -> BookingsOut:
    """Your files, and what bookings of this visit say of you."""
    return BookingsOut.of(*await service.my_bookings(db, owner.invitation_id, settings))


@router.post("/bookings/application", response_model=TakenOver)
async def take_over(given: TakeOver, owner: Owner, db: Db, at: Moment) -> TakenOver:
    """Take over what bookings say of you."""
    return TakenOver(legs=await service.take_over(db, owner.invitation_id, given.keys, at=at))


@router.put("/passport", status_code=204)
async def passport(given: PassportIn, owner: Owner, db: Db, at: Moment) -> Response:
    """Your passport; encrypted, and deleted sixty days after the visit."""
    await service.tell(db, owner.invitation_id, given, at=at)
    return Response(status_code=204)


@router.put("/visa", status_code=204)
async def visa(given: VisaIn, owner: Owner, db: Db, at: Moment) -> Response:
    """How far your visa is."""
    await service.tell(db, owner.invitation_id, given, at=at)
    return Response(status_code=204)


@router.put("/insurance", status_code=204)
async def insurance(given: InsuranceIn, owner: Owner, db: Db, at: Moment) -> Response:
    """Your travel insurance."""
    await service.tell(db, owner.invitation_id, given, at=at)
    return Response(status_code=204)


@router.put("/wishes", status_code=204)
async def wishes(given: WishesIn, owner: Owner, db: Db, at: Moment) -> Response:
    """Where your journey begins, and what you wish for."""
    await service.tell(db, owner.invitation_id, given, at=at)
    return Response(status_code=204)


@router.put("/room", status_code=204)
async def room(given: RoomWishIn, owner: Owner, db: Db, at: Moment) -> Response:
    """A room alone or shared; names are for the organiser alone."""
    await service.tell(db, owner.invitation_id, given, at=at)
    return Response(status_code=204)
