"""Who a request comes from, where proxies stand in between."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

FORWARDED = b"x-forwarded-for"


class Proxies:
    """The layer of the application for that. It reads the settings when it is built, at the first request."""

    def __init__(self, app: ASGIApp, *, owner: FastAPI) -> None:
        trusted = owner.state.settings.trusted_proxies
        self.app = behind_proxies(app, trusted) if trusted else app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


def behind_proxies(app: ASGIApp, trusted: str) -> ASGIApp:
    """Believes X-Forwarded-* of these proxies: addresses and networks, with commas between, or `*`.

    Each proxy appends whom it saw, so what stands leftmost is what the visitor claims. The visitor is the rightmost
    address that is no trusted proxy; with `*` nobody can be told from a proxy, and it is the last one.
    """
    inner: ASGIApp = ProxyHeadersMiddleware(app, trusted)  # type: ignore[arg-type,assignment]
    return LastHop(inner) if trusted.strip() == "*" else inner


class LastHop:
    """Leaves of X-Forwarded-For only what the last proxy has seen itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            hops = [value for name, value in scope["headers"] if name == FORWARDED]
            others = [(name, value) for name, value in scope["headers"] if name != FORWARDED]
            last = [(FORWARDED, b",".join(hops).rpartition(b",")[2].strip())] if hops else []
            scope = {**scope, "headers": others + last}
        await self.app(scope, receive, send)
