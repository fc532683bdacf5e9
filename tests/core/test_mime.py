"""Mail written as bytes: whatever people typed, its reader gets it as the standard library would have written it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents.mime import file_part, header, header_of_text, multipart, text_part

# Letters of any script; controls, line breaks and half characters never get into a message.
LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
LINES = st.lists(st.text(LETTERS, max_size=1200), max_size=6).map("\n".join)


def parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, BytesParser(policy=cast(Any, SMTP)).parsebytes(raw))


@given(plain=LINES, html=LINES, subject=st.text(LETTERS, max_size=200), name=st.text(LETTERS, max_size=80))
def test_texts_and_headers_arrive_as_typed(plain: str, html: str, subject: str, name: str) -> None:
    to = Address(name, "ayse", "example.org")
    texts = [text_part("plain", plain), text_part("html", html)]
    parts = [multipart("alternative", "1", texts), file_part("text/x-list", "Çağrı listesi.ics", html.encode())]
    head = header_of_text("To", to) + header_of_text("Subject", subject) + header("MIME-Version", "1.0")
    raw = head + multipart("mixed", "0", parts)
    reference = EmailMessage(policy=SMTP)
    reference["To"], reference["Subject"] = to, subject
    reference.set_content(plain)
    wire, by_library = parsed(raw), parsed(reference.as_bytes())
    assert (str(wire["To"]), str(wire["Subject"])) == (str(by_library["To"]), str(by_library["Subject"]))
    shown, written, file = [part for part in wire.walk() if not part.is_multipart()]
    assert shown.get_content().rstrip("\r\n") == by_library.get_content().rstrip("\r\n")
    assert written.get_content().replace("\r\n", "\n").rstrip("\n") == html.rstrip("\n")
    assert (file.get_payload(decode=True), file.get_filename()) == (html.encode(), "Çağrı listesi.ics")
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("value", ["a\r\nBcc: b@example.org", "a\nb", "Ayşe"])
def test_a_header_of_ours_takes_one_line_of_ascii(value: str) -> None:
    with pytest.raises(ValueError, match="in X-Ours"):
        header("X-Ours", value)


def test_a_text_that_looks_like_our_boundary_is_no_boundary() -> None:
    wire = parsed(b"MIME-Version: 1.0\r\n" + multipart("mixed", "0", [text_part("plain", "a\n--=_0--\nb")]))
    assert [part.get_content().split() for part in wire.iter_parts()] == [["a", "--=_0--", "b"]]
