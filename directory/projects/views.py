"""The history of a project, as its administrators read it."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.i18n import words
from directory.accounts.models import Account, Membership
from directory.accounts.rules import ROLES, Role


async def project_history(db: AsyncSession, project_id: UUID, language: str) -> list[audit.HistoryLine]:
    """The latest entries; of a role that was given or taken away also whose and which."""
    lines = await audit.history(db, project_id)
    names = await _members_named(db, project_id, {id for line in lines if (id := _member_in(line.facts))})
    return [replace(line, about=_about(line.facts, names, language)) for line in lines]


def _member_in(facts: Mapping[str, str]) -> UUID | None:
    """Whose role it was; the first versions wrote something else there."""
    with suppress(KeyError, ValueError):
        return UUID(facts["member"])
    return None


def _about(facts: Mapping[str, str], names: Mapping[UUID, str], language: str) -> str:
    if facts.get("role") not in {*Role}:
        return ""
    role = words(language).translate(ROLES[Role(facts["role"])])
    member = _member_in(facts)
    name = names.get(member, "") if member else ""
    return f"{name}: {role}" if name else role


async def _members_named(db: AsyncSession, project_id: UUID, ids: Collection[UUID]) -> dict[UUID, str]:
    """By the name that the project gave them; who has no role any more by the address to which it was given, since the
    name of an account may be another project's."""
    if not ids:
        return {}
    found = await db.exec(
        select(Account.id, Membership.name, Account.address)
        .join(
            Membership,
            (col(Membership.account_id) == Account.id) & (col(Membership.project_id) == project_id),
            isouter=True,
        )
        .where(col(Account.id).in_(ids))
        .order_by(col(Membership.name).desc())
    )
    return {id: name or address for id, name, address in found}
