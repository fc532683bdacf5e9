"""Uploaded bookings and what they propose, as programs and pages see them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.paging import sort_by
from visits.booking_files.models import BookingFile
from visits.booking_files.rules import LEG_SORTS, NIGHT_SORTS, BookingProposals, LegProposal
from visits.bookings.rules import LineProblem, ProposalKind, ProposalWarning, ReadingProblem
from visits.hotel_bookings.rules import NightsProposal

BookingSort = Annotated[str, sort_by(*LEG_SORTS, *NIGHT_SORTS)]


class UnreadLineOut(BaseModel):
    """A line of a list that was not read, or not with its fare, by sheet and number; why."""

    sheet: str
    line: int
    why: LineProblem


class BookingFileOut(BaseModel):
    """A file: read or not yet, why nothing was found, what to look at. Of a list, the lines that were not read, and
    headings of columns that mean nothing here."""

    id: UUID
    file_name: str
    size: int
    uploaded_at: datetime
    is_read: bool
    problem: ReadingProblem | None
    warnings: list[ProposalWarning]
    unread: list[UnreadLineOut] = []
    columns_left: list[str] = []

    @classmethod
    def of(cls, file: BookingFile) -> "BookingFileOut":
        return cls(
            id=file.id,
            file_name=file.file_name,
            size=file.size,
            uploaded_at=file.uploaded_at,
            is_read=file.read_at is not None,
            problem=file.reading.get("problem"),
            warnings=file.reading.get("warnings", []),
            unread=file.reading.get("unread", []),
            columns_left=file.reading.get("columns_left", []),
        )


class LegProposalOut(BaseModel):
    """One person's leg as bookings say it. `key` takes it over; it is another as soon as anything of it changes."""

    key: str
    kind: ProposalKind
    is_open: bool
    registration_id: UUID | None
    name: str
    carrier: str
    number: str
    origin: str
    destination: str
    departs: dict[str, Any] | None
    arrives: dict[str, Any] | None
    reference: str
    seat: str
    ticket: str = ""
    seat_class: str = ""
    fare: str = ""
    fare_currency: str = ""

    @classmethod
    def of(cls, one: LegProposal) -> "LegProposalOut":
        read = one.read
        return cls(
            key=one.key,
            kind=one.kind,
            is_open=one.is_open,
            registration_id=one.registration_id,
            name=one.name,
            carrier=read.carrier,
            number=read.number,
            origin=read.origin.iata or read.origin.name,
            destination=read.destination.iata or read.destination.name,
            departs=read.departs.to_json() if read.departs else None,
            arrives=read.arrives.to_json() if read.arrives else None,
            reference=read.references[0] if read.references else "",
            seat=read.seat,
            ticket=read.ticket,
            seat_class=read.seat_class,
            fare=read.fare,
            fare_currency=read.fare_currency,
        )


class NightsProposalOut(BaseModel):
    """One person's nights in a hotel as bookings say them; days as the booking writes them, empty where it does not."""

    key: str
    kind: ProposalKind
    is_open: bool
    registration_id: UUID | None
    name: str
    hotel: str
    city: str
    country: str
    check_in: str
    check_out: str
    reference: str

    @classmethod
    def of(cls, one: NightsProposal) -> "NightsProposalOut":
        read = one.read
        return cls(
            key=one.key,
            kind=one.kind,
            is_open=one.is_open,
            registration_id=one.registration_id,
            name=one.name,
            hotel=read.name,
            city=read.city,
            country=read.country,
            check_in=read.check_in,
            check_out=read.check_out,
            reference=read.references[0] if read.references else "",
        )


class BookingsOut(BaseModel):
    """All files, and what they say together in whatever order they came: legs, and for organisers nights in hotels;
    `forward_to` is the address for mails with bookings, empty where none are taken."""

    files: list[BookingFileOut]
    proposals: list[LegProposalOut]
    nights: list[NightsProposalOut]
    forward_to: str

    @classmethod
    def of(cls, files: list[BookingFile], proposed: BookingProposals, forward_to: str) -> "BookingsOut":
        return cls(
            files=[BookingFileOut.of(file) for file in files],
            proposals=[LegProposalOut.of(one) for one in proposed.legs],
            nights=[NightsProposalOut.of(one) for one in proposed.nights],
            forward_to=forward_to,
        )


class TakeOver(BaseModel):
    """Which proposals to take over."""

    model_config = ConfigDict(extra="forbid")

    keys: Annotated[list[Annotated[str, Field(max_length=64)]], Field(min_length=1, max_length=500)]


class TakenOver(BaseModel):
    """How many legs, and how many people's nights, were entered, changed or cancelled."""

    legs: int
    nights: int = 0

    @classmethod
    def of(cls, taken: tuple[int, int]) -> "TakenOver":
        return cls(legs=taken[0], nights=taken[1])


class BookingUpload(BaseModel):
    """The files that are kept, and the job that reads them."""

    files: list[BookingFileOut]
    job_id: UUID

    @classmethod
    def of(cls, files: list[BookingFile], job_id: UUID) -> "BookingUpload":
        return cls(files=[BookingFileOut.of(file) for file in files], job_id=job_id)
