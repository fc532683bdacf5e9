"""Several relays: mail goes by the first that sends for its sender and answers, and comes once."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.relay_settings import RelaySettings
from core.settings import Settings
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_faults import broken, ids_of
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import MailServer


@pytest.fixture
def spare() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


def at(server: Any, name: str, *senders: str) -> RelaySettings:
    return RelaySettings(name=name, host="127.0.0.1", port=server.port, security="none", senders=[*senders])


@pytest.fixture
async def two_relays(sqlite_url: str, tmp_path: Path, mail_server: MailServer, spare: MailServer) -> AsyncIterator[App]:
    """An installation with two relays for its own domain, and a third way for a ministry's."""
    relays = [at(mail_server, "first"), at(spare, "second", "@example.org", "@ministry.example")]
    async for app in open_app(settings_for(sqlite_url, tmp_path, smtp_relays=relays, smtp_timeout=2)):
        yield app


async def enqueue_some(app: App, *keys: str, **more: object) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message(key, app.clock(), **more) for key in keys])
    await app.work()


async def test_where_one_relay_is_down_the_next_takes_over_at_once(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    mail_server.stop()
    await enqueue_some(two_relays, "a", "b")
    assert len(spare.taken) == 2
    mail_server.start()
    two_relays.clock.forward(minutes=1)
    await enqueue_some(two_relays, "c")
    assert (len(mail_server.taken), len(spare.taken)) == (1, 2)


async def test_a_relay_that_says_it_closes_has_taken_nothing_and_another_does(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    mail_server.answers["ayse@example.org"] = "421 4.3.2 closing"
    await enqueue_some(two_relays, "a")
    assert (len(mail_server.taken), len(spare.taken)) == (0, 1)


async def test_a_refusal_of_a_recipient_is_no_reason_to_try_another_relay(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    mail_server.answers["ayse@example.org"] = "550 5.1.1 no such user"
    await enqueue_some(two_relays, "a")
    assert ((await two_relays.mails("test"))[0].state, spare.taken) == ("failed", [])


async def test_a_mail_that_may_have_been_taken_is_not_given_to_another_relay(
    sqlite_url: str, tmp_path: Path, spare: MailServer
) -> None:
    with broken("end of text") as first:
        relays = [at(first, "first"), at(spare, "second")]
        async for app in open_app(settings_for(sqlite_url, tmp_path, smtp_relays=relays, smtp_timeout=2)):
            await enqueue_some(app, "a")
            assert (len(ids_of(first)), spare.taken) == (1, [])
            app.clock.forward(minutes=10)
            await app.work()
    ids = ids_of(first)
    assert (len(ids), len(set(ids))) == (2, 1)


async def test_no_message_loses_a_try_while_every_relay_is_down(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    for server in (mail_server, spare):
        server.stop()
    await enqueue_some(two_relays, "a", "b")
    for _ in range(5):
        two_relays.clock.forward(hours=1)
        await two_relays.work()
    assert [(m.state, m.attempts, bool(m.answer)) for m in await two_relays.mails("test")] == [("queued", 0, True)] * 2
    for server in (mail_server, spare):
        server.start()
    two_relays.clock.forward(minutes=10)
    await two_relays.work()
    assert [m.state for m in await two_relays.mails("test")] == ["sent"] * 2


async def test_a_relay_that_hung_up_on_a_silent_connection_delays_nothing(
    two_relays: App, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.delivery.relays.IDLE", 0)
    await enqueue_some(two_relays, "a")
    mail_server.stop()
    mail_server.start()
    await enqueue_some(two_relays, "b")
    assert [m.state for m in await two_relays.mails("test")] == ["sent"] * 2
    assert len(mail_server.taken) == 2


async def test_the_mail_of_a_project_with_an_address_of_its_own_comes_from_there_by_the_relay_that_sends_for_it(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    await change(two_relays, mail_from="events@ministry.example")
    await two_relays.invite(await two_relays.event(), ["Ayşe Bir"])
    (mail,) = [mail for _, mail in spare.taken]
    assert (str(mail["From"]), mail_server.taken) == ("P-TEST <events@ministry.example>", [])
    assert spare.senders == ["events@ministry.example"]


async def change(app: App, **more: object) -> Any:
    client = app.api("administrator")
    details = (await client.get(f"/api/v1/projects/{app.project_id}")).json()
    told = {k: v for k, v in details.items() if k not in ("id", "acronym", "revision")}
    return await client.put(f"/api/v1/projects/{app.project_id}", json={**told, **more})


async def test_a_sender_that_no_relay_sends_for_is_refused(two_relays: App) -> None:
    answer = await change(two_relays, mail_from="events@elsewhere.example")
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, ["mail_from"])


async def test_the_administrator_sees_all_relays_and_tries_one_of_them(
    two_relays: App, mail_server: MailServer, spare: MailServer
) -> None:
    desk = await two_relays.at_desk("administrator")
    page = (await desk.get("/mail/health")).text
    assert "first" in page
    assert "@example.org, @ministry.example" in page
    await desk.send("/mail/health/test", {"relay": "second"})
    assert (len(mail_server.taken), len(spare.taken)) == (0, 1)


def test_relays_come_from_the_environment_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYET_SMTP_RELAYS", '[{"name": "b", "host": "smtp.b.example"}]')
    monkeypatch.setenv("HEYET_MAIL_FROM", "heyet@agency.example")
    found = Settings(_env_file=None).relays  # type: ignore[call-arg]
    assert [(r.name, r.port, r.security, r.senders) for r in found] == [("b", 587, "starttls", ["@agency.example"])]


def test_relays_of_one_name_and_a_sender_without_relay_are_found_by_the_check() -> None:
    twins = [RelaySettings(name="a", host="localhost", senders=["@b.example"]) for _ in range(2)]
    problems = Settings(_env_file=None, smtp_relays=twins).problems()  # type: ignore[call-arg]
    assert "Two relays are called a." in problems
    assert "No relay sends for HEYET_MAIL_FROM." in problems
