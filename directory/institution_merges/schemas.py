"""What is said about two institutions that are one."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from directory.people.models import Institution


class InstitutionPair(BaseModel):
    """Two institutions; the first is kept."""

    model_config = ConfigDict(extra="forbid")

    kept_id: UUID
    merged_id: UUID

    @classmethod
    def of(cls, kept: Institution, merged: Institution) -> "InstitutionPair":
        return cls(kept_id=kept.id, merged_id=merged.id)


class InstitutionMergeOut(BaseModel):
    """A merge that can be undone."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
