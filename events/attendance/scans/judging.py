"""Says from its numbers whether a cell is signed: three small nets that `benchmarks.scans.training` has trained. Runs
in the process of `core.isolation`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from events.attendance.scans.measuring import NUMBERS
from events.attendance.scans.rules import CellState

Floats = NDArray[np.floating]
WEIGHTS = Path(__file__).parent / "weights.json"
# What nets tell apart. A line through a cell is no signature, and says nothing for certain: it is for people to look
# at.
SIGNED, EMPTY, STRUCK = 0, 1, 2
# From that probability on a cell is said to be signed, or empty; below it, it is unsure. Somebody looks at all that is
# said to be signed, and at little of what is said to be empty: there a faint pencil must not be lost.
CERTAINLY_SIGNED, CERTAINLY_EMPTY = 0.97, 0.9997
# The same of a page that is blurred, shaken, creased or in shadow, where nets are surer than they should be.
ROUGHLY_SIGNED, ROUGHLY_EMPTY = 0.99, 0.99998
# Such a page by its own numbers (`measuring.NUMBERS`): noise and width of lines from, depth of print below.
_ROUGH_NOISE, _ROUGH_LINE, _ROUGH_DEPTH = 0.125, 1.4, 0.4
_NOISE, _DEPTH, _LINE = (NUMBERS.index(name) for name in ("noise", "depth", "line"))
Layer = tuple[Floats, Floats]


@dataclass(frozen=True)
class Nets:
    """Weights of several nets whose answers are averaged. Numbers are first brought to a like scale."""

    middle: Floats
    spread: Floats
    nets: Sequence[Sequence[Layer]]

    def probabilities(self, numbers: Floats) -> Floats:
        """For each cell how probable it is that it is signed, empty, struck through."""
        scaled = ((numbers - self.middle) / self.spread).clip(-6, 6)
        mean: Floats = np.mean([_softmax(_answer(scaled, net)) for net in self.nets], axis=0)
        return mean


def judged(numbers: Floats) -> list[tuple[CellState, float]]:
    """Each cell's state, and the probability that it is signed."""
    return [
        (state_of(row, is_rough=is_rough(measured)), round(float(row[SIGNED]), 4))
        for row, measured in zip(trained().probabilities(numbers), numbers, strict=True)
    ]


def is_rough(numbers: Floats) -> bool:
    """Whether the page of a cell is so poor that more of it is for somebody to look at."""
    is_noisy, is_thick = numbers[_NOISE] >= _ROUGH_NOISE, numbers[_LINE] >= _ROUGH_LINE
    return bool(is_noisy or is_thick or numbers[_DEPTH] < _ROUGH_DEPTH)


def state_of(probabilities: Floats, *, is_rough: bool) -> CellState:
    signed, empty = (ROUGHLY_SIGNED, ROUGHLY_EMPTY) if is_rough else (CERTAINLY_SIGNED, CERTAINLY_EMPTY)
    if probabilities[SIGNED] >= signed:
        return CellState.signed
    return CellState.empty if probabilities[EMPTY] >= empty else CellState.unsure


@cache
def trained() -> Nets:
    return nets_from(WEIGHTS.read_text())


def nets_from(text: str) -> Nets:
    """From JSON, as `json_of` writes it."""
    kept = json.loads(text)
    nets = [[(np.array(weights), np.array(bias)) for weights, bias in net] for net in kept["nets"]]
    return Nets(np.array(kept["middle"]), np.array(kept["spread"]), nets)


def json_of(nets: Nets) -> str:
    def rounded(values: Floats) -> object:
        return np.round(values, 4).tolist()

    layers = [[[rounded(weights), rounded(bias)] for weights, bias in net] for net in nets.nets]
    return json.dumps({"middle": rounded(nets.middle), "spread": rounded(nets.spread), "nets": layers}) + "\n"


def _answer(numbers: Floats, net: Sequence[Layer]) -> Floats:
    *hidden, (weights, bias) = net
    for inner, offset in hidden:
        numbers = np.tanh(numbers @ inner + offset)
    return numbers @ weights + bias


def _softmax(answers: Floats) -> Floats:
    powers = np.exp(answers - answers.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
