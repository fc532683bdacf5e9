"""What `heyet read-sheet` does: signed sheets in, JSON out."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import select

from core.db import Database
from core.settings import Settings
from directory.projects.models import Project
from events.attendance.scans.reader import Lookup, must_be_installed, read_scan
from events.attendance.scans.rules import PageProblem, ReaderMissing, ScannedPage
from events.attendance.sign_in_sheets.layout import SheetLayout
from events.attendance.sign_in_sheets.rules import parse_code, verified_code
from events.attendance.sign_in_sheets.service import layout_of, sheet_keys, versions_of
from heyet.command import installed, stop, with_database

# More is no scan of a few sheets, and would only fill the memory.
MOST_MB = 100


def read_files(files: Sequence[Path], layouts: Sequence[Path]) -> bool:
    """Print what is on the pages as JSON, by these layouts, or those in the database where none is given.

    Returns whether every page was read.
    """
    try:
        must_be_installed()
    except ReaderMissing as missing:
        stop(missing.title)
    if layouts:
        found = asyncio.run(_read(files, _among([_layout_in(file) for file in layouts])))
    else:
        settings = installed()
        found = with_database(settings, lambda database: _read(files, _kept(database, settings)))
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return not any(page["problem"] for page in found)


async def _read(files: Sequence[Path], lookup: Lookup) -> list[dict[str, Any]]:
    found = []
    for file in files:
        if file.stat().st_size > MOST_MB * 1024 * 1024:
            found.append({"file": str(file), **ScannedPage(1, PageProblem.unreadable).to_dict()})
            continue
        async for page in read_scan(await asyncio.to_thread(file.read_bytes), lookup):
            found.append({"file": str(file), **page.to_dict()})
    return found


def _layout_in(file: Path) -> SheetLayout:
    try:
        return SheetLayout.from_dict(json.loads(file.read_text()))
    except (ValueError, KeyError, TypeError):
        stop(f"{file} holds no layout of a sheet.")


def _among(layouts: Sequence[SheetLayout]) -> Lookup:
    """Codes of these sheets are believed, whoever signed them: whoever hands a layout in knows the sheet."""
    known = {(layout.sheet, layout.version): layout for layout in layouts}

    async def lookup(texts: Sequence[str]) -> Mapping[str, SheetLayout]:
        codes = {text: parse_code(text) for text in texts}
        meant = {text: known.get((code.sheet, code.version)) for text, code in codes.items() if code}
        return {text: layout for text, layout in meant.items() if layout}

    return lookup


def _kept(database: Database, settings: Settings) -> Lookup:
    """Sheets of all projects of this installation, for codes that it signed."""
    keys = sheet_keys(settings)

    async def lookup(texts: Sequence[str]) -> Mapping[str, SheetLayout]:
        codes = {text: (code.sheet, code.version) for text in texts if (code := verified_code(text, keys))}
        async with database.unit_of_work() as db:
            projects = (await db.exec(select(Project.id))).all()
            rows = await versions_of(db, list(codes.values()), projects)
        return {text: layout_of(rows[code]) for text, code in codes.items() if code in rows}

    return lookup
