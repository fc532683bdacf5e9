"""Whether a mail, as it came, names somebody. Pure.

It is searched and not parsed: strangers wrote it, and a parser of mails can be kept busy or brought down by one. Every
step takes time in proportion to the mail.
"""

import binascii
import html
import re
from collections.abc import Iterator
from itertools import groupby

from core.mentions import Mention

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
