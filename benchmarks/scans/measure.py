"""`python -m benchmarks scans`: makes, signs, spoils and reads pages, and prints how well they were read by kind of
device."""

import argparse
import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2

from benchmarks.scans.devices import DEVICES, SpoiltPage, spoilt_pages
from benchmarks.scans.material import Strokes, material
from events.attendance.scans import reading
from events.attendance.scans.rules import CellState, PageProblem, ScannedPage, page_from, request, survey_from
from events.attendance.sign_in_sheets.rules import SheetCode, verified_code
from tests.sheets import KEY

SEED, SHEETS = 9000, 12
# Wrong in so many cells at most, and unsure in that share, by group of devices.
GOALS = {"scan": (1500, 0.04), "photograph": (1500, 0.04), "hard": (500, 0.10), "1-bit": (500, 0.10)}
MOST_SECONDS = 0.5


@dataclass
class Count:
    """What was counted of some pages. `said_signed` are words and ticks that were taken for signatures."""

    pages: int = 0
    unplaced: int = 0
    astray: int = 0
    cells: int = 0
    wrong: int = 0
    unsure: int = 0
    lost: int = 0
    struck: int = 0
    struck_signed: int = 0
    words: int = 0
    said_signed: int = 0
    seconds: list[float] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def add(self, page: SpoiltPage, found: ScannedPage | None, seconds: float) -> None:
        """`found` is None where no page was found, or another one."""
        self.pages += 1
        self.seconds.append(seconds)
        if found is None or found.problem is not None:
            self.unplaced += 1
            return
        layout = page.signed.made.layout
        self.astray += (found.sheet, found.page) != (layout.sheet, page.signed.number)
        for cell in found.cells:
            key = cell.row, cell.column
            truth = page.signed.truth.get(key)
            if key in page.lost:
                self.lost += 1
            elif truth in ("signed", "empty"):
                self.cells += 1
                self.unsure += cell.state is CellState.unsure
                if cell.state is not CellState.unsure and cell.state.value != truth:
                    self.wrong += 1
                    style = page.signed.styles.get(key, "")
                    self.mistakes.append(f"{page.device.name}: {truth} {style} is said to be {cell.state.value}")
            elif truth in ("struck", "dash"):
                self.struck += 1
                self.struck_signed += cell.state is CellState.signed
            elif truth in ("word", "mark"):
                self.words += 1
                self.said_signed += cell.state is CellState.signed


def read(page: SpoiltPage) -> tuple[ScannedPage | None, float]:
    """What uploads do to a page, in this process; and the processor's seconds, less those of opening the file."""
    began = time.process_time()
    survey = survey_from(reading.survey_page(page.content, "1"))
    layout, found = page.signed.made.layout, None
    for code in survey.codes:
        said = verified_code(code.text, [KEY])
        if said == SheetCode(layout.sheet, page.signed.number, layout.version):
            sent = request(layout.of_page(said.page), code, 1, page.content, with_picture=False)
            found = page_from(reading.read_sheet(sent), file_page=1, code=code.text)
        elif said is not None:
            found = ScannedPage(1, PageProblem.unknown_sheet, code.text)
    spent = time.process_time() - began
    began = time.process_time()
    reading.decoded(page.content, 1)
    return found, spent - 2 * (time.process_time() - began)


def measured(pages: Iterable[SpoiltPage]) -> dict[str, Count]:
    """Counts by device."""
    counts: dict[str, Count] = defaultdict(Count)
    for page in pages:
        counts[page.device.name].add(page, *read(page))
    return counts


def total(counts: Iterable[Count]) -> Count:
    whole = Count()
    for count in counts:
        for name, value in vars(count).items():
            setattr(whole, name, getattr(whole, name) + value)
    return whole


def show(counts: dict[str, Count]) -> bool:
    """Print the table. Returns whether all goals were reached."""
    head = ("device", "pages", "unplaced", "cells", "wrong", "unsure", "lost", "struck→signed", "word→signed", "CPU s")
    print(f"{head[0]:<38}" + "".join(f"{one:>14}" for one in head[1:]))
    for device in DEVICES:
        if device.name in counts:
            _line(device.name, counts[device.name])
    kept = True
    for group, (one_in, share) in GOALS.items():
        whole = total(counts[device.name] for device in DEVICES if device.group == group and device.name in counts)
        if whole.pages:
            is_kept = whole.wrong * one_in <= whole.cells and whole.unsure <= share * whole.cells
            kept &= is_kept
            _line(f"= {group} (goal 1 in {one_in}, {share:.0%}): {'kept' if is_kept else 'MISSED'}", whole)
    whole = total(counts.values())
    _line("= all", whole)
    for mistake in sorted(whole.mistakes):
        print(f"  {mistake}")
    return kept and not whole.astray and statistics.median(whole.seconds) <= MOST_SECONDS


def _line(name: str, count: Count) -> None:
    share = count.unsure / max(count.cells, 1)
    numbers = (
        f"{count.pages}",
        f"{count.unplaced}",
        f"{count.cells}",
        f"{count.wrong}",
        f"{share:.1%}",
        f"{count.lost}",
        f"{count.struck_signed}/{count.struck}",
        f"{count.said_signed}/{count.words}",
        f"{statistics.median(count.seconds):.2f}",
    )
    print(f"{name:<38}" + "".join(f"{one:>14}" for one in numbers), flush=True)


async def run(arguments: Sequence[str]) -> bool:
    """Read pages made with the strokes and the material of folders, or with those of the generators."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks scans", description=__doc__)
    asked.add_argument("--strokes", type=Path, help="folder with strokes.json")
    asked.add_argument("--material", type=Path, help="folder with material.json")
    asked.add_argument("--sheets", type=int, default=SHEETS, help="pages by each device")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--odd", action="store_true", help="rare hands alone")
    given = asked.parse_args(list(arguments))
    cv2.setNumThreads(1)
    written = Strokes(given.strokes, odd=given.odd)
    seeds = range(given.seed, given.seed + given.sheets)
    pages = (page for seed in seeds for page in spoilt_pages(seed, written, material(given.material, seed)))
    return show(await asyncio.to_thread(measured, pages))
