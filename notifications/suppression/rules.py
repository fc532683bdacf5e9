"""Why an address gets nothing. Pure."""

import re
from enum import StrEnum

from core.errors import N_


class Why(StrEnum):
    """What happened to an address."""

    no_such_address = "no-such-address"
    by_hand = "by-hand"


class MailTopic(StrEnum):
    """Mail that people may do without."""

    news = "news"
    thanks = "thanks"


TOPICS = {
    MailTopic.news: N_("What organisers write to many people at once"),
    MailTopic.thanks: N_("Thanks and materials after an event"),
}
WHYS = {
    Why.no_such_address: N_("The mail server says that there is no such address"),
    Why.by_hand: N_("Put here by hand"),
}
_NO_SUCH = re.compile(r"(?<!\d)5\.1\.[0-36](?!\d)")


def is_no_such_address(code: int, answer: str) -> bool:
    """A permanent refusal that speaks of the address itself: RFC 3463, 3.2, subjects 5.1.0 to 5.1.3 and 5.1.6."""
    return 500 <= code < 600 and _NO_SUCH.search(answer) is not None
