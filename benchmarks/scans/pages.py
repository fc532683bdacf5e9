"""Sheets of our own, rendered and signed: what lies on the table at the end of a day, and the truth about each cell."""

from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from benchmarks.scans import strokes
from benchmarks.scans.material import Strokes
from benchmarks.scans.strokes import DOTS, Stroke
from events.attendance.sign_in_sheets.documents import PrintedSheet, SheetDay, SheetField, SignatureColumn, make_sheet
from events.attendance.sign_in_sheets.layout import Box, CellKind, SheetCell, SheetPage
from tests.sheets import DAY, KEY, halves, sheet

PER_MM = 300 / 25.4
Picture = NDArray[np.uint8]
Truth = Literal["signed", "empty", "struck", "word", "mark", "dash"]
Key = tuple[str, str]
_NAMES = (
    "Ayşe Yılmaz",
    "Mehmet Öztürk Kahramanmaraşlıoğlu",
    "Hâkim Gülşen Çağlar Işık",
    "محمد یوسفی",
    "Anna Kowalska",
    "Cumhuriyet Savcısı İbrahim Şahin",
    "Zeynep K.",
)


@dataclass
class SignedPage:
    """A page as it lies there: RGB at 300 dpi, its place in the sheet, and what stands in each cell."""

    picture: Picture
    made: PrintedSheet
    number: int
    truth: dict[Key, Truth]
    styles: dict[Key, str] = field(default_factory=dict)

    @property
    def page(self) -> SheetPage:
        page = self.made.layout.page(self.number)
        assert page is not None
        return page


def made_sheet(seed: int) -> PrintedSheet:
    """A sheet of a few pages: portrait with two columns or landscape with four, Turkish, English or Arabic."""
    rng = np.random.default_rng(seed)
    names = [f"{_NAMES[(seed + n) % len(_NAMES)]}" for n in range(int(rng.integers(24, 40)))]
    language = str(rng.choice(["tr", "tr", "en", "ar"]))
    is_wide = bool(rng.random() < 0.5)
    columns = halves(DAY, language)
    if is_wide:
        columns = [SignatureColumn(f"{DAY}/s{n}", f"Oturum {n}", f"{9 + n}:00–{10 + n}:00") for n in range(1, 5)]
    return make_sheet(
        sheet(
            names,
            sheet=f"{seed:013d}",
            language=language,
            landscape=is_wide,
            days=[SheetDay(DAY, columns, [("t1", "Prof. Dr. Kılıç")])],
            walk_ins=int(rng.integers(3, 7)),
            fields=[SheetField.institution] if rng.random() < 0.6 else [SheetField.position, SheetField.institution],
            page_format=str(rng.choice(["A4", "A4", "Letter"])),
        ),
        KEY,
    )


def signed_page(made: PrintedSheet, number: int, written: Strokes, rng: np.random.Generator) -> SignedPage:
    """Render a page and sign it, row by row."""
    rendered = pdfium.PdfDocument(made.pdf)[number - 1].render(scale=300 / 72).to_numpy()
    signed = SignedPage(np.ascontiguousarray(rendered[:, :, 2::-1]), made, number, {})
    rows: dict[str, list[SheetCell]] = {}
    for cell in signed.page.cells:
        rows.setdefault(cell.row, []).append(cell)
    for row, cells in rows.items():
        if row.startswith("W"):
            _walk_in(signed, cells, written, rng)
        elif row != "certifier":
            _row(signed, cells, written, rng)
        else:
            _certifier(signed, cells, written, rng)
    return signed


def _row(signed: SignedPage, cells: list[SheetCell], written: Strokes, rng: np.random.Generator) -> None:
    for cell in cells:
        signed.truth[cell.row, cell.column] = "empty"
    case = rng.choice(["all", "some", "struck", "word", "dash", "none"], p=[0.62, 0.12, 0.05, 0.02, 0.02, 0.17])
    if case == "struck":
        first, last = min(c.box.x for c in cells), max(c.box.right for c in cells)
        line = strokes.strike(rng, (last - first) * rng.uniform(0.8, 1.3))
        _lay(signed, Box(first, cells[0].box.y, last - first, cells[0].box.height), line, rng, (2, 0.6))
        signed.truth.update({(c.row, c.column): "struck" for c in cells})
    elif case == "word":
        _put(signed, cells[int(rng.integers(len(cells)))], strokes.word(rng), "word", rng)
    elif case == "dash":
        for cell in cells:
            _put(signed, cell, written.dash(rng), "dash", rng)
    elif case in ("all", "some"):
        chosen = cells if case == "all" else [cells[int(rng.integers(len(cells)))]]
        for cell in chosen:
            _sign(signed, cell, written, rng)


def _sign(signed: SignedPage, cell: SheetCell, written: Strokes, rng: np.random.Generator) -> None:
    if rng.random() < 0.02:
        _put(signed, cell, written.mark(rng), "mark", rng)
    else:
        _put(signed, cell, written.signature(rng), "signed", rng)


def _walk_in(signed: SignedPage, cells: list[SheetCell], written: Strokes, rng: np.random.Generator) -> None:
    is_used = rng.random() < 0.25
    for cell in cells:
        signed.truth[cell.row, cell.column] = "empty"
        if is_used and cell.kind is CellKind.signature:
            _sign(signed, cell, written, rng)
        elif is_used and cell.column.endswith("/consent"):
            _put(signed, cell, written.mark(rng), "mark", rng)
        elif is_used:
            _put(signed, cell, strokes.handwriting(rng, cell.box.width - 3), "word", rng)


def _certifier(signed: SignedPage, cells: list[SheetCell], written: Strokes, rng: np.random.Generator) -> None:
    for cell in cells:
        if cell.column.endswith("/signature"):
            signed.truth[cell.row, cell.column] = "empty"
            if rng.random() < 0.6:
                _put(signed, cell, written.signature(rng), "signed", rng)


def _put(signed: SignedPage, cell: SheetCell, stroke: Stroke, truth: Truth, rng: np.random.Generator) -> None:
    signed.truth[cell.row, cell.column] = truth
    signed.styles[cell.row, cell.column] = stroke.style
    spread = (min(3.5, cell.box.width / 8), 0.9)
    _lay(signed, cell.box, stroke, rng, spread)


def _lay(signed: SignedPage, box: Box, stroke: Stroke, rng: np.random.Generator, spread: tuple[float, float]) -> None:
    """Ink about the middle of a box: the darker of ink and print."""
    x = box.x + box.width / 2 + rng.normal(0, spread[0])
    y = box.y + box.height / 2 + rng.normal(0, spread[1])
    width, height = stroke.size
    matrix = np.array([[PER_MM / DOTS, 0, (x - width / 2) * PER_MM], [0, PER_MM / DOTS, (y - height / 2) * PER_MM]])
    rows, columns = signed.picture.shape[:2]
    left, top = int(max(0, matrix[0, 2] - 2)), int(max(0, matrix[1, 2] - 2))
    right = int(min(columns, matrix[0, 2] + width * PER_MM + 3))
    bottom = int(min(rows, matrix[1, 2] + height * PER_MM + 3))
    if right <= left or bottom <= top:
        return
    matrix[:, 2] -= (left, top)
    cover = cv2.warpAffine(stroke.cover, matrix, (right - left, bottom - top), flags=cv2.INTER_AREA)[:, :, None]
    under = signed.picture[top:bottom, left:right]
    inked = 255 * (1 - cover) + np.array(stroke.ink, np.float32) * cover
    signed.picture[top:bottom, left:right] = np.minimum(under, inked.astype(np.uint8))
