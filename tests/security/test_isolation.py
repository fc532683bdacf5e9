"""A reading that runs wild ends alone: little memory, little time, no secrets, no files."""

import asyncio
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from core.documents.tables import read_table
from core.errors import Refusal
from core.isolation import Unparsable, isolated
from notifications.inbound.parsing import read_mail
from tests.people import App
from tests.security import greedy


@pytest.mark.parametrize("reading", [greedy.eats_memory, greedy.calls_itself, greedy.dies], ids=lambda f: f.__name__)
async def test_a_reading_that_runs_wild_is_a_refusal(reading: Callable[[bytes], Any]) -> None:
    with pytest.raises(Unparsable):
        await isolated(reading, b"")


@pytest.mark.parametrize("reading", [greedy.turns_in_circles, greedy.sleeps], ids=lambda f: f.__name__)
async def test_a_reading_that_never_ends_is_ended(reading: Callable[[bytes], Any]) -> None:
    with pytest.raises(Unparsable):
        await isolated(reading, b"", seconds=1)


async def test_a_reading_has_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYET_SECRET_KEY", "x" * 40)
    assert not [name for name in await isolated(greedy.says_too_much_of_us, b"") if "HEYET" in name]


async def test_a_reading_writes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unparsable):
        await isolated(greedy.writes_a_file, str(tmp_path / "there").encode())


async def test_one_that_runs_wild_leaves_the_next_alone() -> None:
    wild = [isolated(greedy.dies, b"") for _ in range(3)]
    found = await asyncio.gather(*wild, isolated(greedy.echoes, b"here"), return_exceptions=True)
    assert ([type(one) for one in found[:3]], found[3]) == ([Unparsable] * 3, "here")


async def test_a_large_module_leaves_the_memory_of_small_readings_alone() -> None:
    """What OpenCV takes is more than all that the reading of a mail may have."""
    await isolated("events.attendance.scans.reading:count_pages", b"", memory_mb=1536)
    large = b"Subject: Minutes\r\n\r\n" + b"hello world\r\n" * 300_000
    assert (await isolated(read_mail, large))["subject"] == "Minutes"


TEXTS_ARE_THERE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def sheet(rows: str, texts: str = "") -> bytes:
    """A workbook whose first sheet and texts are these."""
    into = io.BytesIO()
    Workbook().save(into)
    made = io.BytesIO()
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(into) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename == "xl/worksheets/sheet1.xml":
                new.writestr(entry.filename, f"<worksheet {space}><sheetData>{rows}</sheetData></worksheet>")
            else:
                new.writestr(entry.filename, old.read(entry).replace(b"</Types>", TEXTS_ARE_THERE + b"</Types>"))
        new.writestr("xl/sharedStrings.xml", f"<sst {space}>{texts}</sst>")
    return made.getvalue()


def _noise(count: int) -> str:
    """Text that hardly packs, so that no ratio gives a workbook away."""
    return "".join(f"<si><t>{n * 2654435761 % 2**32:x}</t></si>" for n in range(count))


BOMBS = {
    "two million texts": lambda: sheet("<row r='1'><c t='s'><v>0</v></c></row>", _noise(2_000_000)),
    "texts just below the limit": lambda: sheet("<row r='1'><c t='s'><v>0</v></c></row>", _noise(370_000)),
    "the same long text in every cell": lambda: sheet(
        "".join(f"<row r='{n}'>" + "<c t='s'><v>0</v></c>" * 60 + "</row>" for n in range(1, 5000)),
        f"<si><t>{'x' * 4999}</t></si>",
    ),
    "a row at the end of the sheet": lambda: sheet("<row r='1048576'><c t='inlineStr'><is><t>x</t></is></c></row>"),
    "a million cells in a row": lambda: sheet("<row r='1'>" + "<c><v>1</v></c>" * 1_000_000 + "</row>"),
    "a tag in a tag in a tag": lambda: sheet("<row>" * 300_000 + "</row>" * 300_000),
}


@pytest.mark.parametrize("bomb", BOMBS)
async def test_a_small_workbook_costs_little_whatever_it_unpacks_to(bomb: str) -> None:
    """The whole reading, with the process that asks for it, runs under a limit of memory and of time."""
    said = await isolated(greedy.reads_a_workbook, BOMBS[bomb](), memory_mb=320, seconds=12)
    assert said in ("read", "TooLarge", "Unacceptable", "NotThatKind", "Unparsable")


async def test_a_workbook_that_costs_too_much_is_refused_beside_the_form(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    files = {"file": ("list.xlsx", BOMBS["the same long text in every cell"](), "application/octet-stream")}
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/imports", files=files)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "file")


@pytest.mark.parametrize(
    "data",
    [
        b"Name\n" + b"x" * 10_000,
        b"a;" * 100_000,
        b"\n".join([b"x"] * 200_000),
        b'"' * 1_000_001,
        b"x" * 6_000_000,
    ],
    ids=["a long cell", "many columns", "many rows", "quotes", "six megabytes"],
)
async def test_a_csv_is_bounded_likewise(data: bytes) -> None:
    with pytest.raises(Refusal):
        await read_table("list.csv", data)


async def test_a_control_character_in_a_cell_is_shown_and_kept_on_both_databases(app: App) -> None:
    event = await app.event()
    rows = "".join(
        f"<row r='{n}'><c t='inlineStr'><is><t>{name}</t></is></c><c t='inlineStr'><is><t>{address}</t></is></c></row>"
        for n, (name, address) in enumerate([("Name", "E-mail"), ("Ay_x0000_şe Bir", "ayse@example.org")], 1)
    )
    files = {"file": ("list\x00.xlsx", sheet(rows), "application/octet-stream")}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/imports", files=files)
    assert answer.status_code < 500, answer.text
