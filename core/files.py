"""Files kept by the hash of their content, and pictures checked before they are kept."""

import hashlib
import os
import re
import secrets
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Protocol

import structlog
from PIL import Image, UnidentifiedImageError

from core.errors import FileDamaged, FileGone, NotThatKind, TooLarge, TooManyPixels
from core.private import FOLDER, private_opener

log = structlog.get_logger()
MAX_PICTURE_MB = 5
MAX_PIXELS = 20_000_000
# Seconds after which nobody writes a file any more.
UNFINISHED = 3600.0
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class KeptFile:
    """A file that is kept: the SHA-256 it is found by, and when it was written last, in seconds since 1970."""

    hash: str
    changed: float


class FileStore(Protocol):
    """Where files are kept, found by the SHA-256 of their content and never changed. Every call may take its time:
    not for the event loop. Raises StorageAway where it cannot be reached."""

    def keep(self, content: bytes) -> str:
        """Write the content, whole or not at all. Returns its hash. A file that was there already is young again."""

    def read(self, hash: str) -> bytes:
        """The content as it was given. Raises FileGone."""

    def drop(self, hash: str) -> None:
        """Remove a file; one that is not there stays away."""

    def all(self) -> Iterator[KeptFile]:
        """Every file that is kept, and nothing else that lies there."""

    def seal_anew(self, hash: str) -> bool:
        """Encrypt what the store itself has encrypted with a former key under the present one. Returns whether there
        was something to do."""


class Folder:
    """A folder of this machine, or one that several share. Encrypts nothing by itself."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, content: bytes) -> str:
        hash = hash_of(content)
        path = self._path(hash)
        try:
            # It may be named by no row at this moment: young again, it is not taken for one that is left over.
            os.utime(path)
            is_there = path.stat().st_size == len(content)
        except FileNotFoundError:
            is_there = False
        if not is_there:
            self._write(path, content)
        return hash

    def _write(self, path: Path, content: bytes) -> None:
        """Written aside and renamed: nobody ever reads half a file, and a row that is committed names a whole one also
        after a power cut."""
        self.path.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        path.parent.mkdir(mode=FOLDER, exist_ok=True)
        aside = path.with_suffix(f".{secrets.token_hex(8)}")
        try:
            with open(aside, "xb", opener=private_opener) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
        finally:
            aside.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def read(self, hash: str) -> bytes:
        try:
            content = self._path(hash).read_bytes()
        except FileNotFoundError:
            raise FileGone from None
        if hash_of(content) != hash:
            # A disk that failed, or somebody else: half a certificate is none.
            log.error("file changed past Heyet")
            raise FileDamaged
        return content

    def drop(self, hash: str) -> None:
        self._path(hash).unlink(missing_ok=True)

    def all(self) -> Iterator[KeptFile]:
        for path in self.path.glob("??/*"):
            try:
                changed = path.stat().st_mtime
            except FileNotFoundError:  # it went meanwhile
                continue
            if is_hash(path.name):
                yield KeptFile(path.name, changed)
            elif is_hash(path.stem) and changed < time.time() - UNFINISHED:
                # Who wrote it died. It is no file that is kept, so nobody else removes it.
                path.unlink(missing_ok=True)

    def seal_anew(self, hash: str) -> bool:
        return False

    def _path(self, hash: str) -> Path:
        return self.path / place_of(hash)


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_hash(name: str) -> bool:
    return _HASH.fullmatch(name) is not None


def place_of(hash: str) -> str:
    """Where a file lies in its store, with slashes."""
    if not is_hash(hash):
        raise ValueError("not a hash")
    return f"{hash[:2]}/{hash}"


def checked_picture(content: bytes, field: str = "file") -> tuple[bytes, str, int, int]:
    """A PNG or JPEG written anew, without what it carried beside its pixels; its media type, width and height.

    Sizes are read from the header: a picture of 30,000 × 30,000 pixels is refused before it is in memory.
    Raises TooLarge, TooManyPixels, NotThatKind.
    """
    if len(content) > MAX_PICTURE_MB * 1024 * 1024:
        raise TooLarge(limit=MAX_PICTURE_MB)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
                width, height = picture.size
                if width * height > MAX_PIXELS:
                    raise TooManyPixels(field)
                kind = str(picture.format)
                into = BytesIO()
                clean = picture.convert("RGBA" if kind == "PNG" else "RGB")
                clean.save(into, kind, optimize=True)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(field) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise NotThatKind(field) from None
    return into.getvalue(), f"image/{kind.lower()}", width, height
