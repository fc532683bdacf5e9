"""Sealing PDFs with a certificate of the installation (PAdES, ETSI EN 319 142): who changes the file breaks the seal.

pyHanko is an optional part of the set-up, and is imported where a seal is asked for.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509.oid import NameOID

_FIELD = "Seal"


class CannotSeal(Exception):
    """Why nothing can be sealed, in words for an operator."""


@dataclass(frozen=True)
class Seal:
    """A key with its certificate (PKCS#12), and who it says one is."""

    content: bytes = field(repr=False)
    passphrase: str = field(repr=False)
    subject: str
    begins: datetime
    ends: datetime

    def must_hold(self, *, at: datetime) -> None:
        """Raises CannotSeal outside the days for which the certificate was issued."""
        if not self.begins <= at < self.ends:
            days = f"from {self.begins:%Y-%m-%d} to {self.ends:%Y-%m-%d}"
            raise CannotSeal(f"the certificate of {self.subject} holds {days}")


def opened(file: Path, passphrase: str) -> Seal:
    """Raises CannotSeal where the file, its passphrase, its key or pyHanko is missing."""
    try:
        import pyhanko.sign  # noqa: F401, PLC0415
    except ImportError:
        raise CannotSeal("pyHanko is not installed") from None
    try:
        content = file.read_bytes()
        found = load_pkcs12(content, passphrase.encode() or None)
    except (OSError, ValueError) as error:
        raise CannotSeal(f"{file} cannot be opened with that passphrase ({type(error).__name__})") from None
    if found.key is None or found.cert is None:
        raise CannotSeal(f"{file} holds no key with its certificate")
    certificate = found.cert.certificate
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    subject = str(names[0].value) if names else certificate.subject.rfc4514_string()
    return Seal(content, passphrase, subject, certificate.not_valid_before_utc, certificate.not_valid_after_utc)


def sealed(pdf: bytes, seal: Seal) -> bytes:
    """The file with a signature in it (PAdES-B-B), and otherwise as it was. Takes a tenth of a second: not for the
    event loop."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415
    from pyhanko.sign.fields import SigSeedSubFilter  # noqa: PLC0415

    how = PdfSignatureMetadata(field_name=_FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    into = BytesIO()
    sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), how, signer=_signer(seal.content, seal.passphrase), output=into)
    return into.getvalue()


@lru_cache(maxsize=1)
def _signer(content: bytes, passphrase: str) -> Any:
    from pyhanko.sign.signers import SimpleSigner  # noqa: PLC0415

    return SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase.encode() or None)
