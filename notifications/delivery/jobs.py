"""The dispatcher: finds what is due and does it, embedded in the web process or called by an arq worker."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.text import address_key
from notifications.delivery.rules import FIRST_BACKOFF
from notifications.delivery.service import made
from notifications.jobs.context import Attached, Channel, WorkerContext
from notifications.jobs.models import OPEN, Job, Stage
from notifications.jobs.service import run_next_job, sweep
from notifications.outbox import service as outbox
from notifications.outbox.models import MAIL, UNDER_WAY, Message
from notifications.outbox.reading import with_added_words
from notifications.outbox.rules import DeliveryResult, State, is_too_late
from notifications.suppression.rules import Cause, Why, cause_of
from notifications.suppression.service import lift, must_not_reach, suppress

log = structlog.get_logger()
BATCH = 40
# What a process that died had claimed is free after it; while one lives it renews its lease.
LEASE = timedelta(seconds=30)
# Nothing is begun whose lease is so nearly over that nobody seems to renew it.
MARGIN = timedelta(seconds=10)
# Seconds between two renewals.
BEAT = 5.0
# Seconds for which an answer waits for those of the other connections, to be noted with them: about what a note costs.
PATIENCE = 0.003
# Seconds without a wake-up after which somebody looks all the same: at most, and at least while something is due that
# cannot leave yet; and between two sweeps.
LOOK = 5.0
LOOK_AGAIN = 1.0
SWEEP_EVERY = 60.0


async def run_due(context: WorkerContext) -> int:
    """Do everything that is due now, unless told to stop: jobs first, for they write messages. Returns how much was
    done."""
    done = 0
    while not context.is_ending:
        worked = await run_next_job(context)
        # Side by side: an address that answers slowly holds up no mail.
        batches = (deliver_batch(context, name) for name in context.channels)
        sent = sum(map(_count, await asyncio.gather(*batches, return_exceptions=True)))
        done += worked + sent
        if not worked and not sent:
            break
    return done


def _count(sent: int | BaseException) -> int:
    """A channel that failed as a whole has sent nothing, and stops no other."""
    if isinstance(sent, Exception):
        log.error("channel failed", kind=type(sent).__name__, exc_info=sent)
        return 0
    if isinstance(sent, BaseException):
        raise sent
    return sent


async def deliver_batch(context: WorkerContext, name: str = MAIL) -> int:
    """Lease a batch of a channel and send it. Nothing is open in the database while the other side speaks.

    What can double a mail is a crash between the relay's 250 and the note of it: one statement, for which each waits
    before the next one is sent. So it can happen to as many as are under way at once. The Message-ID is the same then.
    """
    async with context.turns[name]:
        return await _deliver_batch(context, name, context.channels[name])


async def _deliver_batch(context: WorkerContext, name: str, channel: Channel) -> int:
    if channel.is_backing_off:
        return 0
    async with context.database.unit_of_work() as db:
        most = await _allowed(db, context) if name == MAIL else BATCH
        if not most:
            return 0
        claimed = await outbox.claim(db, at=context.clock(), most=most, lease=LEASE, channel=name)
        if name == MAIL:
            claimed = await _spread_by_domain(db, context, claimed)
            claimed = await _let_through(db, claimed)
            await with_added_words(db, claimed)
    if claimed:
        await _Batch(context, channel, claimed).deliver()
    return len(claimed)


_Mailing = tuple[UUID | None, str]


class _Batch:
    """Messages under one lease, which is renewed while they go: a killed process holds them up for half a minute."""

    def __init__(self, context: WorkerContext, channel: Channel, messages: Sequence[Message]) -> None:
        self.context, self.channel = context, channel
        self.waiting, self.held = deque(messages), list(messages)
        self.answered: list[tuple[Message, DeliveryResult]] = []
        self.faults: dict[UUID, Exception] = {}
        # Mailings of which too many came back: what waits here of them becomes drafts like the rest.
        self.stopped: set[_Mailing] = set()
        # Whoever writes to the database about these messages: their lease must not change under a note.
        self.turn = asyncio.Lock()
        self.under_way, self.all_answered = 0, asyncio.Event()

    async def deliver(self) -> None:
        """Send all of them, as many at once as the channel takes. Raises what must stop the sending, once nothing is
        under way any more."""
        is_over = asyncio.Event()
        keeping = asyncio.create_task(self._keep_leases(is_over))
        sending = (self._deliver_waiting() for _ in range(min(self.channel.at_once, len(self.waiting))))
        try:
            ends = await asyncio.gather(*sending, return_exceptions=True)
        finally:
            is_over.set()
            await keeping
        for end in ends:
            if end is not None:
                raise end

    async def _keep_leases(self, is_over: asyncio.Event) -> None:
        """Renew the lease until all is over. A renewal that fails is tried again: sending goes on."""
        while not is_over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), BEAT)
                return
            try:
                async with self.turn:
                    until = self.context.clock() + LEASE
                    async with self.context.database.unit_of_work() as db:
                        ours = await outbox.keep_leases(db, self.held, until=until) if self.held else set()
                    for message in self.held:
                        message.leased_until = until if message.id in ours else None
            except Exception as error:
                log.warning("leases not renewed", kind=type(error).__name__)

    async def _deliver_waiting(self) -> None:
        # Those that are left when it is time to stop are taken by the next process once their lease is over.
        while self.waiting and not self.context.is_ending:
            message = self.waiting.popleft()
            try:
                await self._deliver(message)
            except Exception as error:
                log.error("left out", id=str(message.id), kind=type(error).__name__, exc_info=error)
                # What left without a note leaves once more: no further one while nothing can be noted.
                try:
                    await self.context.database.must_be_sound()
                except BaseException:
                    self.waiting.clear()
                    raise
            except BaseException:
                self.waiting.clear()
                raise

    async def _deliver(self, message: Message) -> None:
        """Hand one message over, unless its time is up, and see that it is noted what was answered."""
        context = self.context
        is_late = message.leased_until is None or context.clock() + MARGIN > message.leased_until
        if is_late or _mailing(message) in self.stopped:
            answer = DeliveryResult(0, "", is_untried=True)
        elif is_too_late(message.written_at, message.expires_at, at=context.clock()):
            answer = DeliveryResult(0, "expired before it could be sent")
        else:
            answer = await self._answer_to(message)
        self.answered.append((message, answer))
        if self.under_way:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.all_answered.wait(), PATIENCE)
        async with self.turn:
            # Who had the turn before may have noted it beside theirs.
            await self._note_answered()
        if message.id in self.faults:
            raise self.faults.pop(message.id)

    async def _answer_to(self, message: Message) -> DeliveryResult:
        """What a message is answered. Who is answered last lets all that wait for it be noted."""
        self.under_way += 1
        self.all_answered.clear()
        try:
            return await _send(self.context, self.channel, message)
        finally:
            self.under_way -= 1
            if not self.under_way:
                self.all_answered.set()

    async def _note_answered(self) -> None:
        """Note in one transaction all that was answered meanwhile. Where one of them is at fault, each by itself."""
        answers, self.answered = self.answered, []
        if not answers:
            return
        try:
            await self._note(answers)
        except Exception as error:
            if len(answers) == 1:
                self.faults[answers[0][0].id] = error
                return
            for one in answers:
                try:
                    await self._note([one])
                except Exception as its_own:
                    self.faults[one[0].id] = its_own

    async def _note(self, answers: Sequence[tuple[Message, DeliveryResult]]) -> None:
        async with self.context.database.unit_of_work() as db:
            states, stopped = await _record(db, answers, at=self.context.clock())
        self.stopped |= stopped
        for message, answer in answers:
            self.held.remove(message)
            state = states.get(message.id, State.queued)
            self.context.metrics.messages.labels(state.value).inc()
            if state is not State.sent:
                log.warning("not sent", id=str(message.id), code=answer.code, state=state.value)


async def _send(context: WorkerContext, channel: Channel, message: Message) -> DeliveryResult:
    """What a channel did not foresee, and a document that cannot be made, hold up their own message, not the others."""
    files: Sequence[Attached] = ()
    try:
        if message.attachments:
            async with context.database.reading() as db:
                files = await made(
                    db, message.attachments, context.attachment_builders, context.settings, at=context.clock()
                )
        return await channel.send(message, files)
    except Exception as error:
        log.error("not handed over", kind=type(error).__name__, id=str(message.id), exc_info=error)
        return DeliveryResult(0, f"could not be handed over ({type(error).__name__})")


async def _record(
    db: AsyncSession, answers: Sequence[tuple[Message, DeliveryResult]], *, at: datetime
) -> tuple[dict[UUID, State], set[_Mailing]]:
    """What became of messages by what was answered, and what follows for their addresses, in the order in which it was
    answered; and mailings that were stopped."""
    stopped = set()
    tried = [(message, answer.code, answer.words) for message, answer in answers if not answer.is_untried]
    states = await outbox.record_results(db, tried, at=at)
    for message, answer in answers:
        if answer.is_untried:
            await outbox.requeue(db, message, at=at, pause=FIRST_BACKOFF, why=answer.words)
            if answer.taken_back:
                wronged = await outbox.take_back(db, answer.taken_back, at=at + FIRST_BACKOFF)
                await lift(db, [(m.project_id, address_key(m.to_address)) for m in wronged])
        is_failed = states.get(message.id) is State.failed
        if is_failed and _is_gone(message, answer):
            await suppress(db, message.project_id, message.to_address, Why.no_such_address, answer.words, at=at)
            continue
        is_of_interest = message.is_bulk and (is_failed or answer.is_untried)
        if is_of_interest and await outbox.stop_where_too_many_fail(db, message):
            stopped.add(_mailing(message))
    return states, stopped


def _mailing(message: Message) -> _Mailing:
    return message.about_id, message.kind


def _is_gone(message: Message, answer: DeliveryResult) -> bool:
    """Whether there is no such address: no more mail goes to it."""
    return message.channel == MAIL and cause_of("", f"{answer.code} {answer.words}") is Cause.gone


async def _allowed(db: AsyncSession, context: WorkerContext) -> int:
    """How many may go now, by the limit for a minute. Several workers may together go a batch beyond it."""
    limit = context.settings.smtp_per_minute
    return BATCH if not limit else max(0, min(BATCH, limit - await outbox.count_going(db, at=context.clock())))


async def _spread_by_domain(db: AsyncSession, context: WorkerContext, claimed: list[Message]) -> list[Message]:
    """Without those whose domain has had its share of this minute; they come again a little later."""
    limit = context.settings.smtp_per_domain
    if not limit or not claimed:
        return claimed
    at, kept = context.clock(), []
    going = await outbox.count_going_by_domain(db, {m.id for m in claimed}, at=at)
    for message in claimed:
        domain = outbox.domain_of(message.to_address)
        going[domain] += 1
        if going[domain] > limit:
            await outbox.requeue(db, message, at=at, pause=timedelta(seconds=20))
        else:
            kept.append(message)
    return kept


async def _let_through(db: AsyncSession, claimed: list[Message]) -> list[Message]:
    """Without those to addresses that are not there, and bulk mail to people who want none."""
    bulk = {(m.person_id, m.project_id, m.topic) for m in claimed if m.is_bulk and m.person_id and m.project_id}
    gone, unwanted = await must_not_reach(db, [(m.project_id, address_key(m.to_address)) for m in claimed], bulk)
    if not gone and not unwanted:
        return claimed
    held = [
        m
        for m in claimed
        if (m.project_id, address_key(m.to_address)) in gone
        or (m.is_bulk and (m.person_id, m.project_id, m.topic) in unwanted)
    ]
    await outbox.hold_back(db, held)
    return [m for m in claimed if m not in held]


_WAITING = sa.union_all(
    select(col(Message.due_at).label("due")).where(UNDER_WAY),
    select(sa.case((col(Job.stage) == Stage.running, col(Job.leased_until)), else_=col(Job.due_at))).where(OPEN),
).subquery()
_NEXT_DUE = select(sa.func.min(_WAITING.c.due))


async def next_due(context: WorkerContext) -> datetime | None:
    """When somebody has to look next, by what the tables hold now; None where nothing waits. One cheap statement."""
    async with context.database.autocommit_read() as db:
        due: datetime | None = (await db.exec(_NEXT_DUE)).one()
        return due


def pause_until(due: datetime | None, *, at: datetime) -> float:
    """Seconds that somebody may rest at that moment who is woken by most of what comes."""
    return LOOK if due is None else min(LOOK, max(LOOK_AGAIN, (due - at).total_seconds()))


async def run_embedded(context: WorkerContext, wake: asyncio.Event, stopping: asyncio.Event) -> None:
    """Work until told to stop; what is under way is finished first. A look finds what no wake-up announced."""
    swept, is_told, pause = -SWEEP_EVERY, True, LOOK_AGAIN
    while not stopping.is_set():
        try:
            if time.monotonic() - swept >= SWEEP_EVERY:
                swept = time.monotonic()
                await sweep(context)
            due = None if is_told else await next_due(context)
            if is_told or (due and due <= context.clock()):
                await run_due(context)
                due = await next_due(context)
            pause = pause_until(due, at=context.clock())
        except Exception as error:
            log.error("dispatcher", kind=type(error).__name__, exc_info=error)
            pause = LOOK_AGAIN
        is_told = await _is_woken(wake, pause)
    await context.close()


async def _is_woken(wake: asyncio.Event, seconds: float) -> bool:
    """Whether somebody wakes us within so many seconds."""
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return False
    finally:
        wake.clear()
    return True
