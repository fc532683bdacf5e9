"""What a webhook may tell, and to whom. Pure."""

import ipaddress
import re
from enum import StrEnum
from urllib.parse import urlsplit

from core.errors import N_, Refusal

WEBHOOK = "webhook"
MOST_PER_PROJECT = 20


class WebhookTopic(StrEnum):
    """What a webhook is told about."""

    events = "events"
    answers = "answers"
    attendance = "attendance"
    money = "money"


TOPICS = {
    WebhookTopic.events: N_("Events and sessions: made, changed, moved, cancelled"),
    WebhookTopic.answers: N_("Invitations, answers and places"),
    WebhookTopic.attendance: N_("Attendance"),
    WebhookTopic.money: N_("Nights, rates, per-diem sheets, accounts, receipts and advances"),
}
_ACTS = {
    WebhookTopic.events: ("event.", "session.", "programme.", "material."),
    WebhookTopic.answers: ("person.", "names.", "answers.", "waiting.", "bulk."),
    WebhookTopic.attendance: ("attendance.", "sheet."),
    WebhookTopic.money: (
        "stays.",
        "rates.",
        "per-diem.",
        "payee.",
        "receipt.",
        "receipt-ceiling.",
        "advance.",
        "unit-cost.",
    ),
}
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+", re.IGNORECASE)
# The well-known prefix of networks without IPv4: the address behind it counts.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER_CALLED = [
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "240.0.0.0/4",
        # IPv4-compatible, site-local, local NAT64, discard-only, 6to4, Teredo and its neighbours, documentation, SRv6
        "::/96",
        "fec0::/10",
        "64:ff9b:1::/48",
        "100::/64",
        "2002::/16",
        "2001::/23",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
    )
]
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
    wanted = [WebhookTopic(topic) for topic in topics] or list(WebhookTopic)
    return act not in _NEVER and any(act.startswith(prefix) for topic in wanted for prefix in _ACTS[topic])


def is_web_address(url: str, *, private: bool) -> bool:
    """Whether a program may be told there: https with a host, plain http only inside one's own network."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    schemes = {"https", "http"} if private else {"https"}
    host = parts.hostname or ""
    return parts.scheme in schemes and _is_host(host) and not parts.username and port != 0


def _is_host(host: str) -> bool:
    """Whether a name can be looked up at all: labels of up to 63 letters, or an address."""
    try:
        return 0 < len(host) <= 253 and _HOST.fullmatch(host.encode("idna").decode()) is not None
    except UnicodeError:
        return False


def is_public(address: str) -> bool:
    """Whether an IP address lies in the open internet: nobody must make us call our own network.

    An address that carries another one in it leads where that one leads; tunnels that nobody needs any more, and what
    Python's own list of its version may not know, are refused as they are.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _NEVER_CALLED)
