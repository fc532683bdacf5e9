"""The desk on a device, and what the organiser sees of check-in."""

import hashlib
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from core import audit
from core.clock import Moment
from core.columns import folded
from core.cookies import drop_cookie
from core.db import DatabaseHandle, Db, ReadDb
from core.errors import N_
from core.i18n import words
from core.pages import STATIC, Form, Typed, render, see_other, static
from core.web import checked, language_of
from directory.accounts.access import AttendanceReader, Whoever
from events.attendance.check_in import service, views
from events.attendance.check_in.rules import PRESENCES, SCAN_STATES
from events.attendance.check_in.schemas import DeskList, ScanIn
from events.attendance.desk_links.access import DESK_COOKIE, DeskCaller, OpenDesk
from events.attendance.desk_links.service import opened
from events.invitations.invitations.rules import CATEGORIES
from events.programme.events.models import Event
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
PAGE, DESK = "events/check_in.html", "events/desk.html"
HERE = "/check-in/desk"
# So many lines are shown; whoever is not among them is searched for.
SHOWN = 50
FILES = ("heyet.css", "vendor/htmx.js", "heyet.js", "heyet.svg", "vendor/icons.svg")
DECODER = "vendor/qr/decode.js"
SCRIPTS = ("desk_store.js", "desk_reader.js", "desk.js")
# The rest of Heyet asks for no camera.
WITH_CAMERA = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=()"}


@router.get("/events/{event_id}/check-in")
async def overview(request: Request, event_id: UUID, caller: AttendanceReader, db: ReadDb) -> Response:
    """What somebody should look at: refused and doubtful scans."""
    event = await get_event(db, event_id, caller)
    return render(
        request,
        PAGE,
        event=event,
        tab="attendance",
        lines=await views.remarkable_scans(db, event_id),
        states=SCAN_STATES,
        history=await audit.history(db, event_id),
    )


@router.get("/check-in/desk")
async def desk(
    request: Request,
    caller: OpenDesk,
    at: Moment,
    database: DatabaseHandle,
    q: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """The list with a button for each; a script makes it quick, reads codes and goes on offline."""
    found = await views.current_list(database, caller.event_of_device, caller, language_of(request), at=at)
    return _desk(request, caller, found, q)


@router.post("/check-in/scans")
async def scan(request: Request, caller: OpenDesk, db: Db, at: Moment, typed: Typed) -> Response:
    """The desk without a script: one person by a button, a typed code, or the four fields of a walk-in."""
    given: ScanIn = checked(ScanIn, _said(typed) | {"at": at, "offset": 0})
    (result,) = await service.take(db, caller.event_of_device, [given], caller, at=at)
    state = words(language_of(request)).translate(SCAN_STATES[result.state])
    return see_other(request, HERE, N_("%(name)s: %(state)s"), name=result.name or given.code or "?", state=state)


@router.post("/check-in/device")
async def device(caller: OpenDesk, db: ReadDb, typed: Typed) -> Response:
    """What the script of this device needs: its token, and a key of which nobody else has a copy."""
    found = opened(caller, await db.get_one(Event, caller.event_of_device))
    return JSONResponse(found.model_dump(mode="json"))


@router.post("/check-in/end")
async def end(request: Request, caller: OpenDesk, typed: Typed) -> Response:
    """This browser is a desk no more."""
    answer = see_other(request, "/", N_("This device is no desk any more."))
    drop_cookie(request, answer, DESK_COOKIE)
    return answer


@router.get("/check-in/shell")
async def shell(request: Request, whoever: Whoever) -> Response:
    """The desk with nobody on it: what a device shows while it is offline, filled from what it keeps."""
    return _desk(request, None, None, "")


@router.get("/check-in/worker.js")
async def worker(request: Request, whoever: Whoever) -> Response:
    """The service worker, with the files that it keeps: it changes with any of them, and with the language."""
    decoder = static(DECODER)
    rtl = words(language_of(request)).direction == "rtl"
    files = [static(name) for name in (*FILES, "vendor/tabler.rtl.css" if rtl else "vendor/tabler.css", *SCRIPTS)]
    files += [decoder, f"{decoder.rpartition('/')[0]}/index.js", "/check-in/shell"]
    version = hashlib.sha256(json.dumps([files, language_of(request)]).encode()).hexdigest()[:12]
    lines = f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(files)};\n"
    script = (STATIC / "desk_worker.js").read_text(encoding="utf-8")
    return Response(lines + script, media_type="text/javascript")


@router.get("/check-in/manifest.webmanifest")
async def manifest(request: Request, whoever: Whoever) -> Response:
    """What a telephone needs to put the desk on its home screen, where iOS keeps what is stored."""
    name = words(language_of(request)).translate(N_("Check-in desk"))
    icon = {"src": static("heyet.svg"), "sizes": "any", "type": "image/svg+xml"}
    told = {
        "name": f"Heyet: {name}",
        "short_name": name,
        "id": HERE,
        "start_url": HERE,
        "scope": "/check-in/",
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#0b5394",
        "icons": [icon],
    }
    return JSONResponse(told, media_type="application/manifest+json")


def _desk(request: Request, caller: DeskCaller | None, found: DeskList | None, q: str) -> Response:
    people = [one for one in found.people if has_words(f"{one.name} {one.institution}", q)] if found else []
    answer = render(
        request,
        DESK,
        desk=found,
        device=caller,
        people=people[:SHOWN],
        more=max(len(people) - SHOWN, 0),
        q=q,
        presences=PRESENCES,
        states=SCAN_STATES,
        categories=CATEGORIES,
        scripts=SCRIPTS,
        decoder=DECODER,
    )
    answer.headers.update(WITH_CAMERA)
    return answer


def has_words(text: str, wanted: str) -> bool:
    """Whether a line of the list holds every word that was searched for."""
    there = folded(text)
    return all(word in there for word in folded(wanted).split())


def _said(typed: Form) -> Form:
    """A form as one scan: fields of a walk-in come together, what is empty was not said."""
    walk_in = {name: typed[name] for name in ("name", "institution", "category", "address") if name in typed}
    plain = {
        name: typed[name] for name in ("nonce", "kind", "digest", "code", "session_id", "undoes") if typed.get(name)
    }
    return plain | ({"walk_in": walk_in} if walk_in else {})
