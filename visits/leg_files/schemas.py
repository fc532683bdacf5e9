"""Files of legs for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from core.paging import Paging, sorting
from visits.leg_files.rules import LegFile

# What they may stand by.
LegFilePaging = Annotated[Paging, sorting("name", "departure", "file")]


class LegFileOut(BaseModel):
    """A ticket or boarding pass with its leg; `is_evidence` says whether those who see money may open it by now."""

    id: UUID
    leg_id: UUID
    registration_id: UUID | None
    name: str
    file_name: str
    size: int
    uploaded_at: datetime
    is_evidence: bool

    @classmethod
    def of(cls, one: LegFile) -> "LegFileOut":
        file = one.file
        return cls(
            id=file.id,
            leg_id=one.leg.id,
            registration_id=file.registration_id,
            name=one.name,
            file_name=file.file_name,
            size=file.size,
            uploaded_at=file.uploaded_at,
            is_evidence=one.is_evidence,
        )
