"""Opens scans and photographs, a page at a time. Runs in the process of `core.isolation`.

Never by `cv2.imread`: OpenCV's wheel carries old copies of ffmpeg and OpenSSL.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from events.attendance.scans.rules import PageProblem

pillow_heif.register_heif_opener()
Picture = NDArray[np.uint8]
FORMATS = ("JPEG", "PNG", "TIFF", "HEIF")
MOST_PAGES = 200
MOST_PIXELS = 50_000_000
# More tells nothing new of a page: 15 dots to the millimetre, where reading takes 8.
_LONGEST_SIDE = 4600
_DPI, _LONGEST_RENDERED = 200, 3600
# Less than that share of grey makes a picture one of black and white, whatever its file says.
_GREY = 0.002
_LOCKED = 4


class Undecodable(Exception):
    """A file, or a page of it, that cannot be read."""

    def __init__(self, problem: PageProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class DecodedPage:
    """A page upright as its file has it: grey, or RGB. `is_one_bit` if there is nothing between black and white."""

    picture: Picture
    is_one_bit: bool

    @property
    def grey(self) -> Picture:
        if self.picture.ndim == 2:
            return self.picture
        return np.asarray(Image.fromarray(self.picture).convert("L"))


def page_count(content: bytes) -> int:
    """Raises Undecodable."""
    with _opened(content) as (count, _):
        return count


def decoded(content: bytes, page: int, *, at_least: int = 0) -> DecodedPage:
    """A page, counted from 1. A JPEG may come smaller, if its long side is still `at_least` so many pixels.

    Raises Undecodable.
    """
    with _opened(content) as (count, render):
        if not 1 <= page <= count:
            raise Undecodable(PageProblem.unreadable)
        return render(page - 1, at_least)


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[int, Callable[[int, int], DecodedPage]]]:
    """The number of pages, and what renders one."""
    try:
        if content[:1024].lstrip().startswith(b"%PDF"):
            with pdfium.PdfDocument(content) as document:
                yield _bounded(len(document)), lambda index, _: _rendered(document[index])
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(BytesIO(content), formats=FORMATS) as image:
                count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
                yield _bounded(count), lambda index, at_least: _frame(image, index, at_least)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == _LOCKED
        raise Undecodable(PageProblem.locked if is_locked else PageProblem.unreadable) from error
    except (UnidentifiedImageError, OSError, ValueError, EOFError, SyntaxError, Image.DecompressionBombError) as error:
        raise Undecodable(PageProblem.unreadable) from error


def _bounded(count: int) -> int:
    if count > MOST_PAGES:
        raise Undecodable(PageProblem.too_long)
    return count


def _rendered(page: Any) -> DecodedPage:
    """A page of a PDF, at 200 dots to the inch however large it is said to be."""
    longest = max(page.get_size())
    scale = min(_DPI / 72, _LONGEST_RENDERED / max(longest, 1))
    bitmap = page.render(scale=scale, prefer_bgrx=False, rev_byteorder=True)
    picture = np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])
    return DecodedPage(picture, _has_one_bit_scan(page))


def _has_one_bit_scan(page: Any) -> bool:
    """Whether all that the page shows is a picture of black and white."""
    pictures = list(page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    return bool(pictures) and all(one.get_metadata().bits_per_pixel == 1 for one in pictures)


def _frame(image: Image.Image, index: int, at_least: int) -> DecodedPage:
    if image.width * image.height > MOST_PIXELS:
        raise Undecodable(PageProblem.unreadable)
    if index:
        image.seek(index)
    if at_least and image.format in ("JPEG", "MPO"):
        image.draft(None, (at_least, at_least))
    is_one_bit = image.mode == "1"
    turned = ImageOps.exif_transpose(image)
    if turned.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        turned = _eight_bits(turned)
    if turned.mode not in ("L", "RGB"):
        turned = _on_white(turned)
    if max(turned.size) > _LONGEST_SIDE:
        turned.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BOX, reducing_gap=None)
    picture = np.array(turned)
    return DecodedPage(picture, is_one_bit or _is_black_and_white(picture))


def _eight_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image, np.float32)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1))).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "1":
        return image.convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _is_black_and_white(picture: Picture) -> bool:
    part = picture[::7, ::7]
    return bool(((part > 24) & (part < 231)).mean() < _GREY)
