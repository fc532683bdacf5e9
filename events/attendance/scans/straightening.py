"""Takes a page out of its picture, flat and evenly lit, with every printed line where the layout has it. Runs in the
process of `core.isolation`.

Darkness is how much less light comes from a place than from blank paper about it: 0 is paper, 255 black.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from events.attendance.scans.locating import Placement
from events.attendance.sign_in_sheets.layout import Box, SheetLine, SheetPage

Picture = NDArray[np.uint8]
Floats = NDArray[np.floating]
# Dots to the millimetre of the straightened page, and of the first look at its lines.
DOTS, _COARSE = 8, 4
# What is taken along around the cells.
_AROUND = 5.0
# How far from its place a printed line is looked for, at first and again, and how long a piece of it is looked at.
_FAR, _NEAR, _PIECE = 2.4, 0.9, 6.0
# A piece shows a line if its middle is so much darker than what is beside it.
_CLEAR = 9.0
# Blank paper is the lightest square millimetre in so many millimetres.
_WHITE = 9
_COLOUR = 0.8
_SHORTEST = 3.0
_NODE = 8


@dataclass(frozen=True)
class Region:
    """A rectangle of the paper as a picture of its own."""

    x: float
    y: float
    width: float
    height: float

    def shape(self, dots: int) -> tuple[int, int]:
        """Rows and columns, whole numbers of nodes."""
        return tuple(int(np.ceil(side * dots / _NODE)) * _NODE for side in (self.height, self.width))  # type: ignore[return-value]

    def lines(self, page: SheetPage) -> list[SheetLine]:
        """The printed lines of the page, as far as they lie within."""
        across, down = (self.x + 1, self.x + self.width - 1), (self.y + 1, self.y + self.height - 1)
        found = []
        for line in page.lines:
            (low, high), (first, last) = (across, down) if line.is_horizontal else (down, across)
            start, end = max(line.start, low), min(line.end, high)
            if first < line.at < last and end - start > _SHORTEST:
                found.append(SheetLine(line.is_horizontal, line.at, start, end))
        return found

    def pixels(self, box: Box) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of a box in the straightened picture."""
        return (
            round((box.x - self.x) * DOTS),
            round((box.y - self.y) * DOTS),
            round((box.right - self.x) * DOTS),
            round((box.bottom - self.y) * DOTS),
        )


@dataclass(frozen=True)
class StraightPage:
    """The part of a page that holds its cells, at 8 dots to the millimetre. `found` is the share of printed lines that
    was found, `dots` how many dots to the millimetre the picture really has."""

    region: Region
    picture: Picture
    darkness: Picture
    white: Picture
    found: float
    dots: float


def straighten(picture: Picture, page: SheetPage, placement: Placement) -> StraightPage:
    """The page with its curl taken out. Raises nothing: `found` says how well it went."""
    region = _region(page)
    dots = _dots(placement, region)
    coarse, matrix = _shrunk(picture, placement.to_picture, dots, 1.3 * _COARSE)
    grey = coarse if coarse.ndim == 2 else cv2.cvtColor(coarse, cv2.COLOR_RGB2GRAY)
    shape = region.shape(_COARSE)
    inverse = matrix @ np.array([[1 / _COARSE, 0, region.x], [0, 1 / _COARSE, region.y], [0, 0, 1]])
    first = cv2.warpPerspective(
        grey, inverse, shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )
    dark, _ = flattened(first, _COARSE)
    bend = _Bend(region)
    lines = region.lines(page)
    found = 0.0
    for reach, degree in ((_FAR, 2), (_NEAR, 3)):
        found = bend.fit(dark, lines, reach, degree)
    fine, matrix = _shrunk(picture, placement.to_picture, dots, 1.35 * DOTS)
    straight = cv2.remap(fine, *_maps(region, matrix, bend), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    darkness, white = flattened(straight, DOTS)
    return StraightPage(region, straight, darkness, white, found, dots)


def flattened(picture: Picture, dots: int) -> tuple[Picture, Picture]:
    """Darkness, and blank paper's grey at one dot to the millimetre. Coloured ink counts by its darkest colour."""
    if picture.ndim == 2:
        return _flat(picture, dots)
    grey, white = _flat(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dots)
    darkest = grey
    for part in cv2.split(picture):
        one, _ = _flat(part, dots)
        darkest = cv2.max(darkest, cv2.convertScaleAbs(one, alpha=_COLOUR))
    return darkest, white


def _flat(grey: Picture, dots: int) -> tuple[Picture, Picture]:
    size = grey.shape[1] // dots, grey.shape[0] // dots
    small = cv2.dilate(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.ones((_WHITE, _WHITE), np.uint8))
    white = cv2.GaussianBlur(cv2.medianBlur(small, 5), (0, 0), 2)
    large = cv2.resize(white, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.bitwise_not(cv2.divide(grey, large, scale=255)), white


def _region(page: SheetPage) -> Region:
    """The cells and what is about them; lines beside them are of no use."""
    boxes = [cell.box for cell in page.cells]
    x, y = min(box.x for box in boxes) - _AROUND, min(box.y for box in boxes) - _AROUND
    return Region(x, y, max(box.right for box in boxes) + _AROUND - x, max(box.bottom for box in boxes) + _AROUND - y)


def _dots(placement: Placement, region: Region) -> float:
    """Dots of the picture to a millimetre of the paper, in the middle of the region."""
    x, y = region.x + region.width / 2, region.y + region.height / 2
    a, b, c = placement.pixels(np.array([(x, y), (x + 10, y), (x, y + 10)]))
    return float(np.sqrt(abs((b - a)[0] * (c - a)[1] - (b - a)[1] * (c - a)[0])) / 10)


def _shrunk(picture: Picture, matrix: Floats, dots: float, wanted: float) -> tuple[Picture, Floats]:
    """The picture at about so many dots to the millimetre, if it has many more: sampling would miss thin lines."""
    scale = wanted / dots
    if scale > 0.8:
        return picture, matrix
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small, np.diag([small.shape[1] / picture.shape[1], small.shape[0] / picture.shape[0], 1]) @ matrix


def _maps(region: Region, matrix: Floats, bend: "_Bend") -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each dot of the straightened page where it is in the picture: reckoned at nodes, and between them evenly."""
    rows, columns = region.shape(DOTS)
    y, x = np.mgrid[0 : rows // _NODE, 0 : columns // _NODE]
    # Where the middles of nodes lie for `resize`, which maps centres of pixels.
    places = np.stack([(x + 0.5) * _NODE - 0.5, (y + 0.5) * _NODE - 0.5], -1).reshape(-1, 2) / DOTS
    places += (region.x, region.y)
    places += bend.at(places)
    there = cv2.perspectiveTransform(places.reshape(-1, 1, 2), matrix).astype(np.float32)
    nodes = there.reshape(rows // _NODE, columns // _NODE, 2)
    across, down = (
        cv2.resize(np.ascontiguousarray(nodes[:, :, part]), (columns, rows), interpolation=cv2.INTER_LINEAR)
        for part in (0, 1)
    )
    return across, down


class _Bend:
    """How far the paper is from where its marks say, in millimetres: a smooth surface for each direction."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self.degree = 0
        self.across: Floats = np.zeros(1)
        self.down: Floats = np.zeros(1)

    def at(self, places: Floats) -> Floats:
        terms = self._terms(places, self.degree)
        return np.stack([terms @ self.across, terms @ self.down], 1)

    def fit(self, dark: Picture, lines: Sequence[SheetLine], reach: float, degree: int) -> float:
        """Look for lines that far from where they were last, and lay surfaces through them. Returns the share found."""
        pieces = [self._look(dark, line, reach) for line in lines]
        found, of = 0, 0
        surfaces = []
        for is_horizontal in (False, True):
            measured = [piece for piece, line in zip(pieces, lines, strict=True) if line.is_horizontal is is_horizontal]
            places = np.concatenate([place for place, *_ in measured])
            offsets = np.concatenate([offset for _, offset, _ in measured])
            weights = np.concatenate([weight for *_, weight in measured])
            found, of = found + int((weights > 0).sum()), of + len(weights)
            surfaces.append(_surface(self._terms(places, degree), offsets, weights))
        self.degree = degree
        self.across, self.down = surfaces
        return found / max(of, 1)

    def _terms(self, places: Floats, degree: int) -> Floats:
        x = (places[:, 0] - self.region.x) / self.region.width * 2 - 1
        y = (places[:, 1] - self.region.y) / self.region.height * 2 - 1
        return np.stack([x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)], 1)

    def _look(self, dark: Picture, line: SheetLine, reach: float) -> tuple[Floats, Floats, Floats]:
        """Places along a line, how far off it was found there, and how clearly (0: not)."""
        count = max(1, int((line.end - line.start) / _PIECE))
        along = line.start + (np.arange(count) + 0.5) * (line.end - line.start) / count
        across = np.full(count, line.at)
        places = np.stack([along, across] if line.is_horizontal else [across, along], 1)
        before = self.at(places)[:, 1 if line.is_horizontal else 0]
        half, steps = int(_PIECE / 2 * _COARSE), int(reach * _COARSE) + 2
        picture = dark if line.is_horizontal else dark.T
        origin = (self.region.x, self.region.y) if line.is_horizontal else (self.region.y, self.region.x)
        middles = np.round((along - origin[0]) * _COARSE).astype(int)
        levels = (across + before - origin[1]) * _COARSE
        rows = np.round(levels).astype(int)[:, None, None] + np.arange(-steps, steps + 1)[None, :, None]
        columns = middles[:, None, None] + np.arange(-half, half + 1)[None, None, :]
        rows, columns = rows.clip(0, picture.shape[0] - 1), columns.clip(0, picture.shape[1] - 1)
        # The median along a piece: ink that crosses it counts for little.
        profile = np.median(picture[rows, columns], axis=2).astype(np.float64)
        peak, clear = _peaks(profile)
        offset = (np.round(levels) - levels + peak - steps) / _COARSE + before
        return places, offset, np.where(clear > _CLEAR, np.minimum(clear, 60), 0.0)


def _peaks(profile: Floats) -> tuple[Floats, Floats]:
    """Where each profile stands out most from what is beside it, between pixels, and by how much."""
    beside = np.maximum(profile[:, :-4], profile[:, 4:])
    stands_out = profile[:, 2:-2] - beside
    # Of two lines alike, the nearer.
    middle = (stands_out.shape[1] - 1) / 2
    liking = stands_out - 0.5 * np.abs(np.arange(stands_out.shape[1]) - middle)
    best = liking.argmax(axis=1)
    rows = np.arange(len(profile))
    at = best + 2
    left, here, right = (profile[rows, at + step] for step in (-1, 0, 1))
    curve = np.minimum(left - 2 * here + right, -1e-6)
    return at + (0.5 * (left - right) / curve).clip(-0.6, 0.6), stands_out[rows, best]


def _surface(terms: Floats, offsets: Floats, weights: Floats) -> Floats:
    """Coefficients through most of the offsets; what lies far off is left out step by step."""
    used = weights.astype(np.float64).copy()
    ridge = np.eye(terms.shape[1]) * 0.05
    ridge[0, 0] = 1e-6
    solution: Floats = np.zeros(terms.shape[1])
    for _ in range(6):
        weighted = terms * used[:, None]
        scale = max(float(used.sum()) / max(len(used), 1), 1e-9)
        solution = np.linalg.solve(weighted.T @ terms + ridge * scale, weighted.T @ offsets)
        left = np.abs(offsets - terms @ solution)
        present = left[weights > 0]
        limit = max(0.12, 3.5 * float(np.median(present))) if len(present) else 1.0
        used = weights * np.clip(1 - (left / limit) ** 2, 0, 1) ** 2
    return solution
