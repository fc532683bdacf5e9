"""Applications that tests use one after another: analysed once in each process, with another database each time.

Analysing three hundred routes and compiling each statement anew costs more than most tests do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from core.db import Database, engine_for
from core.settings import Settings
from heyet.app import configure, routed


@dataclass
class Reusable:
    """An application, and an engine of each kind that connects to whichever database is named last."""

    app: FastAPI = field(default_factory=routed)
    engines: dict[str, AsyncEngine] = field(default_factory=dict)
    url: sa.URL = field(default_factory=lambda: make_url("sqlite+aiosqlite://"))

    def database(self, url: str) -> Database:
        self.url = make_url(url)
        kind = self.url.drivername
        if kind not in self.engines:
            self.engines[kind] = engine_for(url)
            sa.event.listen(self.engines[kind].sync_engine, "do_connect", self._redirect)
        return Database(url, engine=self.engines[kind])

    def _redirect(self, dialect: sa.Dialect, record: Any, positional: list[Any], named: dict[str, Any]) -> None:
        args, kwargs = dialect.create_connect_args(self.url)
        positional[:] = args
        named.clear()
        named.update(kwargs)


_free: list[Reusable] = []


@contextmanager
def application(settings: Settings, clock: Callable[[], datetime]) -> Iterator[FastAPI]:
    """An application of this installation. Two at a time are two."""
    reusable = _free.pop() if _free else Reusable()
    configure(reusable.app, settings, reusable.database(settings.database), clock=clock, dispatch=False)
    yield reusable.app
    _free.append(reusable)
