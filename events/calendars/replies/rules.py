"""Which answer of a calendar counts, and whose it is (RFC 5546, RFC 6047). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.text import address_key


class Method(StrEnum):
    """What a scheduling message asks for; others are not for us."""

    reply = "REPLY"
    counter = "COUNTER"
    refresh = "REFRESH"


class PartStat(StrEnum):
    """What an attendee says."""

    accepted = "ACCEPTED"
    declined = "DECLINED"
    tentative = "TENTATIVE"
    delegated = "DELEGATED"


@dataclass(frozen=True)
class Reply:
    """One answer: to which entry, with which status, in which order, and what was written with it."""

    method: Method
    entry: str
    status: PartStat | None
    sequence: int
    stamp: datetime
    comment: str
    delegate: str
    delegate_name: str


class Unreadable(Exception):
    """The calendar part is broken or says nothing that is known."""


class SomebodyElses(Exception):
    """The answer is another person's: an invitation was forwarded, and their calendar answers for them."""


def reply_in(scheduling: dict[str, Any], wanted: UUID, sender: str, keys: Collection[str]) -> Reply:
    """The answer to the entry of that event by the person whose mailboxes have those keys.

    The attendee must be the person, and the mail must come from the person, or from whom the attendee names as the
    one who answers for them (SENT-BY). Raises Unreadable, SomebodyElses.
    """
    if scheduling["trouble"]:
        raise Unreadable(scheduling["trouble"])
    try:
        method = Method(scheduling["method"])
        entry = next(e for e in scheduling["entries"] if e["uid"].lower().startswith(str(wanted)))
    except (ValueError, StopIteration) as error:
        raise Unreadable(type(error).__name__) from error
    mine = next((a for a in entry["attendees"] if address_key(a["address"]) in keys), None)
    if mine is None or not _is_by(sender, mine["sent_by"], keys):
        raise SomebodyElses()
    try:
        status = PartStat(mine["status"]) if method is Method.reply else None
    except ValueError as error:
        raise Unreadable("ValueError") from error
    delegate = mine["delegate"]
    name = next((a["name"] for a in entry["attendees"] if delegate and a["address"] == delegate), "")
    return Reply(
        method,
        entry["uid"],
        status,
        entry["sequence"],
        datetime.fromisoformat(entry["stamp"]),
        entry["comment"],
        delegate,
        name,
    )


def _is_by(sender: str, sent_by: str, keys: Collection[str]) -> bool:
    key = address_key(sender)
    return key in keys or (bool(key) and key == address_key(sent_by))
