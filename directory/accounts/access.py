"""Who may call: every door names one of these types, and a test walks all doors."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor
from core.clock import Moment
from core.errors import NotAllowed, SignInNeeded
from core.security import fingerprint
from directory.accounts.models import Account, ApiToken, Membership, SignIn
from directory.accounts.rules import Right, Role, holds

COOKIE = "heyet_session"


@dataclass(frozen=True)
class Caller:
    """An account at the door. `projects` are those in which it holds the right that the door asks for."""

    account_id: UUID
    name: str
    language: str
    roles: dict[UUID, frozenset[Role]]
    rights: frozenset[Right] = frozenset(Right)
    projects: frozenset[UUID] = frozenset()

    def may(self, right: Right | str, project_id: UUID | None = None) -> bool:
        """Whether it holds the right in that project, or in any."""
        asked = Right(right)
        places = [self.roles.get(project_id, frozenset())] if project_id else self.roles.values()
        return asked in self.rights and any(holds(roles, asked) for roles in places)

    def reaching(self, right: Right) -> "Caller":
        return replace(self, projects=frozenset(p for p in self.roles if self.may(right, p)))

    def within(self, project_id: UUID) -> "Caller":
        """The caller as one project sees them: what they hold in others counts for nothing."""
        return replace(self, projects=self.projects & {project_id})

    @property
    def signature(self) -> dict[str, Any]:
        """How an audit entry names the caller."""
        return {"by": Actor.account(self.account_id)}


def _needs(right: Right) -> Callable[..., Coroutine[Any, Any, Caller]]:
    async def caller_with_right(request: Request, at: Moment) -> Caller:
        caller = await identify(request, at)
        if caller is None:
            raise SignInNeeded()
        request.state.caller, request.state.language = caller, caller.language
        if not caller.may(right):
            raise NotAllowed()
        return caller.reaching(right)

    caller_with_right.declares = right.value  # type: ignore[attr-defined]
    return caller_with_right


async def identify(request: Request, at: datetime) -> Caller | None:
    """The account behind a bearer token (API) or a session cookie (pages). Never one for the other,
    so that no foreign page can use a cookie on the API."""
    is_api = request.url.path.startswith("/api/")
    token = _bearer(request) if is_api else request.cookies.get(COOKIE)
    if not token:
        return None
    async with request.app.state.database.reading() as db:
        found = await (_by_token if is_api else _by_session)(db, fingerprint(token), at)
        if found is None:
            return None
        account, rights = found
        roles: dict[UUID, frozenset[Role]] = {}
        for membership in await db.exec(select(Membership).where(Membership.account_id == account.id)):
            roles[membership.project_id] = roles.get(membership.project_id, frozenset()) | {membership.role}
    return Caller(account.id, account.name, account.language, roles, rights)


def _bearer(request: Request) -> str | None:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


async def _by_session(db: AsyncSession, hash: str, at: datetime) -> tuple[Account, frozenset[Right]] | None:
    found = await db.exec(
        select(Account)
        .join(SignIn, col(SignIn.account_id) == Account.id)
        .where(SignIn.token_hash == hash, SignIn.ends_at > at, col(SignIn.is_complete))
    )
    account = found.first()
    return (account, frozenset(Right)) if account else None


async def _by_token(db: AsyncSession, hash: str, at: datetime) -> tuple[Account, frozenset[Right]] | None:
    found = await db.exec(
        select(Account, ApiToken)
        .join(ApiToken, col(ApiToken.account_id) == Account.id)
        .where(ApiToken.token_hash == hash, ApiToken.ends_at > at, col(ApiToken.revoked_at).is_(None))
    )
    row = found.first()
    return (row[0], frozenset(Right(r) for r in row[1].rights)) if row else None


async def _anyone(request: Request, at: Moment) -> Caller | None:
    caller = await identify(request, at)
    if caller:
        request.state.caller, request.state.language = caller, caller.language
    return caller


async def _whoever(request: Request) -> None:
    """Open on purpose, and nothing is looked up."""


async def _signed_in(request: Request, at: Moment) -> Caller:
    caller = await _anyone(request, at)
    if caller is None:
        raise SignInNeeded()
    return caller


_anyone.declares = "anyone"  # type: ignore[attr-defined]
_whoever.declares = "anyone"  # type: ignore[attr-defined]
_signed_in.declares = "signed-in"  # type: ignore[attr-defined]

Anyone = Annotated[Caller | None, Depends(_anyone)]
Whoever = Annotated[None, Depends(_whoever)]
SignedIn = Annotated[Caller, Depends(_signed_in)]
Reader = Annotated[Caller, Depends(_needs(Right.look))]
Organiser = Annotated[Caller, Depends(_needs(Right.plan))]
Releaser = Annotated[Caller, Depends(_needs(Right.release))]
Desk = Annotated[Caller, Depends(_needs(Right.desk))]
MoneyReader = Annotated[Caller, Depends(_needs(Right.money))]
Finance = Annotated[Caller, Depends(_needs(Right.finance))]
Approver = Annotated[Caller, Depends(_needs(Right.approve))]
Administrator = Annotated[Caller, Depends(_needs(Right.administer))]
