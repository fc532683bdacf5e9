"""What lies on the disk is its owner's alone: folders 0700, files 0600, also what was there before with wider modes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
WHAT_OTHERS_GET = 0o077


def keep_private(paths: Iterable[Path]) -> None:
    """Let this process make nothing that others can read, and close these paths to them.

    What belongs to another user stays as it is: `heyet check` says so.
    """
    os.umask(WHAT_OTHERS_GET)
    for path in open_to_others(paths):
        try:
            path.chmod(FOLDER if path.is_dir() else FILE)
        except (FileNotFoundError, PermissionError):
            continue


def open_to_others(paths: Iterable[Path]) -> Iterator[Path]:
    """Which of these others may read or change. What a link points to is somebody else's to decide."""
    for path in paths:
        try:
            mode = path.lstat().st_mode
        except (FileNotFoundError, PermissionError):
            continue
        if not path.is_symlink() and mode & WHAT_OTHERS_GET:
            yield path


def private_opener(path: str, flags: int) -> int:
    """For `open(..., opener=private_opener)`: what is made can be read by its owner only, whatever the process
    allows."""
    return os.open(path, flags, FILE)
