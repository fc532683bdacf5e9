"""Words of consent in their versions, and what people said to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.invitations.consents.rules import ConsentPurpose


class ConsentText(SQLModel, table=True):
    """What a project asks people to agree to. A version is never changed; other words are the next one."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("project_id", "purpose", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    purpose: ConsentPurpose = choice(ConsentPurpose)
    version: int
    text_en: str = Field(default="", max_length=2000)
    text_tr: str = Field(default="", max_length=2000)
    written_at: datetime = instant()


class Consent(SQLModel, table=True):
    """A yes or no, with its moment and the version of the words. Rows are added, the latest of a purpose counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_invitation_id_purpose", "invitation_id", "purpose"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    invitation_id: UUID = Field(foreign_key="invitation.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    purpose: ConsentPurpose = choice(ConsentPurpose)
    version: int
    is_given: bool
    said_at: datetime = instant()
