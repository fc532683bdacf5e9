"""Keeping the suppression list, and people's wish for no bulk mail."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from hmac import compare_digest
from hmac import digest as hmac_digest
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer
from sqlmodel import and_, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select

from core import audit
from core.errors import NotFound
from core.paging import Page, Paging, ordered, paged
from core.plain_text import shown_plainly
from core.security import derived_key
from core.settings import Settings
from core.signed_addresses import base32, from_base32
from core.text import address_key
from directory.accounts.access import Caller
from directory.people.models import Person
from notifications.outbox.redaction import without_tokens
from notifications.suppression.models import Suppression, Unsubscription
from notifications.suppression.rules import MailTopic, Why, wording_of

# Person, project, topic.
Wish = tuple[UUID, UUID, str]
# Project, and the folded address.
Mailbox = tuple[UUID | None, str]


async def suppress(
    db: AsyncSession, project_id: UUID | None, address: str, why: Why, answer: str, *, at: datetime
) -> None:
    """Send nothing of the project to an address any more. Once there, it stays as it is."""
    key = address_key(address)
    suppressed, _ = await must_not_reach(db, [(project_id, key)], [])
    if not suppressed:
        db.add(
            Suppression(
                project_id=project_id,
                address_key=key,
                why=why,
                answer=without_tokens(shown_plainly(answer))[:500],
                since=at,
            )
        )
        await db.flush()


async def must_not_reach(
    db: AsyncSession, mailboxes: Collection[Mailbox], bulk: Collection[Wish]
) -> tuple[set[Mailbox], set[Wish]]:
    """Of these mailboxes those suppressed, and of these people, projects and topics those that are not wanted."""
    found = await db.exec(
        select(Suppression.project_id, Suppression.address_key).where(
            col(Suppression.address_key).in_({key for _, key in mailboxes})
        )
    )
    suppressed = set(found.all()) & set(mailboxes)
    if not bulk:
        return suppressed, set()
    wished = await db.exec(
        select(Unsubscription.person_id, Unsubscription.project_id, col(Unsubscription.topic)).where(
            col(Unsubscription.person_id).in_({person for person, _, _ in bulk})
        )
    )
    return suppressed, {(person, project, str(topic)) for person, project, topic in wished} & set(bulk)


async def list_suppressed(db: AsyncSession, caller: Caller, page_request: Paging) -> Page[tuple[Suppression, Person]]:
    """Suppressed addresses of people of the caller's projects, the latest first."""
    columns = {"name": col(Person.sort_key), "reason": col(Suppression.why), "since": col(Suppression.since)}
    order = ordered(page_request, columns, col(Suppression.since).desc(), col(Suppression.id))
    rows = _releasable_by(caller).order_by(*order)
    return await paged(db, rows, page_request)


async def release(db: AsyncSession, suppression_id: UUID, caller: Caller, *, at: datetime) -> None:
    """Let mail go to the address again: it was mended, or it was a mistake. Raises NotFound."""
    row = (await db.exec(_releasable_by(caller).where(col(Suppression.id) == suppression_id))).first()
    if row is None:
        raise NotFound()
    suppression, person = row
    await db.delete(suppression)
    audit.record(db, "address.released", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()


async def lift(db: AsyncSession, mailboxes: Collection[Mailbox]) -> None:
    """Let mail go again to mailboxes of which a refusal turned out to be about us, or whose owner asks for a mail: what
    is promised to them has to be tried. If it comes back, they are here again."""
    for project_id, key in mailboxes:
        is_theirs = and_(col(Suppression.project_id) == project_id, col(Suppression.address_key) == key)
        await db.exec(delete(Suppression).where(is_theirs, col(Suppression.why) == Why.no_such_address))


async def count_by_wording(db: AsyncSession, caller: Caller) -> list[tuple[str, int]]:
    """The wordings by which several addresses of the caller's projects came here, the most frequent first."""
    rows = await db.exec(_releasable_by(caller))
    counted = Counter(wording_of(one.answer) for one, _ in rows if one.answer)
    return [(wording, count) for wording, count in counted.most_common(20) if count > 1]


async def release_wording(db: AsyncSession, wording: str, caller: Caller, *, at: datetime) -> int:
    """Let mail go again to all addresses that came here by one wording: how many. Raises NotFound for none."""
    rows = (await db.exec(_releasable_by(caller))).all()
    meant = [(one, person) for one, person in rows if one.answer and wording_of(one.answer) == wording]
    if not meant:
        raise NotFound()
    for suppression, person in meant:
        await db.delete(suppression)
        audit.record(db, "address.released", person.id, at=at, project_id=person.project_id, **caller.signature)
    await db.flush()
    return len({one.id for one, _ in meant})


def _releasable_by(caller: Caller) -> Select[Suppression, Person]:
    return (
        select(Suppression, Person)
        .join(
            Person,
            and_(
                col(Person.address_key) == Suppression.address_key,
                col(Person.project_id) == Suppression.project_id,
            ),
        )
        .where(col(Person.project_id).in_(caller.projects))
    )


def unsubscribe_link(settings: Settings, person_id: UUID, project_id: UUID, topic: str = MailTopic.news) -> str:
    """The address of one click that ends bulk mail of a project to a person (RFC 8058); signed, nothing is stored."""
    about = person_id.bytes + project_id.bytes + bytes([_TOPICS.index(MailTopic(topic))])
    return f"{settings.base_url}/unsubscribe/{base32(about + _signature(about, settings.key))}"


def read_unsubscribe(settings: Settings, token: str) -> tuple[UUID, UUID, MailTopic]:
    """Person, project and topic of such a link. Raises NotFound."""
    if _TOKEN.fullmatch(token):
        data = from_base32(token)
        about, signature = data[:-SIGNATURE], data[-SIGNATURE:]
        if any(compare_digest(signature, _signature(about, key)) for key in settings.keys) and about[32] < len(_TOPICS):
            return UUID(bytes=about[:16]), UUID(bytes=about[16:32]), _TOPICS[about[32]]
        raise NotFound()
    try:
        person, project, *topic = _signer(settings).loads(token)
        return UUID(person), UUID(project), MailTopic(topic[0]) if topic else MailTopic.news
    except (BadSignature, ValueError, TypeError):
        raise NotFound() from None


# In letters and digits: person, project, the topic's place in the list, and a signature. No topic may change its place.
_TOPICS = (MailTopic.news, MailTopic.thanks)
SIGNATURE = 12
_TOKEN = re.compile(r"[a-z2-7]{72}")


def _signature(about: bytes, key: str) -> bytes:
    return hmac_digest(derived_key(key, "unsubscribe"), about, "sha256")[:SIGNATURE]


def _signer(settings: Settings) -> URLSafeSerializer:
    # Links in mails of the time before; a mail in somebody's inbox also outlives the key it was signed with.
    return URLSafeSerializer([derived_key(key, "unsubscribe") for key in reversed(settings.keys)])


async def set_bulk(
    db: AsyncSession, person_id: UUID, project_id: UUID, topic: MailTopic, is_wanted: bool, *, at: datetime
) -> None:
    """Whether a person gets bulk mail of a project about that. Saying the same twice changes nothing."""
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    mine = select(Unsubscription).where(
        Unsubscription.person_id == person_id, Unsubscription.project_id == project_id, Unsubscription.topic == topic
    )
    there = (await db.exec(mine)).first()
    if is_wanted and there:
        await db.delete(there)
    elif not is_wanted and there is None:
        db.add(Unsubscription(person_id=person_id, project_id=project_id, topic=topic, since=at))
    else:
        return
    act = "bulk.wanted" if is_wanted else "bulk.unwanted"
    audit.record(db, act, person_id, at=at, project_id=project_id, by=audit.Actor.person(person.id))
    await db.flush()


async def unwanted_by(db: AsyncSession, person_id: UUID, project_id: UUID) -> set[MailTopic]:
    """What a person does not want of a project."""
    found = await db.exec(
        select(col(Unsubscription.topic)).where(
            Unsubscription.person_id == person_id, Unsubscription.project_id == project_id
        )
    )
    return set(found.all())


async def set_language(db: AsyncSession, person_id: UUID, language: str, *, at: datetime) -> None:
    """In which language mails come. Raises NotFound."""
    person = await db.get(Person, person_id)
    if person is None:
        raise NotFound()
    if person.language != language:
        person.language = language
        audit.record(
            db,
            "person.corrected",
            person.id,
            at=at,
            project_id=person.project_id,
            by=audit.Actor.person(person.id),
            fields=["language"],
        )
        await db.flush()
