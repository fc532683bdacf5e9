"""Who may call: every endpoint names one of these types, and a test walks all endpoints."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor
from core.clock import Moment
from core.cookies import SESSION, read_cookie
from core.db import Database
from core.errors import NotAllowed, NotFound, SignInNeeded
from core.inputs import once
from core.security import hash_token
from core.settings import settings_of
from directory.accounts.models import Account, ApiToken, Membership, SignIn
from directory.accounts.rules import NOTED_EVERY, ConfirmFirst, Right, Role, holds, is_confirmed

COOKIE = SESSION
SIGNED_IN = "signed-in"


# Projects stand above accounts: they say here in which zone one lies, as part of another query.
ZONES: list[Callable[[Any], sa.ScalarSelect[str]]] = []


@dataclass(frozen=True)
class Caller:
    """An account that calls. `projects` are those in which it holds the right that the endpoint asks for.

    `session_id` and `confirmed_at` are of the browser's session, `token_id` is the program's. `zone` is where the first
    of the projects lies, whose clock pages show: those of one agency lie in one.
    """

    account_id: UUID
    name: str
    language: str
    roles: dict[UUID, frozenset[Role]]
    rights: frozenset[Right] = frozenset(Right)
    projects: frozenset[UUID] = frozenset()
    session_id: UUID | None = None
    token_id: UUID | None = None
    confirmed_at: datetime | None = None
    zone: str = "UTC"

    def may(self, right: Right | str, project_id: UUID | None = None) -> bool:
        """Whether it holds the right in that project, or in any."""
        asked = Right(right)
        role_sets = [self.roles.get(project_id, frozenset())] if project_id else self.roles.values()
        return asked in self.rights and any(holds(roles, asked) for roles in role_sets)

    def may_any(self, project_id: UUID, *rights: Right) -> bool:
        """Whether it holds one of the rights in that project."""
        return any(self.may(right, project_id) for right in rights)

    def reaching(self, right: Right) -> "Caller":
        return replace(self, projects=frozenset(p for p in self.roles if self.may(right, p)))

    def within(self, project_id: UUID) -> "Caller":
        """The caller as one project sees them: what they hold in others counts for nothing."""
        roles = {id: roles for id, roles in self.roles.items() if id == project_id}
        return replace(self, projects=self.projects & {project_id}, roles=roles)

    @property
    def signature(self) -> dict[str, Any]:
        """How an audit entry names the caller."""
        return {"by": Actor.account(self.account_id)}


class OutOfScope(NotFound):
    """Exists, but in a project the caller has no part in. Answers like NotFound, and the history keeps the attempt."""

    def __init__(self, kind: str, id: UUID, caller: Caller) -> None:
        super().__init__()
        self.kind, self.id, self.caller = kind, id, caller


def _needs(right: Right) -> Callable[..., Coroutine[Any, Any, Caller]]:
    async def caller_with_right(request: Request, at: Moment) -> Caller:
        caller = await identify(request, at=at)
        if caller is None:
            raise SignInNeeded()
        request.state.caller, request.state.language = caller, caller.language
        if not caller.may(right):
            raise NotAllowed()
        return caller.reaching(right)

    caller_with_right.declares = right.value  # type: ignore[attr-defined]
    return caller_with_right


async def identify(request: Request, *, at: datetime) -> Caller | None:
    """The account behind a bearer token (API) or a session cookie (pages). Never one for the other,
    so that no foreign page can use a cookie on the API."""
    return await once(request, "caller", partial(_identify, request, at=at))


async def _identify(request: Request, *, at: datetime) -> Caller | None:
    is_api = request.url.path.startswith("/api/")
    token = _bearer(request) if is_api else read_cookie(request, COOKIE)
    if not token:
        return None
    database: Database = request.app.state.database
    async with database.reading() as db:
        idle_after = timedelta(minutes=settings_of(request).session_idle_minutes)
        key = await (_by_token(db, token, at=at) if is_api else _by_session(db, token, idle_after, at=at))
        if key is None:
            return None
        roles: dict[UUID, frozenset[Role]] = {}
        zones: dict[UUID, str] = {}
        zone: Any = sa.func.coalesce(*(look_up(Membership.project_id) for look_up in ZONES), "UTC")
        held = select(Membership, zone).where(Membership.account_id == key.account.id)
        for membership, there in await db.exec(held):
            zones[membership.project_id] = there
            roles[membership.project_id] = roles.get(membership.project_id, frozenset()) | {membership.role}
    if key.noted_at is None or key.noted_at <= at - NOTED_EVERY:
        await _note_use(database, key, at=at)
    return Caller(
        key.account.id,
        key.account.name,
        key.account.language,
        roles,
        key.rights,
        session_id=None if is_api else key.id,
        token_id=key.id if is_api else None,
        confirmed_at=key.confirmed_at,
        zone=zones[min(zones)] if zones else "UTC",
    )


@dataclass(frozen=True)
class _Key:
    """What opened: a session or a token, whose, and when its use was noted last."""

    column: Any
    id: UUID
    account: Account
    rights: frozenset[Right]
    noted_at: datetime | None
    confirmed_at: datetime | None = None


async def _note_use(database: Database, key: _Key, *, at: datetime) -> None:
    """At most once a minute; of several requests at a time one writes."""
    table, noted = key.column.class_, key.column
    due = noted.is_(None) | (noted <= at - NOTED_EVERY)
    async with database.unit_of_work() as db:
        await db.exec(update(table).where(table.id == key.id, due).values({noted.key: at}))


def _bearer(request: Request) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


async def _by_session(db: AsyncSession, token: str, idle_after: timedelta, *, at: datetime) -> _Key | None:
    is_in_use = col(SignIn.seen_at).is_(None) | (col(SignIn.seen_at) > at - idle_after)
    found = await db.exec(
        select(Account, SignIn)
        .join(SignIn, col(SignIn.account_id) == Account.id)
        .where(SignIn.token_hash == hash_token(token), SignIn.ends_at > at, col(SignIn.is_complete), is_in_use)
    )
    row = found.first()
    if row is None:
        return None
    account, session = row
    return _Key(SignIn.seen_at, session.id, account, frozenset(Right), session.seen_at, session.confirmed_at)


async def _by_token(db: AsyncSession, token: str, *, at: datetime) -> _Key | None:
    found = await db.exec(
        select(Account, ApiToken)
        .join(ApiToken, col(ApiToken.account_id) == Account.id)
        .where(
            ApiToken.token_hash == hash_token(token),
            ApiToken.ends_at > at,
            col(ApiToken.revoked_at).is_(None),
        )
    )
    row = found.first()
    if row is None:
        return None
    account, key = row
    rights = frozenset(Right(r) for r in key.rights)
    if Right.plan in rights:
        # Tokens made before there was a right to read alone: who plans reads.
        rights |= {Right.read}
    return _Key(ApiToken.used_at, key.id, account, rights, key.used_at)


async def _anyone(request: Request, at: Moment) -> Caller | None:
    caller = await identify(request, at=at)
    if caller:
        request.state.caller, request.state.language = caller, caller.language
    return caller


async def _whoever(request: Request) -> None:
    """Open on purpose, and nothing is looked up."""


async def _signed_in(request: Request, at: Moment) -> Caller:
    caller = await _anyone(request, at=at)
    if caller is None:
        raise SignInNeeded()
    return caller


async def _confirmed(request: Request, at: Moment) -> Caller:
    """Signed in, and has shown lately who they are. Raises ConfirmFirst."""
    caller = await _signed_in(request, at=at)
    if not is_confirmed(caller.confirmed_at, at=at):
        raise ConfirmFirst()
    return caller


_anyone.declares = "anyone"  # type: ignore[attr-defined]
_whoever.declares = "anyone"  # type: ignore[attr-defined]
_signed_in.declares = SIGNED_IN  # type: ignore[attr-defined]
_confirmed.declares = SIGNED_IN  # type: ignore[attr-defined]

Anyone = Annotated[Caller | None, Depends(_anyone)]
Whoever = Annotated[None, Depends(_whoever)]
SignedIn = Annotated[Caller, Depends(_signed_in)]
Confirmed = Annotated[Caller, Depends(_confirmed)]
Reader = Annotated[Caller, Depends(_needs(Right.look))]
ProjectReader = Annotated[Caller, Depends(_needs(Right.read))]
Organiser = Annotated[Caller, Depends(_needs(Right.plan))]
Releaser = Annotated[Caller, Depends(_needs(Right.release))]
Desk = Annotated[Caller, Depends(_needs(Right.desk))]
AttendanceReader = Annotated[Caller, Depends(_needs(Right.attendance))]
MoneyReader = Annotated[Caller, Depends(_needs(Right.money))]
Finance = Annotated[Caller, Depends(_needs(Right.finance))]
Approver = Annotated[Caller, Depends(_needs(Right.approve))]
Administrator = Annotated[Caller, Depends(_needs(Right.administer))]
