"""What a webhook may tell, and to whom. Pure."""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

from core.errors import N_, Refusal

WEBHOOK = "webhook"
MOST_PER_PROJECT = 20


class Topic(StrEnum):
    """What a webhook is told about."""

    events = "events"
    answers = "answers"
    attendance = "attendance"
    money = "money"


TOPICS = {
    Topic.events: N_("Events and sessions: made, changed, moved, cancelled"),
    Topic.answers: N_("Invitations, answers and places"),
    Topic.attendance: N_("Attendance"),
    Topic.money: N_("Nights, rates and per-diem sheets"),
}
_ACTS = {
    Topic.events: ("event.", "session.", "programme.", "material."),
    Topic.answers: ("person.", "names.", "answers.", "waiting.", "bulk."),
    Topic.attendance: ("attendance.", "sheet."),
    Topic.money: ("stays.", "rates.", "per-diem."),
}
# Of a person's record, not of an event: nobody outside needs to know.
_NEVER = {"person.corrected", "person.changed", "person.merged", "person.taken-apart", "person.kept-apart"}


class TooManyWebhooks(Refusal):
    status = 409
    code = "too-many-webhooks"
    title = N_("A project has at most twenty webhooks. Please remove one first.")


class NothingToReplay(Refusal):
    status = 409
    code = "nothing-to-replay"
    title = N_("Nothing is left to send again.")


def is_told(act: str, topics: list[str]) -> bool:
    """Whether an act of the history belongs to one of the topics; without any, to all of them."""
    wanted = [Topic(topic) for topic in topics] or list(Topic)
    return act not in _NEVER and any(act.startswith(prefix) for topic in wanted for prefix in _ACTS[topic])


def is_web_address(url: str, *, private: bool) -> bool:
    """Whether a program may be told there: https with a host, plain http only inside one's own network."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    schemes = {"https", "http"} if private else {"https"}
    return parts.scheme in schemes and bool(parts.hostname) and not parts.username and port != 0


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet: nobody must make us call our own network."""
    return ipaddress.ip_address(address).is_global
