"""Plus-addresses that say, signed, what a mail to them is about (VERP). Pure."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from core.security import derived_key
from core.settings import Settings

# The id in base 32, which leaves MOST_INBOUND_USER letters to the user of the 64 of a local part (RFC 5321, 4.5.3.1.1);
# addresses of the time before hold it in hexadecimal.
_LOCAL = re.compile(r"\+([abc])(?:([a-z2-7]{26})|([0-9a-f]{32}))([a-z2-7]{16})$")

# Of links: 16 bytes of an id and as many of a signature, in base 32.
_TOKEN_SIGNATURE, _TOKEN = 16, 52


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


def signed_token(id: UUID, purpose: str, key: str) -> str:
    """A token of a link that names a row, signed for one purpose: it opens without signing in, and nothing is kept of
    it."""
    return base32(id.bytes + _token_signature(id, purpose, key))


def read_token(token: str, purpose: str, keys: Iterable[str]) -> UUID | None:
    """Which row a token names, if it was signed with one of the keys for that purpose."""
    try:
        data = from_base32(token) if len(token) == _TOKEN else b""
    except ValueError:
        data = b""
    if len(data) != 16 + _TOKEN_SIGNATURE:
        return None
    id = UUID(bytes=data[:16])
    is_ours = any(hmac.compare_digest(data[16:], _token_signature(id, purpose, key)) for key in keys)
    return id if is_ours else None


def _token_signature(id: UUID, purpose: str, key: str) -> bytes:
    return hmac.digest(derived_key(key, purpose), id.bytes, "sha256")[:_TOKEN_SIGNATURE]
