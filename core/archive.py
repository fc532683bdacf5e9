"""An encrypted stream of any length in bounded memory: AES-256-GCM in chunks, by the STREAM construction (Hoang,
Reyhanitabar, Rogaway, Vizár 2015), which age and Tink use too.

A chunk's nonce is a random prefix, its number, and whether it is the last: so none can be altered, left out, put
elsewhere or cut off at the end without being noticed. The header is authenticated with every chunk:

    20 bytes  "heyet encrypted copy"
     1 byte   version, 1
     1 byte   "k": a key of the installation, "p": a passphrase
     8 bytes  which key of the installation (its derived name, which tells nothing of it), or zeros
    16 bytes  salt, for the key of this archive alone
     7 bytes  prefix of the nonces

A chunk holds 256 KiB, the last one less or nothing, each followed by its tag of 16 bytes.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from io import RawIOBase
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.security import derived_key

MAGIC, VERSION = b"heyet encrypted copy", b"\x01"
CHUNK, TAG = 256 * 1024, 16
BY_KEY, BY_PASSPHRASE = b"k", b"p"
HEADER = len(MAGIC) + 1 + 1 + 8 + 16 + 7
MOST_CHUNKS = 2**32
# 128 MiB and about half a second for each passphrase that somebody tries.
_COST = {"length": 32, "n": 2**17, "r": 8, "p": 1}


class Damaged(Exception):
    """The archive is not what was written, or cannot be opened; `args[0]` says why in words."""


@dataclass(frozen=True)
class Secret:
    """What an archive is encrypted with: keys of the installation, the present one first, or a passphrase."""

    keys: tuple[str, ...] = ()
    passphrase: str = ""

    def to_write(self) -> tuple[bytes, bytes, Callable[[bytes], bytes]]:
        """Kind, name of the key, and what makes the archive's key of its salt."""
        if self.passphrase:
            return BY_PASSPHRASE, bytes(8), self._stretched
        return BY_KEY, name_of(self.keys[0]), lambda salt: _derived(self.keys[0], salt)

    def to_read(self, kind: bytes, name: bytes, salt: bytes) -> bytes:
        """The archive's key. Raises Damaged where it is another secret that is asked for."""
        if kind == BY_PASSPHRASE:
            if not self.passphrase:
                raise Damaged("was encrypted with a passphrase")
            return self._stretched(salt)
        for key in self.keys:
            if name_of(key) == name:
                return _derived(key, salt)
        raise Damaged("was encrypted with another HEYET_SECRET_KEY than the one of this installation")

    def _stretched(self, salt: bytes) -> bytes:
        return Scrypt(salt=salt, **_COST).derive(self.passphrase.encode())


def name_of(key: str) -> bytes:
    """By which an archive says with which key it was encrypted."""
    return derived_key(key, "backup-name")[:8]


def _derived(key: str, salt: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=salt, info=b"heyet:archive").derive(derived_key(key, "backup"))


class Sealing(RawIOBase):
    """Takes bytes and writes them encrypted. `finish` writes the last chunk: without it the archive counts as cut
    off."""

    def __init__(self, target: IO[bytes], secret: Secret) -> None:
        kind, name, make = secret.to_write()
        salt, self._prefix = os.urandom(16), os.urandom(7)
        self._header = MAGIC + VERSION + kind + name + salt + self._prefix
        self._cipher = AESGCM(make(salt))
        self._target, self._number, self._held = target, 0, bytearray()
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._held += content
        # One more than a chunk: the last one is known only when there is no more.
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(content)

    def finish(self) -> None:
        self._put(bytes(self._held), is_last=True)
        self._held.clear()

    def _put(self, content: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, is_last)
        self._target.write(self._cipher.encrypt(nonce, content, self._header))
        self._number += 1


class Opening(RawIOBase):
    """Gives the bytes back, each chunk only after it proved to be as it was written. Raises Damaged."""

    def __init__(self, source: IO[bytes], secret: Secret) -> None:
        self._header = source.read(HEADER)
        if not self._header.startswith(MAGIC):
            raise Damaged("is no archive of `heyet backup`")
        if len(self._header) < HEADER or self._header[20:21] != VERSION:
            raise Damaged("was cut off, or was written by another version of Heyet")
        self._cipher = AESGCM(secret.to_read(self._header[21:22], self._header[22:30], self._header[30:46]))
        self._source, self._number, self._held = source, 0, b""
        self._next = source.read(CHUNK + TAG)
        self._is_over = False

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        while not self._held and not self._is_over:
            self._held = self._open_next()
        given, self._held = self._held[: len(into)], self._held[len(into) :]
        into[: len(given)] = given
        return len(given)

    def _open_next(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + TAG)
        self._is_over = not self._next
        nonce = _nonce(self._prefix, self._number, self._is_over)
        self._number += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            raise Damaged(
                "was altered, cut off or put together anew, or the passphrase is another"
                if self._header[21:22] == BY_PASSPHRASE
                else "was altered, cut off or put together anew"
            ) from None

    @property
    def _prefix(self) -> bytes:
        return self._header[46:]


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    if number >= MOST_CHUNKS:
        raise OverflowError("an archive holds no more than a pebibyte")
    return prefix + number.to_bytes(4, "big") + bytes([is_last])
