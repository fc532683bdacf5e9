"""Files that machines look for at fixed addresses: robots.txt, the icon, and to whom weaknesses are reported."""

from datetime import timedelta

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, PlainTextResponse

from core.clock import Moment
from core.errors import NotFound
from core.pages import STATIC
from core.settings import Installed
from directory.accounts.access import Whoever

router = APIRouter(include_in_schema=False)
# A day: whoever looks again tomorrow is early enough.
KEPT = {"Cache-Control": "public, max-age=86400"}
# Robots that show a preview of what somebody shares may fetch what is meant for anybody; searching machines are asked
# by each page not to list it.
ROBOTS = """User-agent: *
Allow: /e/
Allow: /public/
Allow: /static/
Disallow: /
"""
# RFC 9116 recommends less than a year; it is told anew at each request.
VALID = timedelta(days=180)


@router.get("/robots.txt")
async def robots(whoever: Whoever) -> Response:
    """What robots may fetch (RFC 9309)."""
    return PlainTextResponse(ROBOTS, headers=KEPT)


@router.get("/favicon.ico")
async def icon(whoever: Whoever) -> Response:
    """The icon for programs that read no page before they ask."""
    return FileResponse(STATIC / "favicon.ico", media_type="image/x-icon", headers=KEPT)


@router.get("/.well-known/security.txt")
async def security(whoever: Whoever, at: Moment, settings: Installed) -> Response:
    """To whom weaknesses are reported (RFC 9116). Without HEYET_SECURITY_CONTACT there is no such file."""
    if not settings.security_contact:
        raise NotFound()
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {at + VALID:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en, tr",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
    ]
    return PlainTextResponse("".join(f"{line}\n" for line in lines), headers=KEPT)
