"""What scanners, fax machines, copiers and telephones make of a page: files with all their faults.

`lost` of a spoilt page are the cells whose ink the device has erased: nobody can find it again.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.scans.material import NEUTRAL, Material, Strokes
from benchmarks.scans.pages import PER_MM, Key, SignedPage, made_sheet, signed_page

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
_INCH = 25.4
# What no light and no cast is, and how far apart places are reckoned.
_UNIT, _NODE = 180, 8
# Darker than that, a dot of the page is ink.
_INKED = 215
# Lighter than that, nothing is seen on a copy.
_COPIED = 0.9


@dataclass(frozen=True)
class Taken:
    """A picture, the quality at which it is stored, and for devices that erase ink where on the page they keep it."""

    picture: Picture
    quality: int
    kept: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class Device:
    """One way to get a page into a file. `group` is one of the rows of the table."""

    name: str
    group: str
    take: Callable[[SignedPage, Material, np.random.Generator], Taken]


@dataclass
class SpoiltPage:
    """A file of one page. `turned` says by how much it was turned, `by_exif` whether only its header says so."""

    content: bytes
    device: Device
    signed: SignedPage
    lost: frozenset[Key]


def spoil(signed: SignedPage, device: Device, material: Material, rng: np.random.Generator) -> SpoiltPage:
    """The page as that device delivers it, turned in a third of cases."""
    taken = device.take(signed, material, rng)
    picture, quality = taken.picture, taken.quality
    lost = _erased(taken.kept, signed)
    quarter = int(rng.integers(1, 4)) if rng.random() < 1 / 3 else 0
    into = io.BytesIO()
    if picture.dtype == bool:
        Image.fromarray(np.rot90(picture, quarter)).save(into, "TIFF", compression="group4", dpi=(200, 200))
        return SpoiltPage(into.getvalue(), device, signed, lost)
    exif = Image.Exif()
    if quarter and rng.random() < 0.5:
        # Stored as the sensor saw it: its header says how to hold it.
        exif[0x0112] = {1: 8, 2: 3, 3: 6}[quarter]
        Image.fromarray(np.rot90(picture, -quarter)).save(into, "JPEG", quality=quality, exif=exif)
    else:
        Image.fromarray(np.rot90(picture, quarter)).save(into, "JPEG", quality=quality)
    return SpoiltPage(into.getvalue(), device, signed, lost)


def spoilt_pages(seed: int, written: Strokes, material: Material) -> Iterator[SpoiltPage]:
    """A page by each device, the same for the same seed."""
    made = made_sheet(seed)
    for index, device in enumerate(DEVICES):
        rng = np.random.default_rng((seed, index))
        signed = signed_page(made, index % len(made.layout.pages) + 1, written, rng)
        yield spoil(signed, device, material, rng)


def _erased(kept: NDArray[np.bool_] | None, signed: SignedPage) -> frozenset[Key]:
    """Cells with ink on paper of which the device has kept hardly any."""
    lost = set()
    for cell in signed.page.cells:
        key = cell.row, cell.column
        if kept is None or signed.truth.get(key) in (None, "empty"):
            continue
        margin = 1.0
        left, right = (round((edge) * PER_MM) for edge in (cell.box.x + margin, cell.box.right - margin))
        top, bottom = (round((edge) * PER_MM) for edge in (cell.box.y + margin, cell.box.bottom - margin))
        ink = signed.picture[top:bottom, left:right].min(axis=2) < _INKED
        if kept[top:bottom, left:right].sum() < 0.2 * ink.sum():
            lost.add(key)
    return frozenset(lost)


def _kept(grey: NDArray[np.generic], signed: SignedPage) -> NDArray[np.bool_]:
    """A mask at the device's resolution, of the page as it lies, at that of the page."""
    size = signed.picture.shape[1::-1]
    return cv2.resize(grey.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0


# Scanners


def _laid(
    picture: Picture, dpi: tuple[float, float], turn: float, shift: tuple[float, float], scale: float = 1
) -> Picture:
    """The page on the glass, a little askew, at that many dots to the inch across and down."""
    height, width = picture.shape[:2]
    out = round(width / PER_MM / _INCH * dpi[0]), round(height / PER_MM / _INCH * dpi[1])
    if max(dpi) < 260:
        smaller = max(dpi) / 300
        picture = cv2.resize(picture, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)
    per_mm = picture.shape[1] / (width / PER_MM)
    middle = picture.shape[1] / 2, picture.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn, scale)
    matrix[:, 2] += np.array(shift) * per_mm
    stretch = np.diag([out[0] / picture.shape[1], out[1] / picture.shape[0]])
    return cv2.warpAffine(picture, stretch @ matrix, out, flags=cv2.INTER_CUBIC, borderValue=(246, 246, 246))


def _askew(rng: np.random.Generator) -> tuple[float, tuple[float, float]]:
    return rng.normal(0, 0.8), (rng.normal(0, 1), rng.normal(0, 1))


def _noisy(picture: Picture, rng: np.random.Generator, noise: float) -> Picture:
    """Grain as sensors have it, from one large pattern laid anew each time."""
    height, width = picture.shape[:2]
    pattern = _grain()
    top, left = (int(v) for v in rng.integers(0, 500, 2))
    rows, columns = -(-(height + 500) // len(pattern)), -(-(width + 500) // len(pattern))
    tiled = np.tile(pattern, (rows, columns))[top : top + height, left : left + width]
    scaled = cv2.convertScaleAbs(tiled, alpha=noise / 32), cv2.convertScaleAbs(cv2.min(tiled, 0), alpha=noise / 32)
    brighter = cv2.subtract(scaled[0], scaled[1])
    if picture.ndim == 3:
        brighter, darker = cv2.merge([brighter] * 3), cv2.merge([scaled[1]] * 3)
    else:
        darker = scaled[1]
    return cv2.subtract(cv2.add(picture, brighter), darker)


@cache
def _grain() -> NDArray[np.int16]:
    """Normal noise with a deviation of 32."""
    return np.random.default_rng(7).normal(0, 32, (1500, 1500)).astype(np.int16)


def scanner(dpi: int, quality: int, *, grey: bool = False) -> Callable[..., Taken]:
    def take(signed: SignedPage, material: Material, rng: np.random.Generator) -> Taken:
        picture = _laid(signed.picture, (dpi, dpi), *_askew(rng))
        picture = cv2.GaussianBlur(picture, (0, 0), 0.6)
        if grey or rng.random() < 0.3:
            picture = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
        return Taken(_noisy(picture, rng, 2.5), quality)

    return take


def one_bit(dpi: tuple[int, int], threshold: tuple[int, int], *, fax: bool = False) -> Callable[..., Taken]:
    def take(signed: SignedPage, material: Material, rng: np.random.Generator) -> Taken:
        grey = cv2.cvtColor(_laid(signed.picture, dpi, *_askew(rng)), cv2.COLOR_RGB2GRAY)
        grey = cv2.GaussianBlur(grey, (0, 0), 0.5)
        limit = int(rng.integers(*threshold))
        white = grey > limit
        flat = cv2.cvtColor(_laid(signed.picture, dpi, 0, (0, 0)), cv2.COLOR_RGB2GRAY)
        kept = _kept(cv2.GaussianBlur(flat, (0, 0), 0.5) <= limit, signed)
        if fax:
            white ^= rng.random(white.shape) < 0.0004
            for _ in range(rng.integers(0, 4)):
                row = int(rng.integers(white.shape[0]))
                white[row : row + int(rng.integers(1, 3))] = True
        return Taken(white, 0, kept)

    return take


def copier(signed: SignedPage, material: Material, rng: np.random.Generator) -> Taken:
    """Copied, smaller and harder, perhaps with an edge lost, and then scanned."""
    turn, shift = _askew(rng)
    hardest, steep = rng.uniform(0.5, 0.66), rng.uniform(8, 13)

    def copied(page: Picture) -> NDArray[np.float32]:
        part = cv2.cvtColor(page, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
        return 1 / (1 + np.exp(-(part - hardest) * steep))

    part = copied(_laid(signed.picture, (200, 200), turn, shift, rng.uniform(0.93, 1)))
    kept = _kept(copied(_laid(signed.picture, (200, 200), 0, (0, 0))) < _COPIED, signed)
    part[rng.random(part.shape) < 0.0002] = 0.1
    lost, edge = round(rng.uniform(0, 3) * 200 / _INCH), int(rng.integers(4))
    if lost:
        lines = (slice(0, lost), slice(-lost, None))
        part[(lines[edge % 2], slice(None)) if edge < 2 else (slice(None), lines[edge % 2])] = 1
    again = _laid(np.dstack([(part * 250).astype(np.uint8)] * 3), (300, 300), 0, (0, 0))
    again = cv2.resize(again[:, :, 0], part.shape[::-1], interpolation=cv2.INTER_AREA)
    return Taken(_noisy(cv2.GaussianBlur(again, (0, 0), 0.6), rng, 2.5), 75, kept)


# Telephones


@dataclass(frozen=True)
class Shot:
    """How a telephone is held. Sizes in pixels of the long side, tilt in degrees, curl in millimetres."""

    pixels: int = 4000
    quality: int = 85
    tilt: float = 6
    blur: float = 0.8
    motion: int = 0
    curl: float = 0
    noise: float = 2.5
    light: bool = False
    shadow: bool = False
    fold: bool = False
    through: bool = False
    glare: bool = False
    finger: bool = False
    stain: bool = False


def telephone(shot: Shot) -> Callable[..., Taken]:
    def take(signed: SignedPage, material: Material, rng: np.random.Generator) -> Taken:
        page = _as_lying_there(signed.picture, shot, material, rng)
        lit = _lit(_seen(page, shot, material, rng), shot, material, rng)
        lit = cv2.GaussianBlur(lit, (0, 0), shot.blur)
        if shot.motion:
            kernel = np.zeros((shot.motion, shot.motion), np.float32)
            angle = rng.uniform(0, np.pi)
            reach = np.array([np.cos(angle), np.sin(angle)]) * shot.motion / 2
            middle = np.array([shot.motion / 2, shot.motion / 2])
            ends = [tuple(int(v) for v in middle + side * reach) for side in (-1, 1)]
            cv2.line(kernel, *ends, 1)
            lit = cv2.filter2D(lit, -1, kernel / kernel.sum())
        return Taken(_noisy(lit, rng, shot.noise), shot.quality)

    return take


def _as_lying_there(picture: Picture, shot: Shot, material: Material, rng: np.random.Generator) -> Picture:
    """The paper with its folds, stains, and what shines through."""
    lying = picture.copy()
    if shot.through:
        back = cv2.GaussianBlur(cv2.cvtColor(picture[:, ::-1], cv2.COLOR_RGB2GRAY), (0, 0), 0.5 * PER_MM)
        lying = cv2.subtract(lying, cv2.merge([cv2.convertScaleAbs(cv2.bitwise_not(back), alpha=0.06)] * 3))
    if shot.fold and material.folds:
        fold = material.folds[rng.integers(len(material.folds))]
        if picture.shape[1] > picture.shape[0]:
            fold = np.rot90(fold)
        fold = cv2.resize(np.ascontiguousarray(fold), picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        lying = cv2.multiply(lying, cv2.merge([fold] * 3), scale=1 / NEUTRAL)
    if shot.stain and material.stains:
        stain = material.stains[rng.integers(len(material.stains))]
        _paste(lying, stain, 85 * PER_MM, tuple(rng.uniform(0.2, 0.8, 2) * picture.shape[1::-1]))
    if shot.finger and material.fingers:
        corner = np.array(
            [rng.choice([6, picture.shape[1] - 6 * PER_MM]), rng.choice([6, picture.shape[0] - 6 * PER_MM])]
        )
        finger = material.fingers[rng.integers(len(material.fingers))]
        if corner[1] > picture.shape[0] / 2:
            _paste(lying, finger, 20 * PER_MM, (corner[0], corner[1] + 5 * PER_MM))
        else:
            _paste(lying, finger[::-1], 20 * PER_MM, (corner[0], corner[1] - 5 * PER_MM))
    return lying


def _paste(under: Picture, over: Picture, width: float, middle: tuple[float, ...]) -> None:
    scale = width / over.shape[1]
    over = cv2.resize(np.ascontiguousarray(over), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left, top = int(middle[0] - over.shape[1] / 2), int(middle[1] - over.shape[0] / 2)
    x, y = max(0, left), max(0, top)
    right, bottom = min(under.shape[1], left + over.shape[1]), min(under.shape[0], top + over.shape[0])
    if right <= x or bottom <= y:
        return
    part = over[y - top : bottom - top, x - left : right - left].astype(np.float32)
    cover = part[:, :, 3:] / 255
    there = under[y:bottom, x:right]
    there[:] = (there * (1 - cover) + part[:, :, :3] * cover).astype(np.uint8)


def _seen(page: Picture, shot: Shot, material: Material, rng: np.random.Generator) -> Picture:
    """The page on its desk through the lens."""
    height, width = page.shape[:2]
    long, short = shot.pixels, round(shot.pixels * 0.75)
    frame = (short, long) if height > width else (long, short)
    fill = rng.uniform(0.74, 0.86)
    span = fill * min(frame[0] / width, frame[1] / height)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64) - (width / 2, height / 2)
    tilt_x, tilt_y = np.radians(rng.normal(0, shot.tilt, 2).clip(-2.2 * shot.tilt, 2.2 * shot.tilt))
    turn = np.radians(rng.normal(0, 4))
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    depth = 1.6 * max(height, width)
    z = turned[:, 0] * np.sin(tilt_y) + turned[:, 1] * np.sin(tilt_x)
    flat = turned * (np.cos(tilt_y), np.cos(tilt_x)) * (depth / (depth + z))[:, None]
    flat -= (flat.max(axis=0) + flat.min(axis=0)) / 2
    reach = max(np.ptp(flat, axis=0) / (np.array(frame) * fill))
    place = flat / reach + np.array(frame) / 2 + rng.normal(0, 0.01, 2) * frame
    upright = (corners + (width / 2, height / 2)).astype(np.float32)
    # Plain numbers: those of numpy would make doubles of whole pictures.
    (a, b, c), (d, e, f), (g, h, i) = cv2.getPerspectiveTransform(place.astype(np.float32), upright).tolist()
    # Reckoned at every eighth pixel, and between them evenly.
    size = -(-frame[0] // _NODE), -(-frame[1] // _NODE)
    y = (np.arange(size[1], dtype=np.float32)[:, None] + 0.5) * _NODE - 0.5
    x = (np.arange(size[0], dtype=np.float32)[None] + 0.5) * _NODE - 0.5
    below = g * x + h * y + i
    u, v = (a * x + b * y + c) / below, (d * x + e * y + f) / below
    if shot.curl:
        waves, shift = rng.uniform(0.5, 1.3, 2).tolist(), rng.uniform(0, 6.3, 2).tolist()
        reach = shot.curl * PER_MM
        u, v = (
            u + reach * np.sin(np.pi * waves[0] / height * v + shift[0]),
            v + reach * np.sin(np.pi * waves[1] / width * u + shift[1]),
        )
    density = min(1.0, float(span) * 1.15)
    small = cv2.resize(page, None, fx=density, fy=density, interpolation=cv2.INTER_AREA) if density < 0.9 else page
    scale_x, scale_y = small.shape[1] / width, small.shape[0] / height
    desks = material.desks
    desk = desks[rng.integers(len(desks))] if len(desks) else np.full((10, 10, 3), 120, np.uint8)
    if (desk.shape[0] > desk.shape[1]) != (frame[1] > frame[0]):
        desk = np.rot90(desk)
    seen = cv2.resize(np.ascontiguousarray(desk), frame, interpolation=cv2.INTER_LINEAR)
    maps = [
        cv2.resize(part, (size[0] * _NODE, size[1] * _NODE))[: frame[1], : frame[0]]
        for part in (u * scale_x, v * scale_y)
    ]
    cv2.remap(small, *maps, cv2.INTER_LINEAR, dst=seen, borderMode=cv2.BORDER_TRANSPARENT)
    return seen


def _lit(picture: Picture, shot: Shot, material: Material, rng: np.random.Generator) -> Picture:
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height:8, 0:width:8].astype(np.float32)
    angle = rng.uniform(0, 6.3)
    along = (x / width - 0.5) * float(np.cos(angle)) + (y / height - 0.5) * float(np.sin(angle))
    shade = (1 + 0.24 * along) * rng.uniform(0.86, 1)
    size = shade.shape[::-1]
    if (shot.light or shot.shadow) and material.light:
        light = material.light[rng.integers(len(material.light))]
        if (light.shape[0] > light.shape[1]) != (height > width):
            light = np.rot90(light)
        light = cv2.resize(np.ascontiguousarray(light), size).astype(np.float32) / NEUTRAL
        shade *= light if shot.shadow else 0.5 + 0.5 * light
    if shot.glare:
        centre = (rng.uniform(0.2, 0.8, 2) * (width, height)).tolist()
        reach = rng.uniform(0.08, 0.2) * max(width, height)
        spot = np.exp(-0.5 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / reach**2)
    else:
        spot = np.zeros_like(shade)
    shine = spot * rng.uniform(0.3, 0.6)
    casts = [shade * (1 - shine) * cast for cast in rng.normal(1, 0.035, 3).tolist()]
    factor = cv2.merge([np.clip(cast * _UNIT, 0, 255).astype(np.uint8) for cast in casts])
    lit = cv2.multiply(picture, cv2.resize(factor, (width, height)), scale=1 / _UNIT)
    if shot.glare:
        lit = cv2.add(lit, cv2.merge([cv2.resize((255 * shine).astype(np.uint8), (width, height))] * 3))
    return lit


SCAN, PHOTO, HARD, BIT = "scan", "photograph", "hard", "1-bit"
DEVICES = (
    Device("scan 300 dpi, JPEG 90", SCAN, scanner(300, 90)),
    Device("scan 200 dpi grey, JPEG 75", SCAN, scanner(200, 75, grey=True)),
    Device("scan 200 dpi, JPEG 60", SCAN, scanner(200, 60)),
    Device("scan 150 dpi, JPEG 40", SCAN, scanner(150, 40)),
    Device("photograph 12 MP", PHOTO, telephone(Shot())),
    Device("photograph in shadow", PHOTO, telephone(Shot(shadow=True, pixels=3200))),
    Device("photograph steep", PHOTO, telephone(Shot(tilt=18, pixels=3200, light=True))),
    Device("photograph, thumb and stain", PHOTO, telephone(Shot(finger=True, stain=True, pixels=3200, light=True))),
    Device("photograph 2000 px, JPEG 70", PHOTO, telephone(Shot(pixels=2000, quality=70, light=True, blur=0.6))),
    Device("photograph 1600 px, JPEG 55", PHOTO, telephone(Shot(pixels=1600, quality=55, noise=3, blur=0.5))),
    Device("photograph blurred, shaken", HARD, telephone(Shot(blur=3.2, motion=9, noise=4, quality=70))),
    Device("photograph curled", HARD, telephone(Shot(curl=2, pixels=3200, light=True))),
    Device("photograph creased, glare", HARD, telephone(Shot(fold=True, glare=True, shadow=True, pixels=3200))),
    Device("photograph folded, shining through", HARD, telephone(Shot(fold=True, through=True, pixels=3200, noise=4))),
    Device("1-bit 200 dpi", BIT, one_bit((200, 200), (150, 186))),
    Device("fax", BIT, one_bit((204, 196), (160, 171), fax=True)),
    Device("copier, then scan", BIT, copier),
)
