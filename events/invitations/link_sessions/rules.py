"""How a code from the owner's mailbox opens what was told under a link, and for how long. Pure."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import timedelta
from uuid import UUID

from core.errors import N_, Refusal

CODE_LIFE = timedelta(minutes=15)
SESSION_LIFE = timedelta(hours=12)
DIGITS = 6


class CodeNeeded(Refusal):
    status = 403
    code = "code-needed"
    title = N_("Links can be forwarded, so this takes a code that we mail to you.")


class WrongLinkCode(Refusal):
    status = 422
    code = "wrong-link-code"
    title = N_("This code is not right or too old. Please check the mail, or ask for a new one.")


class NoMailbox(Refusal):
    status = 409
    code = "no-mailbox"
    title = N_("We have no e-mail address of yours to send a code to. Please write to the organiser.")


def link_cookie(link_id: UUID) -> str:
    """The cookie of one link: a browser may hold several links."""
    return f"heyet_link_{link_id.hex}"


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def digits_of(typed: str) -> str:
    """A code however it was typed: in groups, with a hyphen, or with the digits of another script."""
    return "".join(str(unicodedata.digit(letter)) for letter in typed if letter.isdigit())


def hash_code(code: str, key: bytes) -> str:
    """What is stored of a code: it has too few digits for a plain hash."""
    return hmac.new(key, code.encode(), hashlib.sha256).hexdigest()


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else can write to: `z•••@example.org`."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}"
