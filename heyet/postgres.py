"""PostgreSQL's own tools, which read and write a whole database. The password goes by the environment, as libpq takes
it: everybody on a machine sees the command lines of its programs."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import create_async_engine

# What was there until a restored database is complete; it comes back where that fails.
BEFORE = "heyet_before_restore"


class Failed(Exception):
    """A tool is missing or gave up; `args[0]` says which, in words."""


@contextmanager
def dump(url: str) -> Iterator[IO[bytes]]:
    """The database as pg_dump writes it, as a stream. Raises Failed."""
    command = [
        _found("pg_dump"),
        "--format=custom",
        f"--exclude-schema={BEFORE}",
        "--no-owner",
        f"--dbname={_address(url)}",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_environment(url)) as running:  # noqa: S603
        try:
            # Popen's types do not say that a pipe that was asked for is there.
            yield cast(IO[bytes], running.stdout)
        except BaseException:
            running.kill()
            raise
    if running.returncode:
        raise Failed("pg_dump failed.")


def restore(url: str, parts: Iterable[bytes]) -> None:
    """Put such a stream in the place of what is there, all of it or nothing. Raises Failed."""
    command = [
        _found("pg_restore"),
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={_address(url)}",
    ]
    asyncio.run(_run(url, *_set_aside()))
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=_environment(url)) as running:  # noqa: S603
            into = cast(IO[bytes], running.stdin)
            with suppress(BrokenPipeError):
                for part in parts:
                    into.write(part)
                into.close()
        if running.returncode:
            raise Failed("pg_restore failed. What was there is there again.")
    except BaseException:
        asyncio.run(_run(url, *_bring_back()))
        raise
    asyncio.run(_run(url, f"DROP SCHEMA {BEFORE} CASCADE"))


def _set_aside() -> list[str]:
    # A restoring that was killed has left what was there under this name: that comes back first.
    return [
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_namespace WHERE nspname = '{BEFORE}') THEN "
        f"DROP SCHEMA IF EXISTS public CASCADE; ALTER SCHEMA {BEFORE} RENAME TO public; END IF; END $$",
        f"ALTER SCHEMA public RENAME TO {BEFORE}",
        "CREATE SCHEMA public",
    ]


def _bring_back() -> list[str]:
    return ["DROP SCHEMA IF EXISTS public CASCADE", f"ALTER SCHEMA {BEFORE} RENAME TO public"]


async def _run(url: str, *statements: str) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.execute(sa.text("SET LOCAL lock_timeout = '10s'"))
            for statement in statements:
                await connection.exec_driver_sql(statement)
    except sa.exc.DBAPIError as error:
        raise Failed(
            f"PostgreSQL refused ({type(error.orig).__name__}). Is Heyet stopped, and does its user own the "
            "schema public?"
        ) from None
    finally:
        await engine.dispose()


def _found(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise Failed(f"{tool} is not installed.")
    return path


def _address(url: str) -> str:
    """As libpq reads it, without the password."""
    # `set` leaves a password of None as it is.
    given = make_url(url)
    query = {("sslmode" if name == "ssl" else name): value for name, value in given.query.items()}
    bare = URL.create("postgresql", given.username, None, given.host, given.port, given.database, query)
    return bare.render_as_string(hide_password=False)


def _environment(url: str) -> dict[str, str]:
    password = make_url(url).password
    return os.environ | ({"PGPASSWORD": str(password)} if password else {})
