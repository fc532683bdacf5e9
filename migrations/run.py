"""Bringing a database to the present state, and comparing it with the models."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from core.private import FILE, FOLDER

LONGEST_WAIT = 600.0  # seconds; large files take minutes to migrate
ROOT = Path(__file__).resolve().parent.parent


def config_for(url: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def upgrade(url: str, to: str = "head") -> None:
    """Run what is missing. A SQLite file is copied first: its changes of structure cannot be rolled back."""
    file = Path(url.removeprefix("sqlite+aiosqlite:///")) if url.startswith("sqlite") else None
    if file is not None:
        file.parent.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        with _alone(file):
            _upgrade_file(file, url, to)
    else:
        command.upgrade(config_for(url), to)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One process at a time: SQLite locks tables for each of a migration's statements, not for all. Whoever comes later
    waits, and finds nothing left to do."""
    beside = file.with_name(f"{file.name}-migrating")
    beside.touch(FILE)
    with closing(sqlite3.connect(beside, timeout=LONGEST_WAIT, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _upgrade_file(file: Path, url: str, to: str) -> None:
    # SQLite gives journal and index the mode of the file.
    file.touch(FILE)
    head = ScriptDirectory.from_config(config_for(url)).get_current_head()
    is_older = file.stat().st_size > 0 and _revision(file) != head
    if is_older:
        copy_file(file, file.with_suffix(".before-migration"))
    command.upgrade(config_for(url), to)
    if is_older:
        _overwrite_what_was_taken_out(file)


def copy_file(file: Path, to: Path) -> None:
    """All that is committed in a SQLite file, be it in the file or still in its journal, to one that needs none."""
    to.unlink(missing_ok=True)
    to.touch(FILE)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def _overwrite_what_was_taken_out(file: Path) -> None:
    """What a migration deleted or moved is not left in free pages, nor in the journal."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _revision(file: Path) -> str | None:
    with closing(sqlite3.connect(file)) as database:
        try:
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError:  # an empty file
            return None
    return str(row[0]) if row else None


def downgrade(url: str, to: str) -> None:
    command.downgrade(config_for(url), to)


def check(url: str) -> None:
    """Raises when the models say something that no migration does."""
    command.check(config_for(url))
