"""Words of consent in their versions, what people said to them, and requests to be erased."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from events.privacy.rules import Purpose


class ConsentText(SQLModel, table=True):
    """What a project asks people to agree to. A version is never changed; other words are the next one."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("project_id", "purpose", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    purpose: Purpose = choice(Purpose)
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
    purpose: Purpose = choice(Purpose)
    version: int
    is_given: bool
    said_at: datetime = instant()


class ErasureRequest(SQLModel, table=True):
    """Somebody asks that what is kept about them ends. `outcome` says what was done."""

    __tablename__ = "erasure_request"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    asked_at: datetime = instant()
    settled_at: datetime | None = instant(default=None, nullable=True)
    outcome: str = secret(default="")
