"""Lists as strangers send them: every usual file is read, every trick is refused, and each failure says what to do."""

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook as Book

from core.documents.table_lines import MAX_ROWS
from core.documents.tables import Workbook, best_sheet, read_table, read_workbook
from core.errors import NotThatKind, Refusal, TooLarge, Unacceptable
from tests.office import Office

HEAD = ["Ad Soyad", "Kurum", "E-posta"]
ROWS = "Ad Soyad;Kurum\r\nŞule Çağlar;İzmir İl Müdürlüğü\r\nGülşen Işık;Ağrı Valiliği\r\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def saved(book: Book) -> bytes:
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()


def xlsx(rows: list[list[Any]], *merged: str) -> bytes:
    book = Book()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    return saved(book)


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part replaced or added."""
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return into.getvalue()


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def shown(workbook: Workbook, sheet: int = 0) -> list[list[str]]:
    return [[cell.text for cell in line.cells] for line in workbook.sheets[sheet].lines]


def numbers(workbook: Workbook) -> list[int]:
    return [line.number for line in workbook.sheets[0].lines]


def warned(workbook: Workbook) -> list[str]:
    return [warning.message % warning.facts for warning in workbook.warnings]


async def texts(name: str, data: bytes, **more: Any) -> list[list[str]]:
    return shown(await read_workbook(name, data, **more))


async def refused(name: str, data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await read_workbook(name, data)
    assert caught.value.field == "file"
    return caught.value


# Letters


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1254", "iso8859_9", "cp857", "mac_turkish"],
)
async def test_turkish_letters_arrive_in_every_encoding_that_programs_write(encoding: str) -> None:
    found = await read_workbook("liste.csv", ROWS.encode(encoding))
    assert shown(found)[1:] == [["Şule Çağlar", "İzmir İl Müdürlüğü"], ["Gülşen Işık", "Ağrı Valiliği"]]
    assert found.encoding
    assert found.encoding not in found.encodings


@pytest.mark.parametrize(
    ("row", "encoding"),
    [
        ("Γιώργος Παπαδόπουλος;Υπουργείο Δικαιοσύνης", "iso8859_7"),
        ("Ελένη Οικονόμου;Ελληνική Αστυνομία", "cp1253"),
        ("Екатерина Щербакова;Министерство юстиции", "cp1251"),
        ("محمد الخطيب;وزارة العدل", "cp1256"),
    ],
)
async def test_other_alphabets_arrive_too(row: str, encoding: str) -> None:
    assert await texts("list.csv", f"Name;Court\n{row}\n".encode(encoding)) == [["Name", "Court"], row.split(";")]


async def test_a_guess_is_said_and_can_be_corrected() -> None:
    data = "Имя;Суд\nИван Жуков;Киев\n".encode("cp1251")
    guessed = await read_workbook("liste.csv", data)
    assert ("Windows-1251" in warned(guessed)[0], guessed.encoding) == (True, "Windows-1251")
    assert "Windows-1254" in guessed.encodings
    chosen = await read_workbook("liste.csv", data, encoding="Windows-1254")
    assert (chosen.encoding, chosen.warnings) == ("Windows-1254", [])
    assert shown(chosen) != shown(guessed)


async def test_of_plain_letters_nothing_is_guessed() -> None:
    found = await read_workbook("a.csv", b"Name;Court\nAyse;Ankara\n")
    assert (found.encoding, found.encodings, found.warnings) == ("UTF-8", [], [])


async def test_utf_8_with_a_stray_byte_stays_utf_8_and_the_line_is_named() -> None:
    data = ROWS.encode().replace("Ağrı".encode(), b"A\xf0r\xc4\xb1")
    found = await read_workbook("liste.csv", data)
    assert shown(found)[1:] == [["Şule Çağlar", "İzmir İl Müdürlüğü"], ["Gülşen Işık", "A\ufffdrı Valiliği"]]
    assert (found.encoding, [w.facts["line"] for w in found.warnings]) == ("UTF-8", [3])


async def test_letters_that_were_encoded_twice_are_mended() -> None:
    found = await read_workbook("liste.csv", ROWS.encode().decode("cp1252").encode())
    assert shown(found)[1][0] == "Şule Çağlar"
    assert found.warnings


async def test_an_encoding_that_is_none_is_refused() -> None:
    with pytest.raises(Unacceptable):
        await read_workbook("a.csv", ROWS.encode(), encoding="rot13")


# Delimiters, quotation marks, lines


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "above", ["", "T.C. İçişleri Bakanlığı, Göç İdaresi; Ankara\n\n", "Sayın yetkili,\nliste aşağıdadır.\n"]
)
async def test_the_delimiter_is_found_below_whatever_stands_above(delimiter: str, above: str) -> None:
    rows = [HEAD, ["Ayşe Öz", "Ankara Adliyesi", "ayse@example.org"], ["Ali Er", "Muğla Barosu", "ali@example.org"]]
    data = (above + "".join(delimiter.join(row) + "\n" for row in rows)).encode()
    assert (await texts("a.txt", data))[-3:] == rows


async def test_commas_in_cells_part_nothing_where_semicolons_do() -> None:
    rows = [["Ad", "Adres"], ["Ayşe", "Kat: 3, No: 5, Çankaya"], ["Ali", "Kat: 1, No: 2, Mamak"]]
    assert await texts("a.csv", "\n".join(map(";".join, rows)).encode()) == rows


async def test_the_line_for_excel_that_names_the_delimiter_is_obeyed() -> None:
    assert await texts("a.csv", b"sep=,\r\nName,Court\r\nA;B,C;D\r\n") == [["Name", "Court"], ["A;B", "C;D"]]


async def test_lines_are_numbered_as_the_program_of_whoever_made_the_list_numbers_them() -> None:
    data = b'\n\nName;Court\n\nA;"One; two\nthree"\nB;Four\n'
    found = await read_workbook("a.csv", data)
    assert (numbers(found), shown(found)[1]) == ([3, 5, 7], ["A", "One; two\nthree"])
    assert numbers(await read_workbook("a.xlsx", xlsx([[], ["Name"], [], [], ["A"]]))) == [2, 5]


@pytest.mark.parametrize("broken", ['"B;Two', 'B";Two', '"B" "C;Two'])
async def test_a_quotation_mark_that_is_never_closed_costs_its_line_at_most(broken: str) -> None:
    found = await read_workbook("a.csv", f"Name;Court\nA;One\n{broken}\nC;Three\n".encode())
    assert [shown(found)[index] for index in (0, 1, 3)] == [["Name", "Court"], ["A", "One"], ["C", "Three"]]
    assert shown(found)[2][-1] == "Two"
    if broken.startswith('"'):
        assert [w.facts["line"] for w in found.warnings] == [3]


async def test_a_cell_that_would_be_computed_is_marked() -> None:
    found = await read_workbook("a.csv", b'Name;No\n=1+1;"=""0532"""\n')
    cells = found.sheets[0].lines[1].cells
    assert [(cell.text, cell.is_formula) for cell in cells] == [("=1+1", True), ("0532", False)]


# Workbooks


def messy() -> bytes:
    """A cover letter, then a list with a title, headings over two rows, merged cells, and a hidden sheet."""
    book = Book()
    letter: Any = book.active
    for row in (["T.C."], ["İçişleri Bakanlığı"], ["Liste ektedir."], ["Tarih", "14.03.2026"]):
        letter.append(row)
    made: Any = book.create_sheet("Liste")
    for row in (
        ["2026 yılı toplantısı katılımcıları"],
        ["Sıra", "Kurum", "Katılımcı", None],
        [None, None, "Ad Soyad", "Doğum günü"],
        [1, "Ankara Valiliği", "Ayşe Öz", date(1990, 5, 1)],
        [2, None, "Ali Er", datetime(1991, 6, 2, 9, 30)],  # noqa: DTZ001  a cell has no zone
        [],
        [3, "Muğla Barosu", "Can Işık", 2.5],
    ):
        made.append(row)
    for cells in ("A1:D1", "A2:A3", "B2:B3", "C2:D2", "B4:B6"):
        made.merge_cells(cells)
    hidden: Any = book.create_sheet("Kodlar", 0)
    for code in range(90):
        hidden.append([code, "Kod", "İl", "Bölge"])
    hidden.sheet_state = "hidden"
    return saved(book)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
async def test_a_workbook_is_read_whole_from_every_program(office: Office, ending: str) -> None:
    found = await read_workbook(f"liste.{ending}", office.saved_as(messy(), ending))
    assert [sheet.name for sheet in found.sheets] == ["Sheet", "Liste", "Kodlar"]
    assert best_sheet(found) == 1
    assert shown(found, 1) == [
        ["2026 yılı toplantısı katılımcıları"],
        ["Sıra", "Kurum", "Katılımcı", "Katılımcı"],
        ["Sıra", "Kurum", "Ad Soyad", "Doğum günü"],
        ["1", "Ankara Valiliği", "Ayşe Öz", "1990-05-01"],
        ["2", "Ankara Valiliği", "Ali Er", "1991-06-02 09:30"],
        ["3", "Muğla Barosu", "Can Işık", "2.5"],
    ]
    lines = found.sheets[1].lines
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 7]
    assert [index for index, cell in enumerate(lines[4].cells) if cell.is_filled] == [1]
    assert (found.encoding, found.encodings, found.warnings) == ("", [], [])


async def test_a_list_in_the_middle_of_a_sheet_keeps_its_columns() -> None:
    rows = [[], [None, None, "Kurum", "Ad"], [None, None, "Valilik", "A"], [None, None, None, "B"], [*[None] * 60, "x"]]
    found = await read_workbook("a.xlsx", xlsx(rows, "C3:C4"))
    assert shown(found)[1:] == [["", "", "Valilik", "A"], ["", "", "Valilik", "B"]]
    assert [w.facts["columns"] for w in found.warnings] == [60]


async def test_a_list_in_the_only_sheet_is_it_even_if_that_is_hidden() -> None:
    book = Book()
    book.create_sheet("empty")
    only: Any = book.worksheets[0]
    only.append(["A", "B"])
    only.sheet_state = "hidden"
    assert best_sheet(await read_workbook("a.xlsx", saved(book))) == 0


async def test_a_formula_shows_what_it_came_to_when_the_workbook_was_saved(office: Office) -> None:
    rows = [["Name", "No", "Mail"], ["=B2&C2", 20, "=1/0"], ["'=x", 1.0, "=NA()"]]
    assert (await texts("a.xlsx", xlsx(rows)))[1] == ["", "20"]
    computed = await read_workbook("a.xlsx", office.saved_as(xlsx([*rows[:2], ["x", 1.0, "=NA()"]]), "xlsx"))
    assert shown(computed)[2] == ["x", "1"]


async def test_errors_are_empty_cells_and_counted() -> None:
    found = await read_workbook("a.csv", "Name;Mail\nA;#N/A\n#DEĞER!;#YOK\n#1;C# dersi\n".encode())
    assert shown(found)[1:] == [["A"], ["#1", "C# dersi"]]
    assert [w.facts for w in found.warnings] == [{"count": 3, "line": 2}]


STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
}


def strict(data: bytes) -> bytes:
    for name in zipfile.ZipFile(io.BytesIO(data)).namelist():
        content = part(data, name)
        for old, new in STRICT.items():
            content = content.replace(old, new)
        data = repacked(data, name, content)
    return data


async def test_workbooks_of_other_programs_are_read() -> None:
    plain = xlsx([["Name", "No"], ["Ayşe", 3.0]])
    bare = repacked(plain, "xl/worksheets/sheet1.xml", re.sub(rb' r="[A-Z]*\d+"', b"", part(plain)))
    for data in (plain, strict(plain), bare):
        assert await texts("a.xlsx", data) == [["Name", "No"], ["Ayşe", "3"]]


async def test_what_a_file_holds_counts_and_its_name_does_not() -> None:
    assert await texts("a.xls", b"Name\tCourt\nAy\xfee\tAnkara\n") == [["Name", "Court"], ["Ayşe", "Ankara"]]
    assert await texts("a.csv", xlsx([["Name", "Court"]])) == [["Name", "Court"]]


async def test_cells_are_evened_out_so_that_they_can_be_looked_up() -> None:
    row = (
        "E\u2011mail;Ad\u00a0Soyad;Mug\u0306la;\u202a+90 532\u202c;a\u200b\u00adb\ufeff;\u200fمی\u200cخواهم;A\u202eB\n"
    )
    assert (await texts("a.csv", row.encode()))[0] == [
        "E-mail",
        "Ad Soyad",
        "Muğla",
        "+90 532",
        "ab",
        "می\u200cخواهم",
        "A\u202eB",
    ]


# Refusals


@pytest.mark.parametrize("data", [b"", b"  \n ", b";;\n;;", xlsx([[]]), xlsx([[None, ""]])])
async def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    assert isinstance(await refused("a.csv", data), Unacceptable)


def zipped(**parts: str) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return into.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF-1.7", "PDF"),
        ("a.csv", b"%PDF-1.7", "PDF"),
        ("a.xlsx", b"\xff\xd8\xff\xe0", "JPEG"),
        ("a.docx", zipped(**{"word__document.xml": "<x/>"}), "Word"),
        ("a.numbers", zipped(**{"Index__Document.iwa": ""}), "Numbers"),
        ("a.odt", zipped(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument"),
        ("a.zip", zipped(**{"liste.csv": "x"}), "ZIP"),
        ("a.doc", OLE + "WordDocument".encode("utf-16-le"), "Word"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "without a password"),
        ("a.xls", OLE + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros"),
        ("a.xls", OLE, "damaged"),
        ("a.xlsx", b"PK\x03\x04broken", "damaged"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table>", "HTML"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("a.csv", b"Name\x00;x", "text"),
        ("a.xlsx", b"Name;Court", "damaged"),
        ("a.xlsm", xlsx([["Name"]]), "macros"),
        ("a.xlsx", repacked(xlsx([["Name"]]), "xl/vbaProject.bin", b"x"), "macros"),
        ("a", b"Name", "CSV"),
    ],
)
async def test_what_is_no_list_is_told_what_to_send_instead(name: str, data: bytes, said: str) -> None:
    refusal = await refused(name, data)
    assert isinstance(refusal, NotThatKind)
    assert said in refusal.reason % refusal.facts


async def test_more_lines_than_a_ministry_has_people_are_refused() -> None:
    assert isinstance(await refused("a.csv", b"Name\n" + b"A\n" * MAX_ROWS), Unacceptable)


async def test_a_sheet_that_is_too_large_is_left_out_where_there_is_another() -> None:
    book = Book(write_only=True)
    book.create_sheet("Liste").append(["Name", "Court"])
    codes = book.create_sheet("Kodlar")
    for code in range(MAX_ROWS + 1):
        codes.append([code])
    found = await read_workbook("a.xlsx", saved(book))
    assert ([sheet.name for sheet in found.sheets], [w.facts for w in found.warnings]) == (
        ["Liste"],
        [{"sheet": "Kodlar"}],
    )


async def test_a_workbook_that_unpacks_to_gigabytes_is_refused_before_it_does() -> None:
    bomb = repacked(xlsx([["Name"]]), "xl/media/bomb", b"0" * 60_000_000)
    assert isinstance(await refused("a.xlsx", bomb), TooLarge)


async def test_a_workbook_that_asks_for_another_file_is_refused() -> None:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet>&e;</worksheet>'
    await refused("a.xlsx", repacked(xlsx([["Name"]]), "xl/worksheets/sheet1.xml", entity))


async def test_a_part_that_comes_twice_is_refused() -> None:
    into = io.BytesIO(xlsx([["Name"]]))
    with zipfile.ZipFile(into, "a") as archive:
        archive.writestr("XL/Worksheets/Sheet1.xml", b"<worksheet/>")
    await refused("a.xlsx", into.getvalue())


async def test_a_table_is_the_best_sheet_of_a_workbook() -> None:
    assert [[cell.text for cell in row] for row in await read_table("a.xlsx", messy())][3][2] == "Ayşe Öz"
