"""Files in a folder: whole or not there, whoever else keeps or removes the same one, and whoever died writing it."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import FileGone
from core.files import Folder, hash_of

CONTENT = b"%PDF-1.7 " + b"x" * 2_000_000
HASH = hash_of(CONTENT)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


def test_who_keeps_the_same_file_at_once_finds_it_whole(folder: Folder) -> None:
    def keep(_: int) -> bool:
        folder.keep(CONTENT)
        return folder.read(HASH) == CONTENT

    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            assert all(threads.map(keep, range(8)))
            folder.drop(HASH)


def test_a_file_that_is_removed_while_it_is_kept_is_whole_or_gone(folder: Folder) -> None:
    content = b"a logo"

    def keep() -> None:
        for _ in range(3000):
            folder.keep(content)

    with ThreadPoolExecutor(2) as threads:
        keeping = threads.submit(keep)
        while not keeping.done():
            folder.drop(hash_of(content))
            with suppress(FileGone):
                assert folder.read(hash_of(content)) == content
        keeping.result()


def test_a_disk_that_is_full_leaves_nothing_behind(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.keep(CONTENT)
    assert [path for path in folder.path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("lying", [b"", CONTENT[:-1], CONTENT[:-1] + b"y"], ids=["emptied", "cut off", "altered"])
def test_a_file_that_is_not_what_was_kept_is_gone(folder: Folder, lying: bytes) -> None:
    folder.keep(CONTENT)
    (folder.path / HASH[:2] / HASH).write_bytes(lying)
    with pytest.raises(FileGone):
        folder.read(HASH)


def test_a_file_that_was_cut_off_is_whole_once_it_is_kept_again(folder: Folder) -> None:
    folder.keep(CONTENT)
    (folder.path / HASH[:2] / HASH).write_bytes(CONTENT[:-1])
    folder.keep(CONTENT)
    assert folder.read(HASH) == CONTENT


def test_what_a_process_that_died_was_writing_goes_after_an_hour(folder: Folder) -> None:
    folder.keep(CONTENT)
    place = folder.path / HASH[:2]
    half = {name: place / f"{HASH}.{name}" for name in ("4711", "0123456789abcdef")}
    for path in half.values():
        path.write_bytes(b"%PDF-1.7 half of a pass")
    two_hours_ago = time.time() - 7200
    os.utime(half["4711"], (two_hours_ago, two_hours_ago))
    assert [kept.hash for kept in folder.all()] == [HASH]
    assert sorted(path.name for path in place.iterdir()) == [HASH, f"{HASH}.0123456789abcdef"]
