"""Text that people type: normalised, without characters that hide or reorder, otherwise left as it is."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from typing import Annotated

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from core.errors import N_
from core.plain_text import clock_time, composed, with_plain_spaces

# Controls, and what makes a list show another name than it holds: embeddings, overrides and isolates.
_DECEIVING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_EXPONENT = re.compile("[eE]")
_GROUPED = re.compile(r"-?\d{1,3}(?:(?:\.\d{3})+,|(?:,\d{3})+\.)\d+")


def wrong(message: str, **facts: object) -> PydanticCustomError:
    """A validation error whose message is in the catalogues."""
    return PydanticCustomError("heyet", message, facts)


def clean_prose(text: str) -> str:
    """Several lines: composed, newlines evened out. Refuses what deceives, by name."""
    text = composed(text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := _DECEIVING.search(text):
        raise wrong(
            N_("This holds the character %(character)s, which nobody sees and which can mislead. Please remove it."),
            character=f"U+{ord(found[0]):04X}",
        )
    return text.strip()


def clean_line(text: str) -> str:
    """One line: as prose, with no line break or tab in it, and with plain spaces and hyphens."""
    text = with_plain_spaces(clean_prose(text)).strip()
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
        found = validate_email(clean_line(text), check_deliverability=False, allow_smtputf8=True).normalized
    except EmailNotValidError:
        raise wrong(N_("This is not an e-mail address. Example: ayse.yilmaz@example.org.")) from None
    # One letter may become two when case is folded.
    if max(len(found), len(address_key(found))) > MOST_ADDRESS:
        raise wrong(N_("This is longer than the %(max_length)s letters that fit."), max_length=MOST_ADDRESS)
    return found


# Where “name+anything” is the mailbox of “name” (RFC 5233), and where points in the name count for nothing too.
# Only providers who say so in public: elsewhere a plus sign may be part of somebody's name.
_WITH_TAGS = frozenset(
    {
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "fastmail.com",
        "fastmail.fm",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "yandex.com",
        "yandex.com.tr",
        "yandex.ru",
        "ya.ru",
    }
)
_WITHOUT_POINTS = frozenset(("gmail.com", "googlemail.com"))


def address_key(address: str) -> str:
    """What two spellings of one mailbox have in common: case; at the large providers tags and points too."""
    return _without_tags(spelling_key(address))


def is_one_mailbox(one: str | None, other: str | None) -> bool:
    """Whether mail to either is sure to reach the same reader. Of those who have one key nearly all are; but folding
    takes ß for ss, and faß.de is another domain than fass.de (RFC 5891)."""
    return _without_tags(_spelled(one or "", str.lower)) == _without_tags(_spelled(other or "", str.lower))


def _without_tags(spelled: str) -> str:
    name, at, domain = spelled.rpartition("@")
    if domain in _WITH_TAGS:
        name = name.partition("+")[0] or name
    if domain in _WITHOUT_POINTS:
        name, domain = name.replace(".", "") or name, "gmail.com"
    return f"{name}{at}{domain}"


def spelling_key(address: str) -> str:
    """What two ways to write one address have in common, whoever's mailbox it is: case, and letters like ü in the
    domain, which mail servers write as xn--."""
    return _spelled(address, str.casefold)


def domain_key(address: str) -> str:
    """The domain of an address, or of @ alone before it, however it is written; never taken for another one."""
    return _spelled(address, str.lower).rpartition("@")[2]


def _spelled(address: str, fold: Callable[[str], str]) -> str:
    name, at, domain = address.strip().rpartition("@")
    if "xn--" in domain.lower():
        with suppress(idna.IDNAError):
            domain = idna.decode(domain.lower())
    return fold(f"{name}{at}{domain}")


def ascii_domain(domain: str) -> str:
    """A domain as DNS and mail servers know it (RFC 5891). Raises ValueError where it has no such form."""
    return domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode()


def _decimal_text(value: object) -> object:
    """A decimal comma is accepted where a person typed it; an exponent never."""
    if isinstance(value, str):
        value = value.strip()
        if _EXPONENT.search(value):
            raise wrong(N_("Please write the amount in digits."))
        if "," in value and "." not in value and value.count(",") == 1:
            return value.replace(",", ".")
        # 1.234,50 and 1,234.50 can be read in one way only; a lone mark is that of the decimals.
        if _GROUPED.fullmatch(value):
            at = max(value.rfind("."), value.rfind(","))
            return re.sub("[.,]", "", value[:at]) + "." + value[at + 1 :]
    return value


def _whole(value: object) -> object:
    """JSON Schema counts 3.0 as an integer; a truth value is none."""
    if isinstance(value, bool):
        raise wrong(N_("Please write a whole number."))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _blank_is_none(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


_WITH_OFFSET = re.compile(r"([^+]{1,12}?)(?: ?(?:UTC)?([+-][0-9]{2}:[0-9]{2}))?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)


def _web_address(text: str) -> str:
    if text and not _URL.fullmatch(text):
        raise wrong(N_("Please write a web address that begins with https://."))
    return text


def _first(clean: Callable[[str], str]) -> BeforeValidator:
    """Cleans before letters are counted: what is kept must fit, and composing makes some texts longer."""
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


def _clock(value: object) -> object:
    """A time as people type it, with an offset behind one that a clock shows twice. A number alone would be read as
    seconds."""
    if isinstance(value, time):
        return value
    said = _WITH_OFFSET.fullmatch(value.strip()) if isinstance(value, str) else None
    found = clock_time(said[1]) if said else None
    if said is None or found is None:
        raise wrong(N_("Please write a time like 09:30."))
    return f"{found.isoformat()}{said[2] or ''}"


def _without_offset(value: time | None) -> time | None:
    if value is not None and value.tzinfo is not None:
        raise wrong(N_("Please write a time like 09:30."))
    return value


def _telephone(text: str) -> str:
    """As it was written, with words beside it. Nobody calls a number of less than four digits from outside."""
    if text and sum(one.isdigit() for one in text) < 4:
        raise wrong(N_("Please write a telephone number like +90 532 000 00 00."))
    return text


def text_only(value: object) -> object:
    """A number would be read as seconds since 1970."""
    if isinstance(value, int | float):
        raise wrong(N_("Please write a date like 2026-03-14."))
    return value


def _year_in_sight(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise wrong(N_("Please check the year."))
    return day


Blank = BeforeValidator(_blank_is_none)
# Years beyond are typing errors. Bounds stand inside of `| None`, as here: outside a blank one is compared with them.
DayInSight = Annotated[date, BeforeValidator(text_only), AfterValidator(_year_in_sight)]
Year = Annotated[Annotated[int, Field(ge=2000, le=2100)] | None, Blank]
ClockTime = Annotated[Annotated[time, BeforeValidator(_clock)] | None, Blank]
# Where a day and a zone alone say which moment is meant.
PlainClockTime = Annotated[ClockTime, AfterValidator(_without_offset)]
ClockText = Annotated[
    str,
    AfterValidator(lambda text: f"{time.fromisoformat(text):%H:%M}"),
    BeforeValidator(_clock),
    Field(description="A time of the day, like 09:30."),
]
Line = Annotated[str, StringConstraints(max_length=300), _first(clean_line)]
Title = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(must_hold_letters),
    _first(clean_line),
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(must_hold_letters),
    _first(clean_line),
]
Prose = Annotated[str, StringConstraints(max_length=5000), _first(clean_prose)]
WebAddress = Annotated[str, StringConstraints(max_length=500), AfterValidator(_web_address), _first(clean_line)]
Telephone = Annotated[Line, Field(max_length=40), AfterValidator(_telephone)]
MOST_ADDRESS = 254
AddressOrNone = Annotated[
    str,
    StringConstraints(max_length=MOST_ADDRESS),
    AfterValidator(lambda text: clean_address(text) if text.strip() else ""),
]
Address = Annotated[str, StringConstraints(max_length=MOST_ADDRESS), AfterValidator(clean_address)]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
DecimalText = BeforeValidator(_decimal_text)
Key = Field(default=None, description="Made by the caller; the same key twice has one effect.")
