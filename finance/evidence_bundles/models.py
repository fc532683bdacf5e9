"""Bundles that were made; they are deleted after some days."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id


class EvidenceBundle(SQLModel, table=True):
    """The latest bundle of a sheet: a sealed file with its size and the digest of what is fetched."""

    __tablename__ = "evidence_bundle"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id", unique=True)
    file_hash: str = Field(default="", max_length=64)
    digest: str = Field(default="", max_length=64)
    size: int = 0
    files: int = 0
    left_out: int = 0
    made_at: datetime = instant()
