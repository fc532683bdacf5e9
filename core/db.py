"""The database: one unit of work per request or job, committed here and nowhere else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlalchemy.engine.interfaces import Compiled, DBAPIConnection
from sqlalchemy.engine.interfaces import ExecutionContext as Execution
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.sql.visitors import iterate
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from core import sqlite
from core.columns import must_fit
from core.errors import Unfit
from core.inputs import HAS_COME

Waker = Callable[[], None]
Watcher = Callable[[sa.Connection, object, str, object, Execution, bool], None]
WATCHED = "before_cursor_execute"
# Seconds after which a connection is asked whether it is still one.
IDLE = 1.0


class StillRead(Exception):
    """The journal could not be emptied, because a reader stands in it."""


class Database:
    """The engines of one process and the one place where work is committed."""

    def __init__(self, url: str, *, pool_size: int = 10, engine: AsyncEngine | None = None) -> None:
        """`engine`: one that was made for a database of this kind before and goes on knowing its compiled
        statements."""
        self.is_sqlite = url.startswith("sqlite")
        self.engine = engine or engine_for(url, pool_size)
        self._watchers: list[Watcher] = []
        options: dict[str, Any] = {"sqlite_begin": "IMMEDIATE"} if self.is_sqlite else {}
        reading: dict[str, Any] = {} if self.is_sqlite else {"postgresql_readonly": True}
        self._writers = _sessions(self.engine.execution_options(**options))
        self._readers = _sessions(self.engine.execution_options(**reading))
        glancing = {"sqlite_begin": ""} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        self._glancers = _sessions(self.engine.execution_options(**glancing))
        # SQLite has one writer. Its busy handler sleeps and is unfair; this queue is neither.
        self._turn = asyncio.Lock() if self.is_sqlite else None
        self.wakers: list[Waker] = []
        # Rises with every commit of this process that touched a watched table: what rests on those is old then.
        self.generation = 0
        self._touches = 0

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[AsyncSession]:
        """All of what happens inside is kept, or nothing. Work left behind for the dispatcher is
        announced after the commit only: before it, another process would find nothing."""
        touches = self._touches
        if self._turn is None:
            async with self._transaction() as db:
                yield db
        else:
            async with self._turn, self._transaction() as db:
                yield db
        # Others' touches meanwhile count too: to look once more than needed is right, once less is not.
        self.generation += int(self._touches != touches)
        if db.info.get("pending"):
            for wake in self.wakers:
                wake()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._writers() as db, db.begin():
            yield db

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A consistent look that changes nothing."""
        async with self._readers() as db:
            yield db

    @asynccontextmanager
    async def autocommit_read(self) -> AsyncIterator[AsyncSession]:
        """One statement that only looks, as looking somebody up does: no transaction begins or ends around it."""
        async with self._glancers() as db:
            yield db

    def watch(self, *tables: str) -> None:
        """Let `generation` rise when rows of these tables are written, wherever in a statement, but for statements
        marked `unwatched`: those change nothing that anybody is shown."""
        watched = frozenset(tables)

        def note(
            connection: sa.Connection, cursor: object, statement: str, given: object, context: Execution, many: bool
        ) -> None:
            is_marked = context.execution_options.get("unwatched", False)
            self._touches += int(not is_marked and _may_write(context.compiled, watched))

        sa.event.listen(self.engine.sync_engine, WATCHED, note)
        self._watchers.append(note)

    async def must_be_sound(self) -> None:
        """Refuses to run on PostgreSQL at another isolation than the one our locks are right for. Raises Unfit."""
        async with self.reading() as db:
            connection = await db.connection()
            await connection.execute(sa.text("SELECT 1"))
            if not self.is_sqlite:
                level = await connection.scalar(sa.text("SHOW transaction_isolation"))
                if level != "read committed":
                    raise Unfit(f"PostgreSQL must run at READ COMMITTED, not {level}")

    async def compact(self, tables: Collection[str]) -> None:
        """Overwrite what was deleted: in the file and its journal (SQLite), or at least in the pages of these tables
        (PostgreSQL, whose own log and copies age by the operator's rules). Raises StillRead, to be tried again."""
        if self._turn is None:
            async with self.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                for table in sorted(tables):
                    await connection.exec_driver_sql(f'VACUUM "{table}"')
            return
        async with self._turn, self.engine.execution_options(sqlite_begin="").connect() as connection:
            await connection.exec_driver_sql("VACUUM")
            row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
        if row[0]:
            raise StillRead("somebody reads from the journal")

    async def close(self) -> None:
        for watcher in self._watchers:
            sa.event.remove(self.engine.sync_engine, WATCHED, watcher)
        self._watchers.clear()
        await self.engine.dispose()


def mark_pending(db: AsyncSession) -> None:
    """Note that this unit of work leaves something for the dispatcher to do."""
    db.info["pending"] = True


def _may_write(compiled: Compiled | None, tables: Collection[str]) -> bool:
    """Whether a statement writes to one of these tables. SQL that was written as text says nothing of its tables, so it
    may; what goes to the driver alone, without SQLAlchemy compiling it, begins and tidies up, and does not."""
    statement = compiled.statement if compiled is not None else None
    if isinstance(statement, sa.TextClause | sa.TextualSelect):
        return True
    # Most statements read, and only those with a CTE could write as well: the others are not walked.
    if statement is None or not (getattr(statement, "is_dml", False) or getattr(compiled, "ctes", None)):
        return False
    written = (part.table for part in iterate(statement) if isinstance(part, sa.UpdateBase))
    return any(isinstance(part, sa.Table) and part.name in tables for table in written for part in iterate(table))


def engine_for(url: str, pool_size: int = 10) -> AsyncEngine:
    """An engine set up as each kind of database needs it."""
    return _sqlite_engine(url, pool_size) if url.startswith("sqlite") else _postgres_engine(url, pool_size)


class FittingSession(Session):
    """A session that writes no text into a column that is too narrow for it, whatever the database would do."""


@sa.event.listens_for(FittingSession, "before_flush")
def _must_fit(session: FittingSession, _: object, __: object) -> None:
    for row in (*session.new, *session.dirty):
        must_fit(row)


def _sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, class_=AsyncSession, sync_session_class=FittingSession, expire_on_commit=False)


def _postgres_engine(url: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=5, skip_autocommit_rollback=True, hide_parameters=True
    )

    @sa.event.listens_for(engine.sync_engine, "checkin")
    def note_idle(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @sa.event.listens_for(engine.sync_engine, "checkout")
    def must_be_open(connection: DBAPIConnection, record: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
        # A ping each time is a round trip each time: only who has been idle is asked whether the server is still there.
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < IDLE:
            return
        try:
            engine.sync_engine.dialect.do_ping(connection)
        except Exception as error:
            # The driver has many words for it; whatever they are, another connection is tried.
            raise sa.exc.DisconnectionError("closed by the server") from error

    return engine


def _sqlite_engine(url: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(url, module=sqlite.SqliteDriver(), pool_size=pool_size, hide_parameters=True)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _: ConnectionPoolEntry) -> None:
        # BEGIN is ours: the driver would begin at the first write only, after the reads it rests on.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "secure_delete=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        driver: Any = connection.connection.dbapi_connection
        driver.begin = f"BEGIN {mode}" if mode else ""

    return engine


async def _unit_of_work(request: Request) -> AsyncIterator[AsyncSession]:
    # First the whole body: who sends it slowly must not hold locks, or the turn of SQLite's one writer, meanwhile.
    if not request.scope.get(HAS_COME):
        await request.body()
    database: Database = request.app.state.database
    async with database.unit_of_work() as db:
        yield db


async def _look(request: Request) -> AsyncIterator[AsyncSession]:
    database: Database = request.app.state.database
    async with database.reading() as db:
        yield db


async def _database(request: Request) -> Database:
    database: Database = request.app.state.database
    return database


# For an endpoint that reads a file before its transaction or renders a document after it: `async with
# database.unit_of_work()`, so that neither happens while locks are held.
DatabaseHandle = Annotated[Database, Depends(_database)]
# scope="function": otherwise FastAPI answers first, and a commit that fails has already said 200.
Db = Annotated[AsyncSession, Depends(_unit_of_work, scope="function")]
ReadDb = Annotated[AsyncSession, Depends(_look, scope="function")]
