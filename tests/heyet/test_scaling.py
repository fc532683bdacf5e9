"""What docs/scaling.md tells operators to do is done here once."""

import re
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlmodel import select

from core.audit import PROGRAM, AuditEntry, record
from core.ids import new_id
from core.sealing import damage_of, seal_all
from tests.conftest import open_app, settings_for
from tests.people import App

ROOT = Path(__file__).resolve().parents[2]


async def act(app: App) -> None:
    async with app.database.unit_of_work() as db:
        record(db, "event.changed", new_id(), at=app.clock(), by=PROGRAM, project_id=app.project_id)
    await seal_all(app.database, app.fastapi.state.settings.audit_head, at=app.clock())


async def test_a_history_in_parts_is_written_sealed_proven_and_guarded_as_before(
    postgres_url: str, tmp_path: Path
) -> None:
    async for app in open_app(settings_for(postgres_url, tmp_path)):
        await act(app)
        await app.event()
        await partition(postgres_url)
        await act(app)
        event = await app.event(title="Another one")
        page = await (await app.at_desk()).get(f"/events/{event['id']}")
        assert "Elif Karaca" in page.text
        await seal_all(app.database, app.fastapi.state.settings.audit_head, at=app.clock())
        async with app.database.reading() as db:
            assert await damage_of(db, app.fastapi.state.settings.audit_head, at=app.clock()) == []
            entries = (await db.exec(select(sa.func.count()).select_from(AuditEntry))).one()
            parts = (await db.exec(sa.text("SELECT tableoid::regclass::text FROM audit_entry"))).all()  # type: ignore[call-overload]
        assert entries == len(parts) > 3
        for statement in (
            "UPDATE audit_entry SET act = 'x'",
            "UPDATE audit_entry_before SET act = 'x'",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_entry_before",
            "TRUNCATE audit_entry",
            "TRUNCATE audit_entry_before",
            "TRUNCATE audit_entry_next",
            "TRUNCATE audit_entry_later",
        ):
            with pytest.raises(sa.exc.DBAPIError, match="kept as it is"):
                async with app.database.engine.begin() as connection:
                    await connection.exec_driver_sql(statement)


async def partition(url: str) -> None:
    found = re.search(r"```sql\n(.*?)```", (ROOT / "docs" / "scaling.md").read_text(), re.DOTALL)
    assert found is not None
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    try:
        await connection.execute(found[1])
    finally:
        await connection.close()
