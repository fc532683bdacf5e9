"""Letters that can be kept: by PostgreSQL (no NUL), in UTF-8 (no halves of letters) and on a screen (no controls).

What nobody sees and nothing needs goes without a word: spreadsheets, pages and address books leave it behind. What
makes a text read as another one stays, for whoever takes the text to refuse it by name.
"""

import re
import unicodedata
from datetime import time

_CLOCK = re.compile(r"([0-9]{1,2})(?: ?[:.hH] ?)?([0-9]{2})(?:[:.]([0-9]{2}))?")
# Controls but tab and line ends, and lone surrogates.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Soft hyphens, spaces without width, marks of direction, annotations, tags.
_LITTER = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = re.compile("[\u200c\u200d]")
# Letters and marks of scripts that need joiners (Arabic, those of India), and emoji.
_JOINED = {"Lo", "Mn", "Mc", "So", "Sk"}
# Left to right, a neutral stretch, and their ends: without effect where no letter runs the other way.
_IDLE = re.compile("[\u202a\u202c\u2066\u2068\u2069]")
_RIGHT_TO_LEFT = {"R", "AL"}
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")
# Spaces and hyphens at which a line does not break are plain ones to whoever reads them.
_PLAIN = str.maketrans(
    dict.fromkeys(
        "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
    | dict.fromkeys("\u2010\u2011", "-")
)


def is_storable(text: str) -> bool:
    """Whether both databases can hold it."""
    return _UNSTORABLE.search(text) is None


def whole_number(text: str) -> int | None:
    """The number that a few plain digits say; `²` and a thousand digits are none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def clock_time(text: str) -> time | None:
    """A time of the day as people write it: 09:30, 9.30, 930, 9h30 or 09:30:15; none where it is no time."""
    found = _CLOCK.fullmatch(text.strip()[:20])
    if found is None:
        return None
    try:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second)
    except ValueError:
        return None


def shown_plainly(text: str) -> str:
    """Text that nobody here typed, fit to be kept and shown: what is no letter becomes the mark for it."""
    return _UNKEPT.sub("\ufffd", text)


def composed(text: str) -> str:
    """The same to whoever reads it: letters composed (NFC), without what cannot be seen.

    Joiners stay where a script needs them. What reorders letters stays too, unless it has no effect.
    """
    if text.isascii() or (text.isprintable() and unicodedata.is_normalized("NFC", text)):
        return text
    text = _JOINERS.sub(_kept_joiner, _LITTER.sub("", text))
    if _IDLE.search(text) and not any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        text = _IDLE.sub("", text)
    return unicodedata.normalize("NFC", text)


def _kept_joiner(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    is_needed = before == "\ufe0f" or (before and unicodedata.category(before) in _JOINED)
    return found[0] if is_needed else ""


def with_plain_spaces(text: str) -> str:
    """With plain spaces and hyphens in place of those at which no line breaks."""
    return text.translate(_PLAIN)


def evened(text: str) -> str:
    """Text of a cell of somebody's list, so that equal texts are equal: composed, with plain spaces, hyphens and line
    ends, without those around it, and what is no letter marked."""
    # Nearly every cell of every list: nothing in it is invisible.
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return with_plain_spaces(text).strip() if "\u2010" in text or "\u2011" in text else text.strip()
    return shown_plainly(with_plain_spaces(composed(_LINE_ENDS.sub("\n", text)))).strip()
