"""Text that people type: normalised, without characters that hide or reorder, otherwise left as it is."""

import re
import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from core.errors import N_

# Bidirectional overrides and isolates can make a list show another name than it holds.
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069\u061c\u200e\u200f]")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff\u00ad\u180e]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_EXPONENT = re.compile("[eE]")


def wrong(message: str, **facts: object) -> PydanticCustomError:
    """A validation error whose message is in the catalogues."""
    return PydanticCustomError("heyet", message, facts)


def clean_prose(text: str) -> str:
    """Several lines: NFC, newlines evened out. Refuses control and reordering characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _CONTROL.search(text) or _REORDERING.search(text) or _INVISIBLE.search(text):
        raise wrong(N_("This holds characters that cannot be seen. Please type it again."))
    return text.strip()


def clean_line(text: str) -> str:
    """One line: as prose, with no line break or tab in it."""
    text = clean_prose(text)
    if "\n" in text or "\t" in text:
        raise wrong(N_("Please write this on one line."))
    return re.sub(r"  +", " ", text)


def must_hold_letters(text: str) -> str:
    if not any(c.isalnum() for c in text):
        raise wrong(N_("Please write something here."))
    return text


def clean_address(text: str) -> str:
    """One e-mail address, its domain in lower case. Refuses comments, several addresses and the like."""
    try:
        found = validate_email(clean_line(text), check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        raise wrong(N_("This is not an e-mail address. Example: ayse.yilmaz@example.org.")) from None
    return found.normalized


def address_key(address: str) -> str:
    """What two spellings of one mailbox have in common."""
    return address.strip().casefold()


def _decimal_text(value: object) -> object:
    """A decimal comma is accepted where a person typed it; an exponent never."""
    if isinstance(value, str):
        value = value.strip()
        if _EXPONENT.search(value):
            raise wrong(N_("Please write the amount in digits."))
        if "," in value and "." not in value and value.count(",") == 1:
            return value.replace(",", ".")
    return value


def _whole(value: object) -> object:
    """JSON Schema counts 3.0 as an integer; a truth value is none."""
    if isinstance(value, bool):
        raise wrong(N_("Please write a whole number."))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_URL = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)


def _web_address(text: str) -> str:
    if text and not _URL.fullmatch(text):
        raise wrong(N_("Please write a web address that begins with https://."))
    return text


Blank = BeforeValidator(_blank_is_none)
Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(clean_line)]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(clean_line),
    AfterValidator(must_hold_letters),
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(clean_line),
    AfterValidator(must_hold_letters),
]
Prose = Annotated[str, StringConstraints(max_length=5000), AfterValidator(clean_prose)]
WebAddress = Annotated[str, StringConstraints(max_length=500), AfterValidator(clean_line), AfterValidator(_web_address)]
AddressOrNone = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(lambda text: clean_address(text) if text.strip() else ""),
]
Address = Annotated[str, StringConstraints(max_length=254), AfterValidator(clean_address)]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
DecimalText = BeforeValidator(_decimal_text)
Key = Field(default=None, description="Made by the caller; the same key twice has one effect.")
