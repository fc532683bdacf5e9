"""Calendars in mails as mail systems really wrap and write them."""

import email.policy
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from notifications.inbound.parsing import read_mail

ADDRESS = "ayse.bir@example.org"
REPLY = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n"
    "DTSTAMP:20260303T080000Z\r\nSEQUENCE:3\r\nCOMMENT:Öğleden sonra; şart\r\n"
    f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ADDRESS}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def mail(content: bytes, kind: str = "text/calendar", name: str = "", **more: str) -> bytes:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Date"] = f"Ayşe <{ADDRESS}>", "x@example.org", "Tue, 03 Mar 2026 09:00:00 +0100"
    made.set_content("Accepted.")
    maintype, _, subtype = kind.partition("/")
    made.add_attachment(content, maintype=maintype, subtype=subtype, filename=name or None, params=more)
    return made.as_bytes()


def tnef(message_class: str) -> bytes:
    """A winmail.dat as MS-OXTNEF has it: a version, then the class of the message."""

    def attribute(id: int, value: bytes) -> bytes:
        head = b"\x01" + id.to_bytes(4, "little") + len(value).to_bytes(4, "little")
        return head + value + (sum(value) & 0xFFFF).to_bytes(2, "little")

    version = attribute(0x00089006, b"\0\0\1\0")
    content = b"\x78\x9f\x3e\x22" + b"\1\0" + version + attribute(0x00078008, message_class.encode() + b"\0")
    return mail(content, "application/ms-tnef", "winmail.dat")


def key_and_certificate() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ayşe Bir")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    return key, made.sign(key, hashes.SHA256())


def signed() -> bytes:
    """Signed so that only what knows S/MIME can read it, as a library writes it (DER)."""
    key, certificate = key_and_certificate()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(mail(REPLY.encode())).add_signer(certificate, key, hashes.SHA256())
    content = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    return mail(content, "application/pkcs7-mime", "smime.p7m", **{"smime-type": "signed-data"})


def read(raw: bytes) -> tuple[str, int | None, str, str]:
    """What is read of an answer: status, sequence, when it was given, comment."""
    found: Any = read_mail(raw)["scheduling"]
    assert found["problem"] == ""
    (entry,) = found["entries"]
    (attendee,) = entry["attendees"]
    assert (found["method"], attendee["address"]) == ("REPLY", ADDRESS)
    return attendee["status"], entry["sequence"], entry["stamp"], entry["comment"]


WRITTEN: dict[str, Callable[[], bytes]] = {
    "cp1254 that nobody names": lambda: mail(REPLY.encode("cp1254")),
    "cp1254 said to be UTF-8": lambda: mail(REPLY.encode("cp1254"), charset="utf-8"),
    "UTF-16": lambda: mail(REPLY.encode("utf-16")),
    "UTF-16 without a mark": lambda: mail(REPLY.encode("utf-16-le"), charset="utf-16"),
    "as an attachment alone": lambda: mail(REPLY.encode(), "application/ics", "reply.ics"),
    "as a file of no kind": lambda: mail(REPLY.encode(), "application/octet-stream", "Reply.ICS"),
    "as an attachment beside an empty part": lambda: mail(REPLY.encode(), "application/ics", "reply.ics").replace(
        b"text/plain", b"text/calendar", 1
    ),
    "with a footer": lambda: mail(f"{REPLY}\r\n--\r\nBu e-posta gizlidir: END:VCALENDAR\r\n".encode()),
    "with a word before": lambda: mail(f"Caution: external\r\n\r\n{REPLY}".encode()),
    "with lines doubled by a gateway": lambda: mail(REPLY.replace("\r\n", "\r\r\n").encode()),
    "a comment twice": lambda: mail(REPLY.replace("SEQ", "COMMENT:Öğleden sonra; şart\r\nSEQ").encode()),
    "signed": signed,
}


@pytest.mark.parametrize("how", WRITTEN)
def test_an_answer_is_read_however_it_is_written(how: str) -> None:
    assert read(WRITTEN[how]()) == ("ACCEPTED", 3, "2026-03-03T08:00:00+00:00", "Öğleden sonra; şart")


def test_two_comments_are_both_kept() -> None:
    assert read(mail(REPLY.replace("SEQ", "COMMENT:Yes\r\nSEQ").encode()))[3] == "Yes / Öğleden sonra; şart"


def test_an_answer_signed_in_pieces_of_unknown_length_is_read(tmp_path: Path) -> None:
    key, certificate = key_and_certificate()
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (tmp_path / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *plain))
    (tmp_path / "certificate").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    command = ["openssl", "cms", "-sign", "-nodetach", "-binary", "-stream", "-outform", "DER"]
    given = ["-signer", tmp_path / "certificate", "-inkey", tmp_path / "key"]
    done = subprocess.run([*command, *given], input=mail(REPLY.encode()), capture_output=True, check=True, timeout=30)
    assert done.stdout[1] == 0x80, "no indefinite length"
    assert read(mail(done.stdout, "application/x-pkcs7-mime", "smime.p7m"))[:2] == ("ACCEPTED", 3)


@pytest.mark.parametrize(
    ("message_class", "status"),
    [
        ("IPM.Microsoft Schedule.MtgRespP", "ACCEPTED"),
        ("IPM.Schedule.Meeting.Resp.Neg", "DECLINED"),
        ("IPM.Microsoft Schedule.MtgRespA", "TENTATIVE"),
    ],
)
def test_outlooks_own_answer_is_known_by_its_class(message_class: str, status: str) -> None:
    assert read(tnef(message_class)) == (status, None, "2026-03-03T08:00:00+00:00", "")


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (mail(REPLY[:150].encode()), "cut off"),
        (mail(b" \r\n"), "empty"),
        (mail(REPLY.encode() + b"x" * 300_000), "too long"),
        (mail(REPLY.replace("SEQUENCE:3", "SEQUENCE:three").encode()), "no calendar"),
        (mail(b"\x30\x80" * 500, "application/pkcs7-mime", "smime.p7m"), "encrypted"),
        (tnef("IPM.Note"), "winmail.dat"),
        (mail(b"\x78\x9f\x3e\x22" + b"\xff" * 40, "application/ms-tnef"), "winmail.dat"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(raw: bytes, problem: str) -> None:
    found = read_mail(raw)["scheduling"]
    assert (problem in found["problem"], found["entries"]) == (True, [])


def test_a_signed_mail_without_a_calendar_is_an_ordinary_one() -> None:
    key, certificate = key_and_certificate()
    text = b"Content-Type: text/plain; charset=utf-8\r\n\r\nMay I bring my wife?\r\n"
    builder = pkcs7.PKCS7SignatureBuilder().set_data(text).add_signer(certificate, key, hashes.SHA256())
    content = builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    found = read_mail(
        b"From: x@example.org\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + email.base64mime.body_encode(content).encode()
    )
    assert (found["scheduling"], found["text"].strip()) == (None, "May I bring my wife?")
