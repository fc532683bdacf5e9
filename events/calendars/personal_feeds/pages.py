"""What calendar clients ask for."""

import gzip
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import segno
from cachetools import LRUCache
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from core.clock import Moment
from core.db import Database, DatabaseHandle
from core.documents.ical import busy_calendar
from core.limits import limits_of
from core.security import hash_token
from core.settings import Installed, Settings
from core.web import client_of
from directory.accounts.access import Whoever
from events.calendars.personal_feeds import service
from events.calendars.personal_feeds.documents import TYPE as JSCALENDAR

router = APIRouter(include_in_schema=False)
TYPE = "text/calendar; charset=utf-8"
UNCHANGING = {
    "Cache-Control": "private, max-age=300",
    "Vary": "Accept-Encoding",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}
F = TypeVar("F", bound=service.Found)


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
async def feed(
    request: Request, token: str, whoever: Whoever, settings: Installed, at: Moment, database: DatabaseHandle
) -> Response:
    """304 from one indexed query; else bytes from memory, or rendered once for this revision."""
    await must_not_flood(request, token)
    return await serve(request, token, token, settings, database, service.look_up, service.render, at=at)


async def must_not_flood(request: Request, token: str) -> None:
    """Clients ask every few minutes; one that asks more often than any does is told to wait."""
    limits = limits_of(request)
    await limits.must_allow("600/minute", "feed", hash_token(token))
    await limits.must_allow("6000/minute", "feeds-from", client_of(request))


async def serve(
    request: Request,
    name: str,
    token: str,
    settings: Settings,
    database: Database,
    look_up: Callable[[AsyncSession, str], Awaitable[F]],
    render: Callable[[AsyncSession, F, Settings], Awaitable[bytes]],
    *,
    at: datetime,
) -> Response:
    """Any feed's answer, whoever's calendar it is. `name` is what its address says before the ending."""
    cache: LRUCache[str, bytes] = request.app.state.feeds
    generation = database.generation
    async with database.reading() as db:
        found = await look_up(db, token)
        headers = {"ETag": f'"{found.etag}"', **UNCHANGING}
        if found.feed.revoked_at:
            return Response(service.over(found.language), 410, media_type=TYPE, headers=headers)
        content = cache.get(found.etag)
        is_known = f'"{found.etag}"' in request.headers.get("if-none-match", "").replace("W/", "")
        if content is None and not is_known:
            content = await render(db, found, settings)
            cache[found.etag] = content
    if service.is_fetch_worth_noting(found.feed.fetched_at, at=at):
        async with database.unit_of_work() as work:
            await service.note_fetch(work, found.feed, request.headers.get("user-agent", ""), at=at)
    request.app.state.cached_feeds.remember(name, found.etag, content, generation)
    if is_known or content is None:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = gzip.compress(content, 6, mtime=0), "gzip"
    return Response(content, media_type=TYPE, headers=headers)


@router.get("/calendar/{token}.ifb")
async def free_busy(
    request: Request, token: str, whoever: Whoever, settings: Installed, database: DatabaseHandle
) -> Response:
    """When the person is busy, without a word about what it is (RFC 5545, 3.6.4). The same times, the same bytes."""
    await must_not_flood(request, token)
    async with database.reading() as db:
        shown = await service.look_up(db, token)
        entries = [] if shown.feed.revoked_at else await service.entries_of(db, shown, settings)
    stamp = max((entry.changed_at for entry in entries), default=shown.feed.revoked_at or shown.feed.made_at)
    content = busy_calendar(entries, uid=f"{shown.feed.id}@{settings.uid_domain}", stamp=stamp)
    return Response(content, media_type=TYPE, headers=UNCHANGING)


@router.get("/calendar/{token}.jscalendar")
async def as_jscalendar(
    request: Request, token: str, whoever: Whoever, settings: Installed, at: Moment, database: DatabaseHandle
) -> Response:
    """The same feed for programs (RFC 8984)."""
    await must_not_flood(request, token)
    async with database.reading() as db:
        shown = await service.look_up(db, token)
        group = await service.render_jscalendar(db, shown, settings)
    return JSONResponse(group, 410 if shown.feed.revoked_at else 200, media_type=JSCALENDAR, headers=UNCHANGING)


def address_shown(address: str) -> dict[str, str]:
    """A secret address in the ways in which calendars take it."""
    plain = address.removeprefix("https://").removeprefix("http://")
    return {"plain": address, "webcal": f"webcal://{plain}", "qr": segno.make(address).svg_data_uri(scale=4)}
