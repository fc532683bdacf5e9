"""Finds ink on a straightened page, in connected pieces. Runs in the process of `core.isolation`.

Ink is what is darker than paper once printed lines and creases are taken out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from events.attendance.scans.straightening import DOTS, StraightPage
from events.attendance.sign_in_sheets.layout import SheetCell, SheetLine, SheetPage

Picture = NDArray[np.uint8]
Floats = NDArray[np.floating]
# Darker than blank paper by that much, by noise, and by the depth of print: the largest of these is ink.
_INK, _INK_NOISE, _INK_MOST, _INK_DEPTH = 0.085, 5.0, 0.30, 0.16
# The same for pencil and dry pens, on a picture blurred by so many millimetres.
_FAINT, _FAINT_NOISE, _FAINT_DEPTH, _FAINT_BLUR = 0.015, 4.0, 0.025, 0.2
# Half the width of a printed line as it arrives, in millimetres, between these; and how much of its depth it has there:
# in the look for faint ink its last trace has to go too.
_LINE_LEAST, _LINE_MOST, _FAINT_MOST = 0.17, 0.85, 1.2
_EDGE, _FAINT_EDGE = (0.03, 0.12), (0.012, 0.03)
# A crease is wider than that, and less dark than that.
_CREASE, _CREASE_DEPTH = 1.3, 0.3
# How far from a printed line its trace is looked at, in dots.
_REACH = int(1.6 * DOTS)
# A straight piece: that share of its columns is one stroke thick, it does not climb more than that, and is so long.
_THIN, _SLOPE, _LONG = 0.85, 0.35, 4.0
# How far its middle may leave an even bow, in millimetres.
_WAVE = 0.12


@dataclass(frozen=True)
class Lettering:
    """Ink of a page: a mask of what is certain, one of what is faint, and how good the page is (0 to 1 each)."""

    ink: Picture
    faint: Picture
    darkness: Picture
    noise: float
    depth: float
    line: float


def find_ink(straight: StraightPage, page: SheetPage) -> Lettering:
    """Masks of 0 and 1 for the whole region."""
    profile = _line_profile(straight, page)
    half, depth = _half_width(profile, _EDGE, _LINE_MOST)
    wide, _ = _half_width(profile, _FAINT_EDGE, _FAINT_MOST)
    clean = _without_creases(straight.darkness, half)
    blank, noise = _blank_noise(clean, straight, page.cells)
    ink_from = blank + max(_INK, min(_INK_NOISE * noise, _INK_MOST), _INK_DEPTH * depth)
    # Lines have to go before the picture is blurred, or they would come out of their strips.
    lineless = clean.astype(np.float32)
    for line, low, high, start, end in _strips(straight, page, wide):
        (lineless if line.is_horizontal else lineless.T)[low:high, start:end] = blank * 255
    blurred = cv2.GaussianBlur(lineless, (0, 0), _FAINT_BLUR * DOTS)
    soft_blank, soft_noise = _blank_noise(blurred, straight, page.cells)
    faint_from = soft_blank + max(_FAINT, _FAINT_NOISE * soft_noise, _FAINT_DEPTH * depth)
    ink = _bridged((clean > ink_from * 255).astype(np.uint8), straight, page, half)
    faint = _bridged((blurred > faint_from * 255).astype(np.uint8), straight, page, wide)
    return Lettering(ink, faint, clean, noise, depth, 2 * half)


def _line_profile(straight: StraightPage, page: SheetPage) -> Floats:
    """How dark a printed line is across, on the whole: 0 to 1, from so many dots before its middle to as many after."""
    dark, region = straight.darkness, straight.region
    profiles = []
    for line in region.lines(page):
        at, along = (region.y, region.x) if line.is_horizontal else (region.x, region.y)
        picture = dark if line.is_horizontal else dark.T
        level, start, end = (round(place * DOTS) for place in (line.at - at, line.start - along, line.end - along))
        part = picture[max(level - _REACH, 0) : level + _REACH + 1, start:end:3]
        if part.shape[0] == 2 * _REACH + 1 and part.shape[1] > _REACH:
            profiles.append(np.median(part, axis=1))
    return np.median(profiles, axis=0) / 255 if profiles else np.zeros(2 * _REACH + 1)


def _half_width(profile: Floats, edge: tuple[float, float], most: float) -> tuple[float, float]:
    """Half the width of printed lines in millimetres, up to where they are hardly darker than paper, and their
    depth."""
    base, peak = float(np.percentile(profile, 30)), float(profile[_REACH - 2 : _REACH + 3].max())
    limit = base + max(edge[0], edge[1] * (peak - base))
    wide = [step for step in range(_REACH + 1) if max(profile[_REACH - step], profile[_REACH + step]) > limit]
    last = next((step for step in range(_REACH + 1) if step not in wide), _REACH)
    return float(np.clip((last + 0.5) / DOTS, _LINE_LEAST, most)), peak - base


def _strips(straight: StraightPage, page: SheetPage, half: float) -> Iterator[tuple[SheetLine, int, int, int, int]]:
    """Each printed line with the rows and columns of a strip about it; of one that goes down, in the picture turned."""
    region = straight.region
    for line in region.lines(page):
        at, along = (region.y, region.x) if line.is_horizontal else (region.x, region.y)
        low, high = round((line.at - at - half) * DOTS), round((line.at - at + half) * DOTS) + 1
        start, end = round((line.start - along - half) * DOTS), round((line.end - along + half) * DOTS)
        yield line, max(low, 0), high, max(start, 0), end


def _without_creases(dark: Picture, half: float) -> Picture:
    """Darkness less what is broad and faint: creases, streaks, what shines through.

    What is wider than any stroke survives an opening, and is taken off where it is not dark enough for a felt pen.
    """
    small = cv2.resize(dark, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    size = round(max(_CREASE, 2.2 * half + 0.3) * DOTS / 2)
    broad = cv2.morphologyEx(small, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    broad[broad > _CREASE_DEPTH * 255] = 0
    large = cv2.resize(cv2.GaussianBlur(broad, (0, 0), 1), dark.shape[::-1], interpolation=cv2.INTER_LINEAR)
    clean: Picture = cv2.subtract(dark, large)
    return clean


def _blank_noise(dark: Picture, straight: StraightPage, cells: Sequence[SheetCell]) -> tuple[float, float]:
    """Median darkness of blank paper in cells and its spread, 0 to 1: most of a cell is blank even when it is
    signed."""
    samples = []
    for cell in cells:
        left, top, right, bottom = straight.region.pixels(cell.box)
        samples.append(dark[top + 8 : bottom - 8 : 3, left + 8 : right - 8 : 3].ravel())
    values = np.concatenate(samples).astype(np.float32) / 255
    blank, upper = (float(part) for part in np.percentile(values, (50, 75)))
    # Three quarters are blank even where all have signed; cut off above, their deviation is two thirds of the whole.
    return blank, 1.5 * float(values[values <= upper].std())


def _bridged(mask: Picture, straight: StraightPage, page: SheetPage, half: float) -> Picture:
    """The mask without strips about the printed lines, but for ink that comes to one from both sides: it goes on."""
    strips = list(_strips(straight, page, half))
    for line, low, high, start, end in strips:
        (mask if line.is_horizontal else mask.T)[low:high, start:end] = 0
    for line, low, high, start, end in strips:
        into = mask if line.is_horizontal else mask.T
        if low < 2 or high + 2 > into.shape[0]:
            continue
        # A stroke that crosses at up to 45° comes out as far along as the strip is wide.
        gap = high - low
        reach = np.ones((1, 2 * (gap // 2) + 3), np.uint8)
        before, after = (
            cv2.dilate(side.max(axis=0)[None], reach)
            for side in (into[low - 2 : low, start:end], into[high : high + 2, start:end])
        )
        across = cv2.erode(cv2.bitwise_and(before, after), np.ones((1, gap // 2 + 1), np.uint8))
        into[low:high, start:end] |= across
    # Where two lines cross, nothing tells print from ink.
    for down, left, right, *_ in strips:
        for across_it, top, bottom, *_ in strips:
            if across_it.is_horizontal and not down.is_horizontal:
                mask[top:bottom, left:right] = 0
    return mask


@dataclass(frozen=True)
class Pieces:
    """Connected pieces of ink: for each its stroke's width and length in millimetres, whether it is straight, its
    extent, and for each cell how much length of it lies there, and in the cell's core. The first is what is no ink."""

    labels: NDArray[np.int32]
    widths: Floats
    lengths: Floats
    straight: NDArray[np.bool_]
    extent: Floats
    middle: Floats
    inside: Floats
    core: Floats


def find_pieces(ink: Picture, cell_of: NDArray[np.int32], is_core: NDArray[np.bool_], cells: int) -> Pieces:
    """Pieces over all cells together. `cell_of` says of each dot in which cell it lies, from 1; 0 is none.
    `is_core` is where a cell's middle is."""
    count, labels, stats, middle = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    distance = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    dots = np.flatnonzero(ink)
    piece, cell, is_middle = labels.ravel()[dots], cell_of.ravel()[dots], is_core.ravel()[dots]
    area = np.bincount(piece, minlength=count).astype(np.float64)
    mean = np.bincount(piece, weights=distance.ravel()[dots], minlength=count) / np.maximum(area, 1)
    widths = np.maximum(1.0, 4.2 * mean - 3)
    shape, size = (count, cells + 1), count * (cells + 1)
    where = piece * (cells + 1) + cell
    inside, core = (
        np.bincount(one, minlength=size).reshape(shape) / (widths[:, None] * DOTS) for one in (where, where[is_middle])
    )
    lengths = area / (widths * DOTS)
    extent = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]] / DOTS
    straight = np.zeros(count, bool)
    for index in np.nonzero(extent.max(axis=1) > np.maximum(_LONG, 2 * extent.min(axis=1)))[0]:
        if index:
            left, top, wide, high = stats[index, :4]
            part = labels[top : top + high, left : left + wide] == index
            straight[index] = _is_straight(part if wide > high else part.T, float(widths[index]))
    return Pieces(labels, widths / DOTS, lengths, straight, extent, middle / DOTS, inside, core)


def _is_straight(part: NDArray[np.bool_], width: float) -> bool:
    """Whether a piece is one line, along the picture: hardly thicker anywhere than its stroke, and neither steep nor
    wavy."""
    high = part.shape[0]
    first, last = part.argmax(axis=0), high - 1 - part[::-1].argmax(axis=0)
    columns = np.nonzero(part.any(axis=0))[0]
    thickness, middle = (last - first + 1)[columns], ((first + last) / 2)[columns]
    thin = thickness <= 1.4 * np.median(thickness) + 1
    if thin.mean() < _THIN or np.median(thickness) > 1.8 * width + 2:
        return False
    slope, _ = np.polyfit(columns, middle, 1)
    bend = np.polynomial.Polynomial.fit(columns, middle, 2)
    return bool(abs(slope) < _SLOPE and (middle - bend(columns)).std() < _WAVE * DOTS)
