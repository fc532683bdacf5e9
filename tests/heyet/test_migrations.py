"""The database is brought forward and back on both kinds."""

import asyncio
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from core.columns import EncryptedText, vault
from core.ids import new_id
from directory.people.service import ERASED
from migrations import new, run
from tests.processes import Installation
from tests.servers import Postgres


def tables_of(url: str) -> set[str]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"))) as database:
            return {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    async def ask() -> set[str]:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        connection = await asyncpg.connect(plain)
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        await connection.close()
        return {row[0] for row in rows}

    return asyncio.run(ask())


def forward_back_and_forward(url: str) -> None:
    run.upgrade(url)
    whole = tables_of(url)
    run.check(url)
    run.downgrade(url, "base")
    assert tables_of(url) <= {"alembic_version"}
    run.upgrade(url)
    assert tables_of(url) == whole


def test_sqlite_goes_forward_back_and_forward_and_agrees_with_the_models(tmp_path: Path) -> None:
    forward_back_and_forward(f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}")


def test_postgresql_goes_forward_back_and_forward_and_agrees_with_the_models(postgres: Postgres) -> None:
    url = postgres.new_database(empty=True)
    forward_back_and_forward(url)
    postgres.drop(url)


def test_a_sqlite_file_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0001_house")
    assert not file.with_suffix(".before-migration").exists()
    run.upgrade(url)
    with closing(sqlite3.connect(file.with_suffix(".before-migration"))) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001_house",)


def test_the_copy_holds_what_a_running_process_has_written_last(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0110")
    with closing(sqlite3.connect(file, isolation_level=None)) as running:
        running.execute("PRAGMA journal_mode=WAL")
        running.execute("CREATE TABLE written_last AS SELECT 42 AS number")
        run.upgrade(url)
    copied = file.with_suffix(".before-migration")
    with closing(sqlite3.connect(copied)) as copy:
        assert copy.execute("SELECT number FROM written_last").fetchall() == [(42,)]
    assert copied.stat().st_mode & 0o777 == 0o600


def test_of_two_that_begin_at_once_one_waits_for_the_other(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}"
    begin = f"from migrations import run; run.upgrade({url!r})"
    both = [subprocess.Popen([sys.executable, "-c", begin], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    assert [(process.communicate()[1][-300:], process.returncode) for process in both] == [("", 0), ("", 0)]


def test_events_planned_before_there_were_states_get_theirs(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0002_guards")
    columns = (
        "id, project_id, code, title, search, kind, state, description, venue, country, first_day, last_day, "
        "zone, places, taken, "
        "is_overbooked, sequence, revision, created_at, changed_at"
    )
    with closing(sqlite3.connect(file)) as database:
        for code, state in (("A", "planned"), ("B", "cancelled")):
            values = (
                f"{code * 32}",
                "C" * 32,
                code,
                code,
                code,
                "other",
                state,
                "",
                "",
                "TR",
                "2026-01-01",
                "2026-01-02",
                "UTC",
                5,
                0,
                0,
                0,
                0,
                "2026-01-01 00:00:00",
                "2026-01-01 00:00:00",
            )
            database.execute(f"INSERT INTO event ({columns}) VALUES ({', '.join('?' * len(values))})", values)
        database.commit()
    run.upgrade(url)
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT code, state, confidentiality, languages FROM event ORDER BY code").fetchall()
    assert found == [("A", "draft", "by-link", "[]"), ("B", "cancelled", "by-link", "[]")]


class Former:
    """A database of an earlier release: rows are written by name, what is not said is left empty."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.tables = sa.MetaData()
        self.tables.reflect(connection)
        self.is_sqlite = connection.dialect.name == "sqlite"

    def add(self, table_name: str, /, **given: Any) -> UUID:
        table, id = self.tables.tables[table_name], new_id()
        row = {c.name: self._empty(c) for c in table.columns if not c.nullable and c.server_default is None}
        row |= {"id": id} | given
        plain = {k: v.hex if isinstance(v, UUID) and self.is_sqlite else v for k, v in row.items()}
        self.connection.execute(table.insert().values(**plain))
        return id

    def _empty(self, column: sa.Column[Any]) -> Any:
        kind = column.type
        if isinstance(kind, sa.DateTime):
            return datetime(2026, 1, 1, tzinfo=None if self.is_sqlite else UTC)
        if isinstance(kind, sa.Date):
            return date(2026, 1, 1)
        if isinstance(kind, sa.Boolean):
            return False
        if isinstance(kind, sa.Integer | sa.Numeric):
            return 0
        return [] if isinstance(kind, sa.JSON) else ""


def two_projects_with_one_person(connection: sa.Connection) -> None:
    former = Former(connection)
    ministry = former.add("institution", name="Ministry", search="ministry")
    court = former.add("institution", name="Court", search="court", parent_id=ministry)
    former.add("institution", name="Unused", search="unused")
    person = former.add(
        "person",
        name="Zeynep",
        search="zeynep",
        address="z@example.org",
        address_key="z@example.org",
        institution_id=court,
        notes="gAAAA-told",
    )
    former.add("person", name="Nobody’s", search="nobody")
    former.add("person_address", person_id=person, address="y@example.org", address_key="y@example.org")
    former.add("focal_point", institution_id=court, person_id=person)
    former.add("suppression", address_key="z@example.org", why="no-such-address")
    for acronym in ("A", "B"):
        project = former.add("project", acronym=acronym, title=acronym, donor="EU", contract_number=acronym)
        event = former.add(
            "event",
            project_id=project,
            code=acronym,
            title=acronym,
            search=acronym,
            state="draft",
            zone="UTC",
            places=1,
        )
        former.add("acquaintance", project_id=project, person_id=person)
        invitation = former.add("invitation", event_id=event, person_id=person, **{"standing": "invited"})
        former.add("consent", invitation_id=invitation, person_id=person, purpose="data-use")
        former.add("nomination_call", event_id=event, institution_id=ministry, places=1)
        former.add("message", project_id=project, person_id=person, dedupe_key=acronym, subject=acronym, state="sent")


def parted(connection: sa.Connection) -> dict[str, list[Any]]:
    """What each project has afterwards, by the letter of the project."""
    queries = {
        "people": "SELECT p.acronym, x.name, x.notes, i.name, j.name FROM person x JOIN project p ON p.id = "
        "x.project_id "
        "JOIN institution i ON i.id = x.institution_id AND i.project_id = x.project_id JOIN institution j ON "
        "j.id = i.parent_id",
        "invitations": "SELECT e.code, p.acronym FROM invitation n JOIN event e ON e.id = n.event_id "
        "JOIN person x ON x.id = n.person_id JOIN project p ON p.id = x.project_id",
        "consents": "SELECT e.code, p.acronym FROM consent c JOIN invitation n ON n.id = c.invitation_id "
        "JOIN event e ON e.id = n.event_id JOIN person x ON x.id = c.person_id JOIN project p ON p.id = x.project_id",
        "calls": "SELECT e.code, p.acronym FROM nomination_call n JOIN event e ON e.id = n.event_id "
        "JOIN institution i ON i.id = n.institution_id JOIN project p ON p.id = i.project_id",
        "mails": "SELECT m.subject, p.acronym FROM message m JOIN person x ON x.id = m.person_id JOIN project p ON "
        "p.id = x.project_id",
        "focal": "SELECT p.acronym, q.acronym FROM focal_point f JOIN institution i ON i.id = f.institution_id "
        "JOIN person x ON x.id = f.person_id JOIN project p ON p.id = i.project_id JOIN project q ON q.id = "
        "x.project_id",
        "suppressed": "SELECT p.acronym, s.address_key FROM suppression s JOIN project p ON p.id = s.project_id",
        "addresses": "SELECT p.acronym, a.address FROM person_address a JOIN project p ON p.id = a.project_id",
        "nobody": "SELECT name FROM person WHERE name LIKE 'Nobody%'",
    }
    return {name: sorted(map(tuple, connection.execute(sa.text(query)))) for name, query in queries.items()}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whom_two_projects_knew_becomes_a_record_of_each(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    vault.use("a key for tests that is long enough")
    server: Postgres | None = request.getfixturevalue("postgres") if kind == "postgres" else None
    url = server.new_database(empty=True) if server else f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}"
    run.upgrade(url, "0032_calendar_wishes")

    async def on(work: Any) -> Any:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            found = await connection.run_sync(work)
        await engine.dispose()
        return found

    asyncio.run(on(two_projects_with_one_person))
    run.upgrade(url, "0033_projects_apart")
    found = asyncio.run(on(parted))
    both = [("A", "A"), ("B", "B")]
    assert found == {
        "people": [("A", "Zeynep", "gAAAA-told", "Court", "Ministry"), ("B", "Zeynep", "", "Court", "Ministry")],
        "invitations": both,
        "consents": both,
        "calls": both,
        "mails": both,
        "focal": both,
        "suppressed": [("A", "z@example.org"), ("B", "z@example.org")],
        "addresses": [("A", "y@example.org")],
        "nobody": [],
    }
    if server:
        server.drop(url)


def test_people_are_known_by_the_mailbox_and_two_who_share_one_stay_two(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0042_substitution")
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        former = Former(connection)
        project = former.add("project", acronym="A", title="A", donor="EU", contract_number="A")
        for address in ("a.b+x@gmail.com", "ab@gmail.com", "c+x@gmail.com", "c+x@example.org"):
            former.add("person", project_id=project, name=address, search="", address=address, address_key=address)
    run.upgrade(url)
    with engine.begin() as connection:
        found = {row[0]: row[1] for row in connection.execute(sa.text("SELECT address, address_key FROM person"))}
    engine.dispose()
    assert found == {
        "a.b+x@gmail.com": "a.b+x@gmail.com",
        "ab@gmail.com": "ab@gmail.com",
        "c+x@gmail.com": "c@gmail.com",
        "c+x@example.org": "c+x@example.org",
    }


def test_who_was_erased_keeps_no_rank(tmp_path: Path) -> None:
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0113_keep_the_wording_of_tasks")
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        former = Former(connection)
        project = former.add("project", acronym="A", title="A", donor="EU", contract_number="A")
        for name in (ERASED, "Ayşe Bir"):
            former.add("person", project_id=project, name=name, search="", protocol_rank=3)
    run.upgrade(url)
    with engine.begin() as connection:
        found = {row[0]: row[1] for row in connection.execute(sa.text("SELECT name, protocol_rank FROM person"))}
    engine.dispose()
    assert found == {ERASED: None, "Ayşe Bir": 3}


def test_an_account_told_for_a_journey_becomes_how_somebody_is_paid(tmp_path: Path) -> None:
    vault.use("a key for tests that is long enough")
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0077_pages_of_passports")
    told, nothing = uuid4().hex, uuid4().hex
    with closing(sqlite3.connect(file)) as database:
        for id, account in ((told, {"holder": "Ayşe Bir", "iban": "TR330006100519786457841326"}), (nothing, {})):
            values = {"id": id, "event_id": id, "registration_id": id, "changed_at": "2026-05-01 08:00:00.000000"}
            values |= dict.fromkeys(("home", "wishes", "room", "passport", "visa", "insurance"), "")
            values["account"] = vault.encrypt(json.dumps(account))
            columns, marks = ", ".join(values), ", ".join("?" * len(values))
            database.execute(f"INSERT INTO travel_details ({columns}) VALUES ({marks})", [*values.values()])
        database.commit()
    run.upgrade(url, "0080_payees")
    with closing(sqlite3.connect(file)) as database:
        (row,) = database.execute("SELECT registration_id, method, holder, iban, is_complete FROM payee_details")
        assert "TR3300061" not in "".join(map(str, row))
    paid = (row[0], row[1], vault.decrypt(row[2]), vault.decrypt(row[3]), row[4])
    assert paid == (told, "bank", "Ayşe Bir", "TR330006100519786457841326", 1)
    run.downgrade(url, "0077_pages_of_passports")
    with closing(sqlite3.connect(file)) as database:
        (back,) = database.execute("SELECT account FROM travel_details WHERE id = ?", [told]).fetchone()
    assert json.loads(vault.decrypt(back))["iban"] == "TR330006100519786457841326"


@pytest.fixture
def planted() -> Iterator[str]:
    """A table that no migration makes, with every kind of column that ours have."""
    table = sa.Table(
        "planted",
        SQLModel.metadata,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("event_id", sa.Uuid, sa.ForeignKey("event.id"), index=True, nullable=False),
        sa.Column("name", AutoString(80), nullable=False),
        sa.Column("kind", sa.Enum("a", "b", native_enum=False, length=32), nullable=False),
        sa.Column("told", EncryptedText, nullable=False),
        sa.Column("at", UTCDateTime, nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.UniqueConstraint("event_id", "name"),
        sa.CheckConstraint("name <> ''", name="named"),
    )
    yield table.name
    SQLModel.metadata.remove(table)


def test_the_next_migration_is_written_from_the_models_and_runs(
    planted: str, database_url: str, tmp_path: Path
) -> None:
    path = new.write("Add what was planted", tmp_path)
    assert re.fullmatch(r"\d{4}_add_what_was_planted\.py", path.name)
    text = path.read_text()
    assert text.startswith('"""Add what was planted.\n\nSafe beside the previous release: say why.\n"""\n')
    # Encrypted columns, enums and moments stand for themselves, not for code that may change.
    assert "core." not in text
    config = new.config_with(tmp_path, database_url)
    command.upgrade(config, "head")
    assert planted in tables_of(database_url)
    command.check(config)
    command.downgrade(config, "-1")
    assert planted not in tables_of(database_url)


def test_a_migration_without_a_name_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        new.write(" … ", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_alembics_own_commands_reach_this_installation(sqlite_url: str, tmp_path: Path) -> None:
    installation = Installation(tmp_path, database_url=sqlite_url)
    alembic = [str(Path(sys.executable).parent / "alembic"), "-c", str(run.ROOT / "alembic.ini"), "current"]
    done = subprocess.run(alembic, cwd=run.ROOT, env=installation.environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip().endswith("(head)")) == (0, True), done.stderr


def two_rate_tables(connection: sa.Connection) -> None:
    former = Former(connection)
    project = former.add("project", acronym="A")
    for name, minor, currency in (("Of 2024", 24050, "EUR"), ("Of 2026", 23400, "JPY")):
        table = former.add("rate_table", name=name, project_id=project, summary={})
        former.add("rate_row", table_id=table, country="AT", amount_minor=minor, currency=currency)


def rates_kept(connection: sa.Connection) -> list[tuple[Any, ...]]:
    query = (
        "SELECT t.name, t.state, t.rule_set, t.scope, t.in_force_at = t.imported_at, r.amounts, r.currency"
        " FROM rate_row r JOIN rate_table t ON t.id = r.table_id ORDER BY t.name"
    )
    found = connection.execute(sa.text(query)).all()
    return [
        (*row[:4], bool(row[4]), json.loads(row[5]) if isinstance(row[5], str) else row[5], row[6]) for row in found
    ]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_rate_table_that_was_there_is_in_force_with_exact_amounts(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Postgres | None = request.getfixturevalue("postgres") if kind == "postgres" else None
    url = server.new_database(empty=True) if server else f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}"
    run.upgrade(url, "0077_pages_of_passports")

    async def on(work: Any) -> Any:
        engine = create_async_engine(url)
        async with engine.begin() as connection:
            found = await connection.run_sync(work)
        await engine.dispose()
        return found

    asyncio.run(on(two_rate_tables))
    run.upgrade(url, "0078_rates_add_up")
    assert asyncio.run(on(rates_kept)) == [
        ("Of 2024", "in_force", "eu_external", "travel", True, {"amount": "240.50"}, "EUR"),
        ("Of 2026", "in_force", "eu_external", "travel", True, {"amount": "23400"}, "JPY"),
    ]
    run.downgrade(url, "0077_pages_of_passports")
    minor = asyncio.run(
        on(lambda c: list(c.execute(sa.text("SELECT amount_minor FROM rate_row ORDER BY amount_minor"))))
    )
    assert [row[0] for row in minor] == [23400, 24050]
    if server:
        server.drop(url)
