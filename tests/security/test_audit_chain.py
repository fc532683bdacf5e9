"""The history proves that it is as it was written, on each database, by the triggers and where these were passed."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import select

from core.audit import PROGRAM, AuditEntry, AuditNote, AuditSeal, record
from core.ids import new_id
from core.sealing import damage_of, seal_all
from heyet import history
from heyet.probe import check_installation
from notifications.jobs import service as work_service
from tests.conftest import settings_for
from tests.people import App

FACTS = {"count": 3, "open": True, "name": "a-code", "list": ["a", "b"], "none": None}


def head_of(app: App) -> Path:
    path: Path = app.fastapi.state.settings.audit_head
    return path


async def write(app: App, acts: int = 3) -> list[UUID]:
    """Some entries, and a note beside the first."""
    ids = [new_id() for _ in range(acts)]
    async with app.database.unit_of_work() as db:
        for number, id in enumerate(ids):
            record(
                db,
                "event.changed",
                id,
                at=app.clock(),
                by=PROGRAM,
                project_id=app.project_id,
                reason="" if number else "words that can be erased",
                **FACTS,
            )
    return ids


async def sealed(app: App, acts: int = 3) -> list[AuditEntry]:
    """Entries under seals, in the order of these."""
    await write(app, acts)
    await seal_all(app.database, head_of(app), at=app.clock())
    async with app.database.reading() as db:
        rows = await db.exec(
            select(AuditEntry)
            .join(AuditSeal, AuditSeal.entry_id == AuditEntry.id)  # type: ignore[arg-type]
            .order_by(AuditSeal.position)  # type: ignore[arg-type]
        )
        return list(rows.all())


async def damage(app: App) -> list[str]:
    async with app.database.reading() as db:
        return await damage_of(db, head_of(app), at=app.clock())


async def past_the_guards(app: App, *statements: sa.Executable) -> None:
    """As somebody who may change the tables themselves."""
    async with app.database.unit_of_work() as db:
        connection = await db.connection()
        for table in ("audit_entry", "audit_seal"):
            if connection.dialect.name == "postgresql":
                await connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                names = await connection.execute(
                    sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
                    {"t": table},
                )
                for name in names.scalars().all():
                    await connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            await connection.execute(statement)


async def test_an_untouched_history_shows_no_damage_and_every_entry_is_sealed_once(app: App) -> None:
    entries = await sealed(app)
    await sealed(app)
    again = await seal_all(app.database, head_of(app), at=app.clock())
    assert (await damage(app), again, len(entries) >= 3) == ([], None, True)


async def test_a_changed_entry_is_named(app: App) -> None:
    entries = await sealed(app)
    entry = entries[-2]
    await past_the_guards(app, sa.update(AuditEntry).where(AuditEntry.id == entry.id).values(act="event.moved-on"))
    (found,) = await damage(app)
    assert str(entry.id) in found
    assert "was changed after it was sealed" in found


@pytest.mark.parametrize(
    "column",
    [{"facts": {"count": 4}}, {"actor_id": UUID(int=7)}, {"object_id": UUID(int=7)}, {"project_id": None}],
    ids=lambda c: next(iter(c)),
)
async def test_no_column_of_an_entry_can_be_changed_unnoticed(sqlite_app: App, column: dict[str, object]) -> None:
    entries = await sealed(sqlite_app)
    await past_the_guards(sqlite_app, sa.update(AuditEntry).where(AuditEntry.id == entries[-1].id).values(**column))
    assert len(await damage(sqlite_app)) == 1


async def test_a_removed_entry_is_named(app: App) -> None:
    entry = (await sealed(app))[-2]
    await past_the_guards(app, sa.delete(AuditEntry).where(AuditEntry.id == entry.id))
    (found,) = await damage(app)
    assert str(entry.id) in found
    assert "was removed" in found


async def test_an_entry_and_its_seal_removed_together_leave_a_gap(app: App) -> None:
    entry = (await sealed(app))[-2]
    await past_the_guards(
        app,
        sa.delete(AuditEntry).where(AuditEntry.id == entry.id),
        sa.delete(AuditSeal).where(AuditSeal.entry_id == entry.id),
    )
    assert any("were removed" in words for words in await damage(app))


async def test_the_end_of_the_chain_cannot_be_cut_off(app: App) -> None:
    entry = (await sealed(app))[-1]
    await past_the_guards(
        app,
        sa.delete(AuditEntry).where(AuditEntry.id == entry.id),
        sa.delete(AuditSeal).where(AuditSeal.entry_id == entry.id),
    )
    (found,) = await damage(app)
    assert "its end was cut off" in found


@pytest.mark.parametrize("is_sealed", [False, True], ids=["before it is sealed", "and sealed then"])
async def test_an_entry_that_heyet_did_not_write_is_named(app: App, is_sealed: bool) -> None:
    await sealed(app)
    forged = AuditEntry(at=app.clock(), actor="program", act="project.created", object_id=new_id(), signature="f" * 64)
    async with app.database.unit_of_work() as db:
        db.add(forged)
    if is_sealed:
        await seal_all(app.database, head_of(app), at=app.clock())
    (found,) = await damage(app)
    assert str(forged.id) in found
    assert "inserted past Heyet" in found


async def test_a_chain_computed_anew_without_the_key_shows(app: App) -> None:
    entries = await sealed(app)
    settings = app.fastapi.state.settings
    await past_the_guards(
        app,
        sa.update(AuditEntry).where(AuditEntry.id == entries[0].id).values(act="event.moved-on"),
        sa.delete(AuditSeal),
    )
    settings.audit_head.unlink()
    await seal_all(app.database, head_of(app), at=app.clock())
    (found,) = await damage(app)
    assert "inserted past Heyet" in found


async def test_an_entry_committed_long_after_it_was_made_is_sealed_within_the_hour(app: App) -> None:
    await sealed(app)
    async with app.database.unit_of_work() as db:
        record(db, "event.changed", new_id(), at=app.clock(), by=PROGRAM)
        (late,) = db.new
        late.id = UUID(int=1)  # type: ignore[attr-defined]
    for minute, is_found in ((30, False), (0, True)):
        app.clock.now = app.clock.now.replace(minute=minute)
        with app.counting() as statements:
            await history.sweep(app.fastapi.state.context)
        # To count them all each minute is too much where there are millions.
        assert any("count(*)" in one and "FROM audit_entry" in one for one in statements) == is_found
        async with app.database.reading() as db:
            seal = (await db.exec(select(AuditSeal).where(AuditSeal.entry_id == UUID(int=1)))).first()
        assert (seal is not None) == is_found


async def test_a_note_can_be_erased_without_a_break(app: App) -> None:
    await sealed(app)
    async with app.database.unit_of_work() as db:
        await (await db.connection()).execute(sa.delete(AuditNote))
    assert await damage(app) == []


async def test_two_sealers_at_once_seal_nothing_twice(app: App) -> None:
    await write(app, 40)
    await asyncio.gather(*(seal_all(app.database, head_of(app), at=app.clock()) for _ in range(3)))
    assert await damage(app) == []


async def test_background_work_seals_the_history(app: App) -> None:
    await write(app)
    await work_service.sweep(app.fastapi.state.context)
    async with app.database.reading() as db:
        counts = [
            (await db.exec(select(sa.func.count()).select_from(table))).one() for table in (AuditEntry, AuditSeal)
        ]
    assert counts[0] == counts[1] > 0
    assert head_of(app).stat().st_mode & 0o777 == 0o600


async def test_check_says_what_is_wrong_with_the_history(sqlite_app: App, sqlite_url: str, tmp_path: Path) -> None:
    entry = (await sealed(sqlite_app))[-1]
    await past_the_guards(sqlite_app, sa.delete(AuditEntry).where(AuditEntry.id == entry.id))
    assert any(
        str(entry.id) in words for words in (await check_installation(settings_for(sqlite_url, tmp_path))).problems
    )


REPLACING: list[Callable[[str, str], str]] = [
    lambda table, row: f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} {row}",
    lambda table, row: f"REPLACE INTO {table} SELECT * FROM {table} {row}",
    lambda table, row: f"UPDATE OR REPLACE {table} SET rowid = (SELECT max(rowid) FROM {table}) {row}",
    lambda table, row: f"UPDATE {table} SET rowid = 4711 {row}",
]


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", REPLACING)
async def test_no_row_of_the_history_is_replaced_on_sqlite(
    sqlite_app: App, tmp_path: Path, table: str, statement: Callable[[str, str], str]
) -> None:
    await sealed(sqlite_app)
    with closing(sqlite3.connect(tmp_path / "heyet.db")) as database:
        row = f"WHERE rowid = (SELECT min(rowid) FROM {table})"
        with pytest.raises(sqlite3.IntegrityError, match="kept as it is"):
            database.execute(statement(table, row))


async def test_no_row_of_the_history_takes_the_place_of_another_in_the_file(sqlite_app: App, tmp_path: Path) -> None:
    await sealed(sqlite_app)
    with (
        closing(sqlite3.connect(tmp_path / "heyet.db")) as database,
        pytest.raises(sqlite3.IntegrityError, match="kept as it is"),
    ):
        database.execute(
            "INSERT OR REPLACE INTO audit_entry (rowid, id, at, actor, act, object_id, facts) "
            "SELECT rowid, 'f', at, actor, act, object_id, facts FROM audit_entry LIMIT 1"
        )


async def test_what_is_kept_cannot_be_emptied_on_postgresql(app: App) -> None:
    if app.database.is_sqlite:
        return
    for table in ("audit_entry", "audit_seal", "per_diem_line", "sheet_person", "per_diem_sheet"):
        with pytest.raises(sa.exc.DBAPIError, match="kept as it is"):
            async with app.database.unit_of_work() as db:
                await (await db.connection()).exec_driver_sql(f"TRUNCATE {table} CASCADE")
