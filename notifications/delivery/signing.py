"""Signing mail with DKIM (RFC 6376), and what has to be published so that receivers find the signature good.

Relaxed canonicalisation and RSA alone, in OpenSSL's arithmetic: dkimpy, by which tests verify it, reads the key for
each mail and reckons in Python, which takes twenty times as long as all the rest of a mail.
"""

import base64
import hashlib
import re
from datetime import datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from core.settings import DkimKey

# What is signed where it is there (RFC 6376, 5.4.1; RFC 8058, 4: who unsubscribes with one click relies on both), and
# what nobody may add either.
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"auto-submitted",
    b"content-language",
    b"content-type",
    b"content-transfer-encoding",
    b"mime-version",
)
SEALED = (b"from", b"to", b"subject", b"date", b"reply-to")
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_SPACE = re.compile(rb"[ \t]+")
_SPACE_AND_FOLDS = re.compile(rb"(?:\r\n)?[ \t]+")
LINE = 72


def signed(wire: bytes, domain: str, keys: list[DkimKey], *, at: datetime) -> bytes:
    """The mail with the signature of its sender's domain, given in ASCII; as it is where there is no key for that.
    Raises OSError and ValueError where the key cannot be read."""
    for key in keys:
        if key.domain == domain:
            return _signature(wire, key, at=at) + wire
    return wire


def _signature(wire: bytes, key: DkimKey, *, at: datetime) -> bytes:
    head, _, body = wire.partition(b"\r\n\r\n")
    found = {name.lower(): value for name, _, value in (one.partition(b":") for one in _FIELD_END.split(head))}
    names = [name for name in SIGNED if name in found]
    digest = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest())
    field = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain}; s={key.selector};\r\n"
        f" t={int(at.timestamp())}; bh={digest.decode()};\r\n h="
    ).encode()
    # A name that stands in it once more than in the mail says that there is no other one.
    field += b":\r\n ".join([*names, *SEALED]) + b";\r\n b="
    text = b"".join(_relaxed(name, found[name]) + b"\r\n" for name in names) + _relaxed(b"dkim-signature", field)
    signature = base64.b64encode(_private_key(key.key_file).sign(text, PKCS1v15(), SHA256()))
    lines = b"\r\n ".join(signature[n : n + LINE] for n in range(0, len(signature), LINE))
    return b"DKIM-Signature: " + field + lines + b"\r\n"


def _relaxed(name: bytes, value: bytes) -> bytes:
    return name + b":" + _SPACE_AND_FOLDS.sub(b" ", value).strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    lines = [_SPACE.sub(b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    kept = b"\r\n".join(lines).rstrip(b"\r\n")
    return kept + b"\r\n" if kept else b""


@cache
def _private_key(path: Path) -> RSAPrivateKey:
    found = load_pem_private_key(path.read_bytes(), None)
    if not isinstance(found, RSAPrivateKey):
        raise ValueError("not an RSA key")
    return found


def record_of(key: DkimKey) -> str:
    """What a TXT record in DNS has to say of the key. Raises OSError and ValueError."""
    public = _private_key(key.key_file).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
