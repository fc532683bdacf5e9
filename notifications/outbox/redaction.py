"""Takes out of texts what opens something: whoever may read a mail page does not become the one it was written to.

Every address of ours that holds a token is named here; a test walks the routes and finds one that is not.
"""

import re

from notifications.outbox.models import Message

# As typed, and as gateways that rewrite links quote them.
_SLASH = r"(?:/|%2[fF])"
_PATHS = (
    "i",
    "n",
    "c",
    "address",
    "unsubscribe",
    "report-mails/stop",
    "superior",
    "sign-in/link",
    "first-run",
    "calendar/shared",
    "calendar",
)
_LINK = re.compile(
    rf"({_SLASH}(?:{'|'.join(path.replace('/', _SLASH) for path in _PATHS)}){_SLASH})(?!shared/)[\w.~-]{{16,}}"
)
# Who can write to these speaks for the person (notifications/inbound/rules.py).
_SIGNED_ADDRESS = re.compile(r"\+[ab](?:[0-9a-f]{32}|[a-z2-7]{26})[a-z2-7]{16}(?=@|%40)", re.IGNORECASE)
_API_TOKEN = re.compile(r"\bheyet_[\w-]{32}(?![\w-])")
# Calendars (RFC 5545, 3.1) and headers (RFC 5322, 2.2.3) break a line anywhere, also in the midst of a token.
_FOLD = re.compile(r"\r?\n[ \t]")


def without_tokens(text: str) -> str:
    """The text with every token in it replaced by three dots."""
    text = _LINK.sub(r"\1…", text)
    return _API_TOKEN.sub("heyet_…", _SIGNED_ADDRESS.sub("+…", text))


def unfolded_without_tokens(text: str) -> str:
    """The same for a calendar or a header, whose lines are made whole first."""
    return without_tokens(_FOLD.sub("", text))


def tokens_in(text: str) -> set[str]:
    """The tokens of all links of ours in a text."""
    return {found[0].removeprefix(found[1]) for found in _LINK.finditer(text)}


# Kinds of mail that carry a code to type; it stands in the text alone. Packages above name theirs here.
CODE_KINDS: set[str] = set()
_CODE = re.compile(r"(?<![\w-])\d{6}(?![\w-])")


def without_codes(text: str) -> str:
    """A mail with a code to type, without the code and without tokens."""
    return without_tokens(_CODE.sub("…", text))


def for_other_eyes(message: Message) -> Message:
    """A message that is shown or sent to somebody else than whom it speaks to: its tokens are gone."""
    message.plain, message.html = without_tokens(message.plain), without_tokens(message.html)
    message.subject = without_tokens(message.subject)
    message.calendar = unfolded_without_tokens(message.calendar) if message.calendar else None
    return message
