"""Certificates as they go in and out."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Line
from core.zones import day_in
from events.attendance.certificates.documents import CertificateContent
from events.attendance.certificates.models import Certificate
from events.attendance.certificates.rules import CertificateState, initials, is_surname


class CertificateOut(BaseModel):
    """A certificate as staff see it; the name is empty once its holder was erased. `is_earned` is false of a valid one
    whose holder's attendance, as it is recorded now, is below the event's threshold."""

    id: UUID
    registration_id: UUID
    number: str
    name: str
    state: CertificateState
    issued_at: datetime
    file_hash: str
    is_earned: bool

    @classmethod
    def of(cls, row: Certificate, *, is_earned: bool = True) -> "CertificateOut":
        kept = row.model_dump(include={"id", "registration_id", "number", "state", "issued_at", "file_hash"})
        return cls(**kept, name=row.content.get("name", ""), is_earned=is_earned)


class WithdrawnFor(BaseModel):
    """Why a certificate is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Line, Field(min_length=1, max_length=300)]


class Verification(BaseModel):
    """What anybody who holds the paper may learn: no more than it says. The name is shortened until the surname is
    typed; of a holder who was erased nothing is left but that it was issued."""

    number: str
    state: CertificateState
    issued_on: date
    is_erased: bool
    name: str = ""
    title: str = ""
    days: list[date] = []
    present: int = 0
    held: int = 0
    file_hash: str = ""

    @classmethod
    def of(
        cls, row: Certificate, zone: str, content: CertificateContent | None, language: str, surname: str
    ) -> "Verification":
        if content is None:
            issued_on = day_in(zone, at=row.issued_at)
            return cls(number=row.number, state=row.state, issued_on=issued_on, is_erased=True)
        name = content.name if is_surname(surname, content.name) else initials(content.name)
        return cls(
            number=row.number,
            state=row.state,
            issued_on=content.issued_on,
            is_erased=False,
            name=name,
            title=content.title.get(language) or next(iter(content.title.values())),
            days=list(content.days),
            present=content.present,
            held=content.held,
            file_hash=row.file_hash,
        )
