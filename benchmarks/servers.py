"""Servers in processes of their own, as in life: Heyet on a database, and floors that answer with ready bytes. Whoever
asks them is another process. This module is what those processes run."""

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI, Response
from starlette.types import Receive, Scope, Send

from core.ids import new_id
from heyet.app import create_app
from heyet.http import BoundedHttp
from tests.conftest import settings_for
from tests.people import Clock
from tests.servers import free_port, wait_for_port

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    url: str
    pid: int

    def spent(self) -> float:
        """Seconds of processor that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def heyet(database: str, folder: Path, count: int = 1) -> AsyncIterator[list[Server]]:
    """So many web processes. They leave the mails to a worker, and let one caller ask as often as it likes."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_started("heyet", database, str(folder))) for _ in range(count)]


@asynccontextmanager
async def saying(
    body: bytes, folder: Path, *, status: int = 200, media_type: str = "", count: int = 1
) -> AsyncIterator[list[Server]]:
    """So many processes that answer with these bytes and do nothing else: from a route of FastAPI where they have a
    media type, else with the least that an ASGI server can be asked to do."""
    file = folder / str(new_id())
    await asyncio.to_thread(file.write_bytes, body)
    given = (str(file), str(status), media_type)
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_started("saying", *given)) for _ in range(count)]


@asynccontextmanager
async def _started(*given: str) -> AsyncIterator[Server]:
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.servers", str(port), *given)
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        await asyncio.to_thread(wait_for_port, port)
        yield Server(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.terminate()
        await server.wait()


def raw(status: int, body: bytes = b"") -> Any:
    """The least that an ASGI server can be asked to do."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", str(len(body)).encode()), (b"etag", b'"x"')]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def unlimited(app: FastAPI) -> FastAPI:
    async def allow(*_: object) -> None:
        """A benchmark is one caller asking thousands of times."""

    app.state.limits.must_allow = allow
    return app


def _serve(port: int, kind: str, *given: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if kind == "heyet":
        database, folder = given
        app: Any = unlimited(create_app(settings_for(database, Path(folder)), clock=Clock(), dispatch=False))
        lifespan: Any = "on"
    else:
        file, status, media_type = given
        body, lifespan = Path(file).read_bytes(), "off"
        if media_type:
            app = FastAPI()
            app.add_api_route("/", lambda: Response(body, int(status), media_type=media_type))
        else:
            app = raw(int(status), body)
    http: Any = BoundedHttp if kind == "heyet" else "httptools"
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http=http, lifespan=lifespan, log_config=None, access_log=False
    )


if __name__ == "__main__":
    _serve(int(sys.argv[1]), *sys.argv[2:])
