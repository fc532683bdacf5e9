"""Timing two ways in turn, so that a machine whose speed drifts slows both, and the table at the end."""

import json
import math
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROUNDS = 5
RESULTS = Path(__file__).parent / "results.json"
Work = Callable[[], Awaitable[None]]


@dataclass
class Measurement:
    """One line of the table. `ratio` is floor time over our time: 1 is as fast as the floor. `rate` says the same of
    this machine and this hour."""

    what: str
    ours_ms: float
    floor_ms: float
    ratio: float
    spread: tuple[float, float]
    goal: str
    kept: bool
    growth: float | None = None
    rate: str = ""


@dataclass
class Table:
    """All rows of a run."""

    rows: list[Measurement] = field(default_factory=list)

    def add(self, row: Measurement) -> None:
        self.rows.append(row)
        grown = "" if row.growth is None else f"{row.growth:.2f}"
        what = f"{row.what}: {row.rate}" if row.rate else row.what
        print(
            f"{what:<78} {row.ours_ms:>10.2f} {row.floor_ms:>10.2f} {row.ratio:>6.2f} "
            f"{row.spread[0]:>5.2f}–{row.spread[1]:<5.2f} {row.goal:<14} {'yes' if row.kept else 'NO':<4} {grown}",
            flush=True,
        )

    def head(self) -> None:
        print(f"{'what':<78} {'ours ms':>10} {'floor ms':>10} {'ratio':>6} {'spread':<11} {'goal':<14} kept growth")

    def keep(self) -> None:
        """Write these rows over those of the same name; others stay as they were measured last."""
        kept = {row["what"]: row for row in json.loads(RESULTS.read_text())} if RESULTS.exists() else {}
        kept |= {row.what: asdict(row) for row in self.rows}
        RESULTS.write_text(json.dumps(list(kept.values()), indent=1) + "\n")


async def timed(work: Work) -> float:
    """Seconds that one call takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def compare(
    what: str, ours: Work, floor: Work, *, goal: float, growth: float | None = None, before: Work | None = None
) -> Measurement:
    """Medians of rounds taken in turn. `goal` is the least ratio; the spread is that of single rounds. `before` each
    round something may happen that is not counted."""
    await ours()
    await floor()
    pairs = []
    for _ in range(ROUNDS):
        if before:
            await before()
        pairs.append((await timed(ours), await timed(floor)))
    mine, least = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratios = [f / o for o, f in pairs]
    ratio = least / mine
    return Measurement(
        what, mine * 1000, least * 1000, ratio, (min(ratios), max(ratios)), f"≥ {goal}", ratio >= goal, growth
    )


async def exponent(small: Work, large: Work, times: int) -> float:
    """How cost grows with size: 1 is linear."""
    await small()
    a = statistics.median([await timed(small) for _ in range(3)])
    b = statistics.median([await timed(large) for _ in range(3)])
    return math.log(b / a) / math.log(times)
