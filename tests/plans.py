"""How PostgreSQL carries out what the busiest requests send, on a small copy of an installation of years.

`python -m tests.plans` writes the plans kept in `tests/plans/` anew; read the difference before you keep it.
"""

import asyncio
import json
import logging
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col, select

from events.calendars.personal_feeds.models import Feed
from events.invitations.invitations.models import Invitation
from events.privacy.erasure.service import erase_people
from events.programme.events.models import Event
from notifications.delivery.jobs import next_due, run_due
from notifications.jobs.service import sweep
from tests import servers
from tests.conftest import open_app, settings_for
from tests.people import App
from tests.volume import Volume, fill, token_of

FOLDER = Path(__file__).parent / "plans"
# Large enough that an index is worth its while, small enough that statistics look at every row: each copy is alike.
SMALL = Volume(people=4000, events=400, messages=32_000, projects=4, largest=200, letters=20, waiting=30)
# What grows with years of use.
LARGE = {
    *("person", "institution", "event", "session", "invitation", "personal_link", "registration", "message"),
    *("message_batch", "audit_entry", "audit_seal", "attendance", "attendance_record", "feed", "job"),
    *("per_diem_sheet", "sheet_person", "per_diem_line"),
}
Plan = dict[str, Any]
VALUES = "these values"
Request = Callable[[App], Awaitable[object]]


async def filled(app: App) -> None:
    """Fill an installation and let the planner know it as well as it can."""
    async with app.database.engine.begin() as connection:
        await fill(connection, SMALL, app.project_id, at=app.clock())
        # 300 rows for each: more than there are.
        await connection.exec_driver_sql("SET LOCAL default_statistics_target = 300")
        await connection.exec_driver_sql("ANALYZE")


async def requests(app: App) -> dict[str, Request]:
    """The busiest requests, by the name of the file their plans are kept in."""
    async with app.database.reading() as db:
        event = (await db.exec(select(Event.id).where(Event.capacity == SMALL.largest))).one()
        invited = select(Invitation.id).where(Invitation.event_id == event).order_by(col(Invitation.id)).limit(1)
        link = token_of("link", (await db.exec(invited)).one())
        feed = token_of("feed", (await db.exec(select(Feed.person_id).order_by(col(Feed.person_id)).limit(1))).one())
        person = (await db.exec(select(Invitation.person_id).where(Invitation.event_id == event).limit(1))).one()
    context = app.fastapi.state.context
    staff, finance, administrator = [await app.at_desk(role) for role in ("organiser", "finance", "administrator")]
    return {
        "home": lambda _: _got(staff.client, "/"),
        "participant_list": lambda _: _got(staff.client, f"/events/{event}/people"),
        "participant_list_searched": lambda _: _got(staff.client, f"/events/{event}/people?q=ayse"),
        "event_with_history": lambda _: _got(staff.client, f"/events/{event}"),
        "search": lambda _: _got(staff.client, "/search?q=ayse"),
        "waiting_batches": lambda _: _got(staff.client, "/mail/batches"),
        "mail": lambda _: _got(staff.client, "/mail"),
        "mail_health": lambda _: _got(administrator.client, "/mail/health"),
        "per_diem_sheets": lambda _: _got(finance.client, f"/events/{event}/per-diem"),
        "personal_page": lambda app: _got(app.stranger().client, f"/i/{link}"),
        "feed": lambda app: _got(app.stranger().client, f"/calendar/{feed}.ics"),
        "next_due": lambda _: next_due(context),
        "outbox": lambda _: run_due(context),
        "sweeps": lambda _: sweep(context),
        "erasure": lambda app: _erased(app, person),
    }


async def _erased(app: App, person: UUID) -> None:
    async with app.database.unit_of_work() as db:
        await erase_people(db, [person], app.project_id, at=app.clock())


async def _got(client: Any, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)


@contextmanager
def sent(app: App) -> Iterator[dict[str, Any]]:
    """The statements that are sent while this is open, each once with its values, without those that only write new
    rows."""
    seen: dict[str, Any] = {}

    def note(connection: Any, cursor: Any, statement: str, given: Any, *rest: Any) -> None:
        if not statement.startswith(("INSERT", "SHOW", "VACUUM")):
            seen.setdefault(statement, given)

    engine = app.database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


async def plans_of(connection: AsyncConnection, statement: str, given: Any) -> dict[str, Plan]:
    """How it is carried out with these values, and how once it is prepared, whatever values come (the generic plan)."""
    many = isinstance(given, list)
    row = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", tuple(given[0] if many else given))
    found = {VALUES: _plan(row.scalar_one())}
    count = max(map(int, re.findall(r"\$(\d+)", statement)), default=0)
    if count:
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
        await connection.exec_driver_sql(f"PREPARE looked_at AS {statement}")
        nothing = ", ".join(["NULL"] * count)
        row = await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at({nothing})")
        found["any values"] = _plan(row.scalar_one())
        await connection.exec_driver_sql("DEALLOCATE looked_at")
        await connection.exec_driver_sql("SET LOCAL plan_cache_mode = auto")
    return found


def _plan(answer: Any) -> Plan:
    plan: Plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return plan


def nodes_of(plan: Plan) -> Iterator[Plan]:
    """A plan's steps, the outermost first."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes_of(inner)


def shape(plan: Plan, depth: int = 0) -> Iterator[str]:
    """What a plan does, a line a step: kind, table, index, and whether a condition leads into the index."""
    step = plan["Node Type"]
    if "Operation" in plan:
        step = plan["Operation"]
    if plan.get("Parent Relationship") in ("InitPlan", "SubPlan"):
        step = f"({plan['Subplan Name'].split()[0]}) {step}"
    for name in ("Relation Name", "Index Name", "CTE Name"):
        if name in plan:
            step += f" {plan[name]}"
    if "Index Name" in plan and "Index Cond" not in plan:
        step += " without condition"
    yield "  " * depth + step
    for inner in plan.get("Plans", ()):
        yield from shape(inner, depth + 1)


def walked_through(found: Sequence[dict[str, Plan]]) -> set[tuple[str, str]]:
    """Large tables of which every row is looked at, and with which values."""
    return {
        (node["Relation Name"], which)
        for two in found
        for which, plan in two.items()
        for node in nodes_of(plan)
        if node.get("Relation Name") in LARGE and node["Node Type"] == "Seq Scan"
    }


async def statements_of(app: App) -> dict[str, dict[str, Any]]:
    """What each of the busiest requests sends."""
    found = {}
    for name, request in (await requests(app)).items():
        with sent(app) as statements:
            await request(app)
        found[name] = statements
    return found


async def plans(connection: AsyncConnection, statements: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Plan]]]:
    """The plans of each request's statements about large tables, in the order in which they are sent."""
    found: dict[str, list[dict[str, Plan]]] = {}
    for name, some in statements.items():
        all_plans = [await plans_of(connection, statement, given) for statement, given in some.items()]
        found[name] = [two for two in all_plans if LARGE & {n.get("Relation Name") for n in nodes_of(two[VALUES])}]
    return found


def as_text(found: Sequence[dict[str, Plan]]) -> str:
    """Shapes as they are kept; two alike are kept once."""
    return "\n\n".join(dict.fromkeys(map(_as_text, found))) + "\n"


def _as_text(two: dict[str, Plan]) -> str:
    shapes = {which: "\n".join(shape(plan)) for which, plan in two.items()}
    if len(set(shapes.values())) == 1:
        return shapes[VALUES]
    return "\n".join(f"With {which}:\n{text}" for which, text in shapes.items())


async def _write(url: str, folder: Path) -> None:
    async for app in open_app(settings_for(url, folder)):
        await filled(app)
        statements = await statements_of(app)
        async with app.database.engine.connect() as connection:
            for name, found in (await plans(connection, statements)).items():
                (FOLDER / f"{name}.txt").write_text(as_text(found))
                for table, which in walked_through(found):
                    sys.stdout.write(f"{name}: every row of {table} is looked at with {which}\n")


def main() -> None:
    """Write all of them anew."""
    FOLDER.mkdir(exist_ok=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder, servers.postgres() as postgres:
        asyncio.run(_write(postgres.new_database(), Path(folder)))


if __name__ == "__main__":
    main()
