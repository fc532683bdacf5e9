"""Generated pages of the documentation: that they are whole, and that what is wrong in a record is said."""

from pathlib import Path

import pytest

from core.settings import Settings
from heyet import reference

RECORD = "# {number} A decision\n\n2026-11-25 · in force\n\nBecause.\n"


def record(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_every_setting_stands_on_the_page() -> None:
    page = reference.configuration()
    assert [name for name in Settings.model_fields if f"| `HEYET_{name.upper()}` |" not in page] == []


def test_decisions_are_listed_in_order_with_their_dates(tmp_path: Path) -> None:
    for number in ("0002", "0001"):
        record(tmp_path, f"{number}-a-decision.md", RECORD.format(number=number))
    rows = [line for line in reference.decisions(tmp_path).splitlines() if "](" in line]
    assert rows == [
        "| 0001 | [A decision](0001-a-decision.md) | 2026-11-25 | in force |",
        "| 0002 | [A decision](0002-a-decision.md) | 2026-11-25 | in force |",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0003-a-gap.md", RECORD.format(number="0003")),
        ("0001-the-same-number.md", RECORD.format(number="0001")),
        ("0002-another-number-within.md", RECORD.format(number="0003")),
        ("0002-without-a-date.md", "# 0002 A decision\n\nBecause.\n"),
    ],
)
def test_a_record_out_of_order_is_named(tmp_path: Path, name: str, text: str) -> None:
    record(tmp_path, "0001-a-decision.md", RECORD.format(number="0001"))
    record(tmp_path, name, text)
    with pytest.raises(ValueError, match=r"000\d"):
        reference.decisions(tmp_path)
