"""Counting what waits, what goes, and what comes back."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from notifications.delivery.rules import REFUSALS_OF_US
from notifications.outbox.models import MAIL, UNDER_WAY, Message
from notifications.outbox.rules import State
from notifications.outbox.service import CAME_BACK
from notifications.suppression.rules import Cause, cause_of, wording_of

MOST_ANSWERS = 2000
DAY = timedelta(hours=24)
WORRYING = timedelta(minutes=15)


@dataclass(frozen=True)
class Health:
    """The mail of some projects. `is_stuck` is an alarm: something has been due for long and nothing goes. So are
    `refusals`: wordings in which many refuse us, whoever the mail is for, and how many messages each held up in a day.
    """

    waiting: int
    drafts: int
    oldest_due: datetime | None
    sent_last_minute: int
    sent_today: int
    failed_today: int
    is_stuck: bool
    domains: list[tuple[str, int, int]]
    excuses: list[tuple[str, int]]
    refusals: list[tuple[str, int]]


async def health(db: AsyncSession, projects: Collection[UUID], *, at: datetime) -> Health:
    """Six queries, whatever the number of messages. What other projects write, and to whom, is theirs."""
    ours = sa.and_(col(Message.project_id).in_(projects), col(Message.channel) == MAIL)
    waits = select(sa.func.count(), sa.func.min(Message.due_at)).where(UNDER_WAY, ours)
    waiting, oldest = (await db.exec(waits)).one()
    drafts = (await db.exec(select(sa.func.count()).where(Message.state == State.draft, ours))).one()
    gone = (
        await db.exec(
            select(
                sa.func.count().filter(col(Message.sent_at) > at - timedelta(minutes=1)),
                sa.func.count().filter(col(Message.sent_at) > at - DAY),
                sa.func.count().filter(sa.and_(col(Message.state) == State.failed, col(Message.due_at) > at - DAY)),
            ).where(ours, _lately(at=at))
        )
    ).one()
    is_stuck = oldest is not None and at - oldest > WORRYING and gone[0] == 0
    return Health(
        waiting,
        drafts,
        oldest,
        gone[0],
        gone[1],
        gone[2],
        is_stuck,
        await _domains(db, ours, at=at),
        await _excuses(db, ours),
        await _refusals(db, ours, at=at),
    )


def _lately(*, at: datetime) -> sa.ColumnElement[bool]:
    """What was sent in a day, or failed whenever: both are found by an index, however much was sent before."""
    return sa.or_(col(Message.sent_at) > at - DAY, col(Message.state) == State.failed)


async def _domains(db: AsyncSession, ours: sa.ColumnElement[bool], *, at: datetime) -> list[tuple[str, int, int]]:
    """The domains that refused most in a day: name, refused, taken."""
    position = sa.func.instr if db.get_bind().dialect.name == "sqlite" else sa.func.strpos
    domain = sa.func.lower(sa.func.substr(Message.to_address, position(Message.to_address, "@") + 1))
    refused = sa.func.count().filter(col(Message.state) == State.failed)
    taken = sa.func.count().filter(col(Message.state) == State.sent)
    found = await db.exec(
        select(domain, refused, taken)
        .where(ours, _lately(at=at), col(Message.due_at) > at - DAY)
        .where(col(Message.state).in_([State.failed, State.sent]))
        .group_by(domain)
        .having(refused > 0)
        .order_by(refused.desc(), domain)
        .limit(10)
    )
    return list(found.all())


async def _excuses(db: AsyncSession, ours: sa.ColumnElement[bool]) -> list[tuple[str, int]]:
    """What the relay said to messages that wait for another try."""
    found = await db.exec(
        select(Message.answer, sa.func.count())
        .where(ours, Message.state == State.queued, Message.answer != "")
        .group_by(col(Message.answer))
        .order_by(sa.func.count().desc())
        .limit(5)
    )
    return list(found.all())


async def _refusals(db: AsyncSession, ours: sa.ColumnElement[bool], *, at: datetime) -> list[tuple[str, int]]:
    """What relays and receiving servers say against us in a day, by wording, where so many say the same that it is no
    single server's whim."""
    found = await db.exec(
        select(Message.answer, sa.func.count())
        .where(ours, Message.answer != "", col(Message.state).in_([State.failed, State.queued]))
        .where(col(Message.due_at) > at - DAY)
        .group_by(col(Message.answer))
        .limit(MOST_ANSWERS)
    )
    counted: Counter[str] = Counter()
    for answer, count in found:
        words = answer.removeprefix(CAME_BACK)
        if cause_of("", words) is Cause.sender:
            counted[wording_of(words)] += count
    return [(wording, count) for wording, count in counted.most_common(5) if count >= REFUSALS_OF_US]
