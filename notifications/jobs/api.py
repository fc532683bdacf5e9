"""Jobs as JSON."""

from uuid import UUID

from fastapi import APIRouter

from core.db import ReadDb
from core.web import StrictRoute
from directory.accounts.access import Reader
from notifications.jobs import service
from notifications.jobs.models import Job
from notifications.jobs.schemas import JobOut

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"], route_class=StrictRoute)


@router.get("/{job_id}", response_model=JobOut)
async def get_job(job_id: UUID, caller: Reader, db: ReadDb) -> Job:
    """How far the job is. Ask again until its stage is done or failed."""
    return await service.get_job(db, job_id, caller)
