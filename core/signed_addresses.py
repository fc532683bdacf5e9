"""Plus-addresses that say, signed, what a mail to them is about (VERP). Pure."""

import base64
import hashlib
import hmac
import re
from enum import StrEnum
from uuid import UUID

from core.security import derived_key
from core.settings import Settings

# The id in base 32, which leaves MOST_INBOUND_USER letters to the user of the 64 of a local part (RFC 5321, 4.5.3.1.1);
# addresses of the time before hold it in hexadecimal.
_LOCAL = re.compile(r"\+([abc])(?:([a-z2-7]{26})|([0-9a-f]{32}))([a-z2-7]{16})$")


class About(StrEnum):
    """What an address of ours says that a mail to it is about."""

    bounce = "b"
    answer = "a"
    # Bookings for an event, or of one traveller.
    booking = "c"


def key_of(settings: Settings) -> bytes:
    """What our addresses are signed with."""
    return derived_key(settings.key, "verp")


def keys_of(settings: Settings) -> list[bytes]:
    """What addresses that are out there were signed with."""
    return [derived_key(key, "verp") for key in settings.keys]


def address_about(about: About, id: UUID, address: str, key: bytes) -> str:
    """Our inbound address with what an answer to it is about, signed (VERP): only who got it can know it."""
    user, _, domain = address.rpartition("@")
    return f"{user}+{about}{base32(id.bytes)}{_signature(about, id, key)}@{domain}"


def _signature(about: About, id: UUID, key: bytes) -> str:
    digest = hmac.new(key, f"{about}{id.hex}".encode(), hashlib.sha256).digest()
    return base32(digest[:10])


def read_address(recipient: str, *keys: bytes) -> tuple[About, UUID] | None:
    """What a mail to that address is about, if it was signed with one of the keys."""
    local, _, _ = recipient.rpartition("@")
    found = _LOCAL.search(local.lower())
    if found is None:
        return None
    about, short, long, signature = found.groups()
    id = UUID(bytes=from_base32(short)) if short else UUID(long)
    if short and base32(id.bytes) != short:
        return None
    is_ours = any(hmac.compare_digest(signature, _signature(About(about), id, key)) for key in keys)
    return (About(about), id) if is_ours else None


def base32(data: bytes) -> str:
    """Bytes in letters and digits alone: no mail server changes their case, no program that finds links ends before
    them."""
    return base64.b32encode(data).decode().lower().rstrip("=")


def from_base32(text: str) -> bytes:
    """Such bytes again. Raises ValueError."""
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
