"""Which message a mail answers, and what it is. Pure."""

import binascii
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, islice
from typing import Any

from core.errors import N_
from core.mentions import Mention
from core.text import address_key

MAX_MAIL = 5 * 1024 * 1024
# A mail with bookings brings PDFs, and is kept whole.
MAX_BOOKING = 10 * 1024 * 1024
MAX_HEADERS = 64 * 1024
MAX_FIELDS = 400
MAX_FIELD = 16 * 1024
# Lines that could begin or end a part, and parts that hold others.
MAX_DELIMITERS = 1000
MAX_CONTAINERS = 40
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"\n(?![ \t])")
_DELIMITER = re.compile(rb"^--", re.MULTILINE)
_CONTAINER = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.MULTILINE | re.IGNORECASE)


class Kind(StrEnum):
    """What a mail is, as far as it is understood."""

    bounce = "bounce"
    delay = "delay"
    delivered = "delivered"
    relayed = "relayed"
    expanded = "expanded"
    complaint = "complaint"
    receipt = "receipt"
    auto_reply = "auto-reply"
    calendar = "calendar"
    booking = "booking"
    unclear = "unclear"
    other = "other"


KINDS = {
    Kind.bounce: N_("Came back"),
    Kind.delay: N_("Delayed"),
    Kind.delivered: N_("Delivered"),
    Kind.relayed: N_("Passed on to another system"),
    Kind.expanded: N_("Passed on to several addresses"),
    Kind.complaint: N_("Complaint about our mail"),
    Kind.receipt: N_("Read receipt"),
    Kind.auto_reply: N_("Automatic answer"),
    Kind.calendar: N_("Answer of a calendar"),
    Kind.booking: N_("Booking for a journey"),
    Kind.unclear: N_("From a mail system, not understood"),
    Kind.other: N_("Written by somebody"),
}


class Action(StrEnum):
    """What a mail system did with a mail for one recipient (RFC 3464, 2.3.3)."""

    failed = "failed"
    delayed = "delayed"
    delivered = "delivered"
    relayed = "relayed"
    expanded = "expanded"


_KIND_OF = {
    Action.failed: Kind.bounce,
    Action.delayed: Kind.delay,
    Action.expanded: Kind.expanded,
    Action.relayed: Kind.relayed,
    Action.delivered: Kind.delivered,
}


@dataclass(frozen=True)
class DeliveryOutcome:
    """What became of a mail for one recipient: the enhanced status, and the server's words.

    `addresses` are those that it names, in lower case; a notice in no standard form may name more, or none.
    """

    action: Action
    addresses: tuple[str, ...]
    status: str
    words: str


def outcome_for(outcomes: Sequence[DeliveryOutcome], address: str) -> tuple[DeliveryOutcome, bool]:
    """What became of a mail to that address, and whether the address itself is spoken of.

    It is not where the mail was forwarded and only the address that it went on to is named: what is wrong there is
    not wrong here. A report that names nobody came to the envelope address of that one mail, and so is about it.
    """
    for outcome in outcomes:
        if any(_is_same_mailbox(address_key(one), address_key(address)) for one in outcome.addresses):
            return outcome, True
    first = min(outcomes, key=lambda one: list(_KIND_OF).index(one.action))
    return first, not any(one.addresses for one in outcomes)


def _is_same_mailbox(named: str, wanted: str) -> bool:
    """Whether a report means that mailbox: many name the host that keeps it, below the domain it was written to."""
    user, _, domain = named.rpartition("@")
    wanted_user, _, wanted_domain = wanted.rpartition("@")
    return user == wanted_user and (domain == wanted_domain or domain.endswith(f".{wanted_domain}"))


# Nobody will read there any more, though the mailbox still answers.
_LEFT = re.compile(
    r"no longer (?:\w+ ){0,2}?(?:work|employ|with|at|in use|monitor|read|valid|active|responsible)|(?:has"
    r"|have) (?:left|retired|moved)"
    r"|(?:new|changed|my other) (?:e-?mail )?address|address (?:has|is) (?:changed|no longer)|not monitored"
    r"|artık (?:\S+ ){0,4}?(?:çalışm|kullan|görev)|görev(?:inden|imden)? (?:\S+ )?ayrıl|emekli ol"
    r"|yeni (?:e-?posta )?adres|tayin"
    r"|nicht mehr (?:\w+ ){0,2}?(?:tätig|gültig|beschäftigt)|ne travaille plus|n.est plus|ya no trabaja"
    r"|non lavora più"
)


def says_left(text: str) -> bool:
    """Whether an automatic answer says that the person is gone for good, or reads elsewhere."""
    return _LEFT.search(" ".join(text[:5000].lower().split())) is not None


@dataclass(frozen=True)
class Wire:
    """What is read of a mail, every text bounded and fit to be kept.

    `answers` is the Message-ID that it says it answers; `scheduling` is what a calendar sent; `receipt` what a reader's
    program did with our mail; `complaint` how they called it where they do not want it; `reported` the envelope sender
    of the mail that it reports about, where it says so.
    """

    sender: str
    subject: str
    answers: str
    text: str
    outcomes: tuple[DeliveryOutcome, ...]
    complaint: str
    reported: str
    receipt: str
    is_automatic: bool
    is_from_system: bool
    scheduling: dict[str, Any] | None

    @property
    def kind(self) -> Kind:
        """Reports first: they too say that they are automatic."""
        if self.outcomes:
            return min((_KIND_OF[one.action] for one in self.outcomes), key=list(Kind).index)
        if self.complaint:
            return Kind.complaint
        if self.receipt:
            return Kind.receipt
        # The calendar of a room answers by itself, and it is an answer all the same.
        if self.scheduling is not None:
            return Kind.calendar
        if self.is_automatic:
            return Kind.auto_reply
        return Kind.unclear if self.is_from_system else Kind.other


def kind_of(outcome: DeliveryOutcome) -> Kind:
    """What a report is called that says this."""
    return _KIND_OF[outcome.action]


def wire_of(found: dict[str, Any]) -> Wire:
    """The mail that `parsing.read_mail` took apart."""
    outcomes = found.pop("outcomes")
    return Wire(
        outcomes=tuple(
            DeliveryOutcome(Action(one["action"]), tuple(one["addresses"]), one["status"], one["words"])
            for one in outcomes
        ),
        **found,
    )


class NotTaken(Exception):
    """A mail that is not even parsed. `answer` is what its server is told, for good."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


def must_be_ordinary(raw: bytes, most: int = MAX_MAIL) -> None:
    """Refuse by a look at the bytes what no mail looks like that people, calendars or servers send.

    Limits are far beyond any such mail: what passes is still parsed with little memory and time. Raises NotTaken.
    """
    if len(raw) > most:
        raise NotTaken("552 5.3.4 this mail is too large")
    head = _HEADER_END.split(raw[: MAX_HEADERS + 4], maxsplit=1)[0]
    fields = _FIELD.split(head)
    if len(head) > MAX_HEADERS or len(fields) > MAX_FIELDS or max(map(len, fields)) > MAX_FIELD:
        raise NotTaken("554 5.6.0 the headers of this mail are too long")
    if sum(1 for _ in islice(_DELIMITER.finditer(raw), MAX_DELIMITERS + 1)) > MAX_DELIMITERS:
        raise NotTaken("554 5.6.0 this mail has too many parts")
    if sum(1 for _ in islice(_CONTAINER.finditer(raw), MAX_CONTAINERS + 1)) > MAX_CONTAINERS:
        raise NotTaken("554 5.6.0 the parts of this mail are nested too deep")


# What can be searched here. Whatever else a mail says it holds may name anybody.
_READ = {
    b"content-type": (b"text/plain", b"text/html", b"text/calendar", b"multipart/", b"message/", b"image/"),
    b"content-transfer-encoding": (b"7bit", b"8bit", b"binary", b"quoted-printable", b"base64"),
    b"charset": (b"utf-8", b"us-ascii", b"iso-8859-1", b"iso-8859-9", b"iso-8859-15", b"windows-1252", b"windows-1254"),
}


_SAID = re.compile(rb"\b(content-type|content-transfer-encoding|charset)\s{0,9}[:=][\s\"']{0,9}([\w./-]{0,40})", re.I)


_WORD = re.compile(rb"=\?([\w-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?\s]{0,998})\?=", re.I)


_BETWEEN = re.compile(rb"\?=\s{1,20}=\?")


_BASE64 = re.compile(rb"[A-Za-z0-9+/]{2,}={0,2}[ \t\r]{0,9}")


_TAG = re.compile(r"<[^<>]*>")


def shows_nobody(raw: str, mention: Mention) -> bool:
    """True only if all that the mail holds can be searched, and names nobody of these."""
    wire = raw.encode("latin-1", errors="replace")
    for what, how in _SAID.findall(wire):
        if not how.lower().startswith(_READ[what.lower()]):
            return False
    return not any(mention.is_in(text) for text in _texts(wire))


def _texts(wire: bytes) -> Iterator[str]:
    for layer in (wire, binascii.a2b_qp(wire), _words(wire), *_blocks(wire)):
        for charset in ("utf-8", "cp1254"):
            text = html.unescape(layer.decode(charset, errors="replace"))
            yield text
            yield _TAG.sub("", text)


def _words(wire: bytes) -> bytes:
    """Lines of the head with words that are encoded in them (RFC 2047) undone."""
    return _WORD.sub(_word, _BETWEEN.sub(b"?==?", wire))


def _word(found: re.Match[bytes]) -> bytes:
    if found[1].lower() not in _READ[b"charset"]:
        raise ValueError("a charset that cannot be searched")
    if found[2] in b"bB":
        return binascii.a2b_base64(found[3])
    return binascii.a2b_qp(found[3], header=True)


def _blocks(wire: bytes) -> Iterator[bytes]:
    """What stands in lines of base64."""
    for is_wrapped, lines in groupby(wire.split(b"\n"), lambda line: bool(_BASE64.fullmatch(line))):
        if is_wrapped:
            block = b"".join(line.strip().rstrip(b"=") for line in lines)
            # A mail that was cut off ends in the middle of four.
            block = block[: len(block) - 1] if len(block) % 4 == 1 else block
            yield binascii.a2b_base64(block + b"=" * (-len(block) % 4))
