"""Our files in other people's programs: LibreOffice computes a workbook anew, Poppler reads what a PDF shows."""

import io
import os
import shutil
import subprocess
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tests.servers import do_without

# 0 is "always": by default the totals that a file brings along are believed, and checking them would check nothing.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
  <item oor:path="/org.openoffice.Office.Calc/Formula/Load">
    <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
  </item>
</oor:items>
"""
# It measures texts on canvases of 20 to 70 MB: those that it gave back are used again, in large pages, instead of being
# asked of the system and cleared each time, which took two thirds of a start.
MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": "400000000",
    "MALLOC_TRIM_THRESHOLD_": "800000000",
    "MALLOC_TOP_PAD_": "64000000",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
# Fields parted by ";", in UTF-8, from the first line on; what looks like a formula would be one.
CSV = "CSV:59,34,76,1"
# Ending to what LibreOffice calls that kind of file.
KINDS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def pdf_pages(pdf: bytes) -> list[str]:
    """What each page shows, laid out as it is."""
    if not shutil.which("pdftotext"):
        do_without("Poppler", "install the package poppler-utils")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode().rstrip("\f").split("\f")


class Office:
    """A LibreOffice with settings of its own, so that two of them do not wait for each other."""

    def __init__(self, folder: Path) -> None:
        self.command = shutil.which("soffice") or shutil.which("localc") or ""
        if not self.command:
            do_without("LibreOffice", "install the package libreoffice-calc-nogui")
        self.folder, self._count = folder, 0
        user = folder / "profile" / "user"
        user.mkdir(parents=True)
        (user / "registrymodifications.xcu").write_text(SETTINGS)

    def computed(self, file: bytes, ending: str = "xlsx") -> Workbook:
        """The workbook after LibreOffice opened it and computed every formula: values only. Fails where it cannot
        open the file."""
        return load_workbook(io.BytesIO(self._saved_again(file, ending)), data_only=True)

    def formulas(self, file: bytes, ending: str = "xlsx") -> list[str]:
        """What LibreOffice takes for formulas, in all sheets."""
        book = load_workbook(io.BytesIO(self._saved_again(file, ending)))
        cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        return [str(cell.value) for cell in cells if cell.data_type == "f"]

    def saved_as(self, file: bytes, ending: str) -> bytes:
        """A workbook as LibreOffice saves it in another kind of file."""
        return self._saved_again(file, "xlsx", ending)

    def _saved_again(self, file: bytes, ending: str, wanted: str = "xlsx") -> bytes:
        self._count += 1
        source, into = self.folder / f"{self._count}.{ending}", self.folder / "computed"
        source.write_bytes(file)
        done = subprocess.run(
            [
                self.command,
                f"-env:UserInstallation={(self.folder / 'profile').as_uri()}",
                "--headless",
                "--norestore",
                *([f"--infilter={CSV}"] if ending == "csv" else []),
                *("--convert-to", f"{wanted}:{KINDS[wanted]}", "--outdir", str(into)),
                str(source),
            ],
            capture_output=True,
            text=True,
            timeout=180,
            env=os.environ | MEMORY,
        )
        made = into / f"{self._count}.{wanted}"
        # It says what went wrong and ends with 0 all the same.
        assert made.exists(), done.stdout + done.stderr
        return made.read_bytes()
