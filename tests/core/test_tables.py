"""Tables that strangers send: every usual form is read, every trick is refused."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from core.documents.table_parsing import MAX_ROWS
from core.documents.tables import read_table
from core.errors import NotThatKind, Refusal, TooLarge, Unacceptable

ROWS = "Ad Soyad;Kurum\r\nŞule Çağlar;İzmir İl Müdürlüğü\r\n"


def xlsx(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


async def texts(name: str, data: bytes) -> list[list[str]]:
    return [[cell.text for cell in row] for row in await read_table(name, data)]


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part replaced or added."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1254"])
async def test_turkish_letters_arrive_in_every_encoding_that_excel_writes(encoding: str) -> None:
    assert (await texts("liste.csv", ROWS.encode(encoding)))[1] == ["Şule Çağlar", "İzmir İl Müdürlüğü"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
async def test_the_delimiter_is_found(delimiter: str) -> None:
    assert (await texts("a.csv", f"Name{delimiter}Court\nAyşe{delimiter}Ankara".encode()))[1] == [
        "Ayşe",
        "Ankara",
    ]


async def test_a_quoted_cell_keeps_its_delimiter_and_line() -> None:
    assert (await texts("a.csv", b'Name;Court\nA;"One; two\nthree"'))[1] == ["A", "One; two\nthree"]


async def test_a_workbook_is_read_with_numbers_dates_and_gaps() -> None:
    assert await texts("a.xlsx", xlsx([["Name", "No"], [], ["Ayşe", 3.0]])) == [["Name", "No"], ["Ayşe", "3"]]


async def test_a_formula_is_marked_and_never_computed() -> None:
    cell = (await read_table("a.xlsx", xlsx([["Name"], ["=1+1"]])))[1][0]
    assert (cell.text, cell.is_formula) == ("=1+1", True)


@pytest.mark.parametrize("data", [b"", b"  \n ", b";;\n;;"])
async def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(Unacceptable):
        await read_table("a.csv", data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", b"%PDF-1.7"),
        ("a.xlsx", b"Name;Court"),
        ("a.csv", xlsx([["Name"]])),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.csv", b"Name\x00;x"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a", b"Name"),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(NotThatKind):
        await read_table(name, data)


async def test_more_rows_than_a_ministry_has_people_are_refused() -> None:
    with pytest.raises(Unacceptable):
        await read_table("a.csv", b"Name\n" + b"A\n" * (MAX_ROWS + 1))


async def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    with pytest.raises(TooLarge):
        await read_table("a.xlsx", repacked(xlsx([["Name"]]), "xl/media/bomb", b"0" * 60_000_000))


async def test_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(NotThatKind):
        await read_table("a.xlsx", repacked(xlsx([["Name"]]), "xl/vbaProject.bin", b"x"))


async def test_a_workbook_that_asks_for_another_file_is_refused() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    with pytest.raises(Refusal):
        await read_table("a.xlsx", repacked(xlsx([["Name"]]), "xl/worksheets/sheet1.xml", entity))
