"""The dispatcher: finds what is due and does it, embedded in the web process or called by an arq worker."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from core.text import address_key
from notifications.delivery.rules import FIRST_BACKOFF
from notifications.delivery.service import made
from notifications.jobs.context import Attached, Channel, WorkerContext
from notifications.jobs.service import run_next_job, sweep
from notifications.outbox import service as outbox
from notifications.outbox.models import MAIL, Message
from notifications.outbox.rules import DeliveryResult, State, is_too_late
from notifications.suppression.rules import Cause, Why, cause_of
from notifications.suppression.service import lift, must_not_reach, suppress

log = structlog.get_logger()
BATCH = 20
# What a process that died had claimed is free after it, but for the one message that it was sending.
SHORT_LEASE = timedelta(seconds=60)
MARGIN = timedelta(seconds=10)
# Seconds: how long to wait for a wake-up before looking all the same, and between two sweeps.
SWEEP = 1.0
SWEEP_EVERY = 60.0


async def run_due(context: WorkerContext) -> int:
    """Do everything that is due now: jobs first, for they write messages. Returns how much was done."""
    done = 0
    while True:
        worked = await run_next_job(context)
        # Side by side: an address that answers slowly holds up no mail.
        batches = (deliver_batch(context, name) for name in context.channels)
        sent = sum(map(_count, await asyncio.gather(*batches, return_exceptions=True)))
        done += worked + sent
        if not worked and not sent:
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

    The one moment that can double a mail is a crash between the relay's 250 and `_record_result`: one
    statement. The Message-ID is the same then.
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
        claimed = await outbox.claim(db, at=context.clock(), most=most, lease=SHORT_LEASE, channel=name)
        if name == MAIL:
            claimed = await _spread_by_domain(db, context, claimed)
            claimed = await _let_through(db, claimed)
        await _keep(db, context, channel, claimed[:1])
    # Each is leased for long only while it is sent, the next with the note about the one before: a process that is
    # killed holds up one message, not twenty.
    for number, message in enumerate(claimed):
        try:
            await _deliver(context, channel, message, claimed[number + 1 : number + 2])
        except Exception as error:
            log.error("left out", id=str(message.id), kind=type(error).__name__, exc_info=error)
            # What left without a note leaves once more: no further one while nothing can be noted.
            await context.database.must_be_sound()
    return len(claimed)


async def _keep(db: AsyncSession, context: WorkerContext, channel: Channel, these: Sequence[Message]) -> None:
    """Lease what is sent next for as long as that may take, as far as it is ours still."""
    for message in these:
        await outbox.keep_lease(db, message, until=context.clock() + channel.longest + MARGIN)


async def _deliver(context: WorkerContext, channel: Channel, message: Message, following: Sequence[Message]) -> None:
    """Hand one message over, unless its time is up, and write down what was answered; keep what follows."""
    if _is_lease_short(context, channel, message):
        async with context.database.unit_of_work() as db:
            await outbox.requeue(db, message, at=context.clock())
            await _keep(db, context, channel, following)
        return
    if is_too_late(message.written_at, message.expires_at, at=context.clock()):
        answer = DeliveryResult(0, "expired before it could be sent")
    else:
        answer = await _send(context, channel, message)
    async with context.database.unit_of_work() as db:
        state = await _record_result(db, message, answer, at=context.clock())
        await _keep(db, context, channel, following)
    context.metrics.messages.labels(state.value).inc()
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


async def _record_result(db: AsyncSession, message: Message, answer: DeliveryResult, *, at: datetime) -> State:
    if answer.is_untried:
        await outbox.requeue(db, message, at=at, pause=FIRST_BACKOFF, why=answer.words)
        if answer.taken_back:
            wronged = await outbox.take_back(db, answer.taken_back, at=at + FIRST_BACKOFF)
            await lift(db, [(m.project_id, address_key(m.to_address)) for m in wronged])
        return State.queued
    state = await outbox.record_result(db, message, answer.code, answer.words, at=at)
    is_gone = 500 <= answer.code < 600 and cause_of("", f"{answer.code} {answer.words}") is Cause.gone
    if message.channel == MAIL and is_gone:
        await suppress(db, message.project_id, message.to_address, Why.no_such_address, answer.words, at=at)
    elif state is State.failed and message.is_bulk:
        await outbox.stop_where_too_many_fail(db, message)
    return state


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


def _is_lease_short(context: WorkerContext, channel: Channel, message: Message) -> bool:
    return message.leased_until is None or context.clock() + channel.longest > message.leased_until


async def run_embedded(context: WorkerContext, wake: asyncio.Event, stopping: asyncio.Event) -> None:
    """Work until told to stop; what is under way is finished first. The sweep finds what no wake-up announced."""
    swept = -SWEEP_EVERY
    while not stopping.is_set():
        try:
            if time.monotonic() - swept >= SWEEP_EVERY:
                swept = time.monotonic()
                await sweep(context)
            await run_due(context)
        except Exception as error:
            log.error("dispatcher", kind=type(error).__name__, exc_info=error)
        try:
            await asyncio.wait_for(wake.wait(), SWEEP)
        except TimeoutError:
            continue
        finally:
            wake.clear()
    await context.close()
