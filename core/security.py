"""Secrets: tokens, passwords and what is encrypted at rest."""

import asyncio
import base64
import hashlib
import hmac
import secrets
from contextlib import suppress
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pwdlib import PasswordHash

from core.errors import Unfit

# How everything begins that was encrypted at rest: version 0x80 and the first zeros of the moment, in base64.
FERNET = b"gAAAA"
_passwords = PasswordHash.recommended()
# Argon2id takes 64 MiB and 0.1 s each: two at a time leave room for everybody else.
_two_at_a_time = asyncio.Semaphore(2)


def new_token() -> str:
    """192 random bits, fit for an address: programs that find links in a text end them before a hyphen."""
    while True:
        token = secrets.token_urlsafe(24)
        if token[0].isalnum() and token[-1].isalnum():
            return token


def signature_of(key: bytes, text: str) -> str:
    """What only the holder of the key can say about a text."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def hash_token(token: str) -> str:
    """What is stored of a token. A token has enough entropy that a plain hash is safe."""
    return hashlib.sha256(token.encode()).hexdigest()


async def hash_password(password: str) -> str:
    async with _two_at_a_time:
        return await asyncio.to_thread(_passwords.hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Whether the password fits; takes as long where there is nothing to compare with."""
    async with _two_at_a_time:
        fits = await asyncio.to_thread(_passwords.verify, password, stored or _nobodys())
    return fits and stored is not None


@cache
def _nobodys() -> str:
    """The hash of a password that nobody knows."""
    return _passwords.hash(secrets.token_hex(8))


def derived_key(key: str, purpose: str) -> bytes:
    """32 bytes for one purpose, so that no two uses share a key."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=f"heyet:{purpose}".encode()).derive(key.encode())


class Vault:
    """Encrypts text at rest and signs what nobody else may write. Locked until the installation's key is given.

    While the key is being replaced it also reads what the former keys wrote; it writes with the present one alone.
    """

    def __init__(self) -> None:
        self._fernets: list[Fernet] = []
        self._signing: list[bytes] = []
        self._naming: list[AESSIV] = []

    @property
    def is_ready(self) -> bool:
        return bool(self._fernets)

    def use(self, key: str, *former: str) -> None:
        """The present key first, then those that what is there may still be encrypted with."""
        keys = (key, *former)
        self._fernets = [Fernet(base64.urlsafe_b64encode(derived_key(one, "at-rest"))) for one in keys]
        self._signing = [derived_key(one, "records") for one in keys]
        self._naming = [AESSIV(derived_key(one, "file-names")) for one in keys]

    def encrypt(self, text: str) -> str:
        return self._ready().encrypt(text.encode()).decode()

    def decrypt(self, locked: str) -> str:
        try:
            return self._ready().decrypt(locked.encode()).decode()
        except InvalidToken:
            raise Unfit("HEYET_SECRET_KEY is not the key this data was encrypted with") from None

    def is_formers(self, locked: bytes) -> bool:
        """Whether that is something which a former key opens and the present one does not."""
        if not locked.startswith(FERNET):
            return False
        present, *former = self._all()
        return not _opens(present, locked) and any(_opens(one, locked) for one in former)

    def sign(self, text: str) -> str:
        """What shows later that this text was written by somebody who had the key."""
        self._all()
        return signature_of(self._signing[0], text)

    def signatures(self, text: str) -> list[str]:
        """What each key makes of a text, the present one first: for finding what a former key signed."""
        self._all()
        return [signature_of(key, text) for key in self._signing]

    def is_signed(self, text: str, signature: str, *, by_present: bool = False) -> bool:
        """Whether one of the keys signed that text; `by_present` asks for the present one."""
        self._all()
        keys = self._signing[:1] if by_present else self._signing
        return any(hmac.compare_digest(signature_of(key, text), signature) for key in keys)

    def names_of(self, hash: str) -> list[str]:
        """What each key calls a file of that hash where others read names, the present one first: always the same, and
        nothing that somebody who has the file, or guesses it, could find it by."""
        self._all()
        return [one.encrypt(bytes.fromhex(hash), None).hex() for one in self._naming]

    def hash_named(self, name: str) -> str | None:
        """The hash that one of the keys gave this name to, if any did."""
        self._all()
        for one in self._naming:
            with suppress(InvalidTag, ValueError):
                return one.decrypt(bytes.fromhex(name), None).hex()
        return None

    def seal(self, content: bytes) -> bytes:
        """A file's content, encrypted."""
        return self._ready().encrypt(content)

    def unseal(self, sealed: bytes) -> bytes:
        return self._ready().decrypt(sealed)

    def _ready(self) -> MultiFernet:
        return MultiFernet(self._all())

    def _all(self) -> list[Fernet]:
        if not self._fernets:
            raise RuntimeError("the vault was used before the application gave it a key")
        return self._fernets


def _opens(fernet: Fernet, locked: bytes) -> bool:
    try:
        fernet.decrypt(locked)
    except InvalidToken:
        return False
    return True
