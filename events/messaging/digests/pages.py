"""What is new, as a page; whether it comes by mail is chosen there."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, render, see_other
from directory.accounts.access import Organiser, ProjectReader
from events.messaging.digests import service
from events.messaging.digests.mails import facts_of

router = APIRouter(include_in_schema=False)


@router.get("/projects/{project_id}/news")
async def show(request: Request, project_id: UUID, caller: ProjectReader, db: ReadDb, at: Moment) -> Response:
    project, news = await service.news_now(db, project_id, caller, at=at)
    return render(
        request,
        "events/digest.html",
        project=project,
        news=news,
        facts_of=facts_of,
        is_wanted=await service.wants(db, project_id, caller),
    )


@router.post("/projects/{project_id}/news")
async def wish(request: Request, project_id: UUID, caller: Organiser, db: Db, typed: Typed) -> Response:
    wanted = typed.get("wanted") == "yes"
    await service.wish(db, project_id, caller, wanted=wanted)
    notice = N_("You get this by mail every day at five.") if wanted else N_("You get no mail about it.")
    return see_other(request, f"/projects/{project_id}/news", notice)
