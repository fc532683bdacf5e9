"""Files kept by the hash of their content, and pictures checked before they are kept."""

import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from core.errors import NotThatKind, TooLarge, TooManyPixels
from core.private import FOLDER, private_opener

MAX_PICTURE_MB = 5
MAX_PIXELS = 20_000_000
_HASH = re.compile("[0-9a-f]{64}")


def keep_file(folder: Path, content: bytes) -> str:
    """Write the content under its SHA-256, once. Returns the hash."""
    hash = hashlib.sha256(content).hexdigest()
    path = _path(folder, hash)
    if not path.exists():
        folder.mkdir(mode=FOLDER, parents=True, exist_ok=True)
        path.parent.mkdir(mode=FOLDER, exist_ok=True)
        # Written aside and renamed: nobody ever reads half a file.
        aside = path.with_suffix(f".{os.getpid()}")
        with open(aside, "wb", opener=private_opener) as file:
            file.write(content)
        aside.rename(path)
    else:
        # It may be named by no row at this moment: young again, it is not taken for one that is left over.
        path.touch()
    return hash


def read_file(folder: Path, hash: str) -> bytes:
    return _path(folder, hash).read_bytes()


def drop_file(folder: Path, hash: str) -> None:
    """Remove a file; one that is not there stays away."""
    _path(folder, hash).unlink(missing_ok=True)


def all_files(folder: Path) -> Iterator[Path]:
    """Every file that is kept, and nothing else that lies in the folder."""
    return (path for path in folder.glob("??/*") if _HASH.fullmatch(path.name))


def _path(folder: Path, hash: str) -> Path:
    if not _HASH.fullmatch(hash):
        raise ValueError("not a hash")
    return folder / hash[:2] / hash


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
