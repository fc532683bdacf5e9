"""Callers from other networks, and staff with a password."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from httpx2 import ASGITransport, AsyncClient

from core.security import hash_password
from directory.accounts.models import Account
from tests.people import BASE, App, Visitor

PASSWORD = "seven purple kettles sing"


@asynccontextmanager
async def visitor_from(app: App, address: str, *, base: str = BASE) -> AsyncIterator[Visitor]:
    """A browser in another network."""
    transport = ASGITransport(app.fastapi, client=(address, 40000))
    async with AsyncClient(transport=transport, base_url=base) as client:
        yield Visitor(client)


async def give_password(app: App, role: str = "organiser") -> None:
    hashed = await hash_password(PASSWORD)
    async with app.database.unit_of_work() as db:
        (await db.get_one(Account, app.accounts[role])).password = hashed


async def try_password(visitor: Visitor, password: str, role: str = "organiser") -> int:
    """The status that typing a password gets; 303 is in."""
    await visitor.get("/sign-in")
    answer = await visitor.send("/sign-in", {"address": f"{role}@example.org", "password": password})
    return answer.status_code


async def is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.get("/account")).status_code == 200
