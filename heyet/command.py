"""What every command does: read the settings, close what lies on the disk to others, reach the database, give up in
words."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, NoReturn
from urllib.parse import urlsplit

import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from core.columns import vault
from core.db import Database
from core.errors import Refusal
from core.i18n import words
from core.private import keep_private
from core.settings import Settings
from core.web import field_messages


def installed() -> Settings:
    """The settings of this installation, whose folder and files are its owner's alone from here on."""
    settings = Settings()
    keep_private(settings.kept)
    return settings


def with_database(settings: Settings, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    """Run something on the database, and turn a refusal into words."""

    async def run() -> Any:
        async with _database(settings) as database:
            return await work(database)

    try:
        return asyncio.run(run())
    except (OperationalError, ProgrammingError):
        stop("The database does not answer, or is not set up. Run `heyet migrate`, then `heyet check`.")
    except Refusal as refusal:
        beside = [f"{field}: {message}" for field, message in field_messages(refusal, words("en")).items()]
        stop("\n".join(beside) or refusal.title % refusal.facts)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    vault.use(*settings.keys)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.close()


def address_of(settings: Settings) -> str:
    """Where people reach Heyet: as it is set, or else where the process that serves this folder says it listens."""
    if settings.public_url:
        return settings.base_url
    try:
        said = settings.served_at.read_text(encoding="utf-8").strip()
        place = urlsplit(said)
        with socket.create_connection((place.hostname or "", place.port or 80), timeout=2):
            return said
    except (OSError, ValueError):
        return settings.base_url


def stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)
