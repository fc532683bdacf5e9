"""Cookies: named so that no neighbour can plant them, and out of reach of scripts."""

from fastapi import Request, Response

from core.settings import settings_of

SESSION = "heyet_session"


def cookie_name(name: str, *, https: bool) -> str:
    """With https a name that browsers take from this very host alone (RFC 6265bis, 4.1.3.2): no subdomain sets it."""
    return f"__Host-{name}" if https else name


def read_cookie(request: Request, name: str) -> str | None:
    return request.cookies.get(cookie_name(name, https=_is_https(request)))


def set_cookie(request: Request, answer: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """HttpOnly, SameSite=Lax, and Secure wherever the public address is https."""
    https = _is_https(request)
    answer.set_cookie(
        cookie_name(name, https=https), value, max_age=seconds, httponly=True, samesite="lax", secure=https
    )


def drop_cookie(request: Request, answer: Response, name: str) -> None:
    """A browser drops a `__Host-` cookie only if told so as strictly as it was set."""
    https = _is_https(request)
    answer.delete_cookie(cookie_name(name, https=https), httponly=True, samesite="lax", secure=https)


def _is_https(request: Request) -> bool:
    return bool(settings_of(request).is_https)
