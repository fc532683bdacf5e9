"""What programs learn about a job."""

from uuid import UUID

from pydantic import BaseModel

from notifications.jobs.models import Stage


class JobOut(BaseModel):
    """A job and how far it is."""

    id: UUID
    name: str
    stage: Stage
    done: int
    total: int
