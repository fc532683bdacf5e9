"""Six lists as ministries make them: read, repaired and imported as they came, without a spreadsheet program."""

import io
from collections.abc import Callable, Iterable, Sequence

import pytest
from openpyxl import Workbook

from tests.directory.test_imports import applied, people
from tests.people import App


def book(*sheets: tuple[str, Iterable[Sequence[object]], Sequence[str]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for title, rows, merged in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def behind_a_cover_letter() -> bytes:
    """Two sheets, a title, headings over two rows, capitals, principal and reserve, a total."""
    return book(
        ("ÜST YAZI", [["T.C."], ["Sayı: E-1"], ["İlgi: yazınız."]], ()),
        (
            "LİSTE",
            [
                ["TOPLANTIYA KATILACAK PERSONEL LİSTESİ"],
                [],
                ["S.NO", "KİŞİNİN", "", "UNVANI", "İLETİŞİM", ""],
                ["", "ADI", "SOYADI", "", "E-POSTA", "CEP"],
                [1, "AYŞE", "IŞIK (Asil)", "GÖÇ UZMANI", "AYSE.ISIK@EXAMPLE.ORG", "0532 000 00 01"],
                [2, "MEHMET", "ÖZ (Yedek)", "İL MÜDÜRÜ", "mehmet.oz@example.org,", "5320000002"],
                ["", "TOPLAM: 2 KİŞİ"],
            ],
            ["A1:F1", "B3:C3", "E3:F3"],
        ),
    )


def from_an_old_program() -> bytes:
    """Semicolons, the Windows code page, a title line, courtesies, addresses as links and two in one cell."""
    return (
        "Çalıştay katılımcı listesi;;;\r\n\r\n"
        "Adı ve Soyadı;Görevi;Kurum E-posta;Telefon\r\n"
        "Sn. Dr. Ayşe Işık;Hâkim;mailto:ayse.isik@example.org;+90 (532) 000 00 01\r\n"
        "Sayın MEHMET ÖZ;CUMHURİYET SAVCISI;mehmet.oz(at)example.org; mehmet@example.org;0 532 000 0002\r\n".replace(
            "(at)example.org; ", "(at)example.org, "
        )
    ).encode("cp1254")


def one_institution_for_many_lines() -> bytes:
    """Merged cells of institution and province, sexes by letter, blank lines, headings again on the second page."""
    return book(
        (
            "Sayfa1",
            [
                ["Kurumu", "İli", "Adı Soyadı", "Unvanı", "Cinsiyeti", "E Posta"],
                ["Ankara Adliyesi", "Ankara", "Ayşe Işık", "Hâkim", "K", "ayse.isik@example.org"],
                ["", "", "Mehmet Öz", "Savcı", "E", "mehmet.oz@example.org"],
                [],
                ["Kurumu", "İli", "Adı Soyadı", "Unvanı", "Cinsiyeti", "E Posta"],
            ],
            ["A2:A3", "B2:B3"],
        )
    )


def as_unicode_text() -> bytes:
    """What Excel calls Unicode text: UTF-16 and tabs, with numbers of the lines and cells that hold an error."""
    return (
        "Sıra No\tKatılımcı\tKurum\tİl\tE‑mail\tNot\r\n"
        "1\tIŞIK, Ayşe\tAFYONKARAHİSAR GİM\tAfyon\tayse.isik@example.org\t#N/A\r\n"
        "2\tMehmet Öz\tAfyonkarahisar İl Göç İd. Md.\t03\tmehmet.oz@example.org\t0\r\n"
    ).encode("utf-16")


def typed_by_hand() -> bytes:
    """Headings nobody agreed on, commas inside quotes, a letter and its mark apart, joiners, a point at the end."""
    return (
        '\ufeff"Name and Surname","Position / Duty","Organisation","Mail adresi"\n'
        '"Ays\u0327e Is\u0327\u0131k","Judge, 2nd Chamber","Ankara Courthouse","ayse.isik@example.org."\n'
        '"Mehmet\u00a0O\u0308z\u200b","Prosecutor","Ankara Courthouse","<mehmet.oz@example.org>"\n'
    ).encode()


def without_headings() -> bytes:
    """Only names and addresses, in columns that nobody named."""
    return b"Ay\xc5\x9fe I\xc5\x9f\xc4\xb1k;ayse.isik@example.org\nMehmet \xc3\x96z;mehmet.oz@example.org\n"


LISTS: dict[str, tuple[Callable[[], bytes], str, bool]] = {
    "cover letter": (behind_a_cover_letter, "liste.xlsx", True),
    "old program": (from_an_old_program, "liste.csv", True),
    "merged": (one_institution_for_many_lines, "liste.xlsx", True),
    "unicode text": (as_unicode_text, "liste.txt", True),
    "by hand": (typed_by_hand, "liste.csv", True),
    "no headings": (without_headings, "liste.csv", False),
}


@pytest.mark.parametrize("name", LISTS)
async def test_a_list_of_a_ministry_is_imported_as_it_came(sqlite_app: App, name: str) -> None:
    content, file_name, has_headings = LISTS[name]
    event = await sqlite_app.event()
    made = await sqlite_app.upload(event, content(), file_name)
    if not has_headings:
        # One answer: there is no line of headings, the columns are the ones guessed.
        answer = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/reading", json={"heading": 0})
        made = answer.json()
    done = await applied(sqlite_app, made)
    found = await people(sqlite_app, event)
    assert (done["added"], sorted(found)) == (2, ["Ayşe Işık", "Mehmet Öz"]), made["rows"]
    assert {n: one["address"] for n, one in found.items()} == {
        "Ayşe Işık": "ayse.isik@example.org",
        "Mehmet Öz": "mehmet.oz@example.org",
    }
