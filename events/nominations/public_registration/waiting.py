"""What jobs hold of people who asked for something and were not served yet."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import vault
from core.text import address_key
from directory.people.service import find_own_records
from events.nominations.public_registration.schemas import Application
from events.nominations.public_registration.service import NOBODY, SEND_LINKS, TAKE_APPLICATION
from notifications.jobs.models import Job, Stage


def application_in(payload: dict[str, Any]) -> Application:
    """What the applicant said. Until jobs kept their words encrypted it was locked by itself."""
    given = payload["given"]
    if isinstance(given, str):
        return Application.model_validate_json(vault.open(given))
    return Application.model_validate(given)


def address_in(payload: dict[str, Any]) -> str:
    """Whose links got lost."""
    address = str(payload["address"])
    return address if "@" in address else vault.open(address)


async def cancel_waiting(db: AsyncSession, addresses: Collection[str], projects: Collection[UUID]) -> None:
    """Applications of erased people to these projects are not taken any more, or they would be back.

    Lost links are of no project: they are still sent if another one knows the address.
    """
    keys = {address_key(address) for address in addresses}
    found = await db.exec(
        select(Job).where(
            col(Job.name).in_([TAKE_APPLICATION, SEND_LINKS]),
            col(Job.project_id).in_([*projects, NOBODY]),
            col(Job.stage).in_([Stage.waiting, Stage.running]),
        )
    )
    gone = [job.id for job in found.all() if await _is_over(db, job, keys)]
    if gone:
        await db.exec(delete(Job).where(col(Job.id).in_(gone)))


async def _is_over(db: AsyncSession, job: Job, keys: Collection[str]) -> bool:
    if job.name == TAKE_APPLICATION:
        return address_key(application_in(job.payload).address) in keys
    address = address_in(job.payload)
    return address_key(address) in keys and not await find_own_records(db, address)
