"""Finds codes and marks on a picture, and from them where each millimetre of the paper is. Runs in the process of
`core.isolation`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from events.attendance.scans.rules import FoundCode
from events.attendance.sign_in_sheets.layout import CODE, CODE_EDGE, MARK, MARK_EDGE, Box, SheetLayout

Picture = NDArray[np.uint8]
Floats = NDArray[np.float64]
# Long sides at which codes and marks are looked for, in turn: small is fast and mostly enough.
_CODE_SIDES, _MARK_SIDES = (1600, 2600), (1800, 3200)
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_CORNERS = 4
# A square about the code, from the corner of the mark at the top right: it stands there on paper of every size.
_AROUND_CODE = 26.0
# Dots to the millimetre, reach of the sharpening in millimetres, and its strength: each reads codes that others do not.
_SHARPER = ((8, 0.4, 4.0), (10, 0.25, 6.0), (6, 0.4, 4.0), (12, 0.4, 2.0))
_LEFT_OF_MARK, _BELOW_MARK = MARK_EDGE - CODE_EDGE - CODE - 4 + MARK, CODE_EDGE - 4 - MARK_EDGE
# How far a mark may lie from where the code says it is, in millimetres and as a share of its distance: a code is small,
# and what it says of the far corner of a photographed page is rough. Two pages side by side are farther apart.
_NEAR, _ROUGHLY = 20.0, 0.35
# What a corner may be off for the page to be flat enough, in millimetres.
_TOLERANCE = 2.5
_ENOUGH_MARKS = 2


@dataclass(frozen=True)
class FoundMark:
    """One of the four marks: its id, and its corners clockwise from its own top left, in pixels."""

    id: int
    corners: Floats

    @property
    def middle(self) -> Floats:
        middle: Floats = self.corners.mean(axis=0)
        return middle


@dataclass(frozen=True)
class Placement:
    """Where the paper is: `to_picture` takes millimetres of the paper to pixels of the picture."""

    to_picture: Floats
    marks: int

    def pixels(self, places: Floats) -> Floats:
        there: Floats = cv2.perspectiveTransform(places.reshape(-1, 1, 2).astype(np.float64), self.to_picture).reshape(
            -1, 2
        )
        return there


def find_codes(grey: Picture, *, at_a_glimpse: bool = False) -> list[FoundCode]:
    """All codes on a picture. Slower ways are taken only where the faster ones find none, and not at a glimpse."""
    attempts = _attempts(grey)
    for picture, to_whole in islice(attempts, len(_CODE_SIDES)) if at_a_glimpse else attempts:
        found = [
            FoundCode(one.text, tuple(map(tuple, _moved(_corners_of(one), to_whole).tolist())))
            for one in zxingcpp.read_barcodes(picture, formats=_QR, try_invert=False)
        ]
        if found:
            return found
    return []


def _attempts(grey: Picture) -> Iterator[tuple[Picture, Floats]]:
    """Pictures to look for codes in, each with what takes its pixels to those of the whole."""
    sides = [side for side in _CODE_SIDES if side < max(grey.shape)]
    sizes = [*(_at_side(grey, side) for side in sides), (grey, 1.0)][: len(_CODE_SIDES)]
    for picture, scale in sizes:
        yield picture, np.diag([1 / scale, 1 / scale, 1])
    yield from _beside_marks(grey)
    better = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(16, 16))
    picture, scale = sizes[-1]
    yield better.apply(picture), np.diag([1 / scale, 1 / scale, 1])
    large = cv2.resize(picture, None, fx=1.6, fy=1.6, interpolation=cv2.INTER_CUBIC)
    yield _sharpened(large, 3, 1.2), np.diag([0.625 / scale, 0.625 / scale, 1])


def _beside_marks(grey: Picture) -> Iterator[tuple[Picture, Floats]]:
    """Where the code has to be, seen from the mark at the top right: larger, and sharpened against blur."""
    wanted = np.array([(0, 0), (MARK, 0), (MARK, MARK), (0, MARK)]) - (_LEFT_OF_MARK, _BELOW_MARK)
    for mark in (one for one in find_marks(grey) if one.id == 1):
        for dots, reach, strength in _SHARPER:
            there = (wanted * dots).astype(np.float32)
            matrix = cv2.getPerspectiveTransform(mark.corners.astype(np.float32), there)
            size = round(_AROUND_CODE * dots)
            part = cv2.warpPerspective(grey, matrix, (size, size), flags=cv2.INTER_CUBIC)
            yield _sharpened(part, dots * reach, strength), np.linalg.inv(matrix)


def _sharpened(picture: Picture, reach: float, strength: float) -> Picture:
    sharp: Picture = cv2.addWeighted(picture, 1 + strength, cv2.GaussianBlur(picture, (0, 0), reach), -strength, 0)
    return sharp


def _at_side(grey: Picture, side: int) -> tuple[Picture, float]:
    scale = side / max(grey.shape)
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), scale


def _corners_of(code: zxingcpp.Barcode) -> Floats:
    place = code.position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    return np.array([(corner.x, corner.y) for corner in corners], np.float64)


def _moved(points: Floats, matrix: Floats) -> Floats:
    moved: Floats = cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix.astype(np.float64))
    return moved.reshape(-1, 2)


def find_marks(grey: Picture) -> list[FoundMark]:
    """All corner marks on a picture, of however many pages; more slowly where there are fewer than four."""
    found: list[FoundMark] = []
    for side in _MARK_SIDES:
        picture, scale = _at_side(grey, side) if side < max(grey.shape) else (grey, 1.0)
        found = _merged(found, [FoundMark(mark.id, mark.corners / scale) for mark in _marks_on(picture)])
        if len({mark.id for mark in found}) == _CORNERS or scale == 1.0:
            break
    return found


def _marks_on(grey: Picture) -> list[FoundMark]:
    corners, ids, _ = _detector().detectMarkers(grey)
    if ids is None:
        return []
    return [
        FoundMark(int(id), corner.reshape(4, 2).astype(np.float64))
        for corner, id in zip(corners, ids.ravel(), strict=True)
        if id < _CORNERS
    ]


def _detector() -> cv2.aruco.ArucoDetector:
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.minMarkerPerimeterRate = 0.015
    settings.adaptiveThreshWinSizeMin, settings.adaptiveThreshWinSizeMax, settings.adaptiveThreshWinSizeStep = 7, 39, 16
    return cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), settings)


def _merged(known: list[FoundMark], more: list[FoundMark]) -> list[FoundMark]:
    """Marks of the second look in place of those of the first that they lie upon."""

    def is_again(mark: FoundMark) -> bool:
        reach = float(np.ptp(mark.corners, axis=0).max())
        return any(one.id == mark.id and np.abs(one.middle - mark.middle).max() < reach for one in more)

    return [*more, *(mark for mark in known if not is_again(mark))]


def place(layout: SheetLayout, code: FoundCode, marks: Sequence[FoundMark]) -> Placement | None:
    """Where the paper of that code lies in a picture; None where too little of it is seen.

    Of several pages in one picture, each has the marks that lie where its code says. A code that was typed has no
    place: then there has to be one mark of each id.
    """
    wanted, seen, count = _pairs(layout, code, marks)
    if count < _ENOUGH_MARKS and not (count and code.corners):
        return None
    per_mm = _scale(wanted, seen)
    matrix, kept = cv2.findHomography(wanted, seen, cv2.RANSAC, _TOLERANCE * per_mm)
    if matrix is None or kept.sum() < 2 * _CORNERS:
        return None
    return Placement(matrix, count)


def _pairs(layout: SheetLayout, code: FoundCode, marks: Sequence[FoundMark]) -> tuple[Floats, Floats, int]:
    """Corners on the paper in millimetres, the same in the picture, and how many marks they are of."""
    guess = _from_code(layout, code)
    chosen = _chosen(layout, marks, guess, 1.0)
    if code.corners and chosen:
        # With a first mark the rest is foreseen better than by the code alone.
        known = [_corners(layout.code), *(_corners(layout.marks[id]) for id in chosen)]
        there = [np.array(code.corners), *(mark.corners for mark in chosen.values())]
        guess, _ = cv2.findHomography(np.concatenate(there), np.concatenate(known), 0)
        chosen = _chosen(layout, marks, guess, 0.6) if guess is not None else chosen
    wanted = [_corners(layout.marks[id]) for id in chosen]
    seen = [mark.corners for mark in chosen.values()]
    if code.corners and len(chosen) < _CORNERS - 1:
        wanted.append(_corners(layout.code))
        seen.append(np.array(code.corners))
    if not wanted:
        return np.empty((0, 2)), np.empty((0, 2)), 0
    return np.concatenate(wanted), np.concatenate(seen), len(chosen)


def _chosen(
    layout: SheetLayout, marks: Sequence[FoundMark], guess: Floats | None, reach: float
) -> dict[int, FoundMark]:
    """For each id the mark that lies where it is foreseen, if one does."""
    found = {
        id: _nearest(layout, box, [mark for mark in marks if mark.id == id], guess, reach)
        for id, box in enumerate(layout.marks)
    }
    return {id: mark for id, mark in found.items() if mark is not None}


def _from_code(layout: SheetLayout, code: FoundCode) -> Floats | None:
    """From pixels to millimetres, as the code alone says: roughly."""
    if not code.corners:
        return None
    there, wanted = np.array(code.corners, np.float32), _corners(layout.code).astype(np.float32)
    matrix: Floats = cv2.getPerspectiveTransform(there, wanted)
    return matrix


def _nearest(
    layout: SheetLayout, box: Box, marks: Sequence[FoundMark], guess: Floats | None, reach: float
) -> FoundMark | None:
    if guess is None:
        return marks[0] if len(marks) == 1 else None
    middle = _corners(box).mean(axis=0)
    reach *= _NEAR + _ROUGHLY * float(np.hypot(*(middle - _corners(layout.code).mean(axis=0))))
    said = [cv2.perspectiveTransform(mark.middle.reshape(1, 1, 2), guess).ravel() for mark in marks]
    distances = [float(np.hypot(*(place - middle))) for place in said]
    best = min(range(len(marks)), key=distances.__getitem__, default=None)
    return marks[best] if best is not None and distances[best] < reach else None


def _corners(box: Box) -> Floats:
    return np.array([(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)])


def _scale(wanted: Floats, seen: Floats) -> float:
    """Pixels of a millimetre, about."""
    return float(np.ptp(seen, axis=0).max() / max(np.ptp(wanted, axis=0).max(), 1.0))
