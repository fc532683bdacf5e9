"""How often an address may be asked for, and how often strangers may try links."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import Request

from core.guesses import slowing_guesses
from core.limits import limits_of
from core.security import hash_token
from core.text import address_key
from directory.people.models import Person


async def must_allow_request(request: Request, person_id: UUID, address: str) -> None:
    """Three an hour and ten a day by one person; nobody's mailbox gets more than five a day, whoever asks. Raises
    TooMany."""
    limits = limits_of(request)
    for rate in ("3/hour", "10/day"):
        await limits.must_allow(rate, "address-change", str(person_id))
    await limits.must_allow("5/day", "address-change-to", address_key(address))


@asynccontextmanager
async def slowing_openers(request: Request, token: str) -> AsyncIterator[None]:
    """Around what a link from a mail about addresses opens: sixty times a minute for one link. Raises TooMany."""
    await limits_of(request).must_allow("60/minute", "address-link", hash_token(token))
    async with slowing_guesses(request):
        yield


def speaks(request: Request, person: Person) -> None:
    """The page behind such a link is in the person's language, unless its reader chose one."""
    request.state.language = person.language
