"""The door that calendar clients knock at."""

import gzip
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Database
from core.security import fingerprint
from core.settings import Installed
from core.web import client_of
from directory.accounts.access import Whoever
from events.calendars import service
from events.calendars.documents import busy_calendar

router = APIRouter(include_in_schema=False)
TYPE = "text/calendar; charset=utf-8"


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
async def feed(request: Request, token: str, whoever: Whoever, settings: Installed, at: Moment) -> Response:
    """304 from one indexed query; else bytes from memory, or rendered once for this revision."""
    await request.app.state.limits.must_allow("600/minute", "feed", fingerprint(token))
    await request.app.state.limits.must_allow("6000/minute", "feeds-from", client_of(request))
    database: Database = request.app.state.database
    cache: service.FeedCache = request.app.state.feeds
    generation = database.generation
    async with database.reading() as db:
        shown = await service.look_up(db, token)
        if shown.feed.revoked_at:
            return Response(service.over(shown.language), 410, media_type=TYPE, headers=_headers(shown.etag))
        if service.is_fetch_worth_noting(shown.feed.fetched_at, at):
            await _note_fetch(request, shown.feed.id, at)
        content = cache.find(shown.etag)
        if content is not None:
            request.app.state.known_feeds.remember(token, shown.etag, content, generation)
        if f'"{shown.etag}"' in request.headers.get("if-none-match", "").replace("W/", ""):
            return Response(status_code=304, headers=_headers(shown.etag))
        if content is None:
            content = await service.render(db, shown, settings)
            cache.keep(shown.etag, content)
            request.app.state.known_feeds.remember(token, shown.etag, content, generation)
    headers = _headers(shown.etag)
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers["Content-Encoding"] = gzip.compress(content, 6, mtime=0), "gzip"
    return Response(content, media_type=TYPE, headers=headers)


async def _note_fetch(request: Request, feed_id: UUID, at: datetime) -> None:
    async with request.app.state.database.unit_of_work() as db:
        await service.note_fetch(db, feed_id, request.headers.get("user-agent", ""), at)


@router.get("/calendar/{token}.ifb")
async def free_busy(
    request: Request, token: str, whoever: Whoever, settings: Installed, at: Moment
) -> Response:
    """When the person is busy, without a word about what it is (RFC 5545, 3.6.4)."""
    await request.app.state.limits.must_allow("600/minute", "feed", fingerprint(token))
    await request.app.state.limits.must_allow("6000/minute", "feeds-from", client_of(request))
    async with request.app.state.database.reading() as db:
        shown = await service.look_up(db, token)
        entries = [] if shown.feed.revoked_at else await service.entries_of(db, shown, settings)
    content = busy_calendar(entries, uid=f"{shown.feed.id}@{settings.uid_domain}", stamp=at)
    return Response(content, media_type=TYPE, headers=UNCHANGING)


def _headers(etag: str) -> dict[str, Any]:
    return {"ETag": f'"{etag}"', **UNCHANGING}


UNCHANGING = {
    "Cache-Control": "private, max-age=300",
    "Vary": "Accept-Encoding",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


def address_shown(address: str) -> dict[str, str]:
    """A secret address in the ways in which calendars take it."""
    plain = address.removeprefix("https://").removeprefix("http://")
    return {
        "plain": address, "webcal": f"webcal://{plain}", "qr": segno.make(address).svg_data_uri(scale=4)
    }  # fmt: skip
