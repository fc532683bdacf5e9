"""A bundle as programs see it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from finance.evidence_bundles.models import EvidenceBundle


class EvidenceBundleOut(BaseModel):
    """When it was made, its size and the SHA-256 of the file that is fetched."""

    sheet_id: UUID
    made_at: datetime
    size: int
    files: int
    left_out: int
    digest: str

    @classmethod
    def of(cls, bundle: EvidenceBundle) -> "EvidenceBundleOut":
        return cls(**bundle.model_dump(exclude={"id", "event_id", "file_hash"}))
