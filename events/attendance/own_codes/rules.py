"""The code of a half-day. Pure."""

import hashlib
import hmac
from uuid import UUID

from core.errors import N_, Refusal
from events.attendance.records.rules import HalfDay

# No 0/O, 1/I/L: it is read from a shared screen.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


class WrongOwnCode(Refusal):
    """Another code than that of the present half-day."""

    status = 422
    code = "wrong-own-code"
    title = N_("This is not the code that is shown now. It changes with each half-day.")


class NoCodeNow(Refusal):
    """The event has no half-day now."""

    status = 409
    code = "no-code-now"
    title = N_("The event does not take place now.")


def code_of(key: bytes, event_id: UUID, half_day: HalfDay) -> str:
    """Six letters and digits that nobody can tell without the key, the same all through the half-day."""
    day, half = half_day
    made = hmac.new(key, f"{event_id}/{day.isoformat()}/{half.value}".encode(), hashlib.sha256).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in made[:LENGTH])


def is_code(typed: str, code: str) -> bool:
    """Whether that was typed, in whichever letters and with whichever spaces."""
    plain = "".join(typed.split()).upper()
    return hmac.compare_digest(plain.encode(), code.encode())
