"""Keeping the suppression list, and people's wish for no bulk mail."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from core.paging import Page, Paging, paged
from core.security import derived_key
from core.settings import Settings
from core.text import address_key
from directory.accounts.access import Caller
from directory.people.models import Person
from directory.people.service import known_to
from notifications.suppression.models import Suppression, Unsubscription
from notifications.suppression.rules import Why


async def suppress(db: AsyncSession, address: str, why: Why, answer: str, *, at: datetime) -> None:
    """Send nothing to an address any more. Once there, it stays as it is."""
    key = address_key(address)
    if not await is_suppressed(db, address):
        db.add(Suppression(address_key=key, why=why, answer=answer[:500], since=at))
        await db.flush()


async def is_suppressed(db: AsyncSession, address: str) -> bool:
    found = await db.exec(select(Suppression.id).where(Suppression.address_key == address_key(address)))
    return found.first() is not None


async def must_not_reach(
    db: AsyncSession, addresses: Collection[str], bulk: Collection[tuple[UUID, UUID]]
) -> tuple[set[str], set[tuple[UUID, UUID]]]:
    """Of these addresses those suppressed, and of these people and projects those who want no bulk mail."""
    keys = {address_key(address) for address in addresses}
    found = await db.exec(select(Suppression.address_key).where(col(Suppression.address_key).in_(keys)))
    if not bulk:
        return set(found.all()), set()
    wished = await db.exec(
        select(Unsubscription.person_id, Unsubscription.project_id).where(
            col(Unsubscription.person_id).in_({person for person, _ in bulk})
        )
    )
    return set(found.all()), set(wished.all()) & set(bulk)


async def list_suppressed(
    db: AsyncSession, caller: Caller, asked: Paging
) -> Page[tuple[Suppression, Person]]:
    """Suppressed addresses of people whom the caller's projects know, the latest first."""
    rows = _releasable_by(caller).order_by(col(Suppression.since).desc(), col(Suppression.id))
    return await paged(db, rows, asked)


async def release(db: AsyncSession, suppression_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Let mail go to the address again: it was mended, or it was a mistake. Raises NotFound."""
    row = (await db.exec(_releasable_by(caller).where(col(Suppression.id) == suppression_id))).first()
    if row is None:
        raise NotFound()
    suppression, person = row
    await db.delete(suppression)
    audit.record(db, "address.released", person.id, at=at, **caller.signature)
    await db.flush()


def _releasable_by(caller: Caller) -> Any:
    return (
        select(Suppression, Person)
        .join(Person, col(Person.address_key) == Suppression.address_key)
        .where(col(Person.id).in_(known_to(caller)))
    )


def unsubscribe_link(settings: Settings, person_id: UUID, project_id: UUID) -> str:
    """The address of one click that ends bulk mail of a project to a person (RFC 8058); signed, nothing is stored."""
    return f"{settings.base_url}/unsubscribe/{_signer(settings).dumps([person_id.hex, project_id.hex])}"


def read_unsubscribe(settings: Settings, token: str) -> tuple[UUID, UUID]:
    """Person and project of such a link. Raises NotFound."""
    try:
        person, project = _signer(settings).loads(token)
        return UUID(person), UUID(project)
    except (BadSignature, ValueError, TypeError):
        raise NotFound() from None


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(derived_key(settings.key, "unsubscribe"))


async def set_bulk(
    db: AsyncSession, person_id: UUID, project_id: UUID, is_wanted: bool, *, at: datetime
) -> None:
    """Whether a person gets bulk mail of a project. Saying the same twice changes nothing."""
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    mine = Unsubscription.person_id == person_id, Unsubscription.project_id == project_id
    there = (await db.exec(select(Unsubscription).where(*mine))).first()
    if is_wanted and there:
        await db.exec(delete(Unsubscription).where(*mine))  # type: ignore[arg-type]
    elif not is_wanted and there is None:
        db.add(Unsubscription(person_id=person_id, project_id=project_id, since=at))
    else:
        return
    act = "bulk.wanted" if is_wanted else "bulk.unwanted"
    audit.record(db, act, person_id, at=at, project_id=project_id, actor=person.name)
    await db.flush()


async def wants_bulk(db: AsyncSession, person_id: UUID, project_id: UUID) -> bool:
    found = await db.exec(
        select(Unsubscription.id).where(
            Unsubscription.person_id == person_id, Unsubscription.project_id == project_id
        )
    )
    return found.first() is None
