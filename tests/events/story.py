"""A story of answers, lived through on a database of its own."""

import shutil
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa

from core.columns import vault
from core.db import Database
from events.invitations.responses.service import accept, decline
from tests.conftest import KEY, open_app, settings_for
from tests.people import names


async def live_through(
    template: Path, folder: Path, steps: list[tuple[int, str]], capacity: int
) -> list[tuple[int, int, int, int]]:
    """After each step: free places, confirmed, waiting, and what the event's counter says."""
    shutil.copy(template, folder / "heyet.db")
    vault.use(KEY)
    settings = settings_for(f"sqlite+aiosqlite:///{folder / 'heyet.db'}", folder)
    seen = []
    async for app in open_app(settings):
        event = await app.event(capacity=capacity)
        await app.invite(event, names(5))
        database: Database = app.database
        people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
        ids = [UUID(p["invitation_id"]) for p in people]
        for who, answer in steps:
            async with database.unit_of_work() as db:
                if answer == "yes":
                    await accept(db, ids[who], settings, at=app.clock())
                else:
                    await decline(db, ids[who], "", settings, at=app.clock())
                await db.flush()
                connection = await db.connection()
                rows = await connection.execute(
                    sa.text("SELECT standing, count(*) FROM registration GROUP BY standing")
                )
                counts = {row[0]: row[1] for row in rows}
                counted = (await connection.execute(sa.text("SELECT taken FROM event"))).scalar_one()
            confirmed = counts.get("confirmed", 0)
            seen.append((capacity - confirmed, confirmed, counts.get("waiting", 0), counted))
    return seen
