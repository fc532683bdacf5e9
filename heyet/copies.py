"""A whole installation in one encrypted archive, and back: the database and every file, in bounded memory.

Inside the encrypted stream lies a tar archive: `manifest.json`, the database in parts (a SQLite file, or what pg_dump
writes), the files by their hashes, and `end.json` with the counts that a reader compares. Nothing of a PostgreSQL dump
touches the disk in clear; a SQLite file is copied beside the one it is a copy of.
"""

import hashlib
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import IO, Any

from core.archive import Damaged, Opening, Sealing, Secret
from core.errors import FileDamaged, FileGone, StorageAway
from core.files import Folder, place_of
from core.private import FOLDER, private_opener
from core.settings import Settings
from heyet import postgres
from migrations import run as migrations

SEGMENT = 4 * 1024 * 1024
MANIFEST, END = "manifest.json", "end.json"
SQLITE, POSTGRES = "sqlite", "postgresql"
_SEGMENT_NAME = re.compile(r"database/\d{6}")
_FILE_NAME = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_MOST_DESCRIPTION = 64 * 1024


@dataclass
class Contents:
    """What an archive holds, counted while it is written and again while it is read."""

    database_bytes: int = 0
    database_hash: str = ""
    files: int = 0
    file_bytes: int = 0
    # Files that were not what had been kept, and are left out.
    damaged: int = 0


@dataclass
class Copy:
    """An archive that was read to its end and is sound. `database` is the staged SQLite file, if it is one."""

    kind: str
    contents: Contents
    made_at: str
    files: Path
    database: Path | None = None


def kind_of(settings: Settings) -> str:
    return SQLITE if settings.database.startswith("sqlite") else POSTGRES


def write_copy(settings: Settings, target: Path, secret: Secret, *, at: datetime) -> Contents:
    """Write an archive while Heyet runs. It gets its name when it is whole. Raises FileExistsError, postgres.Failed."""
    if target.exists():
        raise FileExistsError(target)
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with open(aside, "xb", opener=private_opener) as file:
            sealing = Sealing(file, secret)
            with tarfile.open(fileobj=sealing, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                contents = _fill(tar, settings, at=at)
            sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        # A link fails where somebody has made the target meanwhile; a renaming would replace it.
        os.link(aside, target)
    finally:
        aside.unlink(missing_ok=True)
    return contents


def _fill(tar: tarfile.TarFile, settings: Settings, *, at: datetime) -> Contents:
    contents, hash = Contents(), hashlib.sha256()
    _add(tar, MANIFEST, _json({"format": 1, "database": kind_of(settings), "made_at": at.isoformat()}))
    with _dumped(settings) as database:
        number = 0
        while part := database.read(SEGMENT):
            number += 1
            _add(tar, f"database/{number:06}", part)
            contents.database_bytes += len(part)
            hash.update(part)
    contents.database_hash = hash.hexdigest()
    # After the database: whatever it names is there by now, for a file is kept before the row that names it.
    # One at a time is in memory, as it was given: an archive fits wherever files lie.
    for kept in settings.files.all():
        try:
            content = settings.files.read(kept.hash)
        except FileDamaged:
            contents.damaged += 1
        except FileGone:
            # Erased since they were listed.
            continue
        else:
            _add(tar, f"files/{place_of(kept.hash)}", content)
            contents.files += 1
            contents.file_bytes += len(content)
    _add(tar, END, _json({name: count for name, count in asdict(contents).items() if name != "damaged"}))
    return contents


@contextmanager
def _dumped(settings: Settings) -> Iterator[IO[bytes]]:
    if kind_of(settings) == POSTGRES:
        with postgres.dump(settings.database) as stream:
            yield stream
        return
    source_file = settings.sqlite_file
    with tempfile.TemporaryDirectory(dir=source_file.parent, prefix=".copy-") as folder:
        aside = Path(folder) / "heyet.db"
        migrations.copy_file(source_file, aside)
        with open(aside, "rb") as stream:
            yield stream


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, BytesIO(content))


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content).encode()


@contextmanager
def staged(settings: Settings, source: Path, secret: Secret) -> Iterator[Copy]:
    """Read an archive to its end, lay what is in it beside what is there, and prove it; nothing is replaced yet.

    Raises Damaged, with the reason in words.
    """
    if shutil.disk_usage(settings.var).free < source.stat().st_size:
        raise Damaged("holds more than the disk of HEYET_VAR has room for")
    # A file takes another's place in one step only on the same disk.
    beside = settings.sqlite_file.parent if kind_of(settings) == SQLITE else settings.var
    with (
        tempfile.TemporaryDirectory(dir=settings.var, prefix=".restore-") as folder,
        tempfile.TemporaryDirectory(dir=beside, prefix=".restore-") as near,
    ):
        with _opened(source, secret) as tar:
            copy = _unpack(tar, Path(folder), Path(near), settings)
        if copy.database:
            _must_be_database(copy.database)
        yield copy


def _unpack(tar: Iterator[tuple[tarfile.TarInfo, IO[bytes]]], folder: Path, near: Path, settings: Settings) -> Copy:
    found = Contents()
    entry, content = next(tar)
    if entry.name != MANIFEST:
        raise Damaged("does not begin with its description")
    manifest = _read_json(entry, content)
    kind = manifest.get("database")
    if manifest.get("format") != 1:
        raise Damaged("was written by another version of Heyet")
    if kind != kind_of(settings):
        raise Damaged(f"holds a database of {kind}, and this installation has one of {kind_of(settings)}")
    files = folder / "files"
    files.mkdir(mode=FOLDER)
    database = near / "heyet.db" if kind == SQLITE else None
    hash = hashlib.sha256()
    counted = None
    for entry, content in tar:
        if counted is not None:
            raise Damaged("goes on after its end")
        if entry.name == END:
            counted = Contents(**_read_json(entry, content))
        elif _SEGMENT_NAME.fullmatch(entry.name):
            part = content.read()
            hash.update(part)
            found.database_bytes += len(part)
            if database:
                with open(database, "ab", opener=private_opener) as target:
                    target.write(part)
        else:
            _keep(entry, content, files)
            found.files += 1
            found.file_bytes += entry.size
    found.database_hash = hash.hexdigest()
    if counted != found:
        raise Damaged("does not hold what it says it holds")
    return Copy(str(kind), found, str(manifest.get("made_at", "")), files, database)


def _keep(entry: tarfile.TarInfo, content: IO[bytes], folder: Path) -> None:
    """Write one file of the archive under its hash; its content has to fit."""
    name = _FILE_NAME.fullmatch(entry.name)
    if name is None:
        raise Damaged("holds something that does not belong there")
    path = folder / name[1] / name[2]
    path.parent.mkdir(mode=FOLDER, exist_ok=True)
    hash = hashlib.sha256()
    with open(path, "xb", opener=private_opener) as target:
        while block := content.read(SEGMENT):
            hash.update(block)
            target.write(block)
    if hash.hexdigest() != path.name:
        raise Damaged(f"holds a file that is not what its name says ({path.name[:12]}…)")


@contextmanager
def _opened(source: Path, secret: Secret) -> Iterator[Iterator[tuple[tarfile.TarInfo, IO[bytes]]]]:
    with open(source, "rb") as file:
        stream = BufferedReader(Opening(file, secret), SEGMENT)
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            yield _entries(tar)
        # Whatever follows the last entry has to be proven too, above all that it is the end.
        while stream.read(SEGMENT):
            continue


def _entries(tar: tarfile.TarFile) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise Damaged("holds something that does not belong there")
        if not entry.name.startswith("files/") and entry.size > SEGMENT:
            raise Damaged("holds a part that is too large")
        yield entry, content


def _read_json(entry: tarfile.TarInfo, content: IO[bytes]) -> dict[str, Any]:
    if entry.size > _MOST_DESCRIPTION:
        raise Damaged("holds a part that is too large")
    read: dict[str, Any] = json.loads(content.read())
    return read


def _must_be_database(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            sound = sound and database.execute("SELECT 1 FROM alembic_version").fetchone() is not None
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        raise Damaged("holds a database that is not sound")


def restore_files(settings: Settings, source: Path, secret: Secret, copy: Copy) -> None:
    """Replace the database and the files by what was staged. Raises postgres.Failed and StorageAway, after which all
    is as before, but for files in a bucket that no row names."""
    files = settings.files
    is_folder = isinstance(files, Folder)
    if not is_folder:
        # First, as they take their time and may fail; what is there already is written over by the same.
        fresh = Folder(copy.files)
        for kept in fresh.all():
            files.keep(fresh.read(kept.hash))
    if copy.database:
        file = settings.sqlite_file
        for leftover in (Path(f"{file}-wal"), Path(f"{file}-shm"), Path(f"{file}-journal")):
            leftover.unlink(missing_ok=True)
        copy.database.replace(file)
    else:
        with _opened(source, secret) as tar:
            postgres.restore(
                settings.database,
                (content.read() for entry, content in tar if _SEGMENT_NAME.fullmatch(entry.name)),
            )
    if is_folder:
        _replace_folder(copy.files, settings.files_folder)
    else:
        named = {kept.hash for kept in Folder(copy.files).all()}
        # What cannot be reached now is named by no row, and goes like all that is left over.
        with suppress(StorageAway):
            for hash in [kept.hash for kept in files.all() if kept.hash not in named]:
                files.drop(hash)


def _replace_folder(fresh: Path, present: Path) -> None:
    """A volume cannot be renamed, so what is in the folder is: new files first, then those that are no longer named
    go."""
    present.mkdir(mode=FOLDER, parents=True, exist_ok=True)
    kept = set()
    for file in list(Folder(fresh).all()):
        target = present / place_of(file.hash)
        target.parent.mkdir(mode=FOLDER, exist_ok=True)
        shutil.move(fresh / place_of(file.hash), target)
        kept.add(file.hash)
    for file in list(Folder(present).all()):
        if file.hash not in kept:
            (present / place_of(file.hash)).unlink(missing_ok=True)
