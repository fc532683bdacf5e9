"""In front of everything: feeds whose bytes are known are answered from memory, without a query."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cachetools import TTLCache
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from core.db import Database
from core.security import hash_token

PREFIX, ENDING = "/calendar/", ".ics"
# A change in this process shows at once; one in another replica within this time.
TRUSTED_SECONDS = 5.0
KNOWN = 2000


@dataclass
class CachedFeed:
    """A feed's bytes, and the database's generation when it was asked last whether they are the present ones."""

    etag: bytes
    content: bytes | None  # none where this process was only ever asked whether it changed
    generation: int
    zipped: bytes = field(default=b"")

    def body(self, content: bytes, accepts: bytes) -> tuple[bytes, bool]:
        if b"gzip" not in accepts:
            return content, False
        self.zipped = self.zipped or gzip.compress(content, 6, mtime=0)
        return self.zipped, True


class CachedFeeds:
    """What this process knows, by the hash of the secret address; the least used is forgotten first."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        """`timer` counts the seconds for which an answer of the database is trusted."""
        self._known: TTLCache[str, CachedFeed] = TTLCache(KNOWN, TRUSTED_SECONDS, timer)

    def remember(self, token: str, etag: str, content: bytes | None, generation: int) -> None:
        """`generation` is the database's from before it was asked: what was written meanwhile makes it old."""
        self._known[hash_token(token)] = CachedFeed(f'"{etag}"'.encode(), content, generation)

    def find(self, token: str, generation: int) -> CachedFeed | None:
        known = self._known.get(hash_token(token))
        return known if known is not None and known.generation == generation else None


class FeedCacheMiddleware:
    """Answers what is known, and lets everything else pass."""

    def __init__(self, app: ASGIApp, *, owner: FastAPI) -> None:
        headers: list[tuple[bytes, bytes]] = owner.state.feed_headers
        hosts: set[str] = owner.state.settings.hosts
        self.app, self.owner, self.headers = app, owner, headers
        # What a 304 has to say (RFC 9110, 15.4.5); the rest the client has from the answer it keeps.
        self.headers_of_304 = [(name, value) for name, value in headers if name in (b"cache-control", b"vary")]
        self.hosts = {host.encode() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = self._find(scope) if scope["type"] == "http" else None
        if known is None:
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        if known.etag in given.get(b"if-none-match", b""):
            headers = [*self.headers_of_304, (b"etag", known.etag)]
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body"})
            return
        if known.content is None:
            await self.app(scope, receive, send)
            return
        headers = [*self.headers, (b"etag", known.etag)]
        body, is_zipped = known.body(known.content, given.get(b"accept-encoding", b""))
        headers.append((b"content-length", str(len(body)).encode()))
        if is_zipped:
            headers.append((b"content-encoding", b"gzip"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _find(self, scope: Scope) -> CachedFeed | None:
        path = scope["path"]
        if not path.startswith(PREFIX) or not path.endswith(ENDING) or scope["method"] not in ("GET", "HEAD"):
            return None
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if host.rpartition(b":")[0] not in self.hosts and host not in self.hosts:
            return None
        database: Database = self.owner.state.database
        feeds: CachedFeeds = self.owner.state.cached_feeds
        return feeds.find(path[len(PREFIX) : -len(ENDING)], database.generation)
