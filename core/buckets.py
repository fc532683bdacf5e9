"""Files in a bucket of S3-compatible storage. Nothing leaves this machine in clear.

An object lies under the encrypted hash by which its file is found: under the hash itself, whoever lists the bucket
could prove that a file they have, or guess, is kept. What was encrypted before it came here lies there as it is;
everything else is encrypted here. Which of both it is, the hash says: it is that of what lies there, or that of what
comes out once it is decrypted. Whatever fits neither was changed by somebody else, and is not shown.

obstore is an optional part of the set-up, and is imported where a bucket is used.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

import structlog
from cryptography.fernet import InvalidToken

from core.columns import vault
from core.errors import FileDamaged, FileGone, StorageAway, Unfit
from core.files import FileStore, KeptFile, hash_of, is_hash, place_of
from core.security import FERNET

log = structlog.get_logger()
# What a page waits for at most is a try and, where that failed, another one.
TRY = timedelta(seconds=10)
TRIES = timedelta(seconds=15)
# Who waits for storage holds a thread and a connection to the database. Where so many have waited one after another and
# got nothing, one at a time goes on trying, and all others are told at once.
SILENT = 3
REST = timedelta(seconds=15)
_SILENT = (
    "The storage of files does not answer: look at HEYET_FILES_ENDPOINT and HEYET_FILES_REGION, and the way there."
)
_NOT_LET_IN = (
    "The storage of files does not let us in: look at HEYET_FILES_KEY_ID and HEYET_FILES_SECRET, and at whether that "
    "key may read, write, list and delete in the bucket."
)
_WHY = {
    "NoSuchBucket": "The bucket of HEYET_FILES_URL is not there: make it first.",
    "PermissionDeniedError": _NOT_LET_IN,
    "UnauthenticatedError": _NOT_LET_IN,
}
_Result = TypeVar("_Result")


@lru_cache(8)
def bucket(url: str, endpoint: str, region: str, key_id: str, secret: str) -> "Bucket":
    """The bucket of that address (`s3://bucket/prefix`), the same each time: its connections are kept.

    Without an endpoint it is Amazon's, without a key the machine's own role. Raises Unfit where obstore is missing.
    """
    try:
        from obstore.store import S3Store  # noqa: PLC0415
    except ImportError:
        raise Unfit("HEYET_FILES_URL takes obstore, which is not installed: see docs/operating.md") from None
    place = urlsplit(url)
    config: dict[str, Any] = {"region": region}
    if endpoint:
        # Servers of one's own are seldom reached by a host name for each bucket.
        config |= {"endpoint": endpoint.rstrip("/"), "virtual_hosted_style_request": False}
    if key_id:
        config |= {"access_key_id": key_id, "secret_access_key": secret}
    return Bucket(
        S3Store(
            place.netloc,
            prefix=place.path.strip("/") or None,
            config=config,  # type: ignore[arg-type]
            client_options={
                "timeout": TRY,
                "connect_timeout": timedelta(seconds=5),
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 1, "retry_timeout": TRIES},
        )
    )


class Bucket:
    """A FileStore in a bucket."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._silent = 0
        self._rests_until = 0.0

    def keep(self, content: bytes) -> str:
        hash = hash_of(content)
        # Written also where it is already: it may be named by no row at this moment, and has to be young again.
        self._put(hash, content if _is_sealed(content) else vault.seal(content))
        return hash

    def read(self, hash: str) -> bytes:
        return _content_of(hash, self._lying(hash)[1])

    def drop(self, hash: str) -> None:
        self._remove(_places(hash))

    def all(self) -> Iterator[KeptFile]:
        # One that is just being moved lies under two names, and is as young as the younger one.
        changed: dict[str, float] = {}
        pages = iter(self._store.list())
        while (page := self._do(lambda: next(pages, None))) is not None:
            for one in page:
                if hash := _hash_at(one["path"]):
                    changed[hash] = max(changed.get(hash, 0), one["last_modified"].timestamp())
        for hash, last in changed.items():
            yield KeptFile(hash, last)

    def seal_anew(self, hash: str) -> bool:
        place, lying = self._lying(hash)
        is_as_given, is_formers = hash_of(lying) == hash, vault.is_formers(lying)
        if is_as_given and is_formers:
            # It is found by another hash once it is encrypted anew.
            return False
        present, *others = _places(hash)
        is_to_do = is_formers or place != present
        if is_to_do:
            self._put(hash, lying if is_as_given else vault.seal(_content_of(hash, lying)))
        # Also where the work was stopped before: under a name that no key reads, nobody would find it.
        self._remove(others)
        return is_to_do

    def _put(self, hash: str, lying: bytes) -> None:
        self._do(lambda: self._store.put(_places(hash)[0], lying))

    def _remove(self, places: list[str]) -> None:
        for place in places:
            self._do(lambda place=place: self._store.delete(place))  # type: ignore[misc]

    def _lying(self, hash: str) -> tuple[str, bytes]:
        """Where a file lies, and what lies there."""
        places = _places(hash)
        # The first once more: it may have been moved there while the others were looked at.
        for place in (*places, places[0]):
            with suppress(FileGone):
                return place, self._do(lambda place=place: self._store.get(place).bytes().to_bytes())  # type: ignore[misc]
        raise FileGone

    def _do(self, step: Callable[[], _Result]) -> _Result:
        begun = time.monotonic()
        if self._silent >= SILENT and begun < self._rests_until:
            raise StorageAway(kind="Resting")
        self._rests_until = begun + TRY.total_seconds() + TRIES.total_seconds()
        try:
            result = with_words(step)
        except StorageAway:
            over = time.monotonic()
            if over - begun > TRY.total_seconds() / 2:
                self._silent += 1
                self._rests_until = over + REST.total_seconds()
            raise
        except FileGone:
            self._silent = 0
            raise
        self._silent = 0
        return result


def _places(hash: str) -> list[str]:
    """Where an object of that hash may lie: by the present key, by former ones, and by the hash itself, as at first."""
    plain = place_of(hash)
    return [*(f"{name[:2]}/{name}" for name in vault.names_of(hash)), plain]


def _hash_at(place: str) -> str | None:
    """The hash of the file that lies at that place, if it is one of ours."""
    folder, _, name = place.rpartition("/")
    if folder != name[:2]:
        return None
    return name if is_hash(name) else vault.hash_named(name)


def with_words(step: Callable[[], _Result]) -> _Result:
    """Do something at the storage. Raises FileGone, and StorageAway with the kind of the error, whose words go
    nowhere: they hold addresses and hashes."""
    from obstore.exceptions import BaseError, NotFoundError  # noqa: PLC0415

    try:
        return step()
    except (BaseError, OSError) as error:
        kind = type(error).__name__
        if isinstance(error, NotFoundError | FileNotFoundError):
            if "NoSuchBucket" not in str(error):
                raise FileGone from None
            kind = "NoSuchBucket"
        log.error("files not reached", kind=kind)
        raise StorageAway(kind=kind) from None


def why_away(error: StorageAway) -> str:
    """What an operator should look at."""
    return _WHY.get(str(error.facts.get("kind")), _SILENT)


def fault_in(files: FileStore) -> str | None:
    """Writes, reads and removes a small file, and says what is wrong; None where all is well."""
    content = b"heyet check " + secrets.token_bytes(16)
    try:
        hash = files.keep(content)
        try:
            if files.read(hash) != content:
                return "What is written to the storage of files does not come back as it was."
            next(files.all(), None)
        finally:
            files.drop(hash)
    except StorageAway as error:
        return why_away(error)
    except FileGone:
        return "What is written to the storage of files is not there afterwards (HEYET_FILES_URL)."
    except OSError as error:
        return f"Files cannot be written to HEYET_VAR/files ({type(error).__name__})."
    return None


def _is_sealed(content: bytes) -> bool:
    """Whether this installation has encrypted that already, whatever it looks like."""
    if not content.startswith(FERNET):
        return False
    try:
        vault.unseal(content)
    except InvalidToken:
        return False
    return True


def _content_of(hash: str, lying: bytes) -> bytes:
    if hash_of(lying) == hash:
        return lying
    try:
        content = vault.unseal(lying)
    except InvalidToken:
        content = b""
    if hash_of(content) != hash:
        log.error("file changed past Heyet")
        raise FileDamaged
    return content
