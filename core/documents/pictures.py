"""Pictures in documents: made small and put into colours that every printer knows, once for all documents."""

import copy
import hashlib
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any

import zxingcpp
from fpdf import FPDF
from fpdf.image_parsing import get_img_info
from PIL import Image, UnidentifiedImageError

# A logo is some 20 mm wide: that is 600 dots to the inch.
_PIXELS = 480
_MOST_PIXELS = 50_000_000
_AT_ONCE = 64


def put_picture(pdf: FPDF, content: bytes, x: float, y: float, width: float, height: float) -> bool:
    """Draw a picture into that rectangle, in millimetres. False where it is broken or too large to be opened."""
    info = _prepared(content)
    if info is None:
        return False
    name = hashlib.sha256(content).hexdigest()
    images = pdf.image_cache.images
    if name not in images:
        images[name] = copy.copy(info)
        images[name].update(i=len(images), usages=0)
    pdf.image(name, x=x, y=y, w=width, h=height)
    return True


@lru_cache(maxsize=_AT_ONCE)
def _prepared(content: bytes) -> Any:
    """As fpdf keeps it, compressed already; None for what cannot be shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(content))
        if opened.width * opened.height > _MOST_PIXELS:
            return None
        # A JPEG is read no larger than needed, which is what makes large ones cheap.
        opened.draft("RGB", (_PIXELS, _PIXELS))
        is_see_through = opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info
        picture = opened.convert("RGBA" if is_see_through else "RGB")
        picture.thumbnail((_PIXELS, _PIXELS))
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    return get_img_info(f"{len(content)}.png", picture)


# Modules of a code next to each other in a line.
_DARK = re.compile(b"\\0+")


def qr_boxes(text: str, x: float, y: float, side: float) -> list[tuple[float, float, float, float]]:
    """The dark parts of a QR code (level M, without its white margin) in a square, to be filled as one shape."""
    # segno, which draws the other codes, takes seven times as long, which shows where a sheet has a hundred pages.
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    view: Any = memoryview(image)
    modules, (count, width) = view.tobytes(), view.shape
    unit = side / count
    return [
        (x + (run.start() - row * width) * unit, y + row * unit, len(run[0]) * unit, unit)
        for row in range(count)
        for run in _DARK.finditer(modules, row * width, (row + 1) * width)
    ]


def runs_of(line: Sequence[object], wanted: object) -> Iterator[tuple[int, int]]:
    """Start and length of each unbroken row of a value."""
    start = 0
    for value, group in groupby(line):
        length = len(list(group))
        if value == wanted:
            yield start, length
        start += length
