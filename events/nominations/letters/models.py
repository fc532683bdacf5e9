"""The letter of an event, as the organiser's registry has it."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel


class NominationLetter(SQLModel, table=True):
    """What the letters to institutions carry. `file_hash` names the signed letter (PDF) that goes in place of ours."""

    __tablename__ = "nomination_letter"

    event_id: UUID = Field(primary_key=True, foreign_key="event.id")
    reference: str = Field(default="", max_length=60)
    dated: date | None = None
    signer: str = Field(default="", max_length=120)
    signer_title: str = Field(default="", max_length=120)
    file_name: str = Field(default="", max_length=120)
    file_hash: str = Field(default="", max_length=64)
