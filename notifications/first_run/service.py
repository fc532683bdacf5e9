"""Beginning with an empty installation."""

import hmac
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel.ext.asyncio.session import AsyncSession

from core.audit import Actor
from core.errors import NotFound
from core.security import derived_key, signature_of
from core.settings import Settings
from directory.accounts.models import Account
from directory.accounts.rules import Role
from directory.accounts.service import create_account, grant, is_empty
from directory.projects.schemas import ProjectIn
from directory.projects.service import create_project
from notifications.delivery.relays import lets_in
from notifications.first_run.rules import Finding, RelayAnswer, findings
from notifications.first_run.schemas import FirstRunIn

RELAY_SECONDS = 5
# Of two who begin at once the second waits for the first, and finds that there is an account.
_BEGINNERS = 4_711_002


def first_link(settings: Settings) -> str:
    """Where the first account is made. Only who holds the installation's key, or reads what `heyet serve` prints, can
    know it; it opens nothing any more once there is an account."""
    return f"{settings.base_url}/first-run/{_token(settings)}"


def _token(settings: Settings) -> str:
    return signature_of(derived_key(settings.key, "first-run"), "first account")


async def must_be_empty(db: AsyncSession, token: str, settings: Settings) -> None:
    """Raises NotFound for another token, and for everybody once there is an account."""
    fits = hmac.compare_digest(token.encode(errors="replace"), _token(settings).encode())
    if not fits or not await is_empty(db):
        raise NotFound()


async def begin(
    db: AsyncSession, token: str, given: FirstRunIn, password_hash: str, settings: Settings, *, at: datetime
) -> tuple[Account, UUID]:
    """The first account, which administers and organises the first project; also the project's id. Of two at once the
    second finds nothing to begin with. Raises NotFound."""
    connection = await db.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _BEGINNERS})
    await must_be_empty(db, token, settings)
    account = await create_account(
        db,
        name=given.name,
        address=given.address,
        language=given.language,
        password_hash=password_hash,
        at=at,
    )
    details = ProjectIn(
        title=given.title, donor=given.donor, contract_number=given.contract_number, contact=given.address
    )
    project = await create_project(db, given.acronym, details, by=Actor.account(account.id), at=at)
    for role in (Role.administrator, Role.organiser):
        await grant(db, account, project.id, role)
    return account, project.id


async def look_over(settings: Settings) -> list[Finding]:
    """What is there and what is missing: asks the relays to let us in, for a few seconds at most."""
    answer, name = await _ask_relays(settings)
    made = not settings.secret_key.get_secret_value()
    return findings(
        relay=answer,
        relay_name=name,
        address=settings.base_url,
        is_public=bool(settings.public_url),
        is_https=settings.is_https,
        key_file=str(settings.var / "secret.key") if made else "",
    )


async def _ask_relays(settings: Settings) -> tuple[RelayAnswer, str]:
    for one in settings.relays:
        if not await lets_in(one, settings, seconds=RELAY_SECONDS):
            return RelayAnswer.refuses, one.name
    return (RelayAnswer.open if settings.relays else RelayAnswer.none), ""
