"""Accounts: making them, signing in by password, code or link, keys for programs."""

import re
from collections.abc import Awaitable, Iterable
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import pyotp
import sqlalchemy as sa
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.audit import AuditEntry
from core.errors import N_, Conflict, NotFound, Unacceptable
from core.i18n import LANGUAGES
from core.security import hash_token, is_password, new_token
from core.text import spelling_key
from directory.accounts import rules
from directory.accounts.access import Caller
from directory.accounts.models import Account, ApiToken, Membership, OneTimeLink, RecoveryCode, SignIn
from directory.accounts.rules import AccountChange, Right, Role

BASE32 = re.compile("[A-Z2-7]{32}")


async def create_account(
    db: AsyncSession,
    *,
    name: str,
    address: str,
    language: str,
    password_hash: str | None = None,
    at: datetime,
) -> Account:
    """An account without any role yet. Raises Conflict where the address has one."""
    if await find_account(db, address):
        raise Conflict("address")
    account = Account(
        name=name,
        address=address,
        address_key=spelling_key(address),
        language=language,
        password=password_hash,
    )
    db.add(account)
    await db.flush()
    audit.record(db, "account.created", account.id, at=at, by=audit.Actor.account(account.id))
    return account


async def find_account(db: AsyncSession, address: str) -> Account | None:
    return (await db.exec(select(Account).where(Account.address_key == spelling_key(address)))).first()


async def is_empty(db: AsyncSession) -> bool:
    """Whether there is no account yet."""
    return (await db.exec(select(Account.id).limit(1))).first() is None


async def grant(db: AsyncSession, account: Account, project_id: UUID, role: Role, name: str = "") -> bool:
    """Give a role, under the name by which the project knows its holder; having it already changes nothing. Returns
    whether it is new."""
    has = await db.exec(
        select(Membership.id).where(
            Membership.account_id == account.id, Membership.project_id == project_id, Membership.role == role
        )
    )
    if has.first() is not None:
        return False
    db.add(Membership(account_id=account.id, project_id=project_id, role=role, name=name or account.name))
    await db.flush()
    return True


async def credentials_fit(account: Account | None, password: str) -> bool:
    """Takes as long for an unknown address. Call it outside a unit of work: it is slow on purpose."""
    return await is_password(password, account.password if account else None)


async def start_session(
    db: AsyncSession, account: Account, *, hours: int, is_complete: bool, at: datetime, browser: str = ""
) -> str:
    """The cookie's token. With `is_complete` false it only lets the second factor be typed."""
    token = new_token()
    life = timedelta(hours=hours) if is_complete else timedelta(minutes=10)
    await db.exec(delete(SignIn).where(col(SignIn.ends_at) < at))
    db.add(
        SignIn(
            account_id=account.id,
            token_hash=hash_token(token),
            is_complete=is_complete,
            browser=browser,
            started_at=at,
            seen_at=at,
            confirmed_at=at if is_complete else None,
            ends_at=at + life,
        )
    )
    if is_complete:
        audit.record(db, "account.signed-in", account.id, at=at, by=audit.Actor.account(account.id))
    return token


def name_of(id: audit.Id) -> sa.ScalarSelect[str]:
    """What an account is called, as part of a query of the history: in a project by the name that the project knows."""
    here = (
        select(sa.func.min(Membership.name))
        .where(
            Membership.account_id == id,
            col(Membership.project_id) == AuditEntry.project_id,
            Membership.name != "",
        )
        .correlate(AuditEntry)
        .scalar_subquery()
    )
    return select(sa.func.coalesce(here, Account.name)).where(Account.id == id).scalar_subquery()


async def name_in(db: AsyncSession, caller: Caller, project_id: UUID) -> str:
    """What a project calls somebody of its staff: the name of their account may be another project's."""
    return await known_name(db, caller.account_id, project_id) or caller.name


async def known_name(db: AsyncSession, account_id: UUID, project_id: UUID) -> str:
    """The name by which a project knows the holder of its roles; empty where they have none."""
    found = await db.exec(
        select(sa.func.min(Membership.name)).where(
            Membership.account_id == account_id, Membership.project_id == project_id
        )
    )
    return found.one() or ""


async def list_sessions(db: AsyncSession, caller: Caller, *, idle_after: timedelta, at: datetime) -> list[SignIn]:
    """Where the account is signed in, the one used last first."""
    found = await db.exec(
        select(SignIn)
        .where(
            SignIn.account_id == caller.account_id,
            col(SignIn.is_complete),
            SignIn.ends_at > at,
            col(SignIn.seen_at).is_(None) | (col(SignIn.seen_at) > at - idle_after),
        )
        .order_by(col(SignIn.seen_at).desc(), col(SignIn.id).desc())
        .limit(100)
    )
    return list(found.all())


async def end_one_session(db: AsyncSession, session_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Sign out one browser. Raises NotFound where it is nobody's or another's."""
    mine = col(SignIn.account_id) == caller.account_id
    ended = await db.exec(delete(SignIn).where(col(SignIn.id) == session_id, mine))
    if ended.rowcount != 1:
        raise NotFound()
    audit.record(db, "account.signed-out", caller.account_id, at=at, **caller.signature)


async def sign_out_everywhere(db: AsyncSession, caller: Caller, *, at: datetime) -> None:
    """End every session of the account, this one too, and every mailed link that was not used yet."""
    await _shut(db, caller.account_id)
    audit.record(db, "account.signed-out", caller.account_id, at=at, **caller.signature, everywhere=True)


async def _shut(db: AsyncSession, account_id: UUID, *, but: UUID | None = None) -> None:
    """End sessions, half-done ones too, but for one, and links on their way: whoever holds one is out."""
    ends = delete(SignIn).where(col(SignIn.account_id) == account_id)
    await db.exec(ends.where(col(SignIn.id) != but) if but else ends)
    await db.exec(delete(OneTimeLink).where(col(OneTimeLink.account_id) == account_id))


async def confirm_session(db: AsyncSession, caller: Caller, *, at: datetime) -> None:
    """Its user has shown again who they are."""
    await db.exec(update(SignIn).where(col(SignIn.id) == caller.session_id).values(confirmed_at=at))


async def find_half_signed_in(db: AsyncSession, token: str | None, *, at: datetime) -> Account | None:
    """The account whose password was right and whose code is still awaited."""
    if not token:
        return None
    found = await db.exec(
        select(Account)
        .join(SignIn, col(SignIn.account_id) == Account.id)
        .where(SignIn.token_hash == hash_token(token), SignIn.ends_at > at, col(SignIn.is_complete).is_(False))
    )
    return found.first()


async def use_code(db: AsyncSession, account: Account, code: str, *, at: datetime) -> None:
    """Accept a code of this half minute or the ones beside it, each once, or a recovery code. Raises WrongCode."""
    plain = rules.plain_code(code)
    if len(plain) > 6:
        await _use_recovery_code(db, account, plain, at=at)
        return
    totp = pyotp.TOTP(account.totp_secret or "")
    step = int(at.timestamp()) // totp.interval
    fitting = [s for s in (step - 1, step, step + 1) if pyotp.utils.strings_equal(plain, totp.generate_otp(s))]
    if not fitting:
        raise rules.WrongCode("code")
    taken = await db.exec(
        update(Account)
        .where(col(Account.id) == account.id, col(Account.totp_step) < fitting[0])
        .values(totp_step=fitting[0])
    )
    if taken.rowcount != 1:
        raise rules.WrongCode("code")


async def _use_recovery_code(db: AsyncSession, account: Account, plain: str, *, at: datetime) -> None:
    used = await db.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.account_id) == account.id,
            col(RecoveryCode.code_hash) == hash_token(plain),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=at)
    )
    if used.rowcount != 1:
        raise rules.WrongCode("code")
    await _tell(db, account, AccountChange.recovery_code_used, at=at)


async def make_recovery_codes(db: AsyncSession, account: Account, *, at: datetime) -> list[str]:
    """New codes in place of the old ones; shown once, only their hashes are kept."""
    await db.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    codes = [rules.new_recovery_code() for _ in range(rules.RECOVERY_CODES)]
    db.add_all(RecoveryCode(account_id=account.id, code_hash=hash_token(rules.plain_code(code))) for code in codes)
    await _tell(db, account, AccountChange.recovery_codes_made, at=at)
    return codes


async def count_recovery_codes(db: AsyncSession, caller: Caller) -> int:
    """How many are left."""
    left = select(sa.func.count()).select_from(RecoveryCode)
    return (
        await db.exec(left.where(RecoveryCode.account_id == caller.account_id, col(RecoveryCode.used_at).is_(None)))
    ).one()


async def end_session(db: AsyncSession, token: str) -> None:
    await db.exec(delete(SignIn).where(col(SignIn.token_hash) == hash_token(token)))


async def new_link(db: AsyncSession, account: Account, *, at: datetime, life: timedelta = rules.LINK_LIFE) -> str:
    """A token that signs in once."""
    token = new_token()
    db.add(OneTimeLink(account_id=account.id, token_hash=hash_token(token), ends_at=at + life))
    await db.flush()
    return token


async def use_link(db: AsyncSession, token: str, *, at: datetime) -> Account:
    """The account the link was mailed to. Raises NotFound or LinkEnded; of two uses one wins."""
    found = await db.exec(select(OneTimeLink).where(OneTimeLink.token_hash == hash_token(token)))
    link = found.first()
    if link is None:
        raise NotFound()
    rules.must_be_fresh(link.used_at, link.ends_at, at=at)
    used = await db.exec(
        update(OneTimeLink).where(col(OneTimeLink.id) == link.id, col(OneTimeLink.used_at).is_(None)).values(used_at=at)
    )
    if used.rowcount != 1:
        raise rules.LinkEnded()
    return await db.get_one(Account, link.account_id)


async def create_token(
    db: AsyncSession, account: Account, *, name: str, rights: Iterable[Right], days: int, at: datetime
) -> str:
    """A key for programs; shown once, only its hash is kept."""
    token = f"heyet_{new_token()}"
    row = ApiToken(
        account_id=account.id,
        name=name,
        token_hash=hash_token(token),
        rights=sorted(right.value for right in rights),
        ends_at=at + timedelta(days=days),
    )
    db.add(row)
    audit.record(db, "token.created", account.id, at=at, by=audit.Actor.account(account.id), token=row.id)
    await _tell(db, account, AccountChange.token_made, at=at)
    return token


async def list_tokens(db: AsyncSession, caller: Caller) -> list[ApiToken]:
    found = await db.exec(
        select(ApiToken)
        .where(ApiToken.account_id == caller.account_id, col(ApiToken.revoked_at).is_(None))
        .order_by(col(ApiToken.id).desc())
        .limit(100)
    )
    return list(found.all())


async def revoke_token(db: AsyncSession, token_id: UUID, caller: Caller, *, at: datetime) -> None:
    token = await db.get(ApiToken, token_id)
    if token is None or token.account_id != caller.account_id:
        raise NotFound()
    token.revoked_at = token.revoked_at or at
    audit.record(db, "token.revoked", caller.account_id, at=at, **caller.signature, token=token.id)


async def get_account(db: AsyncSession, caller: Caller) -> Account:
    return await db.get_one(Account, caller.account_id)


async def choose_language(db: AsyncSession, caller: Caller, language: str) -> None:
    if language not in LANGUAGES:
        raise Unacceptable("language", N_("This language is not spoken here yet."))
    (await get_account(db, caller)).language = language


async def set_password(
    db: AsyncSession, account: Account, password_hash: str, *, at: datetime, keep_tokens: bool = False
) -> None:
    """Take another password, whose hash is slow and so is made before. Everything that was open is shut: sessions,
    links on their way, and tokens unless they are to be kept."""
    account.password = password_hash
    await _shut(db, account.id)
    if not keep_tokens:
        await db.exec(
            update(ApiToken)
            .where(col(ApiToken.account_id) == account.id, col(ApiToken.revoked_at).is_(None))
            .values(revoked_at=at)
        )
    await _note_change(db, account, AccountChange.password_set, at=at)


async def set_totp(
    db: AsyncSession, account: Account, secret: str, code: str, *, session_id: UUID | None, at: datetime
) -> list[str]:
    """Keep the second factor once its first code has been typed; other browsers are signed out. Raises WrongCode.

    Returns the recovery codes, which are shown once.
    """
    if not BASE32.fullmatch(secret) or len(rules.plain_code(code)) > 6:
        raise rules.WrongCode("code")
    account.totp_secret, account.totp_step = secret, 0
    await db.flush()
    await use_code(db, account, code, at=at)
    await _shut(db, account.id, but=session_id)
    await _note_change(db, account, AccountChange.totp_set, at=at)
    return await make_recovery_codes(db, account, at=at)


async def remove_totp(db: AsyncSession, account: Account, *, at: datetime) -> None:
    """From now on password or mailed link are enough."""
    account.totp_secret, account.totp_step = None, 0
    await db.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    await _note_change(db, account, AccountChange.totp_removed, at=at)


class Teller(Protocol):
    """Tells the owner of an account what has changed."""

    def __call__(
        self, db: AsyncSession, account: Account, change: AccountChange, *, at: datetime
    ) -> Awaitable[None]: ...


# Packages above say here who tells the owner of an account.
TELLERS: list[Teller] = []


async def _note_change(db: AsyncSession, account: Account, change: AccountChange, *, at: datetime) -> None:
    audit.record(db, f"account.{change}", account.id, at=at, by=audit.Actor.account(account.id))
    await _tell(db, account, change, at=at)


async def _tell(db: AsyncSession, account: Account, change: AccountChange, *, at: datetime) -> None:
    for teller in TELLERS:
        await teller(db, account, change, at=at)
