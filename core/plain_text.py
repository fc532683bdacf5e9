"""Letters that can be kept: by PostgreSQL (no NUL), in UTF-8 (no halves of letters) and on a screen (no controls)."""

import re

# Controls but tab and line ends, and lone surrogates.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether both databases can hold it."""
    return _UNSTORABLE.search(text) is None


def whole_number(text: str) -> int | None:
    """The number that a few plain digits say; `²` and a thousand digits are none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def shown_plainly(text: str) -> str:
    """Text that nobody here typed, fit to be kept and shown: what is no letter becomes the mark for it."""
    return _UNKEPT.sub("\ufffd", text)
