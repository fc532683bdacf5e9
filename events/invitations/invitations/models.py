"""Invitations and the personal links that open them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from events.invitations.invitations.rules import Category, InvitationStatus, Origin


class Invitation(SQLModel, table=True):
    """A person named for an event, then asked.

    `notified_sequence` is the event's sequence in our last mail, -1 before the first; `round` counts how often the
    person has been named anew, `answers` how often the answer changed. `source_id` is the imported list that named the
    person, `instead_of_id` the invitation whose place was taken over. `is_reserve` is who comes if somebody else does
    not: asked only by name. `reason` and `answered_by`, who answered if not the person, are what people wrote, and for
    planners only. `opened_at` is when the personal page was first opened, `replied_at` when they last said anything
    themselves, in whichever way, and `replied_sequence` about which entry. `reapplied_at` is when they asked on the
    public page though only the organiser can let them in.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        # Who is named anew, after a withdrawal too, gets the same row: mails and history hang on it.
        UniqueConstraint("event_id", "person_id"),
        # What a list counts of all people of an event, without reading a row.
        Index("ix_invitation_progress", "event_id", "standing", "invited_at", "opened_at", "answered_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    source_id: UUID | None = Field(default=None, index=True)
    status: InvitationStatus = choice(
        InvitationStatus, default=InvitationStatus.nominated, sa_column_kwargs={"name": "standing"}
    )
    is_reserve: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    category: Category = choice(Category, default=Category.participant)
    origin: Origin = choice(Origin, default=Origin.organiser)
    instead_of_id: UUID | None = Field(default=None, foreign_key="invitation.id", index=True)
    reason: str = secret(default="")
    answered_by: str = secret(default="")
    notified_sequence: int = Field(default=-1, sa_column_kwargs={"name": "told_sequence"})
    round: int = 0
    answers: int = 0
    nominated_at: datetime = instant()
    invited_at: datetime | None = instant(default=None, nullable=True)
    replied_sequence: int = 0
    replied_at: datetime | None = instant(default=None, nullable=True)
    opened_at: datetime | None = instant(default=None, nullable=True)
    answered_at: datetime | None = instant(default=None, nullable=True)
    reapplied_at: datetime | None = instant(default=None, nullable=True)


class PersonalLink(SQLModel, table=True):
    """One mailed link; every mail carries a fresh one, of which only the hash is kept here."""

    __tablename__ = "personal_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    invitation_id: UUID = Field(foreign_key="invitation.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None, nullable=True)
