"""Messages that are enqueued: none lost, none sent twice."""

import asyncio
import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import mark_pending
from core.ids import new_id
from notifications.delivery import jobs
from notifications.delivery.jobs import LEASE, deliver_batch, run_due, run_embedded
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.rules import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    DeliveryResult,
    State,
    is_too_late,
    pause_before,
    state_after,
)
from notifications.outbox.service import claim, enqueue, new_message
from tests.people import App, names

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def content(subject: str = "News", text: str = "Hello") -> MailContent:
    return MailContent(
        subject,
        [Paragraph(text), Facts([("When", "Tomorrow")]), Button("Go", "https://example.org/x")],
        "en",
        ["Heyet"],
    )


def message(key: str, at: datetime, *, to_address: str = "ayse@example.org", **more: object) -> Message:
    return new_message(content(), kind="test", dedupe_key=key, to_name="Ayşe", to_address=to_address, at=at, **more)  # type: ignore[arg-type]


async def enqueued(app: App, count: int, **more: object) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message(f"m{n}", app.clock(), **more) for n in range(count)])


class Died(BaseException):
    """What no handler catches: the process is gone in the middle of sending."""


class RecordingChannel:
    """A relay that says what it is told to, and notes whom it was given."""

    def __init__(self, *codes: int) -> None:
        self.codes, self.seen = list(codes), list[object]()

    is_backing_off, at_once = False, 1

    async def send(self, message: Message, files: object = ()) -> DeliveryResult:
        self.seen.append(message.id)
        await asyncio.sleep(0)
        code = self.codes.pop(0) if self.codes else 250
        if code < 0:
            raise Died
        return DeliveryResult(code, "said")

    async def close(self) -> None:
        pass


@given(code=st.integers(0, 700))
def test_only_a_2xx_is_sent_and_only_a_5xx_is_final(code: int) -> None:
    state = state_after(code)
    assert (state is State.sent) == (code // 100 == 2)
    assert (state is State.failed) == (code // 100 == 5)


@given(attempt=st.integers(1, 60), seed=st.integers())
def test_pauses_grow_to_six_hours_and_never_agree(attempt: int, seed: int) -> None:
    pause = pause_before(attempt, random.Random(seed))
    plain = min(FIRST_PAUSE * 2 ** min(attempt - 1, 12), LONGEST_PAUSE)
    assert plain * 0.75 <= pause <= plain * 1.25


def test_a_message_without_an_end_is_given_up_after_three_days() -> None:
    assert not is_too_late(AT, None, at=AT + timedelta(days=2))
    assert is_too_late(AT, None, at=AT + timedelta(days=3))


async def test_the_same_message_enqueued_twice_is_enqueued_once(app: App) -> None:
    await enqueued(app, 1)
    await enqueued(app, 1)
    assert len(await app.mails("test")) == 1


async def test_a_message_falls_with_the_work_that_caused_it(app: App) -> None:
    async def fall_over() -> None:
        async with app.database.unit_of_work() as db:
            await enqueue(db, [message("m", app.clock())])
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await fall_over()
    assert await app.mails("test") == []


async def test_two_claimers_never_get_the_same_message(app: App) -> None:
    await enqueued(app, 30)

    async def take() -> list[object]:
        async with app.database.unit_of_work() as db:
            return [m.id for m in await claim(db, at=app.clock(), most=10)]

    got = [id for batch in await asyncio.gather(*(take() for _ in range(5))) for id in batch]
    assert (len(got), len(set(got))) == (30, 30)


async def test_many_dispatchers_send_each_message_once(app: App) -> None:
    await enqueued(app, 60)
    channel = app.fastapi.state.context.channels["mail"] = RecordingChannel()
    await asyncio.gather(*(run_due(app.fastapi.state.context) for _ in range(4)))
    assert (len(channel.seen), len(set(channel.seen))) == (60, 60)


async def test_what_a_dead_sender_had_claimed_goes_out_when_the_lease_ends(app: App) -> None:
    await enqueued(app, 5)
    channel = app.fastapi.state.context.channels["mail"] = RecordingChannel(250, -1)
    with pytest.raises(Died):
        await app.work()
    app.clock.now += LEASE - timedelta(seconds=1)
    await app.work()
    assert len(channel.seen) == 2
    app.clock.forward(seconds=1)
    await app.work()
    assert (len(channel.seen), len(set(channel.seen))) == (6, 5)
    assert {m.state for m in await app.mails("test")} == {"sent"}


async def test_mail_that_takes_longer_than_its_lease_keeps_it_and_what_waits_behind_it_too(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BEAT", 0.02)
    await enqueued(app, 3)
    elsewhere = replace(app.fastapi.state.context, turns=defaultdict(asyncio.Lock))

    class Slow(RecordingChannel):
        async def send(self, message: Message, files: object = ()) -> DeliveryResult:
            if not self.seen:
                self.seen.append(message.id)
                for _ in range(4):
                    app.clock.now += LEASE * 0.6
                    await asyncio.sleep(0.3)
                    await deliver_batch(elsewhere)
                return DeliveryResult(250, "said")
            return await super().send(message)

    channel = app.fastapi.state.context.channels["mail"] = Slow()
    await app.work()
    assert (len(channel.seen), len(set(channel.seen))) == (3, 3)


async def test_what_cannot_be_noted_keeps_nothing_else_from_being_noted(app: App) -> None:
    await enqueued(app, 4)

    class Odd(RecordingChannel):
        at_once = 4

        async def send(self, message: Message, files: object = ()) -> DeliveryResult:
            await super().send(message)
            # All answer before the first is noted.
            await asyncio.sleep(0.05)
            return DeliveryResult(250, "said" if message.id != self.seen[1] or len(self.seen) > 4 else None)  # type: ignore[arg-type]

    channel = app.fastapi.state.context.channels["mail"] = Odd()
    await app.work()
    states = {m.id: m.state.value for m in await app.mails("test")}
    assert states == {id: "sending" if id == channel.seen[1] else "sent" for id in channel.seen}
    app.clock.now += LEASE
    await app.work()
    assert ({m.state for m in await app.mails("test")}, len(channel.seen)) == ({"sent"}, 5)


async def test_a_passing_refusal_is_tried_again_later_and_a_final_one_is_not(app: App) -> None:
    await enqueued(app, 2)
    app.fastapi.state.context.channels["mail"] = RecordingChannel(451, 550)
    await app.work()
    assert sorted(m.state for m in await app.mails("test")) == ["failed", "queued"]
    app.clock.forward(minutes=2)
    await app.work()
    assert sorted(m.state for m in await app.mails("test")) == ["failed", "sent"]


async def test_a_message_that_lost_its_use_is_not_sent(app: App) -> None:
    await enqueued(app, 1, expires_at=app.clock() + timedelta(minutes=5))
    channel = app.fastapi.state.context.channels["mail"] = RecordingChannel(451)
    await app.work()
    app.clock.forward(minutes=10)
    await app.work()
    assert (len(channel.seen), (await app.mails("test"))[0].state) == (1, "expired")


async def test_a_sign_in_link_goes_before_a_campaign(app: App) -> None:
    await enqueued(app, 3)
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message("urgent", app.clock(), priority=1)])
    channel = app.fastapi.state.context.channels["mail"] = RecordingChannel()
    await app.work()
    urgent = next(m.id for m in await app.mails("test") if m.dedupe_key == "urgent")
    assert channel.seen[0] == urgent


async def test_a_lease_that_another_took_over_is_not_settled_by_the_first(app: App) -> None:
    await enqueued(app, 3)

    class Slow(RecordingChannel):
        async def send(self, message: Message, files: object = ()) -> DeliveryResult:
            answer = await super().send(message)
            if len(self.seen) == 1:
                app.clock.forward(hours=1)
                await deliver_batch(replace(app.fastapi.state.context, turns=defaultdict(asyncio.Lock)))
                return DeliveryResult(550, "the first, too late")
            return answer

    channel = app.fastapi.state.context.channels["mail"] = Slow()
    await app.work()
    assert {(m.state, m.answer) for m in await app.mails("test")} == {("sent", "said")}
    # What another has sent meanwhile is not begun.
    assert len(channel.seen) == 4


async def test_the_embedded_dispatcher_finds_what_nothing_woke_it_for_and_stops_when_told(
    app: App,
) -> None:
    await enqueued(app, 3)
    wake, stopping = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(run_embedded(app.fastapi.state.context, wake, stopping))
    while [m.state for m in await app.mails("test")] != ["sent"] * 3:
        await asyncio.sleep(0.02)
    stopping.set()
    wake.set()
    await asyncio.wait_for(task, 5)


async def test_the_dispatcher_is_told_after_the_commit_and_only_of_work_that_was_kept(app: App) -> None:
    told = list[int]()
    app.database.wakers.append(lambda: told.append(1))
    await enqueued(app, 1)

    async def fall_over() -> None:
        async with app.database.unit_of_work() as db:
            mark_pending(db)
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await fall_over()
    assert told == [1]


async def test_bodies_are_encrypted_and_hidden_from_the_message_list(app: App) -> None:
    event = await app.event()
    await app.invite(event, names(1))
    answer = await app.api().get("/api/v1/messages")
    assert "plain" not in answer.json()["items"][0]
    assert "to_address" not in answer.json()["items"][0]


async def test_the_mail_page_shows_each_message_as_its_reader_sees_it(app: App) -> None:
    event = await app.event(title="Toplantı <b>1</b>")
    await app.invite(event, ["Ayşe Yılmaz"])
    (mail,) = await app.mails("events/invitation")
    desk = await app.at_desk()
    page = (await desk.get(f"/mail/{mail.id}")).text
    html = await desk.get(f"/mail/{mail.id}/html")
    assert ("Message-ID" in page, "BEGIN:VCALENDAR" in page) == (True, True)
    assert "Toplantı &lt;b&gt;1&lt;/b&gt;" in html.text
    assert "sandbox" in html.headers["content-security-policy"]


def test_a_letter_says_the_same_in_text_and_html_and_escapes_what_people_typed() -> None:
    made = content(text="<script>1</script> {{7*7}}")
    assert "<script>1</script> {{7*7}}" in made.plain()
    assert "&lt;script&gt;1&lt;/script&gt; {{7*7}}" in made.html()
    for text in (made.plain(), made.html()):
        assert "https://example.org/x" in text
        assert "Tomorrow" in text


async def test_ids_sort_by_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)


async def test_a_channel_that_is_added_delivers_what_is_enqueued_for_it_beside_the_mail(app: App) -> None:
    """As a gateway for text messages would be: a channel under a name, nothing else."""
    gateway = app.fastapi.state.context.channels["sms"] = RecordingChannel(451)
    async with app.database.unit_of_work() as db:
        await enqueue(
            db,
            [
                message("text", app.clock(), to_address="+905320000000", channel="sms"),
                message("mail", app.clock()),
            ],
        )
    await app.work()
    assert [m.state for m in await app.mails("test")] == ["queued", "sent"]
    app.clock.forward(minutes=2)
    await app.work()
    assert [m.state for m in await app.mails("test")] == ["sent", "sent"]
    assert len(gateway.seen) == 2
