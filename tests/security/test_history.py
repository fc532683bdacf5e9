"""What an older database says of people in its history is brought into the new shape, and nothing else is lost."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from core.columns import vault
from migrations import run
from tests.conftest import KEY

ACCOUNT, PERSON, EVENT, PROJECT = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
OLD = (
    # id, actor id, actor, act, object, reason, facts
    (
        "1" * 32,
        ACCOUNT,
        "Elif Karaca",
        "event.cancelled",
        EVENT,
        "Ayşe Yılmaz is ill",
        '{"title": "Meeting"}',
    ),
    (
        "2" * 32,
        None,
        "Ayşe Yılmaz",
        "person.declined",
        PERSON,
        "an operation",
        '{"event": "Meeting", "event_id": "C"}',
    ),
    ("3" * 32, None, "Nur Odak", "names.given", EVENT, "", '{"names": 2}'),
    ("4" * 32, None, "command line", "project.created", PROJECT, "", "{}"),
)


def write_old(database: sqlite3.Connection) -> None:
    """A history as the release before wrote it."""
    for id, actor_id, actor, act, about, reason, facts in OLD:
        database.execute(
            "INSERT INTO audit_entry (id, at, project_id, actor_id, actor, act, object_id, facts, reason) "
            "VALUES (?, '2026-01-01 00:00:00', ?, ?, ?, ?, ?, ?, ?)",
            (id, PROJECT, actor_id, actor, act, about, facts, reason),
        )


def test_an_old_history_loses_its_names_and_keeps_who_acted_and_why_staff_did(tmp_path: Path) -> None:
    vault.use(KEY)
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0032_calendar_wishes")
    with closing(sqlite3.connect(file)) as database:
        write_old(database)
        database.execute(
            "INSERT INTO job (id, name, project_id, about_id, payload, stage, due_at, attempts, done, total) "
            "VALUES (?, 'x', ?, ?, '{\"reason\": \"Ayşe\"}', 'waiting', '2026-01-01 00:00:00', 0, 0, 0)",
            ("5" * 32, PROJECT, EVENT),
        )
        database.commit()
    run.upgrade(url)
    with closing(sqlite3.connect(file)) as database:
        entries = database.execute("SELECT actor, actor_id, facts FROM audit_entry ORDER BY id").fetchall()
        notes = [(id, vault.decrypt(text)) for id, text in database.execute("SELECT * FROM audit_note")]
        (payload,) = database.execute("SELECT payload FROM job").fetchone()
        guards = {n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert entries == [
        ("account", ACCOUNT, "{}"),
        ("person", PERSON, '{"event_id": "C"}'),
        ("focal-point", None, '{"names": 2}'),
        ("program", None, "{}"),
    ]
    assert notes == [("1" * 32, "Ayşe Yılmaz is ill")]
    assert json.loads(vault.decrypt(payload)) == {"reason": "Ayşe"}
    assert {"guard_audit_entry_update", "guard_audit_entry_delete", "guard_sheet_person_name"} <= guards


def test_what_a_migration_takes_out_is_not_left_in_free_pages(tmp_path: Path) -> None:
    vault.use(KEY)
    file = tmp_path / "heyet.db"
    url = f"sqlite+aiosqlite:///{file}"
    run.upgrade(url, "0032_calendar_wishes")
    with closing(sqlite3.connect(file)) as database:
        write_old(database)
        database.commit()
    run.upgrade(url)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("heyet.db*"))
    assert [one for one in ("Ayşe Yılmaz", "Nur Odak", "an operation") if one.encode() in left] == []
