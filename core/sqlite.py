"""SQLite's driver with at most one way to its thread for each statement.

SQLAlchemy's adapter of aiosqlite goes there four times: for a cursor, to execute, to fetch and to close. Each way wakes
a thread and then the event loop, which costs as much as a short statement itself. Here BEGIN goes along with the first
statement, a statement comes back with its rows, and nothing is rolled back where nothing began. A short look at the
database goes to no thread at all: it waits for no lock, and one that turns out to be long is broken off and
made there.
"""

import asyncio
import sqlite3
from collections import deque
from functools import partial
from typing import Any

import aiosqlite
from cachetools import LRUCache
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

# So many steps of SQLite's machine take less than a millisecond or two: a row of a list is some hundred.
SHORT = 20_000
PARTS = 10
# Statements that took longer once.
_long: LRUCache[str, None] = LRUCache(1024)


class SqliteCursor(AsyncAdapt_aiosqlite_cursor):
    """Executes, fetches all rows and closes in one go; what it says afterwards is SQLite's own cursor's."""

    __slots__ = ()
    # The driver's cursor is closed already when the rows are here.
    _awaitable_cursor_close = False

    def __init__(self, adapt_connection: "SqliteConnection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._soft_closed_memoized = {}  # type: ignore[assignment]
        self._cursor = None  # type: ignore[assignment]
        self._rows = deque()

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._go(sqlite3.Connection.execute, operation, () if parameters is None else parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._go(sqlite3.Connection.executemany, operation, seq_of_parameters)

    async def _go(self, execute: Any, operation: str, parameters: Any) -> None:
        connection: Any = self._adapt_connection
        async with connection._execute_mutex:
            begin, is_within = connection.begin, connection.has_begun
            connection.begin, connection.has_begun = "", is_within or bool(begin)
            driver: Any = self._connection
            found: Any = None
            try:
                if _is_short(operation, begin):
                    # Others have their turn between two statements, as when they were waited for.
                    await asyncio.sleep(0)
                    found = _run_here(driver._conn, begin, is_within, operation, parameters)
                    if found is None:
                        # It has begun nevertheless.
                        begin, is_within = "", connection.has_begun
                if found is None:
                    connection.was_away = True
                    run = partial(_run, driver._conn, begin, is_within)
                    found = await driver._execute(run, execute, operation, parameters)
                self._cursor, self._rows = found
            except NotBegun as error:
                # Whoever tries again tries within a transaction.
                connection.begin, connection.has_begun = begin, False
                raise error.__cause__ or error from None

    def close(self) -> None:
        self._rows.clear()


class SqliteConnection(AsyncAdapt_aiosqlite_connection):
    """Begins with its first statement, and ends only what has begun."""

    __slots__ = ("begin", "has_begun", "was_away")
    _cursor_cls = SqliteCursor  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        # The statement that begins a transaction, until it goes along with another one; then there is something to end,
        # also where nobody waited for the answer.
        self.begin = ""
        self.has_begun = False
        # Whether the thread did something since: then that may have written, and may not be over.
        self.was_away = False

    def commit(self) -> None:
        self.begin = ""
        if self.has_begun:
            super().commit()
            self.has_begun = self.was_away = False

    def rollback(self) -> None:
        self.begin = ""
        if self.has_begun:
            if self.was_away:
                super().rollback()
            else:
                driver: Any = self._connection
                driver._conn.rollback()
            self.has_begun = self.was_away = False


class SqliteDriver(AsyncAdapt_aiosqlite_dbapi):
    """The driver as SQLAlchemy takes it, for connections of this kind."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *given: Any, **options: Any) -> SqliteConnection:
        return SqliteConnection(self, super().connect(*given, **options)._connection)


class NotBegun(Exception):
    """No transaction has begun, because of what is the cause of this."""


def _is_short(operation: str, begin: str) -> bool:
    """Whether a statement only looks, without a lock that others may hold, and was not long before."""
    return operation.startswith("SELECT") and "IMMEDIATE" not in begin and operation not in _long


def _run_here(
    connection: sqlite3.Connection, begin: str, is_within: bool, operation: str, parameters: Any
) -> tuple[sqlite3.Cursor, deque[Any]] | None:
    """Run it in this thread; None where it is long, and was broken off. That ends a look alone, not what it is part
    of."""
    # SQLite counts the steps of a statement over all of its runs: the parts of this one are counted here.
    parts = iter([False] * PARTS)
    connection.set_progress_handler(lambda: next(parts, True), SHORT // PARTS)
    try:
        return _run(connection, begin, is_within, sqlite3.Connection.execute, operation, parameters)
    except sqlite3.OperationalError as error:
        # What is not SQLite's own finding has no code.
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        _long[operation] = None
        return None
    finally:
        connection.set_progress_handler(None, 0)


def _run(
    connection: sqlite3.Connection, begin: str, is_within: bool, execute: Any, operation: str, parameters: Any
) -> tuple[sqlite3.Cursor, deque[Any]]:
    if begin:
        try:
            connection.execute(begin)
        except sqlite3.Error as error:
            raise NotBegun from error
    elif is_within and not connection.in_transaction:
        # SQLite ends one by itself where the disk is full or fails: what follows would be kept without what went
        # before.
        raise sqlite3.OperationalError("the transaction is over: SQLite has rolled it back")
    cursor: sqlite3.Cursor = execute(connection, operation, parameters)
    rows = deque(cursor.fetchall()) if cursor.description else deque()
    cursor.close()
    return cursor, rows
