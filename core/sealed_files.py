"""Files that only this installation's key can read, kept by the hash of what lies on the disk."""

import asyncio

from core.columns import vault
from core.settings import Settings


async def keep_sealed(settings: Settings, content: bytes) -> str:
    """Encrypt and write a file. Returns the hash it is found by; the same content twice is two files."""
    return await asyncio.to_thread(lambda: settings.files.keep(vault.seal(content)))


async def read_sealed(settings: Settings, hash: str) -> bytes:
    """The content as it came."""
    return await asyncio.to_thread(lambda: vault.unseal(settings.files.read(hash)))
