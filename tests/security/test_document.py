"""docs/security.md names tests and files as its evidence: they are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/security.md").read_text(encoding="utf-8")
_TEST = re.compile(r"`((?:tests/(?:\w+/)?)?test_\w+\.py)?(?:::)?(test_\w+)?`")
_FILE = re.compile(r"`((?:core|directory|events|notifications|visits|heyet|templates)/[\w/.*-]+)")


def named() -> Iterator[tuple[str, str]]:
    """Each file with tests and each function of it; a function without a file is of the file named last."""
    file = ""
    for found in _TEST.finditer(TEXT):
        file = found[1] or file
        if found[1] or found[2]:
            yield file if file.startswith("tests/") else f"tests/security/{file}", found[2] or ""


@pytest.mark.parametrize(("file", "function"), sorted(set(named())))
def test_every_test_that_the_document_names_is_there(file: str, function: str) -> None:
    assert not function or f"def {function}(" in (ROOT / file).read_text(encoding="utf-8")
    assert (ROOT / file).is_file()


def test_every_file_that_the_document_names_is_there() -> None:
    assert [name for name in set(_FILE.findall(TEXT)) if not any(ROOT.glob(name.rstrip("/")))] == []
