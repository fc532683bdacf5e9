"""Half-days, and the code on each page of a sign-in sheet: which page it is, and proof that we printed it.

A code is `HY1/` + 13 characters of the sheet + `/` page + `/` version + `/` 6 characters of a keyed digest. It says
nothing about people, cannot be guessed, and fits a small QR code. All characters are those of Crockford's base 32,
which leaves out I, L, O and U, so that it can be read out and typed.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from events.attendance.records.rules import Half, half_of

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("ILO", "110")
_PREFIX = "HY1"
_SHEET, _DIGEST = 13, 6
_CODE = re.compile(
    rf"{_PREFIX}/([{_LETTERS}]{{{_SHEET}}})/([1-9]\d{{0,3}})/([1-9]\d{{0,3}})/([{_LETTERS}]{{{_DIGEST}}})"
)


def hours_of_halves(sessions: Iterable[tuple[datetime, datetime]]) -> dict[Half, tuple[time, time]]:
    """From when to when each half of a day takes place, by the local times of its sessions; meals are not handed in."""
    found: dict[Half, tuple[time, time]] = {}
    for starts, ends in sessions:
        half = half_of(starts)
        first, last = found.get(half, (starts.time(), ends.time()))
        found[half] = min(first, starts.time()), max(last, ends.time())
    return found


@dataclass(frozen=True, order=True)
class SheetCode:
    """A page of a version of a sheet; page and version count from 1."""

    sheet: str
    page: int
    version: int


def new_sheet_id() -> str:
    """65 random bits in 13 characters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_SHEET))


def printed_code(code: SheetCode, key: bytes) -> str:
    """As it stands in the QR code and in letters under it."""
    said = f"{_PREFIX}/{code.sheet}/{code.page}/{code.version}"
    return f"{said}/{_digest(said, key)}"


def parse_code(text: str) -> SheetCode | None:
    """What a code says, whoever made it; None for anything else.

    Small letters, blanks and letters that look like figures are taken as they were meant: people type codes too.
    """
    found = _CODE.fullmatch(_normal(text))
    return SheetCode(found[1], int(found[2]), int(found[3])) if found else None


def verified_code(text: str, keys: Sequence[bytes]) -> SheetCode | None:
    """What a code says if it was made with one of the keys; None for anything else."""
    code = parse_code(text)
    if code is None:
        return None
    said, _, digest = _normal(text).rpartition("/")
    is_ours = [hmac.compare_digest(digest, _digest(said, key)) for key in keys]
    return code if any(is_ours) else None


def _normal(text: str) -> str:
    """The prefix keeps its letters: it has none that are misread."""
    return re.sub(r"[\s-]", "", text).upper().translate(_MISREAD)


def _digest(said: str, key: bytes) -> str:
    return _in_base_32(hmac.digest(key, said.encode(), "sha256"), _DIGEST)


def _in_base_32(content: bytes, length: int) -> str:
    number = int.from_bytes(content, "big")
    return "".join(_LETTERS[number >> 5 * place & 31] for place in range(length))
