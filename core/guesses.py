"""Guessing of links is slowed down, and no ministry behind one address is shut out.

What is attacked is the space of tokens, so what counts is what misses, by network. Whoever has a link has hit: five
hundred people behind one proxy open theirs in one minute. A link has 192 random bits; what is slowed down is the noise.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Request

from core.errors import NotFound, Refusal
from core.limits import limits_of
from core.web import client_of

MISSES = "60/15 minutes"


@asynccontextmanager
async def slowing_guesses(request: Request, missed: type[Refusal] = NotFound) -> AsyncIterator[None]:
    """Around looking something up by a token. `missed` is raised inside where there is no such thing; beyond MISSES
    from one network TooMany is raised in its place."""
    try:
        yield
    except missed:
        await limits_of(request).must_allow(MISSES, "guessed-link", client_of(request))
        raise
