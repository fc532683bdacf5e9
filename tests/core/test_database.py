"""The connections of a house to its database."""

import asyncio
from pathlib import Path

import asyncpg
from sqlalchemy.engine import make_url

from core.db import IDLE
from tests.conftest import open_house, settings_for


async def test_a_connection_that_the_server_closed_is_replaced_before_anybody_notices(
    postgres_url: str, tmp_path: Path
) -> None:
    async for house in open_house(settings_for(postgres_url, tmp_path)):
        event = await house.event()
        server = await asyncpg.connect(
            make_url(postgres_url).set(drivername="postgresql").render_as_string(hide_password=False)
        )
        closed = await server.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await server.close()
        await asyncio.sleep(IDLE + 0.1)
        answer = await house.api().get(f"/api/v1/events/{event['id']}")
        assert (len(closed) > 0, answer.status_code) == (True, 200)
