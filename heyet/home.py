"""The first page, the search over everything, and the operator's endpoints."""

import secrets
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import DatabaseHandle, ReadDb
from core.errors import NotFound
from core.pages import render, see_other
from core.paging import Page, Paging
from core.settings import Installed
from core.zones import day_in, earliest_day
from directory.accounts.access import Anyone, Caller, Reader, Whoever
from directory.accounts.rules import Right
from directory.institutions.service import list_institutions
from directory.people.geography import provinces
from directory.people.views import list_people
from directory.projects.service import list_projects
from directory.tasks.service import tasks_of
from events.programme.events.models import Event
from events.programme.events.rules import COMING, EVENT_KINDS
from events.programme.events.schemas import EventFilter
from events.programme.events.service import list_events
from events.reporting.plots.rules import ANSWER_GROUPS
from events.reporting.plots.service import answers_by_event
from finance.overview.schemas import FoundSheet, SheetFilter
from finance.overview.service import list_sheets_of
from finance.sheets.rules import SHEET_STATES, sheet_named

router = APIRouter(include_in_schema=False)
MOST_COMING = 12


@router.get("/")
async def home(request: Request, caller: Anyone, db: ReadDb, at: Moment) -> Response:
    """What is next, and what waits for somebody."""
    if caller is None:
        return see_other(request, "/sign-in")
    if not caller.may(Right.look):
        return render(
            request,
            "home/check_in_home.html",
            events=await list_events(db, caller.reaching(Right.desk), EventFilter(sort="-first_day"), Paging(1, 50)),
        )
    reader, today = caller.reaching(Right.look), day_in(caller.zone, at=at)
    mine = col(Event.project_id).in_(reader.projects)
    found = await db.exec(
        select(Event)
        .where(mine, Event.last_day >= earliest_day(at=at), col(Event.state).in_(COMING))
        .order_by(col(Event.first_day))
        # Some may be over where they are, which SQL does not know.
        .limit(2 * MOST_COMING)
    )
    coming = [event for event in found.all() if event.last_day >= day_in(event.zone, at=at)][:MOST_COMING]
    tasks = await tasks_of(db, caller, at=at)
    total = await db.exec(select(func.count()).select_from(Event).where(mine))
    return render(
        request,
        "home/home.html",
        events=coming,
        days_left={event.id: (event.first_day - day_in(event.zone, at=at)).days for event in coming},
        answers=await answers_by_event(db, [event.id for event in coming]),
        groups=ANSWER_GROUPS,
        tasks=tasks,
        next_steps={task.event_id: task for task in reversed(tasks)},
        today=today,
        total=total.one(),
        kinds=EVENT_KINDS,
        projects=await list_projects(db, reader),
    )


@router.get("/search")
async def search(
    request: Request, caller: Reader, db: ReadDb, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Events and people, Turkish letters folded; events also by their code, and sheets by their number."""
    first = Paging(1, 20)
    wanted = q.strip()
    named, sheets = await _named(db, caller, wanted, first)
    return render(
        request,
        "home/search.html",
        q=q,
        provinces=provinces(),
        kinds=EVENT_KINDS,
        events=named or (await list_events(db, caller, EventFilter(q=wanted), first) if wanted else None),
        sheets=sheets,
        sheet_states=SHEET_STATES,
        people=await list_people(db, caller, wanted, first) if wanted else None,
        institutions=await list_institutions(db, caller, wanted, first) if wanted else None,
    )


async def _named(
    db: AsyncSession, caller: Caller, wanted: str, first: Paging
) -> tuple[Page[Event] | None, Page[FoundSheet] | None]:
    """The event of a code, and for those who read amounts its sheets, or the one of that number."""
    code, currency, number = sheet_named(wanted)
    if not code:
        return None, None
    mine = select(Event).where(Event.code == code, col(Event.project_id).in_(caller.projects))
    event = (await db.exec(mine)).first()
    if event is None:
        return None, None
    reader = caller.reaching(Right.money).within(event.project_id)
    these = SheetFilter(event_id=event.id, currency=currency, number=number)
    sheets = await list_sheets_of(db, reader, these, first) if reader.projects else None
    return Page([event], 1, first.page, first.limit), sheets


@router.get("/healthz")
async def healthz(whoever: Whoever) -> Response:
    """The process runs."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def readyz(request: Request, whoever: Whoever, database: DatabaseHandle) -> Response:
    """The process can serve: its database answers, and it is not on its way down."""
    try:
        async with database.reading() as db:
            await (await db.connection()).execute(sa.text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return JSONResponse({"database": "unreachable"}, 503)
    if request.app.state.stopping.is_set():
        return JSONResponse({"process": "stopping"}, 503)
    return JSONResponse({"database": "ok"})


@router.get("/metrics")
async def metrics(request: Request, whoever: Whoever, settings: Installed) -> Response:
    """Counters for Prometheus. Without the operator's token this page does not exist."""
    wanted = settings.metrics_token.get_secret_value()
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not wanted or not secrets.compare_digest(wanted.encode(), given.encode()):
        raise NotFound()
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
