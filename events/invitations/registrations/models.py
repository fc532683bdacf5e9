"""A person's yes to an event, with what they tell us for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col

from core.columns import choice, instant, secret
from core.ids import new_id
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.invitations.models import Invitation
from events.invitations.registrations.rules import RegistrationStatus
from events.programme.events.models import Event


class Registration(SQLModel, table=True):
    """Withdrawn ones stay, for the auditor. One active registration per person and event, kept by the
    database. What the person tells is encrypted. `guests` come along, with
    `guest_names` a line each, as far as they are known; `priority` above 0 stands ahead of those who only
    came earlier, `offered_until` is how long an offered place is kept; `missing` counts required answers that are not
    there yet, `draft` is what was typed and not sent."""

    __tablename__ = "registration"
    __table_args__ = (
        # Of two yeses at a time the second fails here, should it ever get past the event's lock.
        Index(
            "uq_registration_active",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=text("standing != 'withdrawn'"),
            postgresql_where=text("standing != 'withdrawn'"),
        ),
        Index("ix_registration_event_id_standing", "event_id", "standing"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    invitation_id: UUID = Field(foreign_key="invitation.id", index=True)
    status: RegistrationStatus = choice(RegistrationStatus, sa_column_kwargs={"name": "standing"})
    guests: int = 0
    guest_names: str = secret(default="")
    priority: int = 0
    offered_until: datetime | None = instant(default=None, nullable=True)
    registered_at: datetime = instant()
    changed_at: datetime = instant()
    revision: int = 0
    missing: int = 0
    draft: str = secret(default="")
    told_at: datetime | None = instant(default=None, nullable=True)
    passport_name: str = secret(default="")
    mobile: str = secret(default="")
    diet: str = secret(default="")
    accessibility: str = secret(default="")
    emergency_contact: str = secret(default="")
    agrees_photographs: bool = False

    @property
    def seats(self) -> int:
        """What it takes of every limit: the person and those whom they bring."""
        return 1 + self.guests


def is_active_of(invitation_id: Any) -> sa.ColumnElement[bool]:
    """The condition on which an invitation's active registration is joined."""
    return sa.and_(
        col(Registration.invitation_id) == invitation_id, col(Registration.status) != RegistrationStatus.withdrawn
    )


def lacks_data() -> sa.ColumnElement[bool]:
    """Whether the person has not told the usual yet, or required answers are not there."""
    return sa.or_(col(Registration.told_at).is_(None), col(Registration.missing) > 0)


@dataclass
class ResponseContext:
    """One invitation under its event's lock, with all that an answer to it is decided from.

    `latest` is the newest registration, withdrawn or not.
    """

    invitation: Invitation
    event: Event
    person: Person
    project: Project
    latest: Registration | None

    @property
    def registration(self) -> Registration | None:
        """The active one."""
        return self.latest if self.latest and self.latest.status is not RegistrationStatus.withdrawn else None
