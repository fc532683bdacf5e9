"""Giving each participant a code, and the picture of one."""

from collections.abc import Mapping
from io import BytesIO
from uuid import UUID

import segno
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from core.rows import add_rows
from events.attendance.badge_codes.models import BadgeCode
from events.attendance.badge_codes.rules import QR_VERSION, code_digest, new_badge_code
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus


async def give_codes(db: AsyncSession, event_id: UUID) -> int:
    """Give a code to everybody with a place who has none. The caller holds the event's lock: nobody gets two. Returns
    to how many."""
    lacking = (await db.exec(_lacking(event_id))).all()
    made = [(invitation_id, new_badge_code()) for invitation_id in lacking]
    rows = [
        {"event_id": event_id, "invitation_id": id, "code": code, "code_hash": code_digest(code)} for id, code in made
    ]
    await add_rows(db, BadgeCode, rows)
    return len(rows)


async def lacks_codes(db: AsyncSession, event_id: UUID) -> bool:
    """Whether somebody with a place has no code yet."""
    return (await db.exec(_lacking(event_id).limit(1))).first() is not None


async def codes_of(db: AsyncSession, event_id: UUID) -> Mapping[UUID, str]:
    """The code of every invitation that has one."""
    found = await db.exec(select(BadgeCode).where(BadgeCode.event_id == event_id))
    return {one.invitation_id: one.code for one in found}


async def find_code(db: AsyncSession, invitation_id: UUID) -> str | None:
    found = await db.exec(select(BadgeCode).where(BadgeCode.invitation_id == invitation_id))
    one = found.first()
    return one.code if one else None


def badge_svg(code: str) -> bytes:
    """The code as a QR picture, black on white: 37 modules of 1 mm with its white margin."""
    into = BytesIO()
    made = segno.make(code, version=QR_VERSION, error="m", mode="alphanumeric")
    made.save(into, kind="svg", border=4, unit="mm", light="#fff")
    return into.getvalue()


def _lacking(event_id: UUID) -> SelectOfScalar[UUID]:
    return (
        select(Registration.invitation_id)
        .join(BadgeCode, col(BadgeCode.invitation_id) == Registration.invitation_id, isouter=True)
        .where(
            Registration.event_id == event_id,
            Registration.status == RegistrationStatus.confirmed,
            col(BadgeCode.id).is_(None),
        )
    )
