"""Identifiers: sortable for rows, short for people."""

import re
import secrets
from uuid import UUID

from uuid_utils.compat import uuid7

# No 0/O, 1/I/L: a code is read out over the telephone.
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


_CODE = re.compile(f"[{_CODE_LETTERS}]{{6,12}}")


def new_id() -> UUID:
    """A UUIDv7: rows sort by the order in which they were made."""
    return uuid7()


def new_code(length: int = 6) -> str:
    """A short reference that a person can read out; not a secret."""
    return "".join(secrets.choice(_CODE_LETTERS) for _ in range(length))


def is_code(text: str) -> bool:
    """Whether it is written as such a reference."""
    return _CODE.fullmatch(text) is not None
