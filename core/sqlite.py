"""SQLite's driver with one way to its thread for each statement.

SQLAlchemy's adapter of aiosqlite goes there four times: for a cursor, to execute, to fetch and to close. Each way wakes
a thread and then the event loop, which costs as much as a short statement itself. Here BEGIN goes along with the first
statement, a statement comes back with its rows, and nothing is rolled back where nothing began.
"""

import sqlite3
from collections import deque
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


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
            run = partial(_run, driver._conn, begin, is_within)
            try:
                self._cursor, self._rows = await driver._execute(run, execute, operation, parameters)
            except NotBegun as error:
                # Whoever tries again tries within a transaction.
                connection.begin, connection.has_begun = begin, False
                raise error.__cause__ or error from None

    def close(self) -> None:
        self._rows.clear()


class SqliteConnection(AsyncAdapt_aiosqlite_connection):
    """Begins with its first statement, and ends only what has begun."""

    __slots__ = ("begin", "has_begun")
    _cursor_cls = SqliteCursor  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        # The statement that begins a transaction, until it goes along with another one; then there is something to end,
        # also where nobody waited for the answer.
        self.begin = ""
        self.has_begun = False

    def commit(self) -> None:
        self.begin = ""
        if self.has_begun:
            super().commit()
            self.has_begun = False

    def rollback(self) -> None:
        self.begin = ""
        if self.has_begun:
            super().rollback()
            self.has_begun = False


class SqliteDriver(AsyncAdapt_aiosqlite_dbapi):
    """The driver as SQLAlchemy takes it, for connections of this kind."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *given: Any, **options: Any) -> SqliteConnection:
        return SqliteConnection(self, super().connect(*given, **options)._connection)


class NotBegun(Exception):
    """No transaction has begun, because of what is the cause of this."""


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
