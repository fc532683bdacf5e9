"""Trains the nets of the reader on pages made for it, and writes their weights: `python -m benchmarks.scans.training`.

The same seed gives the same pages and the same nets. It takes half an hour on one core.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.scans.devices import SpoiltPage, spoilt_pages
from benchmarks.scans.material import Strokes, material
from benchmarks.scans.pages import Truth
from events.attendance.scans.decoding import decoded
from events.attendance.scans.judging import EMPTY, SIGNED, STRUCK, WEIGHTS, Layer, Nets, json_of
from events.attendance.scans.locating import find_codes, find_marks, place
from events.attendance.scans.measuring import measure
from events.attendance.scans.straightening import straighten

SEED, SHEETS, ODD_SHEETS = 1000, 30, 5
# A word and a tick are ink like that of a signature: only people see what they mean.
CLASSES: dict[Truth, int] = {
    "signed": SIGNED,
    "word": SIGNED,
    "mark": SIGNED,
    "empty": EMPTY,
    "struck": STRUCK,
    "dash": STRUCK,
}
NETS, HIDDEN, ROUNDS, BATCH, RATE, DECAY = 3, (24, 24), 120, 256, 0.004, 1e-5
# How far numbers are shaken in each round, in deviations: the real world differs.
SHAKEN = 0.1
Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Examples:
    """Numbers of cells, and what they are."""

    numbers: Floats
    classes: NDArray[np.int64]


def examples_of(page: SpoiltPage) -> Examples | None:
    """The cells of a page whose truth is known; None where the page was not found. Erased ink teaches nothing."""
    opened = decoded(page.content, 1)
    codes = find_codes(opened.grey)
    layout = page.signed.made.layout
    where = place(layout, codes[0], find_marks(opened.grey)) if codes else None
    if where is None:
        return None
    numbers = measure(straighten(opened.picture, page.signed.page, where), page.signed.page)
    keys = [(cell.row, cell.column) for cell in page.signed.page.cells]
    known = [index for index, key in enumerate(keys) if key in page.signed.truth and key not in page.lost]
    return Examples(numbers[known], np.array([CLASSES[page.signed.truth[keys[index]]] for index in known]))


def made_examples(sheets: int, odd: int) -> Iterator[Examples]:
    for number in range(sheets + odd):
        seed = SEED + number
        for page in spoilt_pages(seed, Strokes(odd=number >= sheets), material(None, seed)):
            found = examples_of(page)
            if found is not None:
                yield found


def trained_on(examples: Examples, seed: int = SEED) -> Nets:
    """Several nets, each with a start and an order of its own."""
    middle, spread = examples.numbers.mean(axis=0), examples.numbers.std(axis=0) + 1e-3
    scaled = ((examples.numbers - middle) / spread).clip(-6, 6)
    nets = [_net(scaled, examples.classes, np.random.default_rng((seed, number))) for number in range(NETS)]
    return Nets(middle, spread, nets)


def _net(numbers: Floats, classes: NDArray[np.int64], rng: np.random.Generator) -> list[Layer]:
    """Adam on the cross-entropy, its steps growing smaller to the end."""
    sizes = (numbers.shape[1], *HIDDEN, 3)
    weights = [rng.normal(0, a**-0.5, (a, b)) for a, b in pairwise(sizes)]
    parts = [part for one in weights for part in (one, np.zeros(one.shape[1]))]
    first, second = [np.zeros_like(part) for part in parts], [np.zeros_like(part) for part in parts]
    step, steps = 0, ROUNDS * (len(classes) // BATCH)
    for _ in range(ROUNDS):
        order = rng.permutation(len(classes))
        for start in range(0, len(order) - BATCH + 1, BATCH):
            chosen = order[start : start + BATCH]
            shaken = numbers[chosen] + rng.normal(0, SHAKEN, (BATCH, numbers.shape[1]))
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5
            for index, slope in enumerate(_slopes(parts, shaken, classes[chosen])):
                first[index] = 0.9 * first[index] + 0.1 * slope
                second[index] = 0.999 * second[index] + 0.001 * slope**2
                size = first[index] / (1 - 0.9**step) / (np.sqrt(second[index] / (1 - 0.999**step)) + 1e-8)
                parts[index] = parts[index] - rate * (size + DECAY / RATE * parts[index] * (index % 2 == 0))
    return list(zip(parts[::2], parts[1::2], strict=True))


def _slopes(parts: Sequence[Floats], numbers: Floats, classes: NDArray[np.int64]) -> list[Floats]:
    """Which way each weight would make the answers worse."""
    outputs = [numbers]
    for weights, bias in zip(parts[:-2:2], parts[1:-2:2], strict=True):
        outputs.append(np.tanh(outputs[-1] @ weights + bias))
    answers = outputs[-1] @ parts[-2] + parts[-1]
    powers = np.exp(answers - answers.max(axis=1, keepdims=True))
    error = powers / powers.sum(axis=1, keepdims=True)
    error[np.arange(len(classes)), classes] -= 1
    error /= len(classes)
    slopes: list[Floats] = []
    for index in range(len(parts) // 2 - 1, -1, -1):
        slopes[:0] = [outputs[index].T @ error, error.sum(axis=0)]
        error = (error @ parts[2 * index].T) * (1 - outputs[index] ** 2)
    return slopes


def joined(many: Sequence[Examples]) -> Examples:
    return Examples(np.concatenate([one.numbers for one in many]), np.concatenate([one.classes for one in many]))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sheets", type=int, default=SHEETS)
    asked.add_argument("--odd", type=int, default=ODD_SHEETS)
    given = asked.parse_args()
    cv2.setNumThreads(1)
    examples = joined(list(made_examples(given.sheets, given.odd)))
    WEIGHTS.write_text(json_of(trained_on(examples)))
    print(f"{len(examples.classes)} cells; weights are in {WEIGHTS}")


if __name__ == "__main__":
    main()
