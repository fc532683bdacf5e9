"""Draws what people write in a cell: signatures of many hands, ticks, words, dashes. Nobody's real signature.

A hand is a path of points with a width at each; a pen gives it ink that skips, fades and has the paper's grain.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

DOTS = 16  # to the millimetre
Floats = NDArray[np.floating]
Path = Floats  # n × 2 millimetres, y downwards


@dataclass(frozen=True)
class Stroke:
    """What was written. `ink` is RGB, `cover` how much of the paper it hides (0 to 1); `truth` is signature, mark,
    word or dash."""

    ink: tuple[int, int, int]
    cover: NDArray[np.float32]
    truth: str
    style: str

    @property
    def size(self) -> tuple[float, float]:
        return self.cover.shape[1] / DOTS, self.cover.shape[0] / DOTS


@dataclass(frozen=True)
class Pen:
    """Width in millimetres, how dark, how much width follows speed, how often it skips, how grainy it is."""

    width: float
    dark: float
    lively: float
    skips: float
    grain: float


PENS = {
    "ballpoint": Pen(0.42, 0.9, 0.25, 0.03, 0.12),
    "fine": Pen(0.27, 0.85, 0.2, 0.06, 0.12),
    "gel": Pen(0.55, 0.95, 0.15, 0.0, 0.04),
    "fountain": Pen(0.5, 0.95, 0.6, 0.0, 0.06),
    "felt": Pen(0.95, 0.9, 0.2, 0.0, 0.08),
    "dry": Pen(0.35, 0.65, 0.4, 0.2, 0.3),
    "pencil": Pen(0.45, 0.5, 0.3, 0.02, 0.45),
    "faint": Pen(0.4, 0.3, 0.3, 0.05, 0.5),
}
_USUAL_PENS = ("ballpoint", "ballpoint", "fine", "fine", "gel", "gel", "fountain")
_INKS = {
    "blue": (32, 62, 170),
    "dark": (22, 34, 92),
    "black": (26, 26, 30),
    "light": (70, 110, 205),
    "violet": (96, 50, 140),
    "green": (20, 110, 70),
    "red": (190, 40, 45),
    "grey": (88, 88, 92),
}
_USUAL_INKS = ("blue", "blue", "blue", "dark", "black", "black", "black", "light")
# Skeletons of letters on a square of side 1, y upwards, to be joined by curves.
_LETTERS = {
    "a": ((0.8, 0.6), (0.35, 0.6), (0.15, 0.3), (0.4, 0), (0.8, 0.3), (0.8, 0.6), (0.85, 0.1), (1, 0)),
    "b": ((0.1, 1.3), (0.15, 0.1), (0.5, 0), (0.75, 0.3), (0.5, 0.6), (0.2, 0.4)),
    "e": ((0.1, 0.3), (0.7, 0.35), (0.5, 0.62), (0.15, 0.4), (0.3, 0), (0.9, 0.1)),
    "h": ((0.1, 1.3), (0.15, 0), (0.2, 0.4), (0.5, 0.6), (0.7, 0.4), (0.75, 0)),
    "i": ((0.3, 0.6), (0.3, 0.1), (0.55, 0)),
    "k": ((0.1, 1.3), (0.12, 0), (0.15, 0.3), (0.6, 0.65), (0.3, 0.35), (0.8, 0)),
    "l": ((0.2, 0.1), (0.5, 1), (0.35, 1.35), (0.2, 0.9), (0.3, 0.1), (0.6, 0)),
    "m": ((0.05, 0.6), (0.1, 0), (0.15, 0.4), (0.35, 0.6), (0.45, 0), (0.5, 0.4), (0.75, 0.6), (0.85, 0), (1, 0.05)),
    "n": ((0.1, 0.6), (0.15, 0), (0.2, 0.4), (0.5, 0.62), (0.7, 0.4), (0.75, 0), (0.95, 0.05)),
    "o": ((0.5, 0.6), (0.15, 0.35), (0.4, 0), (0.8, 0.25), (0.55, 0.6)),
    "r": ((0.1, 0.6), (0.15, 0), (0.2, 0.4), (0.45, 0.62), (0.65, 0.5)),
    "s": ((0.75, 0.55), (0.4, 0.62), (0.2, 0.45), (0.6, 0.25), (0.55, 0.02), (0.1, 0.05)),
    "t": ((0.35, 1.1), (0.35, 0.15), (0.6, 0), (0.3, 0.65), (0.65, 0.7)),
    "u": ((0.1, 0.6), (0.15, 0.1), (0.45, 0), (0.7, 0.3), (0.75, 0.6), (0.8, 0), (1, 0.05)),
    "y": ((0.1, 0.6), (0.2, 0.2), (0.5, 0.15), (0.75, 0.6), (0.7, -0.3), (0.3, -0.5), (0.2, -0.2)),
    "z": ((0.1, 0.6), (0.75, 0.6), (0.15, 0.02), (0.85, 0)),
    "A": ((0.05, 0), (0.45, 1.4), (0.85, 0), (0.6, 0.5), (0.2, 0.5)),
    "K": ((0.15, 1.4), (0.15, 0), (0.2, 0.6), (0.8, 1.3), (0.3, 0.65), (0.9, 0)),
    "M": ((0.05, 0), (0.15, 1.3), (0.5, 0.4), (0.85, 1.35), (0.95, 0)),
    "S": ((0.85, 1.2), (0.5, 1.4), (0.2, 1.1), (0.75, 0.5), (0.5, 0), (0.1, 0.15)),
}
_ABSENT = ("yok", "izinli", "mazeretli", "absent", "n a", "hasta")


def signature(rng: np.random.Generator, *, odd: bool = False) -> Stroke:
    """One hand of the usual kinds; an odd one is rare, small, faint or hardly a signature."""
    kinds = _ODD if odd else _USUAL
    names, weights = zip(*((name, weight) for name, (weight, _) in kinds.items()), strict=True)
    style = str(rng.choice(names, p=np.array(weights) / sum(weights)))
    if style == "stamp":
        return _stamp(rng)
    pen = {"pencil": "pencil", "faint": "faint"}.get(style) or str(rng.choice((*_USUAL_PENS, "felt", "dry")))
    ink = "grey" if pen in ("pencil", "faint") else str(rng.choice((*_USUAL_INKS, "violet", "green", "red")))
    return written(rng, kinds[style][1](rng), "signature", style, pen, ink)


def mark(rng: np.random.Generator) -> Stroke:
    """A tick or a cross where a signature should be."""
    size = rng.uniform(3.5, 7)
    if rng.random() < 0.6:
        paths = [_curve([(0, 0.5), (0.3, 1), (1.1, -0.3)], size, rng)]
    else:
        paths = [_curve([(0, 0), (1, 1)], size, rng), _curve([(1, 0), (0, 1)], size, rng)]
    return written(rng, paths, "mark", "mark")


def dash(rng: np.random.Generator) -> Stroke:
    """A short line: nobody signs here."""
    return written(rng, [_line(rng, rng.uniform(5, 16), 0.5)], "dash", "dash")


def strike(rng: np.random.Generator, length: float) -> Stroke:
    """A line through a whole row."""
    return written(rng, [_line(rng, length, 1.2)], "dash", "strike")


def word(rng: np.random.Generator) -> Stroke:
    """That somebody is absent, in a word."""
    return written(rng, _spelled(rng, str(rng.choice(_ABSENT)), rng.uniform(2.2, 3.4)), "word", "word")


def handwriting(rng: np.random.Generator, width: float) -> Stroke:
    """Some words of that width at most, as walk-ins write their name."""
    text = "".join(rng.choice(list("aeiklmnorstuyz"), size=int(rng.integers(6, 16))))
    return written(rng, _spelled(rng, f"{text[:5]} {text[5:]}", min(rng.uniform(1.6, 2.8), width / 12)), "word", "name")


def written(
    rng: np.random.Generator, paths: Sequence[Path], truth: str, style: str, pen: str = "", ink: str = ""
) -> Stroke:
    """Paths drawn with a pen; by chance where none is named."""
    drawn = PENS[pen or str(rng.choice(_USUAL_PENS))]
    colour = np.array(_INKS[ink or str(rng.choice(_USUAL_INKS))]) + rng.normal(0, 9, 3)
    red, green, blue = (int(part) for part in np.clip(colour, 0, 225))
    return Stroke((red, green, blue), _drawn(rng, paths, drawn), truth, style)


def _drawn(rng: np.random.Generator, paths: Sequence[Path], pen: Pen) -> NDArray[np.float32]:
    """How much of the paper is hidden, with room of a millimetre around."""
    every = np.concatenate(paths)
    low, high = every.min(axis=0) - 1, every.max(axis=0) + 1
    width, height = (max(2, int(np.ceil(side * DOTS))) for side in high - low)
    canvas = np.zeros((height, width), np.uint8)
    base = pen.width * rng.uniform(0.85, 1.2)
    for path in paths:
        points = np.round((path - low) * DOTS * 16).astype(np.int32)
        steps = np.hypot(*np.diff(path, axis=0).T) + 1e-6
        speed = np.convolve(steps / np.median(steps), np.ones(5) / 5, "same")[: len(steps)]
        widths = base * np.clip(1 - pen.lively * (speed - 1) * 0.5, 0.45, 1.5)
        skips = _smooth(rng.random(len(steps)), 6)[: len(steps)] < pen.skips * 0.9
        thick = np.maximum(1, np.round(widths * DOTS)).astype(int)
        segments = np.stack([points[:-1], points[1:]], 1)
        for wide in np.unique(thick):
            alike = segments[(thick == wide) & ~skips]
            cv2.polylines(canvas, list(alike), False, 255, int(wide), cv2.LINE_AA, 4)  # type: ignore[call-overload]
    cv2.setRNGSeed(int(rng.integers(1 << 30)))
    grain = np.empty(canvas.shape, np.float32)
    cv2.randn(grain, 0, 2)
    fade = 1 - pen.grain * (0.5 + cv2.GaussianBlur(grain, (0, 0), 1.2)).clip(0, 1.6)
    return (canvas * (pen.dark * rng.uniform(0.9, 1.08) / 255) * fade).clip(0, 0.98).astype(np.float32)


def _stamp(rng: np.random.Generator) -> Stroke:
    """A round seal, unevenly inked."""
    radius = rng.uniform(6, 9)
    turns = np.linspace(0, 2 * np.pi, 120)
    rings = [np.stack([part * radius * np.cos(turns), part * radius * np.sin(turns)], 1) for part in (1, 0.68)]
    words = [path + (-radius * 0.6, 0) for path in _spelled(rng, "temsil", 1.5)]
    uneven = Pen(0.5, 0.6, 0, 0.08, 0.4)
    return Stroke((96, 50, 140), _drawn(rng, [*rings, *words], uneven), "signature", "stamp")


# Hands


def _curve(points: Sequence[tuple[float, float]], size: float, rng: np.random.Generator, wobble: float = 0.06) -> Path:
    """A smooth path through points, each a little off."""
    anchors = np.array(points, float) + rng.normal(0, wobble, (len(points), 2))
    if len(anchors) < 3:
        part = np.linspace(0, 1, 24)[:, None]
        return (anchors[0] * (1 - part) + anchors[1] * part + _smooth(rng.normal(0, 0.04, (24, 2)), 6)) * size
    padded = np.concatenate([2 * anchors[:1] - anchors[1:2], anchors, 2 * anchors[-1:] - anchors[-2:-1]])
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        t = np.linspace(0, 1, 14, endpoint=False)[:, None]
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*pieces, anchors[-1:]]) * size


def _smooth(values: Floats, width: int) -> Floats:
    kernel = np.hanning(width + 2)[1:-1]
    kernel /= kernel.sum()
    if values.ndim == 1:
        return np.convolve(values, kernel, "same")
    return np.stack([np.convolve(column, kernel, "same") for column in values.T], 1)


def _line(rng: np.random.Generator, length: float, bend: float) -> Path:
    part = np.linspace(0, 1, 60)
    y = length * rng.normal(0, 0.015) * part + bend * rng.normal(0, 0.3) * np.sin(np.pi * part)
    return np.stack([part * length, y + _smooth(rng.normal(0, 0.05, 60), 9)], 1)


def _spelled(rng: np.random.Generator, text: str, height: float) -> list[Path]:
    """A word letter by letter, some joined."""
    slant, pen_x = rng.normal(0.15, 0.15), 0.0
    paths: list[Path] = []
    for char in text:
        shape = _LETTERS.get(char)
        if shape:
            scaled = [((x + slant * y) * rng.uniform(0.75, 0.95), -y) for x, y in shape]
            letter = _curve(scaled, height, rng, 0.05) + (pen_x, rng.normal(0, 0.07) * height)
            if paths and rng.random() < 0.5:
                paths[-1] = np.concatenate([paths[-1], letter])
            else:
                paths.append(letter)
        pen_x += height * rng.uniform(0.75, 0.95)
    return paths


def _loops(rng: np.random.Generator, length: float = 0, height: float = 0) -> list[Path]:
    """Cursive: two oscillations that pull along, each turn with a height of its own."""
    length, height = length or rng.uniform(13, 26), height or rng.uniform(3.5, 8)
    turns = rng.integers(4, 9)
    t = np.linspace(0, turns, 46 * turns)
    heights = np.interp(t, np.arange(turns + 1), rng.lognormal(-0.35, 0.45, turns + 1).clip(0.25, 1.6)) * height / 2
    phase = rng.uniform(0, np.pi)
    back = rng.uniform(0.4, 1.1) * length / turns / 2
    x = t / turns * length + back * np.sin(2 * np.pi * t + phase)
    y = -heights * np.cos(2 * np.pi * t) + rng.normal(0, 0.08) * x
    path = np.stack([x - 0.25 * y * rng.normal(1, 0.5), y], 1)
    tail = _curve(
        [(0, 0), (rng.uniform(0.5, 1.5), rng.normal(-0.3, 0.5)), (rng.uniform(1, 2.6), rng.normal(0, 0.6))], 3, rng
    )
    return [np.concatenate([path, tail + path[-1]])]


def _initials(rng: np.random.Generator, least: int = 2) -> list[Path]:
    """A few large arcs and hooks beside each other."""
    size, paths, x = rng.uniform(4, 8), [], 0.0
    for _ in range(rng.integers(least, 4)):
        heights = rng.permutation([rng.uniform(-0.6, -0.3), rng.uniform(0.3, 0.6), *rng.uniform(-0.6, 0.6, 3)])
        points = [(x + rng.uniform(0, 0.9), y) for y in heights[: rng.integers(3, 6)]]
        paths.append(_curve(points, size, rng))
        x += rng.uniform(0.5, 0.9)
    return paths


def _zigzag(rng: np.random.Generator) -> list[Path]:
    count, size = rng.integers(6, 13), rng.uniform(2.5, 6)
    points = [(n * rng.uniform(0.42, 0.6), (-0.5 if n % 2 else 0.5) * rng.uniform(0.4, 1.3)) for n in range(count)]
    points.append((count * 0.55 + rng.uniform(0.3, 2), rng.normal(0.1, 0.5)))
    return [_curve(points, size, rng)]


def _flourish(rng: np.random.Generator) -> list[Path]:
    """A signature with a line under it or a ring around it."""
    paths = _loops(rng, rng.uniform(9, 17)) if rng.random() < 0.6 else _zigzag(rng)
    every = np.concatenate(paths)
    low, high = every.min(axis=0), every.max(axis=0)
    middle, reach = (low + high) / 2, (high - low) / 2
    if rng.random() < 0.45:
        turn = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.2), 120) + rng.uniform(0, 6)
        ring = np.stack([np.cos(turn) * (reach[0] * 1.1 + 1), np.sin(turn) * (reach[1] * 1.1 + 0.6)], 1)
        return [*paths, ring + middle]
    under = _line(rng, 2 * reach[0] * rng.uniform(0.9, 1.4), 2) + (low[0] - 1, high[1] + rng.uniform(-0.8, 1))
    return [*paths, under]


def _small(rng: np.random.Generator) -> list[Path]:
    kind = rng.integers(0, 5)
    if kind == 4:
        # A letter and a tail, no more.
        size = rng.uniform(1.8, 3.2)
        head = [(0, 0.9), (0.25, 0), (0.5, 0.8), (0.7, 0.35), (0.95, 0.8)]
        return [_curve([*head[: rng.integers(3, 6)], (1.6, 0.85), (rng.uniform(2, 3), rng.uniform(0.6, 1))], size, rng)]
    if kind == 3:
        # Two or three scribbles in a row, as initials of names.
        size, paths, x = rng.uniform(0.8, 1.3), [], 0.0
        for _ in range(rng.integers(2, 4)):
            paths += [path + (x, 0) for path in _loops(rng, size * rng.uniform(2.5, 4), size * rng.uniform(1, 2))]
            x += size * rng.uniform(5, 8)
        return paths
    if kind == 0:
        return _loops(rng, rng.uniform(4, 9), rng.uniform(1.4, 2.8))
    if kind == 1:
        return [path * 0.45 for path in _initials(rng)]
    return _spelled(rng, "".join(rng.choice(list("aenmruk"), size=3)), rng.uniform(1.4, 2.2))


def _large(rng: np.random.Generator) -> list[Path]:
    """45 × 16 mm: it spills into the neighbours."""
    paths = _loops(rng, rng.uniform(26, 40), rng.uniform(11, 18))
    if rng.random() < 0.6:
        every = np.concatenate(paths)
        under = _line(rng, rng.uniform(30, 48), 3) + (every[:, 0].min() - 2, every[:, 1].max() + rng.uniform(-2, 2))
        paths.append(under)
    return paths


def _name(rng: np.random.Generator) -> list[Path]:
    first = str(rng.choice(list("AKMS")))
    rest = "".join(rng.choice(list("aeiklmnorstuyz"), size=int(rng.integers(3, 8))))
    middle = "".join(rng.choice(list("aehimnrtu"), size=int(rng.integers(0, 5))))
    return _spelled(rng, f"{first}{middle} {rng.choice(list('AKMS'))}{rest}", rng.uniform(1.8, 3.2))


def _right_to_left(rng: np.random.Generator) -> list[Path]:
    """Bows that hang from a line, with dots."""
    paths, x = [], 0.0
    for _ in range(rng.integers(3, 7)):
        points = [(0, 0), (0.3, rng.uniform(0.1, 0.9)), (0.7, rng.uniform(-0.2, 0.8)), (1, rng.uniform(-0.9, 0.3))]
        paths.append(_curve(points, rng.uniform(2, 4), rng) - (x, 0))
        if rng.random() < 0.6:
            paths.append(np.array([(0, 0), (0.25, 0.05), (0.1, 0.1)]) + (-x + 1, rng.choice([-2, 2.5])))
        x += rng.uniform(1.8, 3.4)
    return paths


def _wave(rng: np.random.Generator) -> list[Path]:
    """Little more than a line with a hook: some sign like that."""
    length = rng.uniform(10, 24)
    part = np.linspace(0, 1, 140)
    y = rng.uniform(0.5, 1.2) * np.sin(2 * np.pi * part * rng.uniform(1.5, 4)) * (1 - part * rng.uniform(0.2, 0.8))
    hook = _curve([(0.5, 1), (0.2, -0.6), (-0.3, 0.3), (0, 0)], rng.uniform(2, 4), rng)
    return [np.concatenate([hook, np.stack([part * length, y], 1)])]


Hand = Callable[[np.random.Generator], list[Path]]
_USUAL: dict[str, tuple[int, Hand]] = {
    "loops": (26, _loops),
    "initials": (14, _initials),
    "flourish": (14, _flourish),
    "zigzag": (12, _zigzag),
    "small": (10, _small),
    "large": (8, _large),
    "name": (9, _name),
    "right-to-left": (3, _right_to_left),
    "wave": (3, _wave),
    "pencil": (3, _loops),
    "faint": (4, lambda rng: _zigzag(rng) if rng.random() < 0.5 else _loops(rng)),
    "stamp": (2, _loops),
}
_ODD: dict[str, tuple[int, Hand]] = {
    "small": (20, _small),
    "large": (20, _large),
    "wave": (12, _wave),
    "right-to-left": (10, _right_to_left),
    "pencil": (12, _zigzag),
    "faint": (14, _loops),
    "stamp": (8, _loops),
    "initials": (8, lambda rng: _initials(rng, 1)),
}
