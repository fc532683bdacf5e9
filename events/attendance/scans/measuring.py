"""Measures the ink of each cell of a page: a row of numbers from which it is judged. Runs in the process of
`core.isolation`.

A piece of ink belongs to the cell that holds most of it, for signatures do not keep to their cells: of what spills into
a neighbour's, that one has a guest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from events.attendance.scans.ink import Lettering, Pieces, find_ink, find_pieces
from events.attendance.scans.straightening import DOTS, StraightPage
from events.attendance.sign_in_sheets.layout import CellKind, SheetCell, SheetPage

Floats = NDArray[np.floating]
Indexes = NDArray[np.int64]
# A piece belongs to a cell with that share of it.
_OWN = 0.62
# A piece that is smaller, in millimetres, is a speck.
_SPECK = 1.1
# The label that is printed at the top of a certifier's cell takes so many millimetres.
_LABEL = 3.6
# What lies farther from any cell is not looked at.
_NEAR = 2.0
# Ink within so many millimetres of a cell's edge lies at it.
_EDGE = 1.6
# The core of a cell leaves that share of it at each side.
_RIM = 0.2
# What each number of a cell is; lengths are in millimetres, taken as logarithms.
NUMBERS = (
    *("own", "joined", "guest", "straight", "longest", "core", "specks", "faint", "faint_alone"),
    *("faint_specks", "faint_joined", "faint_straight"),
    *("joined_core", "guest_core", "above", "below", "beside", "pieces", "share_straight", "share_foreign"),
    *("through", "faint_through"),
    *("largest", "largest_share", "largest_x", "largest_y", "largest_width", "largest_height"),
    *("middle_x", "middle_y", "spread_x", "spread_y", "columns", "rows", "runs_across", "runs_down"),
    *("stroke", "contrast", "at_top", "at_bottom", "at_sides", "faint_columns", "faint_rows"),
    *("noise", "depth", "line", "dots", "light", "cell_width", "cell_height"),
)


@dataclass(frozen=True)
class _Inked:
    """The ink of a page, certain or faint: its pieces, of each its owner, and for each cell the length that is its own.

    An owner is the number of a cell from 1; 0 where no cell has enough of the piece.
    """

    pieces: Pieces
    owners: Indexes
    own: Floats

    @property
    def is_speck(self) -> NDArray[np.bool_]:
        is_small: NDArray[np.bool_] = self.pieces.extent.max(axis=1) < _SPECK
        return is_small


def measure(straight: StraightPage, page: SheetPage) -> Floats:
    """A row of numbers for each cell of the page, in the order of its cells; `NUMBERS` says what they are."""
    lettering = find_ink(straight, page)
    cell_of, is_core = np.zeros(lettering.ink.shape, np.int32), np.zeros(lettering.ink.shape, bool)
    for number, cell in enumerate(page.cells, start=1):
        left, top, right, bottom = straight.region.pixels(cell.box)
        top += round(_LABEL * DOTS) if cell.kind is CellKind.certifier else 0
        cell_of[top:bottom, left:right] = number
        rim_x, rim_y = round(_RIM * (right - left)), round(_RIM * (bottom - top))
        is_core[top + rim_y : bottom - rim_y, left + rim_x : right - rim_x] = True
    for mask in (lettering.ink, lettering.faint):
        mask[_is_far(straight, page.cells)] = 0
    certain, faint = (_inked(mask, cell_of, is_core, len(page.cells)) for mask in (lettering.ink, lettering.faint))
    # Pieces that are seen only where faint ink counts.
    under = np.bincount(faint.pieces.labels[lettering.ink > 0], minlength=len(faint.owners)) > 0
    light = _light(straight, page.cells)
    neighbours = _neighbours(page.cells)
    rows = [
        [
            *_lengths(number, certain, faint, under, neighbours[number - 1], cell),
            *_largest(number, straight, certain, cell),
            *_shape(number, straight, lettering, certain, cell),
            *_faint_shape(number, straight, faint, cell),
            *(lettering.noise * 20, lettering.depth, lettering.line, min(straight.dots, 12) / 8),
            *(light[number - 1], cell.box.width / 40, cell.box.height / 10),
        ]
        for number, cell in enumerate(page.cells, start=1)
    ]
    return np.array(rows, np.float64).reshape(len(page.cells), len(NUMBERS))


def _is_far(straight: StraightPage, cells: Sequence[SheetCell]) -> NDArray[np.bool_]:
    """Where no cell is near: what is printed there is of no interest."""
    far = np.ones(straight.darkness.shape, bool)
    around = round(_NEAR * DOTS)
    for cell in cells:
        left, top, right, bottom = straight.region.pixels(cell.box)
        far[max(top - around, 0) : bottom + around, max(left - around, 0) : right + around] = False
    return far


def _inked(mask: NDArray[np.uint8], cell_of: NDArray[np.int32], is_core: NDArray[np.bool_], cells: int) -> _Inked:
    pieces = find_pieces(mask, cell_of, is_core, cells)
    inner = pieces.inside[:, 1:]
    best = inner.argmax(axis=1)
    most = inner[np.arange(len(best)), best]
    owners = np.where((most >= _OWN * inner.sum(axis=1)) & (most > 0), best + 1, 0)
    owners[0] = 0
    is_large = pieces.extent.max(axis=1) >= _SPECK
    own: Floats = np.bincount(owners[is_large], weights=most[is_large], minlength=cells + 1).astype(np.float64)
    return _Inked(pieces, owners, own)


def _lengths(
    number: int, certain: _Inked, faint: _Inked, under: NDArray[np.bool_], beside: Sequence[Indexes], cell: SheetCell
) -> list[float]:
    """How much ink there is, whose, and of what sort."""
    pieces, here = certain.pieces, certain.pieces.inside[:, number]
    is_own = certain.owners == number
    large = ~certain.is_speck
    own, joined = here[is_own & large].sum(), here[(certain.owners == 0) & large].sum()
    guest = here[(certain.owners != number) & (certain.owners > 0)].sum()
    straight = here[pieces.straight].sum()
    longest = here[is_own].max(initial=0)
    soft = faint.pieces.inside[:, number]
    seen = (faint.owners == number) & ~faint.is_speck
    # A line through the cell from side to side, whoever drew it.
    is_line = faint.pieces.straight
    through = [float((one > 0.8 * cell.box.width).any()) for one in (here[pieces.straight], soft[is_line])]
    total = own + joined + guest + 1e-6
    around = [certain.own[side].sum() for side in beside]
    lengths = [own, joined, guest, straight, longest, pieces.core[is_own, number].sum(), here[is_own & ~large].sum()]
    dim = [soft[(faint.owners == number) & faint.is_speck], soft[faint.owners == 0], soft[is_line]]
    core = pieces.core[:, number]
    cores = core[certain.owners == 0].sum(), core[(certain.owners != number) & (certain.owners > 0)].sum()
    faintly = [soft[seen].sum(), soft[seen & ~under].sum(), *(one.sum() for one in dim)]
    logs = np.log1p([*lengths, *faintly, *cores, *around]).tolist()
    count = float(np.log1p((is_own & large).sum()))
    return [*logs, count, straight / total, (guest + joined) / total, *through]


def _largest(number: int, straight: StraightPage, certain: _Inked, cell: SheetCell) -> list[float]:
    """The piece of which most lies here, whosever it is: how much, what share of it, where its middle is and its
    extent, both beside the cell's."""
    pieces = certain.pieces
    here = pieces.inside[:, number]
    most = int(here.argmax())
    if here[most] <= 0:
        return [0.0] * 6
    x, y = pieces.middle[most] + (straight.region.x, straight.region.y)
    wide, high = pieces.extent[most]
    box = cell.box
    return [
        float(np.log1p(here[most])),
        float(here[most] / max(pieces.inside[most, 1:].sum(), 1e-6)),
        (x - box.x) / box.width * 2 - 1,
        (y - box.y) / box.height * 2 - 1,
        wide / box.width,
        high / box.height,
    ]


def _shape(number: int, straight: StraightPage, lettering: Lettering, certain: _Inked, cell: SheetCell) -> list[float]:
    """How its own ink lies in the cell, and how dark it is."""
    left, top, right, bottom = straight.region.pixels(cell.box)
    labels = certain.pieces.labels[top:bottom, left:right]
    mask = (certain.owners == number)[labels] & (labels > 0)
    ys, xs = np.nonzero(mask)
    if not len(xs):
        return [0.0] * 13
    height, width = mask.shape
    dark = lettering.darkness[top:bottom, left:right][ys, xs]
    columns, rows = mask.any(axis=0), mask.any(axis=1)
    # What comes in from a neighbour hangs at an edge.
    edge = round(_EDGE * DOTS)
    across = np.count_nonzero(mask[:, 1:] & ~mask[:, :-1]) / max(rows.sum(), 1)
    down = np.count_nonzero(mask[1:] & ~mask[:-1]) / max(columns.sum(), 1)
    used = np.unique(labels[ys, xs])
    stroke = float(np.average(certain.pieces.widths[used], weights=certain.pieces.lengths[used] + 1e-6))
    return [
        xs.mean() / width * 2 - 1,
        ys.mean() / height * 2 - 1,
        xs.std() / width * 4,
        ys.std() / height * 4,
        columns.mean(),
        rows.mean(),
        min(across, 8) / 4,
        min(down, 8) / 4,
        stroke,
        float(np.median(dark)) / 255 / max(lettering.depth, 0.1),
        float((ys < edge).mean()),
        float((ys >= height - edge).mean()),
        float(((xs < edge) | (xs >= width - edge)).mean()),
    ]


def _faint_shape(number: int, straight: StraightPage, faint: _Inked, cell: SheetCell) -> list[float]:
    left, top, right, bottom = straight.region.pixels(cell.box)
    labels = faint.pieces.labels[top:bottom, left:right]
    mask = ((faint.owners == number) & ~faint.is_speck)[labels] & (labels > 0)
    return [float(mask.any(axis=0).mean()), float(mask.any(axis=1).mean())]


def _light(straight: StraightPage, cells: Sequence[SheetCell]) -> Floats:
    """How light the paper of each cell is beside that of the others: little is a shadow, or a finger."""
    levels = []
    for cell in cells:
        left, top, right, bottom = (edge // DOTS for edge in straight.region.pixels(cell.box))
        levels.append(float(np.median(straight.white[top : bottom + 1, left : right + 1])))
    return np.array(levels) / max(float(np.median(levels)), 1.0)


def _neighbours(cells: Sequence[SheetCell]) -> list[tuple[Indexes, Indexes, Indexes]]:
    """For each cell the numbers of those above, below and beside it."""
    edges = np.array([(c.box.x, c.box.y, c.box.right, c.box.bottom) for c in cells])
    x, y, right, bottom = edges.T
    found = []
    for left, top, end, low in edges:
        overlaps = (x < end - 1) & (right > left + 1)
        level = (y < low - 1) & (bottom > top + 1)
        above, below = overlaps & (np.abs(bottom - top) < 0.5), overlaps & (np.abs(y - low) < 0.5)
        beside = level & ((np.abs(right - left) < 0.5) | (np.abs(x - end) < 0.5))
        found.append(tuple(np.nonzero(side)[0] + 1 for side in (above, below, beside)))
    return found  # type: ignore[return-value]
