"""Sheets of an application as they come back from the table: signed with drawn strokes, and scanned."""

import io
from typing import Any
from uuid import UUID

import numpy as np
import pypdfium2 as pdfium
from PIL import Image
from sqlmodel import col, select

from benchmarks.scans.devices import DEVICES, spoil
from benchmarks.scans.material import Strokes, material
from benchmarks.scans.pages import SignedPage, signed_page
from events.attendance.sign_in_sheets.documents import PrintedSheet
from events.attendance.sign_in_sheets.models import SheetVersion
from events.attendance.sign_in_sheets.service import layout_of
from tests.people import App


async def printed_for(app: App, event: dict[str, Any], **wanted: Any) -> PrintedSheet:
    """A sign-in sheet made now, with its layout."""
    pdf = await app.sheet(event, **wanted)
    async with app.database.reading() as db:
        newest = select(SheetVersion).where(SheetVersion.event_id == UUID(event["id"]))
        row = (await db.exec(newest.order_by(col(SheetVersion.version).desc()).limit(1))).one()
    return PrintedSheet(pdf, layout_of(row))


def signed(made: PrintedSheet, seed: int = 1) -> list[SignedPage]:
    """Every page signed by lot: most cells, some struck through, some with a word or a tick."""
    return [
        signed_page(made, page.number, Strokes(), np.random.default_rng((seed, page.number)))
        for page in made.layout.pages
    ]


def photographed(page: SignedPage, device: str, seed: int = 5) -> bytes:
    """The page as a device of that name delivers it."""
    chosen = next(one for one in DEVICES if one.name.startswith(device))
    return spoil(page, chosen, material(None, 1), np.random.default_rng(seed)).content


def scan_of(page: SignedPage | bytes) -> Image.Image:
    """A page at 150 dots to the inch; the first one of a PDF that nobody signed, too."""
    if isinstance(page, SignedPage):
        return Image.fromarray(page.picture).reduce(2)
    return pdfium.PdfDocument(page)[0].render(scale=150 / 72).to_pil().convert("RGB")


def pdf_of(*pages: Image.Image) -> bytes:
    """One file of several pages."""
    into = io.BytesIO()
    pages[0].save(into, "PDF", save_all=True, append_images=pages[1:], resolution=150, quality=80)
    return into.getvalue()


def jpeg_of(page: Image.Image) -> bytes:
    into = io.BytesIO()
    page.convert("RGB").save(into, "JPEG", quality=80)
    return into.getvalue()
