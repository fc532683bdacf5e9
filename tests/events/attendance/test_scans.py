"""Signed sheets that come back from scanners and telephones are read, each cell for what it is, or it is said why
not."""

import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pillow_heif
import pypdfium2 as pdfium
import pytest
from fpdf import FPDF
from PIL import Image
from typer.testing import CliRunner

from benchmarks.scans.devices import DEVICES, SpoiltPage, spoil
from benchmarks.scans.material import Material, Strokes, material
from benchmarks.scans.pages import PER_MM, SignedPage, signed_page
from core.errors import Refusal
from events.attendance.scans.reader import Lookup, count_pages, read_scan, read_sheet, survey_page
from events.attendance.scans.rules import CellState, FoundCode, PageProblem, PageWarning, ScannedPage
from events.attendance.sign_in_sheets.documents import PrintedSheet, SheetDay
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.rules import SheetCode, printed_code, verified_code
from heyet.cli import app
from tests.people import names
from tests.sheets import DAY, KEY, halves, printed

pillow_heif.register_heif_opener()
DAYS = [SheetDay(DAY, halves(), [("t1", "Prof. Kılıç")])]


def scanned(name: str) -> str:
    return next(device.name for device in DEVICES if device.name.startswith(name))


@pytest.fixture(scope="module")
def made() -> PrintedSheet:
    """A sheet of two pages."""
    return printed(names(24), days=DAYS, walk_ins=3, sheet="SCANS00000000")


@pytest.fixture(scope="module")
def desk() -> Material:
    return material(None, 1)


@pytest.fixture(scope="module")
def signed(made: PrintedSheet) -> list[SignedPage]:
    return [signed_page(made, number, Strokes(), np.random.default_rng(number)) for number in (1, 2)]


@pytest.fixture(scope="module")
def pages(signed: list[SignedPage]) -> list[Image.Image]:
    """The signed pages as a scanner gives them at 150 dots to the inch."""
    return [Image.fromarray(page.picture).reduce(2) for page in signed]


def known(*sheets: PrintedSheet) -> Lookup:
    """The layouts of these sheets, for codes that we signed."""
    layouts = {(one.layout.sheet, one.layout.version): one.layout for one in sheets}

    async def lookup(texts: Sequence[str]) -> Mapping[str, SheetLayout]:
        codes = {text: verified_code(text, [KEY]) for text in texts}
        found = {text: layouts.get((code.sheet, code.version)) for text, code in codes.items() if code}
        return {text: layout for text, layout in found.items() if layout}

    return lookup


async def read(content: bytes, *sheets: PrintedSheet, with_picture: bool = False) -> list[ScannedPage]:
    return [page async for page in read_scan(content, known(*sheets), with_picture=with_picture)]


def saved(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    into = io.BytesIO()
    picture.save(into, kind, **more)
    return into.getvalue()


@dataclass
class Score:
    """Cells whose truth ink can tell, and how they were read."""

    cells: int = 0
    wrong: int = 0
    unsure: int = 0


def score(page: ScannedPage, signed: SignedPage, lost: frozenset[tuple[str, str]] = frozenset()) -> Score:
    told = Score()
    for cell in page.cells:
        truth = signed.truth.get((cell.row, cell.column))
        if truth in ("signed", "empty") and (cell.row, cell.column) not in lost:
            told.cells += 1
            told.unsure += cell.state is CellState.unsure
            told.wrong += cell.state is not CellState.unsure and cell.state.value != truth
    return told


@pytest.mark.parametrize(
    ("device", "unsure"),
    [
        ("scan 150", 0.15),
        ("photograph 1600", 0.15),
        ("photograph steep", 0.15),
        ("photograph curled", 0.15),
        ("photograph blurred", 0.3),
        ("photograph creased", 0.3),
        ("fax", 0.3),
    ],
)
async def test_a_page_is_read_however_it_was_taken(
    made: PrintedSheet, signed: list[SignedPage], desk: Material, device: str, unsure: float
) -> None:
    chosen = next(one for one in DEVICES if one.name.startswith(device))
    spoilt: SpoiltPage = spoil(signed[0], chosen, desk, np.random.default_rng(5))
    [page] = await read(spoilt.content, made)
    assert (page.problem, page.sheet, page.page, page.version) == (None, made.layout.sheet, 1, 1)
    assert [(cell.row, cell.column) for cell in page.cells] == [
        (cell.row, cell.column) for cell in made.layout.pages[0].cells
    ]
    told = score(page, signed[0], spoilt.lost)
    assert told.wrong == 0
    assert told.unsure <= unsure * told.cells
    assert (PageWarning.one_bit in page.warnings) == (device == "fax")


async def test_pages_come_in_any_order_turned_twice_and_among_others(
    made: PrintedSheet, signed: list[SignedPage], pages: list[Image.Image]
) -> None:
    other = printed(["A"], sheet="0THER00000000")
    stranger = Image.fromarray(pdfium.PdfDocument(other.pdf)[0].render(scale=150 / 72).to_numpy()[:, :, 2::-1])
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (1000, 700, 3), np.uint8))
    blank = Image.new("RGB", (1240, 1754), "white")
    first, second = pages
    askew = first.rotate(1.5, fillcolor="white")
    order = [second.rotate(180), blank, first.rotate(90, expand=True), noise, stranger, askew]
    content = saved(order[0], "PDF", save_all=True, append_images=order[1:], resolution=150)
    found = await read(content, made)
    assert [(page.file_page, page.page, page.problem) for page in found] == [
        (1, 2, None),
        (2, 0, PageProblem.blank),
        (3, 1, None),
        (4, 0, PageProblem.no_code),
        (5, 0, PageProblem.unknown_sheet),
        (6, 1, None),
    ]
    for page, truth in ((found[0], signed[1]), (found[2], signed[0]), (found[5], signed[0])):
        assert score(page, truth).wrong == 0


async def test_a_struck_row_is_unsure_and_said_signed_in_no_cell(made: PrintedSheet) -> None:
    page = signed_page(made, 1, Strokes(), np.random.default_rng(11))
    struck = {key for key, truth in page.truth.items() if truth in ("struck", "dash")}
    [found] = await read(saved(Image.fromarray(page.picture)), made)
    states = [cell.state for cell in found.cells if (cell.row, cell.column) in struck]
    assert states
    assert CellState.signed not in states


async def test_the_page_comes_straight_with_the_region_that_its_picture_shows(
    made: PrintedSheet, signed: list[SignedPage], pages: list[Image.Image]
) -> None:
    askew = pages[0].rotate(4, expand=True, fillcolor="white")
    [found] = await read(saved(askew), made, with_picture=True)
    assert found.region is not None
    picture = np.asarray(Image.open(io.BytesIO(found.picture)).convert("L"))
    dots = picture.shape[1] / found.region.width
    assert dots > 5
    darkness = {}
    for cell in made.layout.pages[0].cells:
        x, y = (cell.box.x - found.region.x) * dots, (cell.box.y - found.region.y) * dots
        right, bottom = x + cell.box.width * dots, y + cell.box.height * dots
        part = picture[int(y + dots) : int(bottom - dots), int(x + dots) : int(right - dots)]
        darkness[cell.row, cell.column] = float((part < 150).mean())
    truth = signed[0].truth
    empty = [dark for key, dark in darkness.items() if truth.get(key) == "empty"]
    written = [dark for key, dark in darkness.items() if truth.get(key) == "signed"]
    assert sorted(empty)[len(empty) // 2] < 0.002 < sorted(written)[len(written) // 4]


@pytest.mark.parametrize(
    ("kind", "mode", "more"),
    [
        ("PNG", "RGBA", {}),
        ("PNG", "L", {}),
        ("PNG", "P", {}),
        ("TIFF", "1", {"compression": "group4"}),
        ("TIFF", "L", {"compression": "tiff_lzw"}),
        ("JPEG", "CMYK", {"quality": 70}),
        ("HEIF", "RGB", {"quality": 60}),
    ],
)
async def test_every_usual_kind_of_picture_is_read(
    made: PrintedSheet,
    signed: list[SignedPage],
    pages: list[Image.Image],
    kind: str,
    mode: str,
    more: dict[str, object],
) -> None:
    [found] = await read(saved(pages[1].convert(mode), kind, **more), made)
    assert (found.problem, found.page) == (None, 2)
    if mode != "1":
        assert score(found, signed[1]).wrong == 0


async def test_sixteen_bits_of_grey_and_several_pages_of_a_tiff_are_read(
    made: PrintedSheet, pages: list[Image.Image]
) -> None:
    deep = Image.fromarray(np.asarray(pages[0].convert("L")).astype(np.uint16) * 200)
    assert [page.page for page in await read(saved(deep, "PNG"), made)] == [1]
    both = saved(pages[1].convert("L"), "TIFF", save_all=True, append_images=[pages[0].convert("L")])
    assert [(page.file_page, page.page) for page in await read(both, made)] == [(1, 2), (2, 1)]


async def test_a_mirrored_page_is_read_and_said_to_be_so(
    made: PrintedSheet, signed: list[SignedPage], pages: list[Image.Image]
) -> None:
    [found] = await read(saved(pages[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT)), made)
    assert (found.problem, found.warnings) == (None, {PageWarning.mirrored})
    assert score(found, signed[0]).wrong == 0


async def test_of_a_page_without_its_last_rows_these_are_unsure(made: PrintedSheet, pages: list[Image.Image]) -> None:
    whole = pages[0]
    cut = whole.crop((0, 0, whole.width, round(whole.height * 0.8)))
    [found] = await read(saved(cut), made)
    assert PageWarning.incomplete in found.warnings
    edge = made.layout.height * 0.8
    below = [place.box.bottom > edge for place in made.layout.pages[0].cells]
    assert any(below)
    assert all(cell.state is CellState.unsure for cell, is_gone in zip(found.cells, below, strict=True) if is_gone)
    assert any(cell.state is CellState.signed for cell in found.cells)


async def test_two_pages_in_one_picture_are_both_read(
    made: PrintedSheet, signed: list[SignedPage], pages: list[Image.Image]
) -> None:
    width, height = pages[0].size
    table = Image.new("RGB", (2 * width + 160, height + 160), (90, 66, 46))
    table.paste(pages[1].rotate(1, fillcolor="white"), (60, 70))
    table.paste(pages[0], (width + 110, 90))
    found = sorted(await read(saved(table), made), key=lambda page: page.page)
    assert [(page.page, page.problem) for page in found] == [(1, None), (2, None)]
    assert all(PageWarning.several in page.warnings for page in found)
    assert [score(page, truth).wrong for page, truth in zip(found, signed, strict=True)] == [0, 0]


async def test_a_page_whose_code_is_gone_is_read_by_what_somebody_types(
    made: PrintedSheet, signed: list[SignedPage]
) -> None:
    picture = signed[0].picture.copy()
    box = made.layout.code
    picture[int(box.y * PER_MM) : int(box.bottom * PER_MM), int(box.x * PER_MM) : int(box.right * PER_MM)] = 255
    content = saved(Image.fromarray(picture))
    assert (await survey_page(content, 1)).problem is PageProblem.no_code
    typed = printed_code(SheetCode(made.layout.sheet, 1, 1), KEY).lower()
    found = await read_sheet(content, 1, FoundCode(typed), made.layout)
    assert (found.problem, found.page) == (None, 1)
    assert score(found, signed[0]).wrong == 0


async def test_another_version_and_a_code_that_we_did_not_sign_are_unknown(
    made: PrintedSheet, pages: list[Image.Image]
) -> None:
    later = replace(made, layout=replace(made.layout, version=2))
    assert [page.problem for page in await read(saved(pages[0]), later)] == [PageProblem.unknown_sheet]
    layout = made.layout
    beyond = FoundCode(printed_code(SheetCode(layout.sheet, 9, 1), KEY))
    assert (await read_sheet(saved(pages[0]), 1, beyond, layout)).problem is PageProblem.unknown_sheet


async def test_a_layout_of_another_page_is_never_taken_for_the_one_in_the_picture(
    made: PrintedSheet, pages: list[Image.Image]
) -> None:
    """A page whose lines lie elsewhere: the layout was mixed up, or another sheet is hidden under our code."""
    wide = printed(names(5), sheet=made.layout.sheet, walk_ins=9, title="A title that takes two lines " * 5)
    wrong = replace(made, layout=replace(wide.layout, pages=(replace(wide.layout.pages[0], number=1),)))
    assert [page.problem for page in await read(saved(pages[0]), wrong)] == [PageProblem.unplaced]


def locked() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_encryption("owner", "user")
    return bytes(pdf.output())


def huge() -> bytes:
    """The head of a picture of 30,000 × 30,000 pixels."""
    whole = saved(Image.new("1", (30_000, 30_000)), "PNG")
    return whole


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (lambda: b"", PageProblem.unreadable),
        (lambda: b"no picture at all", PageProblem.unreadable),
        (lambda: b"%PDF-1.7\nbroken", PageProblem.unreadable),
        (lambda: saved(Image.new("RGB", (900, 900), "white"))[:400], PageProblem.unreadable),
        (lambda: saved(Image.new("P", (30, 30)), "GIF"), PageProblem.unreadable),
        (huge, PageProblem.unreadable),
        (locked, PageProblem.locked),
        (lambda: saved(Image.new("L", (3, 3), 255), "PNG"), PageProblem.blank),
    ],
    ids=["empty", "text", "broken PDF", "cut off", "GIF", "huge", "locked", "tiny"],
)
async def test_what_is_no_scan_is_told_why(content: Callable[[], bytes], problem: PageProblem) -> None:
    assert [(page.problem, page.cells) for page in await read(content())] == [(problem, ())]


async def test_a_file_of_too_many_pages_is_not_begun() -> None:
    pdf = FPDF()
    for _ in range(201):
        pdf.add_page()
    assert await count_pages(bytes(pdf.output())) == (0, PageProblem.too_long)


async def test_an_installation_without_the_reader_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(Refusal, match="reader-missing"):
        await read(b"")


def test_the_command_prints_what_it_reads(
    made: PrintedSheet, signed: list[SignedPage], pages: list[Image.Image], tmp_path: Path
) -> None:
    scan, cat, layout = tmp_path / "scan.jpg", tmp_path / "cat.png", tmp_path / "layout.json"
    scan.write_bytes(saved(pages[1]))
    cat.write_bytes(saved(Image.new("RGB", (200, 100), "white"), "PNG"))
    layout.write_text(json.dumps(made.layout.to_dict()))
    run = CliRunner().invoke(app, ["read-sheet", str(scan), str(cat), "--layout", str(layout)])
    first, second = json.loads(run.stdout)
    assert (run.exit_code, second["problem"]) == (1, "blank")
    assert (first["file"], first["sheet"], first["page"], first["version"]) == (str(scan), "SCANS00000000", 2, 1)
    read = {(cell["row"], cell["column"]): cell for cell in first["cells"]}
    truth = {key: value for key, value in signed[1].truth.items() if value == "empty"}
    assert truth
    assert all(read[key]["state"] in ("empty", "unsure") and read[key]["probability"] < 0.95 for key in truth)
    assert CliRunner().invoke(app, ["read-sheet", str(scan), "--layout", str(cat)]).exit_code == 1
