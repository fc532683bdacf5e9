"""How often anybody may try codes of certificates, and surnames for one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from core.guesses import slowing_guesses
from core.limits import limits_of
from core.security import hash_token


@asynccontextmanager
async def slowing_surnames(request: Request, code: str, surname: str) -> AsyncIterator[None]:
    """Around verifying a certificate. One certificate takes sixty surnames in a quarter of an hour, whoever tries.
    Raises TooMany."""
    if surname:
        await limits_of(request).must_allow("60/15 minutes", "certificate-surname", hash_token(code))
    async with slowing_guesses(request):
        yield
