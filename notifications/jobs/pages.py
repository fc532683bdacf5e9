"""The progress of a job, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from core.db import DatabaseHandle
from directory.accounts.access import Reader
from notifications.jobs import service
from notifications.jobs.models import Stage

router = APIRouter(include_in_schema=False)
LOOK_EVERY = 0.3
LONGEST = 600


@router.get("/jobs/{job_id}/progress")
async def progress(request: Request, job_id: UUID, caller: Reader, database: DatabaseHandle) -> Response:
    async with database.reading() as db:
        await service.get_job(db, job_id, caller)

    async def look() -> AsyncIterator[str]:
        for _ in range(int(LONGEST / LOOK_EVERY)):
            async with database.reading() as db:
                job = await service.get_job(db, job_id, caller)
            yield f"data: {json.dumps({'stage': job.stage, 'done': job.done, 'total': job.total})}\n\n"
            if job.stage in (Stage.done, Stage.failed) or request.app.state.stopping.is_set():
                return
            await asyncio.sleep(LOOK_EVERY)

    return StreamingResponse(look(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
