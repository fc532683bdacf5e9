"""What is said of a cell from its numbers: on a poor page less is said for certain."""

import numpy as np
import pytest

from events.attendance.scans.judging import is_rough, state_of
from events.attendance.scans.measuring import NUMBERS
from events.attendance.scans.rules import CellState

SHARP = {"noise": 0.06, "depth": 0.7, "line": 0.88}


def numbers(**page: float) -> np.ndarray:
    row = np.zeros(len(NUMBERS))
    for name, value in {**SHARP, **page}.items():
        row[NUMBERS.index(name)] = value
    return row


@pytest.mark.parametrize(
    ("page", "rough"),
    [({}, False), ({"noise": 0.13}, True), ({"depth": 0.27}, True), ({"line": 1.7}, True)],
    ids=["sharp", "noisy", "pale", "blurred"],
)
def test_a_page_is_rough_by_its_own_numbers(page: dict[str, float], rough: bool) -> None:
    assert is_rough(numbers(**page)) is rough


@pytest.mark.parametrize(
    ("probabilities", "sharp", "rough"),
    [
        ((0.98, 0.02, 0.0), CellState.signed, CellState.unsure),
        ((0.995, 0.005, 0.0), CellState.signed, CellState.signed),
        ((0.0, 0.9999, 0.0001), CellState.empty, CellState.unsure),
        ((0.0, 0.99999, 0.00001), CellState.empty, CellState.empty),
        ((0.1, 0.2, 0.7), CellState.unsure, CellState.unsure),
    ],
    ids=["probably signed", "surely signed", "probably empty", "surely empty", "struck"],
)
def test_less_is_certain_on_a_rough_page(
    probabilities: tuple[float, float, float], sharp: CellState, rough: CellState
) -> None:
    row = np.array(probabilities)
    assert (state_of(row, is_rough=False), state_of(row, is_rough=True)) == (sharp, rough)
