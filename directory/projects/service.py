"""Finding projects that a caller has a part in, and changing their details."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import Actor
from core.documents.pdf import Picture
from core.errors import N_, Conflict, NotAllowed, NotFound, Unacceptable
from core.files import FileStore, checked_picture
from core.settings import Settings
from core.web import must_match
from directory.accounts.access import Caller, OutOfScope
from directory.accounts.models import Account, Membership
from directory.accounts.rules import FIRST_LINK_LIFE, MayNotSend, Right, Role
from directory.accounts.service import create_account, find_account, grant, known_name, name_in, new_link
from directory.projects.models import Logo, Project
from directory.projects.schemas import MemberIn, NewProject, ProjectIn


def zone_of(id: Any) -> sa.ScalarSelect[str]:
    """In which zone a project lies, as part of another query."""
    return select(Project.zone).where(Project.id == id).scalar_subquery()


async def create_project(db: AsyncSession, acronym: str, given: ProjectIn, *, by: Actor, at: datetime) -> Project:
    """A new grant, without any member yet. Raises Conflict where the acronym is taken."""
    if (await db.exec(select(Project.id).where(Project.acronym == acronym))).first():
        raise Conflict("acronym")
    project = Project(acronym=acronym, **given.model_dump())
    db.add(project)
    await db.flush()
    audit.record(db, "project.created", project.id, at=at, project_id=project.id, by=by)
    return project


async def list_projects(db: AsyncSession, caller: Caller) -> list[Project]:
    """Projects in which the caller holds the right that the endpoint asked for."""
    found = await db.exec(select(Project).where(col(Project.id).in_(caller.projects)).order_by(Project.acronym))
    return list(found.all())


async def get_project(db: AsyncSession, project_id: UUID, caller: Caller) -> Project:
    project = await db.get(Project, project_id)
    if project is None:
        raise NotFound()
    must_reach(project.id, "project", project.id, caller)
    return project


async def change_project(
    db: AsyncSession,
    project_id: UUID,
    given: ProjectIn,
    caller: Caller,
    settings: Settings,
    *,
    at: datetime,
    expected: int | None = None,
) -> Project:
    """Correct the details of a project; what is printed later shows them. Raises LostUpdate, Unacceptable."""
    project = await get_project(db, project_id, caller)
    must_match(project.revision, expected)
    _must_be_sent_for(given, settings)
    changed = [name for name, value in given.model_dump().items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, getattr(given, name))
    if changed:
        project.revision += 1
        audit.record(
            db,
            "project.changed",
            project.id,
            at=at,
            project_id=project.id,
            **caller.signature,
            fields=changed,
        )
    return project


def _must_be_sent_for(given: ProjectIn, settings: Settings) -> None:
    """A sender that no relay sends for would leave every mail of the project waiting."""
    if given.mail_from and not settings.may_send_as(given.mail_from):
        raise Unacceptable("mail_from", N_("No mail relay of this installation sends for this address."))


def must_reach(project_id: UUID, kind: str, id: UUID, caller: Caller) -> None:
    """Another project's row answers like one that is not there, and the attempt is audited."""
    if project_id not in caller.projects:
        raise OutOfScope(kind, id, caller)


def may_send(project_id: UUID, caller: Caller) -> bool:
    """Whether the caller may write to many people of the project: no step of theirs does so otherwise."""
    return caller.may(Right.release, project_id)


def must_send(project_id: UUID, caller: Caller) -> None:
    """Asked by every step that writes to many people at once. Raises MayNotSend."""
    if not may_send(project_id, caller):
        raise MayNotSend()


def must_hold_any(project_id: UUID, caller: Caller, *rights: Right) -> None:
    """Asked by steps that more than one role takes. Raises NotAllowed."""
    if not caller.may_any(project_id, *rights):
        raise NotAllowed()


async def found_project(
    db: AsyncSession, given: NewProject, caller: Caller, settings: Settings, *, at: datetime
) -> Project:
    """A new grant, whose founder administers and organises it. Raises Unacceptable for an acronym that is taken."""
    _must_be_sent_for(given, settings)
    try:
        details = ProjectIn(**given.model_dump(exclude={"acronym"}))
        project = await create_project(db, given.acronym, details, **caller.signature, at=at)
    except Conflict:
        raise Unacceptable("acronym", N_("There is a project of this acronym already.")) from None
    founder = await db.get_one(Account, caller.account_id)
    for role in (Role.administrator, Role.organiser):
        await grant(db, founder, project.id, role)
    return project


async def list_members(db: AsyncSession, project_id: UUID) -> list[tuple[Membership, Account]]:
    """Who has which role, by the name that this project gave them: one query."""
    found = await db.exec(
        select(Membership, Account)
        .join(Account, col(Account.id) == Membership.account_id)
        .where(Membership.project_id == project_id)
        .order_by(Membership.name, col(Membership.role))
    )
    return list(found.all())


@dataclass(frozen=True)
class NewMember:
    """Who has got a role in a project, under the name it knows them by, and from whom. With `token` they sign in the
    first time; without it they have an account already."""

    account: Account
    name: str
    project: Project
    role: Role
    by: str
    token: str


class Inviter(Protocol):
    """Tells somebody that they have got a role."""

    def __call__(self, db: AsyncSession, new: NewMember, settings: Settings, *, at: datetime) -> Awaitable[None]: ...


# Packages above say here who tells them.
INVITERS: list[Inviter] = []


async def add_member(
    db: AsyncSession, project_id: UUID, given: MemberIn, caller: Caller, settings: Settings, *, at: datetime
) -> NewMember | None:
    """Give somebody a role and tell them, those who are new with a link to sign in. Who has a role here already keeps
    the name that the project knows. A role that they have already changes nothing, and nobody is told: None."""
    project = await get_project(db, project_id, caller)
    known = await find_account(db, given.address)
    account = known or await create_account(db, name=given.name, address=given.address, language=given.language, at=at)
    name = await known_name(db, account.id, project_id) or given.name
    if not await grant(db, account, project_id, given.role, name):
        return None
    token = "" if known else await new_link(db, account, at=at, life=FIRST_LINK_LIFE)
    new = NewMember(account, name, project, given.role, await name_in(db, caller, project_id), token)
    for invite in INVITERS:
        await invite(db, new, settings, at=at)
    audit.record(
        db,
        "member.added",
        project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        member=account.id,
        role=given.role,
    )
    return new


async def remove_member(db: AsyncSession, membership_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take a role away. Raises Unacceptable for the last administrator. Returns the project."""
    membership = await db.get(Membership, membership_id)
    if membership is None:
        raise NotFound()
    project = await get_project(db, membership.project_id, caller)
    same = [m for m, _ in await list_members(db, project.id) if m.role is Role.administrator]
    if membership.role is Role.administrator and len(same) == 1:
        raise Unacceptable("role", N_("A project keeps at least one administrator."))
    audit.record(
        db,
        "member.removed",
        project.id,
        at=at,
        project_id=project.id,
        **caller.signature,
        member=membership.account_id,
        role=membership.role,
    )
    await db.delete(membership)
    await db.flush()
    return project.id


async def list_logos(db: AsyncSession, project_id: UUID) -> list[Logo]:
    found = await db.exec(select(Logo).where(Logo.project_id == project_id).order_by(col(Logo.id)).limit(6))
    return list(found.all())


async def pictures_of(db: AsyncSession, project_id: UUID, files: FileStore) -> list[Picture]:
    """The logos as details want them."""
    return [
        (await asyncio.to_thread(files.read, logo.file_hash), logo.width / logo.height)
        for logo in await list_logos(db, project_id)
    ]


async def add_logo(
    db: AsyncSession, project_id: UUID, title: str, uploaded: bytes, files: FileStore, caller: Caller, *, at: datetime
) -> Logo:
    """Put a partner's mark on the details, a PNG or JPEG; six at most. Raises Unacceptable."""
    await get_project(db, project_id, caller)
    if len(await list_logos(db, project_id)) >= 6:
        raise Unacceptable("file", N_("There are six logos already; please remove one first."))
    content, media_type, width, height = await asyncio.to_thread(checked_picture, uploaded)
    file_hash = await asyncio.to_thread(files.keep, content)
    logo = Logo(
        project_id=project_id, title=title, file_hash=file_hash, media_type=media_type, width=width, height=height
    )
    db.add(logo)
    audit.record(db, "logo.added", project_id, at=at, project_id=project_id, **caller.signature, logo=logo.id)
    await db.flush()
    return logo


async def get_logo(db: AsyncSession, logo_id: UUID, caller: Caller) -> Logo:
    logo = await db.get(Logo, logo_id)
    if logo is None:
        raise NotFound()
    must_reach(logo.project_id, "logo", logo.id, caller)
    return logo


async def remove_logo(db: AsyncSession, logo_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    logo = await get_logo(db, logo_id, caller)
    audit.record(
        db, "logo.removed", logo.project_id, at=at, project_id=logo.project_id, **caller.signature, logo=logo.id
    )
    await db.delete(logo)
    await db.flush()
    return logo.project_id
