"""Bar codes in pictures and PDFs, made into legs. Runs in the process of `core.isolation`.

Of a code the bytes count: the decoder's text is escaped where they are binary, as those of railway tickets are.
"""

import io
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, UnidentifiedImageError

from visits.bookings.bcbp import BarCode, BarCodeLeg, day_meant, parse_bar_code
from visits.bookings.rules import (
    BookingEnd,
    MessageReading,
    ProposalWarning,
    ReadingContext,
    ReadingProblem,
    ReadLeg,
)
from visits.places.lookup import place_by_code
from visits.travel_types import LocalTime, TravelMode

MOST_PAGES = 20
MOST_PIXELS = 12_000_000
# Twice 72 dots to the inch is enough for the finest code.
_SCALE = 2.0
# Seconds after which no further page is rendered.
_PATIENCE = 4.0
_PICTURES = ("PNG", "JPEG", "GIF", "TIFF", "WEBP")
_FORMATS = zxingcpp.barcode_formats_from_str("Aztec,PDF417,QRCode")
_RAILWAY = (b"#UT", b"OTI")
# Stations in the codes of airlines; in no list of airports.
_OF_STATIONS = ("X", "Q", "Z")


def read_picture(content: bytes, context: ReadingContext) -> MessageReading:
    """A photograph or a saved picture of a pass."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(content), formats=_PICTURES)
            _shrink(picture)
            if picture.width * picture.height > MOST_PIXELS:
                return MessageReading(problem=ReadingProblem.too_large)
            grey = picture.convert("L")
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError):
        return MessageReading(problem=ReadingProblem.unreadable)
    reading = MessageReading()
    if not _read_codes(grey, context, reading):
        reading.problem = ReadingProblem.nothing_found
    return reading


def _shrink(picture: Image.Image) -> None:
    """A JPEG may be decoded at half its size."""
    while picture.format == "JPEG" and picture.width * picture.height > MOST_PIXELS:
        before = picture.size
        picture.draft("L", (picture.width // 2, picture.height // 2))
        if picture.size == before:
            return


def read_pdf(content: bytes, context: ReadingContext) -> MessageReading:
    """The codes of its first pages; one page is one person's, so a page without one is worth a word."""
    reading, without = MessageReading(), 0
    try:
        with pdfium.PdfDocument(content) as document:
            for grey in _pages(document):
                without += not _read_codes(grey, context, reading)
    except (pdfium.PdfiumError, ValueError, OSError):
        reading.problem = ReadingProblem.unreadable
        return reading
    if without:
        reading.warn(ProposalWarning.page_without_code)
    if reading.is_empty and reading.problem is None:
        reading.problem = ReadingProblem.nothing_found
    return reading


def _pages(document: pdfium.PdfDocument) -> Iterator[Image.Image]:
    began = time.process_time()
    for index in range(min(len(document), MOST_PAGES)):
        page = document[index]
        width, height = page.get_size()
        fits = (MOST_PIXELS / max(1.0, width * height)) ** 0.5
        yield page.render(scale=min(_SCALE, fits), grayscale=True).to_pil().convert("L")
        page.close()
        if time.process_time() - began > _PATIENCE:
            return


def _read_codes(grey: Image.Image, context: ReadingContext, reading: MessageReading) -> bool:
    """Whether a code of a ticket stood there."""
    found = False
    for code in zxingcpp.read_barcodes(grey, formats=_FORMATS):
        found = read_code(bytes(code.bytes), context, reading) or found
    return found


def read_code(content: bytes, context: ReadingContext, reading: MessageReading) -> bool:
    """One code by its bytes: a boarding pass becomes legs, a railway ticket is said to be one."""
    if content.startswith(_RAILWAY):
        reading.problem = reading.problem or ReadingProblem.railway_ticket
        return True
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("iso-8859-1")
    code = parse_bar_code(text)
    if code is None:
        return False
    for leg in code.legs[: max(0, reading.room)]:
        made = leg_of(code, leg, context, reading)
        if made not in reading.legs:
            reading.legs.append(made)
    return True


def leg_of(code: BarCode, part: BarCodeLeg, context: ReadingContext, reading: MessageReading) -> ReadLeg:
    """A leg with the day only: no times are in the code, and the year is that nearest to the visit."""
    day, is_far = day_meant(part.day_of_year, context)
    if is_far:
        reading.warn(ProposalWarning.far_from_visit if context.has_visit else ProposalWarning.year_assumed)
    ends = [place_by_code(iata) for iata in (part.origin, part.destination)]
    origin, destination = (
        BookingEnd(iata, zone=place.zone if place else "")
        for iata, place in zip((part.origin, part.destination), ends, strict=True)
    )
    by_rail = any(
        place is None and iata.startswith(_OF_STATIONS)
        for iata, place in zip((part.origin, part.destination), ends, strict=True)
    )
    leg = ReadLeg(
        mode=TravelMode.train if by_rail else TravelMode.flight,
        carrier=part.carrier,
        number=part.number,
        origin=origin,
        destination=destination,
        departs=LocalTime(day, origin.zone) if day else None,
        references=(part.reference,) if part.reference else (),
        seat=part.seat,
        sequence=part.sequence,
        ticket=part.ticket,
    )
    return replace(leg, name=f"{code.family}/{code.given}", passenger=f"{code.family} {code.given}".strip())
