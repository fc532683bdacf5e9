"""A case as part of an address: everything that was typed, packed small, so that a link shows it to somebody else."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from core.errors import N_, Refusal, Unacceptable
from core.inputs import parsed_json

# What proxies take in a line of a request, with room for the rest; and what a case may be unpacked.
MAX_LINK, MAX_CASE = 6000, 500_000


class UnreadableLink(Refusal):
    status = 422
    code = "unreadable-link"
    title = N_("This link is not whole. Please ask for it again.")


def packed(case: Mapping[str, Any]) -> str:
    """Raises Unacceptable for a case that does not fit an address."""
    text = json.dumps(case, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    told = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()
    if len(told) > MAX_LINK:
        raise Unacceptable("body", N_("This is too much for a link. Please remove rows, or send it by the API."))
    return told


def unpacked(told: str) -> dict[str, Any]:
    """Raises UnreadableLink."""
    unzip = zlib.decompressobj()
    try:
        text = unzip.decompress(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)), MAX_CASE)
        case = parsed_json(text) if unzip.eof else None
    except (binascii.Error, zlib.error, ValueError):
        raise UnreadableLink() from None
    if not isinstance(case, dict):
        raise UnreadableLink()
    return case
