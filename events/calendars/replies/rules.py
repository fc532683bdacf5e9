"""Which answer of a calendar counts, and whose it is (RFC 5546, RFC 6047). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.errors import N_, Refusal
from core.text import address_key
from events.invitations.invitations.rules import InvitationStatus


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
    """One answer: to the entry of which sequence, with which status, given when, and what was written with it."""

    method: Method
    status: PartStat | None
    sequence: int
    given_at: datetime
    comment: str
    delegate: str
    delegate_name: str


class AnswersEarlierEntry(Refusal):
    """Whoever said yes to a Tuesday has not said yes to the Thursday that it has become."""

    status = 409
    code = "answers-earlier-entry"
    title = N_(
        "The answer was to an earlier invitation: day, time or place have changed since. Please answer again; the "
        "entry as it is now comes with this mail."
    )


class Unreadable(Exception):
    """The calendar part says nothing that can be taken. `reason` says in words why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SomebodyElses(Exception):
    """The answer is another person's: an invitation was forwarded, and their calendar answers for them."""


# Who stands so has said the same already.
_SAYS = {
    PartStat.accepted: (InvitationStatus.accepted, InvitationStatus.waiting, InvitationStatus.pending),
    PartStat.tentative: (InvitationStatus.tentative,),
    PartStat.declined: (InvitationStatus.declined, InvitationStatus.cancelled),
    PartStat.delegated: (InvitationStatus.substituted,),
}


def reply_in(
    scheduling: dict[str, Any], wanted: UUID, sequence: int, sender: str, keys: Collection[str], *, at: datetime
) -> Reply:
    """The answer to the entry of that event by the person whose mailboxes have those keys, in a mail that came `at`.
    The entry has that sequence now: an answer that says none, as some do, is to that one.

    The attendee must be the person, wherever in the list, and the mail must come from the person, or from whom the
    attendee names as the one who answers for them (SENT-BY). Raises Unreadable, SomebodyElses.
    """
    if scheduling["problem"]:
        raise Unreadable(scheduling["problem"])
    if scheduling["method"] not in tuple(Method):
        raise Unreadable(N_("could not be read: it is no answer"))
    method = Method(scheduling["method"])
    # One that names none came to the address of this one.
    entries = [e for e in scheduling["entries"] if e["uid"].lower().startswith(str(wanted)) or not e["uid"]]
    if not entries:
        raise Unreadable(N_("could not be read: it is about no entry of ours"))
    theirs = [(e, a) for e in entries for a in e["attendees"] if address_key(a["address"]) in keys]
    if not theirs:
        raise SomebodyElses()
    entry, mine = max(theirs, key=lambda pair: (pair[0]["sequence"] or 0, pair[0]["stamp"]))
    if not _is_by(sender, mine["sent_by"], keys):
        raise SomebodyElses()
    if method is Method.reply and mine["status"] not in tuple(PartStat):
        raise Unreadable(N_("could not be read: it says neither yes nor no"))
    delegate = mine["delegate"]
    name = next((a["name"] for a in entry["attendees"] if delegate and a["address"] == delegate), "")
    return Reply(
        method,
        PartStat(mine["status"]) if method is Method.reply else None,
        sequence if entry["sequence"] is None else min(entry["sequence"], sequence),
        # No clock of a telephone makes an answer count as given later than it came.
        min(datetime.fromisoformat(entry["stamp"]), at) if entry["stamp"] else at,
        entry["comment"],
        delegate,
        name,
    )


def _is_by(sender: str, sent_by: str, keys: Collection[str]) -> bool:
    key = address_key(sender)
    return key in keys or (bool(key) and key == address_key(sent_by))


def is_news(reply: Reply, known_sequence: int, known_at: datetime | None) -> bool:
    """Whether it was given after the person's last word, which was about an entry of that sequence."""
    return known_at is None or (reply.sequence, reply.given_at) > (known_sequence, known_at)


def says_the_same(reply: Reply, status: InvitationStatus) -> bool:
    return reply.status is not None and status in _SAYS[reply.status]
