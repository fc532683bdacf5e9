"""Signing mail with DKIM (RFC 6376), and what has to be published so that receivers find the signature good."""

import base64
from functools import cache
from pathlib import Path

import dkim
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from core.relay_settings import DkimKey

_ONCE = (b"to", b"subject", b"date", b"reply-to")


def signed(wire: bytes, domain: str, keys: list[DkimKey]) -> bytes:
    """The mail with the signature of its sender's domain, given in ASCII; as it is where there is no key for that.
    Raises OSError and ValueError where the key cannot be read."""
    for key in keys:
        if key.domain == domain:
            return _signature(wire, key) + wire
    return wire


def _signature(wire: bytes, key: DkimKey) -> bytes:
    signer = dkim.DKIM(wire)
    # RFC 8058, 4: who unsubscribes with one click relies on both headers.
    headers = [
        *signer.default_sign_headers(),
        *([b"list-unsubscribe-post"] if b"List-Unsubscribe-Post:" in wire else []),
        # Named once more than they stand there: nobody may add a second one that mail programs would show.
        *_ONCE,
    ]
    header: bytes = signer.sign(
        key.selector.encode(),
        key.domain.encode(),
        _pem(key.key_file),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=headers,
    )
    return header


@cache
def _pem(path: Path) -> bytes:
    return path.read_bytes()


def record_of(key: DkimKey) -> str:
    """What a TXT record in DNS has to say of the key. Raises OSError and ValueError."""
    found = load_pem_private_key(key.key_file.read_bytes(), None)
    if not isinstance(found, RSAPrivateKey):
        raise ValueError("not an RSA key")
    public = found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
