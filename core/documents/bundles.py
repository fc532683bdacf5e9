"""Many documents as one file."""

import io
import re
import zipfile
from collections.abc import Iterable
from threading import Lock

import pypdfium2

ZIP = "application/zip"
# The first moment that a zip can tell: the same files give the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


_MOST_STEM = 60
# PDFium may be used by one thread at a time.
_PDFIUM = Lock()


def file_stem(text: str) -> str:
    """A name for a file after what somebody typed: its letters and numbers, nothing that means anything to a folder."""
    return re.sub(r"[^\w-]+", "-", text.strip().split("\n")[0])[:_MOST_STEM].strip("-_") or "-"


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files under their names; PDFs are packed already and only stored."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _NO_TIME), content)
    return into.getvalue()


def merged_pdf(documents: Iterable[bytes]) -> bytes:
    """The pages of all of them one after the other."""
    with _PDFIUM, pypdfium2.PdfDocument.new() as whole:
        for content in documents:
            with pypdfium2.PdfDocument(content) as one:
                whole.import_pages(one)
        into = io.BytesIO()
        whole.save(into)
    return into.getvalue()
