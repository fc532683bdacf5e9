"""What lies on and about a sheet when it is photographed: desks, light, folds, fingers, stains. Made here or read from
a folder whose `material.json` says what each file is."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.scans import strokes
from benchmarks.scans.strokes import DOTS, Stroke

Picture = NDArray[np.uint8]
# A value of light or folds that changes nothing.
NEUTRAL = 200


@dataclass
class Material:
    """Pictures to choose from; `light` and `folds` are multiplied by value / 200, `over` is RGBA with a width in mm."""

    desks: Sequence[Picture] = field(default_factory=list)
    light: Sequence[Picture] = field(default_factory=list)
    folds: Sequence[Picture] = field(default_factory=list)
    fingers: Sequence[Picture] = field(default_factory=list)
    stains: Sequence[Picture] = field(default_factory=list)


class Strokes:
    """What is written: from the generator, or by lot from a folder with `strokes.json`."""

    def __init__(self, folder: Path | None = None, *, odd: bool = False) -> None:
        self.odd = odd
        self.signatures: list[Stroke] = []
        self.marks: list[Stroke] = []
        self.dashes: list[Stroke] = []
        if folder:
            self._read(folder)

    def signature(self, rng: np.random.Generator) -> Stroke:
        if self.signatures:
            return self.signatures[rng.integers(len(self.signatures))]
        return strokes.signature(rng, odd=self.odd or rng.random() < 0.05)

    def mark(self, rng: np.random.Generator) -> Stroke:
        return self.marks[rng.integers(len(self.marks))] if self.marks else strokes.mark(rng)

    def dash(self, rng: np.random.Generator) -> Stroke:
        return self.dashes[rng.integers(len(self.dashes))] if self.dashes else strokes.dash(rng)

    def _read(self, folder: Path) -> None:
        said = json.loads((folder / "strokes.json").read_text())
        kinds = {"signature": self.signatures, "mark": self.marks, "not_signature": self.dashes}
        for one in said["strokes"]:
            pixels = np.asarray(Image.open(folder / one["file"]).convert("RGBA"), np.float32)
            cover = pixels[:, :, 3] / 255
            weight = cover.sum() or 1.0
            red, green, blue = (int((pixels[:, :, part] * cover).sum() / weight) for part in range(3))
            scale = DOTS / said["pixels_per_mm"]
            cover = cv2.resize(cover, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else cover
            kinds[one["truth"]].append(Stroke((red, green, blue), cover, one["truth"], one["style"]))


def material(folder: Path | None, seed: int) -> Material:
    return _from(folder) if folder else _made(np.random.default_rng(seed))


def _from(folder: Path) -> Material:
    found = Material(*([] for _ in range(5)))
    for one in json.loads((folder / "material.json").read_text()):
        part, _, name = one["file"].partition("/")
        place = {"desks": found.desks, "light": found.light, "folds": found.folds, "over": found.fingers}.get(part)
        if part == "over" and "stain" in name:
            place = found.stains
        if place is not None:
            mode = {"desks": "RGB", "over": "RGBA"}.get(part, "L")
            place.append(np.asarray(Image.open(folder / one["file"]).convert(mode)))  # type: ignore[attr-defined]
    return found


def _made(rng: np.random.Generator) -> Material:
    def several(make: Callable[[np.random.Generator], Picture], count: int) -> list[Picture]:
        return [make(rng) for _ in range(count)]

    return Material(several(_desk, 8), several(_light, 10), several(_fold, 8), several(_finger, 4), several(_stain, 4))


def _clouds(rng: np.random.Generator, shape: tuple[int, int], size: float) -> NDArray[np.float32]:
    """Smooth noise with a deviation of 1."""
    small = rng.normal(0, 1, (int(shape[0] / size) + 3, int(shape[1] / size) + 3)).astype(np.float32)
    large = cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return large / (large.std() + 1e-6)


def _desk(rng: np.random.Generator) -> Picture:
    shape = (1600, 1200)
    tone = np.array(
        rng.choice([(150, 105, 70), (90, 66, 46), (50, 70, 120), (150, 150, 148), (215, 212, 206), (52, 50, 48)])
    )
    grain = _clouds(rng, shape, rng.uniform(6, 60)) * rng.uniform(2, 14)
    if rng.random() < 0.5:
        grain = grain + cv2.resize(_clouds(rng, (shape[0], 60), 3), shape[::-1]) * rng.uniform(3, 12)
    fine = rng.normal(0, rng.uniform(1, 8), shape)
    return np.clip(tone[None, None] + (grain + fine)[:, :, None], 0, 255).astype(np.uint8)


def _light(rng: np.random.Generator) -> Picture:
    y, x = np.mgrid[0:800, 0:600].astype(np.float32)
    angle, place, depth = rng.uniform(0, 6.3), rng.uniform(150, 600), rng.uniform(0.2, 0.55)
    along = x * np.cos(angle) + y * np.sin(angle)
    along -= along.min()
    soft = rng.choice([4.0, 25.0, 120.0])
    shade = 1 - depth / (1 + np.exp(-(along - place) / soft))
    if rng.random() < 0.4:
        shade *= 1 - rng.uniform(0.1, 0.4) * np.clip(_clouds(rng, (800, 600), 220), 0, 1.5)
    return np.clip(shade * NEUTRAL * (1 + 0.12 * (along / along.max() - 0.5)), 0, 255).astype(np.uint8)


def _fold(rng: np.random.Generator) -> Picture:
    """Creases in any direction, soft or sharp, often with a light edge; or paper that was crumpled."""
    height, width = 800, 600
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    shade = np.ones((height, width), np.float32)
    per_mm = height / 297
    if rng.random() < 0.2:
        return np.clip((shade + 0.05 * _clouds(rng, (height, width), 18)) * NEUTRAL, 0, 255).astype(np.uint8)
    for _ in range(rng.integers(1, 4)):
        angle = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)]) + rng.normal(0, 0.02)
        along = x * float(np.cos(angle)) + y * float(np.sin(angle))
        place = along.min() + rng.uniform(0.2, 0.8) * float(np.ptp(along))
        wave = rng.normal(0, 1.2) * np.sin((x + y) / rng.uniform(60, 300))
        line = (along - place + wave) / per_mm
        sharp, deep = rng.uniform(0.25, 0.9), rng.uniform(0.06, 0.24)
        shade *= 1 - deep * np.exp(-0.5 * (line / sharp) ** 2)
        if rng.random() < 0.6:
            shade *= 1 + 0.4 * deep * np.exp(-0.5 * ((line - 2.2 * sharp) / sharp) ** 2)
        shade *= np.where(line > 0, 1 - rng.uniform(0, 0.07), 1)
    return np.clip(shade * NEUTRAL, 0, 255).astype(np.uint8)


def _finger(rng: np.random.Generator) -> Picture:
    height, width = 360, 220
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    edge = np.where(y < 110, np.sqrt(np.clip(1 - ((110 - y) / 110) ** 2, 0, 1)), 1) * 105
    inside = np.clip((edge - np.abs(x - 110)) / 3, 0, 1)
    tone = np.array(rng.choice([(196, 148, 118), (150, 105, 78), (92, 62, 48)]))
    round_ = 1 - 0.35 * (np.abs(x - 110) / 110) ** 2
    colour = tone[None, None] * round_[:, :, None] + rng.normal(0, 3, (height, width, 1))
    return np.dstack([np.clip(colour, 0, 255), inside * 255]).astype(np.uint8)


def _stain(rng: np.random.Generator) -> Picture:
    y, x = np.mgrid[0:700, 0:700].astype(np.float32) - 350
    radius = np.hypot(x, y)
    ring = np.exp(-0.5 * ((radius - 300) / rng.uniform(5, 14)) ** 2) * (
        0.6 + 0.4 * np.clip(_clouds(rng, (700, 700), 120), -1, 1)
    )
    spots = np.zeros_like(ring)
    for _ in range(rng.integers(0, 12)):
        turn, away = rng.uniform(0, 6.3), rng.uniform(0, 340)
        place = away * np.cos(turn), away * np.sin(turn)
        spots += np.hypot(x - place[0], y - place[1]) < rng.uniform(2, 9)
    wobbly = np.clip(ring * (1 + 0.5 * _clouds(rng, (700, 700), 25)), 0, 1)
    cover = np.clip(wobbly * rng.uniform(60, 150) + 6 * (radius < 300) + 90 * np.clip(spots, 0, 1), 0, 255)
    return np.dstack([*(np.full((700, 700), tone) for tone in (120, 75, 40)), cover]).astype(np.uint8)
