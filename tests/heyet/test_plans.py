"""How PostgreSQL carries out what the busiest requests send, on a copy that is small and known well to its planner."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests import plans, servers
from tests.conftest import open_app, settings_for
from tests.people import App

# The release whose plans are kept: another one may choose others.
RELEASE = 18
# Of these few rows are left by years of use beside the others: to look at all of them costs little on a small copy.
SMALL = {"event", "session", "institution", "message_batch", "per_diem_sheet", "feed"}
# Requests that look at every row of a large table whatever they are asked, and why that is meant.
MEANT = {
    # A part of a word may stand anywhere in a name; an index for that is an extension of PostgreSQL.
    ("search", "person"),
    # Whether somebody else of the project bears the name too, and which proposals were made there: once an erasure.
    ("erasure", "person"),
    ("erasure", "invitation"),
    # Texts in one language only, from the events that come: they are few, which a plan for any values cannot know.
    # PostgreSQL takes the plan with these values, as it costs less.
    ("home", "person"),
    ("home", "invitation"),
}


@pytest.fixture
async def lived_in(postgres_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """An installation on PostgreSQL after some years."""
    async for app in open_app(settings_for(postgres_url, tmp_path)):
        await plans.filled(app)
        yield app


async def test_the_busiest_requests_are_carried_out_as_kept_and_a_lost_index_shows(lived_in: App) -> None:
    statements = await plans.statements_of(lived_in)
    async with lived_in.database.engine.connect() as connection:
        if int((await connection.exec_driver_sql("SHOW server_version_num")).scalar_one()) // 10_000 != RELEASE:
            servers.do_without(f"PostgreSQL {RELEASE}", "plans are those of that release; the wheel brings it")
        found = await plans.plans(connection, statements)
        differing = [name for name, some in found.items() if plans.as_text(some) != kept(name)]
        assert not differing, f"Plans of {', '.join(differing)} changed: run `make plans` and look at the difference."
        assert {file.stem for file in plans.FOLDER.iterdir()} == set(found)
        assert large(found) <= MEANT
        await connection.exec_driver_sql("DROP INDEX ix_message_person_id_about_id")
        await connection.exec_driver_sql("ALTER TABLE personal_link DROP CONSTRAINT uq_personal_link_token_hash")
        without = await plans.plans(connection, statements)
        await connection.rollback()
    assert plans.as_text(without["participant_list"]) != kept("participant_list")
    assert ("personal_page", "personal_link") in large(without)


def kept(name: str) -> str:
    return (plans.FOLDER / f"{name}.txt").read_text()


def large(found: dict[str, list[dict[str, Any]]]) -> set[tuple[str, str]]:
    """Which requests look at every row of which really large tables, whatever values are sent."""
    return {
        (name, table)
        for name, some in found.items()
        for table, which in plans.walked_through(some)
        if which != plans.VALUES and table not in SMALL
    }
