"""Mail that is signed in the process, and relays whose certificate an authority of one's own vouches for."""

import itertools
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from uuid import UUID

import dkim
import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from core.relay_settings import DkimKey
from core.settings import Settings
from notifications.delivery.mails import flattened
from notifications.delivery.relays import Relay
from notifications.delivery.signing import record_of
from notifications.jobs.context import Attached
from tests.notifications.test_outbox import AT, message
from tests.servers import free_port

SOMEBODY = UUID(int=1)


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "dkim.pem"
    key = rsa.generate_private_key(65537, 2048)
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def keyed(pem: Path, *domains: str) -> Settings:
    keys = [DkimKey(domain=domain, selector="heyet", key_file=pem) for domain in domains]
    return Settings(_env_file=None, mail_from="heyet@example.org", dkim_keys=keys)


def test_mail_is_signed_by_its_senders_domain_with_both_headers_of_one_click(pem: Path) -> None:
    settings = keyed(pem, "example.org", "Straße.example", "ministry.example")
    record = record_of(settings.dkim_keys[0]).encode()
    asked: list[bytes] = []

    def published(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record

    about: dict[str, Any] = {"is_bulk": True, "person_id": SOMEBODY, "project_id": SOMEBODY, "sender_name": "Çalışma"}
    for sender, name in (
        ("", b"heyet._domainkey.example.org."),
        ("a@straße.example", b"heyet._domainkey.xn--strae-oqa.example."),
        ("a@Ministry.example", b"heyet._domainkey.ministry.example."),
    ):
        wire = flattened(message("m", AT, sender_address=sender, **about), settings, at=AT)
        assert dkim.verify(wire, dnsfunc=published)
        assert asked[-1] == name
        assert not dkim.verify(
            wire.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"), dnsfunc=published
        )
        assert wire.isascii()
    assert b"DKIM-Signature" not in flattened(message("m", AT, sender_address="a@b.example"), settings, at=AT)


def test_whatever_a_mail_says_its_signature_holds_until_a_letter_of_it_changes(pem: Path) -> None:
    settings = keyed(pem, "example.org")
    record = record_of(settings.dkim_keys[0]).encode()

    def holds(wire: bytes) -> bool:
        return bool(dkim.verify(wire, dnsfunc=lambda name, timeout=5: record))

    texts = ("", "x\t y  \n\n \n", "\n.\n..\n", "ş ğ \u200b" * 200, "=_ \0", "a" * 2000)
    for text, to in itertools.product(texts, ("ayse@example.org", "ayşe@example.org")):
        about = {"plain": text, "subject": f"Çok uzun bir konu {text[:150]}".split("\n")[0].replace("\0", "")}
        mail = message("m", AT, to_address=to, calendar="BEGIN:VCALENDAR\r\n \r\n\r\n", calendar_method="REQUEST")
        wire = flattened(mail.model_copy(update=about), settings, [Attached("a.txt", "text/plain", b"\r\n\r\n")], at=AT)
        assert holds(wire), text
        assert not holds(wire.replace(b"\r\n\r\n", b"\r\n\r\nx", 1))
        assert not holds(wire.replace(b"\r\nSubject:", b"\r\nSubject: x", 1))
        for more in (b"From: x@example.org", b"Reply-To: x@example.org", b"Subject: x"):
            assert not holds(wire.replace(b"\r\nDate:", b"\r\n%s\r\nDate:" % more, 1))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory, pem: Path) -> Path:
    """A certificate of 127.0.0.1 that vouches for itself, with its key in the same file."""
    key = load_pem_private_key(pem.read_bytes(), None)
    assert isinstance(key, RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime.now(UTC)).not_valid_after(datetime.now(UTC) + timedelta(days=1))
    certificate = made.add_extension(here, critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    path.write_bytes(certificate.public_bytes(Encoding.PEM) + pem.read_bytes())
    return path


async def test_a_relay_is_believed_by_an_authority_of_ones_own(authority: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority)
    server = Controller(
        object(), hostname="127.0.0.1", port=free_port(), server_hostname="localhost", ssl_context=context
    )
    server.start()
    try:
        for ca_file, is_believed in ((authority, True), (None, False)):
            settings = Settings(
                _env_file=None,
                smtp_host="127.0.0.1",
                smtp_port=server.port,
                smtp_security="tls",
                smtp_ca_file=ca_file,
                smtp_timeout=5,
            )
            result = await Relay(settings.relays[0], settings, lambda: AT).send(message("m", AT))
            assert (result.code == 250) == is_believed
    finally:
        server.stop()
