"""Mailing codes, and letting in whoever read one."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.security import derived_key, hash_token, new_token
from core.settings import Settings
from directory.people.models import Person
from directory.projects.models import Project
from events.invitations.link_sessions import rules
from events.invitations.link_sessions.mails import code_message
from events.invitations.link_sessions.models import LinkCode, LinkSession
from notifications.outbox.service import enqueue
from notifications.suppression.service import lift


async def send_code(
    db: AsyncSession,
    link_id: UUID,
    person: Person,
    project: Project,
    about_id: UUID,
    settings: Settings,
    *,
    at: datetime,
) -> str:
    """Mail a fresh code to the owner of a link; an older one ends. Returns the address, masked. Raises NoMailbox.

    An address that a mail server knew nothing of is tried again.
    """
    if not person.address:
        raise rules.NoMailbox()
    code = rules.new_code()
    await db.exec(delete(LinkCode).where((col(LinkCode.link_id) == link_id) | (col(LinkCode.ends_at) < at)))
    db.add(LinkCode(link_id=link_id, code_hash=rules.hash_code(code, _key(settings)), ends_at=at + rules.CODE_LIFE))
    audit.record(db, "code.sent", person.id, at=at, project_id=project.id, by=audit.Actor.person(person.id))
    await lift(db, [(project.id, str(person.address_key))])
    await enqueue(db, [code_message(person, project, about_id, code, at=at)])
    await db.flush()
    return rules.masked(person.address)


async def code_waits(db: AsyncSession, link_id: UUID, *, at: datetime) -> bool:
    """Whether a code that was mailed for a link can still be typed."""
    found = await db.exec(select(LinkCode.link_id).where(LinkCode.link_id == link_id, LinkCode.ends_at > at))
    return found.first() is not None


async def confirm(
    db: AsyncSession,
    link_id: UUID,
    about_id: UUID,
    person: Person,
    project: Project,
    code: str,
    settings: Settings,
    *,
    at: datetime,
) -> str:
    """Open what was told to who read the code; each code serves once. Returns the session's token.

    Raises WrongLinkCode. Whoever calls bounds how often that may happen: a try that is refused leaves no row behind.
    """
    taken = await db.exec(
        delete(LinkCode).where(
            col(LinkCode.link_id) == link_id,
            col(LinkCode.ends_at) > at,
            col(LinkCode.code_hash) == rules.hash_code(rules.digits_of(code), _key(settings)),
        )
    )
    if taken.rowcount != 1:
        raise rules.WrongLinkCode("code")
    audit.record(db, "code.confirmed", person.id, at=at, project_id=project.id, by=audit.Actor.person(person.id))
    return await _start(db, link_id, about_id, is_confirmed=True, at=at)


async def end_other_authors(db: AsyncSession, about_id: UUID, session_id: UUID | None) -> None:
    """Somebody told something about this invitation or call, by whichever of its links: whoever saw only because they
    had told what there was no longer does."""
    authors = delete(LinkSession).where(col(LinkSession.about_id) == about_id, col(LinkSession.is_confirmed).is_(False))
    await db.exec(authors.where(col(LinkSession.id) != session_id) if session_id else authors)


async def remember_author(db: AsyncSession, link_id: UUID, about_id: UUID, *, at: datetime) -> str:
    """The browser that tells the first that is told may go on seeing it. Returns the session's token."""
    return await _start(db, link_id, about_id, is_confirmed=False, at=at)


async def find_session(db: AsyncSession, token: str, *, at: datetime) -> LinkSession | None:
    """The session of that token, if it goes on."""
    found = await db.exec(
        select(LinkSession).where(LinkSession.token_hash == hash_token(token), LinkSession.ends_at > at)
    )
    return found.first()


async def _start(db: AsyncSession, link_id: UUID, about_id: UUID, *, is_confirmed: bool, at: datetime) -> str:
    token = new_token()
    await db.exec(delete(LinkSession).where(col(LinkSession.ends_at) < at))
    db.add(
        LinkSession(
            link_id=link_id,
            about_id=about_id,
            token_hash=hash_token(token),
            is_confirmed=is_confirmed,
            ends_at=at + rules.SESSION_LIFE,
        )
    )
    await db.flush()
    return token


def _key(settings: Settings) -> bytes:
    return derived_key(settings.key, "link-code")
