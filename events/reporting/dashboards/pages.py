"""Lists, the month, the year, provinces, and the dashboard of a project."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Db, ReadDb
from core.documents.sheets import Ending
from core.errors import N_
from core.i18n import words
from core.pages import Typed, form_again, render, see_other, serve_table
from core.paging import PageRequest, Paging
from core.text import Name, Year
from core.web import POLICY, checked, language_of
from core.zones import day_in
from directory.accounts.access import Caller, Reader, Whoever
from directory.components.service import list_components
from directory.people.geography import provinces
from directory.projects.service import get_project, list_projects
from directory.tasks.service import tasks_of_project
from events.programme.events.rules import EVENT_KINDS, EVENT_STATES
from events.programme.events.schemas import EventFilter, Filtered
from events.programme.events.service import list_events
from events.reporting.dashboards import service
from events.reporting.plots.rules import shaded, year_span

router = APIRouter(include_in_schema=False)
LIST = "events/event_list.html"
FilterName = Annotated[Name, Field(max_length=60)]


@router.get("/events")
async def events(request: Request, caller: Reader, db: ReadDb, page_request: PageRequest, wanted: Filtered) -> Response:
    if "sort" not in request.query_params:
        wanted = replace(wanted, sort="-first_day")
    view = await _list_view(db, caller=caller, wanted=wanted, page_request=page_request, query=request.url.query)
    return render(request, LIST, **view)


@router.post("/events/filters")
async def save_filter(request: Request, caller: Reader, db: Db, typed: Typed) -> Response:
    query = str(typed.get("query", ""))
    with form_again(LIST, partial(_list_view, caller=caller, wanted=EventFilter(), query=query), typed):
        name: str = checked(dict[str, FilterName], {"name": typed.get("name", "")})["name"]
        saved = await service.save_filter(db, caller, name, query)
    return see_other(request, f"/events?{saved.query}", N_("The filter is kept."))


@router.post("/events/filters/{filter_id}/remove")
async def remove_filter(request: Request, filter_id: UUID, caller: Reader, db: Db, typed: Typed) -> Response:
    await service.remove_filter(db, caller, filter_id)
    return see_other(request, "/events", N_("Removed."))


@router.get("/events/export.{ending}")
async def export(request: Request, ending: Ending, caller: Reader, db: ReadDb, wanted: Filtered) -> Response:
    language = language_of(request)
    rows = await service.export_rows(db, caller, wanted, language)
    return await serve_table("events", words(language).translate("Events"), rows, ending)


@router.get("/events/month")
async def month(
    request: Request,
    caller: Reader,
    db: ReadDb,
    at: Moment,
    year: Year = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
) -> Response:
    today = day_in(caller.zone, at=at)
    first = date(year or today.year, month or today.month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    found = await service.events_between(db, caller, first - timedelta(days=7), after + timedelta(days=7))
    return render(
        request,
        "events/month.html",
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        today=today,
        weeks=service.month_grid(first.year, first.month, found),
    )


@router.get("/public/{project_id}/month")
async def public_month(
    request: Request,
    project_id: UUID,
    whoever: Whoever,
    db: ReadDb,
    at: Moment,
    year: Year = None,
    month: Annotated[int | None, Query(ge=1, le=12)] = None,
    language: Annotated[str, Query(max_length=2)] = "",
) -> Response:
    """Public events of a project, for a frame on anybody's web page: no cookie, no script of others."""
    project, found, first, after = await service.public_month(db, project_id, year, month, at=at)
    if language:
        request.state.language = language
    answer = render(
        request,
        "events/public_month.html",
        project=project,
        first=first,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
        today=day_in(project.zone, at=at),
        weeks=service.month_grid(first.year, first.month, found),
    )
    answer.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
    answer.headers["Cache-Control"] = "public, max-age=300"
    if "set-cookie" in answer.headers:
        del answer.headers["set-cookie"]
    return answer


@router.get("/events/year")
async def year_plan(request: Request, caller: Reader, db: ReadDb, at: Moment, year: Year = None) -> Response:
    """The events of each component on a line of twelve months."""
    shown = year or at.year
    found = await service.events_between(db, caller, date(shown, 1, 1), date(shown, 12, 31))
    components, language = await list_components(db, caller.projects), language_of(request)
    lines = []
    for component in [*components, None]:
        mine = [e for e in found if e.component_id == (component.id if component else None)]
        if mine or component:
            title = f"{component.code} {component.title_in(language)}" if component else ""
            lines.append((title, [(e, *year_span(e.first_day, e.last_day, shown)) for e in mine]))
    return render(
        request,
        "events/year.html",
        year=shown,
        lines=lines,
        first_days=[date(shown, m, 1) for m in range(1, 13)],
    )


@router.get("/projects/{project_id}/dashboard")
async def dashboard(request: Request, project_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> Response:
    project = await get_project(db, project_id, caller)
    today = day_in(project.zone, at=at)
    return render(
        request,
        "events/dashboard.html",
        project=project,
        reached=await service.reached(db, project_id),
        tasks=await tasks_of_project(db, caller, project_id, at=at),
        today=today,
        deadlines=await service.deadlines(db, project, today, language_of(request)),
    )


@router.get("/projects/{project_id}/provinces")
async def province_table(request: Request, project_id: UUID, caller: Reader, db: ReadDb) -> Response:
    project = await get_project(db, project_id, caller)
    found = await service.by_province(db, project_id)
    names = provinces(language_of(request))
    rows = [(name, *found.get(code, (0, 0, 0))) for code, name in names.items()]
    most = max((people for _, _, people, _ in rows), default=0)
    return render(
        request,
        "events/provinces.html",
        project=project,
        rows=rows,
        most=most,
        without=found.get("", (0, 0, 0)),
        names=names,
        map=shaded({code: people for code, (_, people, _) in found.items()}),
    )


@router.get("/projects/{project_id}/provinces.{ending}")
async def province_export(request: Request, project_id: UUID, ending: Ending, caller: Reader, db: ReadDb) -> Response:
    await get_project(db, project_id, caller)
    say = words(language_of(request))
    rows = await service.province_rows(db, project_id, say)
    return await serve_table("provinces", say.translate("Provinces"), rows, ending)


async def _list_view(
    db: AsyncSession, *, caller: Caller, wanted: EventFilter, page_request: Paging | None = None, query: str = ""
) -> Mapping[str, object]:
    return {
        "events": await list_events(db, caller, wanted, page_request or Paging(1, 50)),
        "wanted": wanted,
        "query": _without_page(query),
        "kinds": EVENT_KINDS,
        "states": EVENT_STATES,
        "projects": await list_projects(db, caller),
        "components": await list_components(db, caller.projects),
        "saved": await service.saved_filters(db, caller),
    }


def _without_page(query: str) -> str:
    return "&".join(part for part in query.split("&") if part and not part.startswith(("page=", "limit=")))
