"""Who may call: every endpoint names one of these types, and a test walks all endpoints."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Depends, Request
from sqlmodel import col, update

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
    idle_after = timedelta(minutes=settings_of(request).session_idle_minutes)
    given = {"token_hash": hash_token(token), "at": at} | ({} if is_api else {"idle_since": at - idle_after})
    async with database.autocommit_read() as db:
        rows = (await db.exec(_known_by_token() if is_api else _known_by_session(), params=given)).all()
    if not rows:
        return None
    account_id, name, language, key_id, noted_at, confirmed_at, rights, *_ = rows[0]
    roles: dict[UUID, frozenset[Role]] = {}
    zones: dict[UUID, str] = {}
    for *_, project_id, role, zone in rows:
        if project_id is not None:
            zones[project_id] = zone
            roles[project_id] = roles.get(project_id, frozenset()) | {role}
    if noted_at is None or noted_at <= at - NOTED_EVERY:
        await _note_use(database, ApiToken.used_at if is_api else SignIn.seen_at, key_id, at=at)
    return Caller(
        account_id,
        name,
        language,
        roles,
        _rights_of(rights) if is_api else frozenset(Right),
        session_id=None if is_api else key_id,
        token_id=key_id if is_api else None,
        confirmed_at=confirmed_at,
        zone=zones[min(zones)] if zones else "UTC",
    )


@cache
def _known_by_session() -> Any:
    """Who is signed in with this browser, a row for each role, in one statement: each page of staff begins with it."""
    is_in_use = col(SignIn.seen_at).is_(None) | (col(SignIn.seen_at) > sa.bindparam("idle_since"))
    columns = (col(SignIn.id), col(SignIn.seen_at), col(SignIn.confirmed_at), sa.null())
    return _known(SignIn, columns).where(col(SignIn.is_complete), is_in_use)


@cache
def _known_by_token() -> Any:
    """The same for a program's token."""
    columns = (col(ApiToken.id), col(ApiToken.used_at), sa.null(), col(ApiToken.rights))
    return _known(ApiToken, columns).where(col(ApiToken.revoked_at).is_(None))


def _known(key: Any, columns: tuple[Any, ...]) -> Any:
    zone: Any = sa.func.coalesce(*(look_up(Membership.project_id) for look_up in ZONES), "UTC")
    rows: Any = sa.select(
        col(Account.id),
        col(Account.name),
        col(Account.language),
        *columns,
        col(Membership.project_id),
        col(Membership.role),
        zone,
    )
    rows = rows.join(key, key.account_id == Account.id)
    rows = rows.join(Membership, col(Membership.account_id) == Account.id, isouter=True)
    return rows.where(key.token_hash == sa.bindparam("token_hash"), key.ends_at > sa.bindparam("at"))


def _rights_of(names: Sequence[str]) -> frozenset[Right]:
    rights = frozenset(Right(name) for name in names)
    # Tokens made before there was a right to read alone: who plans reads.
    return rights | {Right.read} if Right.plan in rights else rights


async def _note_use(database: Database, noted: Any, key_id: UUID, *, at: datetime) -> None:
    """At most once a minute; of several requests at a time one writes."""
    table = noted.class_
    due = noted.is_(None) | (noted <= at - NOTED_EVERY)
    async with database.unit_of_work() as db:
        await db.exec(update(table).where(table.id == key_id, due).values({noted.key: at}))


def _bearer(request: Request) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


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
