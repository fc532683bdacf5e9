"""Faults of a message, an address or a domain hold up nothing else; only the relay's own make it rest."""

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.delivery.faults import NEEDS_SMTPUTF8, UNWRITABLE
from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import MailServer


class Touchy(MailServer):
    """A relay without SMTPUTF8 that hangs up on whoever names one of the recipients `falls_over`."""

    def __init__(self) -> None:
        super().__init__(takes_utf8=False)
        self.falls_over: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        if address in self.falls_over:
            assert server.transport is not None
            server.transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        return await super().handle_RCPT(server, session, envelope, address, options)


@pytest.fixture
def relay() -> Iterator[Touchy]:
    server = Touchy()
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def relayed(sqlite_url: str, tmp_path: Path, relay: Touchy) -> AsyncIterator[App]:
    settings = {"smtp_host": "127.0.0.1", "smtp_port": relay.port, "smtp_security": "none", "smtp_timeout": 5}
    async for app in open_app(settings_for(sqlite_url, tmp_path, **settings)):
        yield app


async def fates(app: App, *addresses: str) -> dict[str, tuple[str, str]]:
    """Mail to these addresses in this order, and what became of each after one round."""
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message(address, app.clock(), to_address=address) for address in addresses])
    await app.work()
    return {m.to_address: (m.state.value, m.answer) for m in await app.mails("test")}


GOOD = [f"p{n}@d{n % 4}.example.org" for n in range(20)]


async def test_addresses_that_cannot_be_served_fail_at_once_in_words_and_delay_no_good_mail(
    relayed: App, relay: Touchy
) -> None:
    bad = ["ayşe@example.org", "çiğdem@example.org", "ömer@müller.example"]
    unwritable = f"x@{'ü' * 70}.example"
    found = await fates(relayed, *bad, unwritable, *GOOD)
    assert [found[address] for address in bad] == [("failed", NEEDS_SMTPUTF8)] * 3
    assert found[unwritable] == ("failed", UNWRITABLE)
    assert ({found[a][0] for a in GOOD}, len(relay.taken)) == ({"sent"}, 20)


async def test_a_domain_with_other_letters_goes_as_dns_knows_it(relayed: App, relay: Touchy) -> None:
    found = await fates(relayed, "x@müller.example")
    assert found["x@müller.example"][0] == "sent"
    ((recipients, mail),) = relay.taken
    assert (recipients, "<x@xn--mller-kva.example>" in str(mail["To"])) == (["x@xn--mller-kva.example"], True)


async def test_letters_before_the_at_arrive_where_the_relay_takes_them(
    mailing_app: App, mail_server: MailServer
) -> None:
    await fates(mailing_app, "ayşe@müller.example")
    ((recipients, mail),) = mail_server.taken
    assert (recipients, "ayşe@xn--mller-kva.example" in str(mail["To"])) == (["ayşe@xn--mller-kva.example"], True)


async def test_messages_on_which_a_relay_hangs_up_wait_alone_and_a_domain_of_them_rests_alone(
    relayed: App, relay: Touchy
) -> None:
    relay.falls_over = {"a@slow.example", "b@slow.example", "a@one.example"}
    found = await fates(relayed, *sorted(relay.falls_over), *GOOD[:8], "c@slow.example", *GOOD[8:])
    assert {found[a][0] for a in GOOD} == {"sent"}
    assert {a: found[a][0] for a in found if found[a][0] != "sent"} == dict.fromkeys(
        [*sorted(relay.falls_over), "c@slow.example"], "queued"
    )
    relayed.clock.forward(seconds=31)
    relay.falls_over = {"a@one.example"}
    relayed.clock.forward(minutes=2)
    await relayed.work()
    assert len(relay.taken) == 23


async def test_a_relay_that_says_421_to_one_address_goes_on_with_the_others(relayed: App, relay: Touchy) -> None:
    relay.answers["a@busy.example"] = "421 4.7.0 too many errors"
    found = await fates(relayed, "a@busy.example", *GOOD)
    assert ({found[a][0] for a in GOOD}, found["a@busy.example"]) == ({"sent"}, ("queued", "421 4.7.0 too many errors"))


async def test_a_relay_that_hangs_up_whomever_it_is_asked_for_is_left_alone(relayed: App, relay: Touchy) -> None:
    relay.falls_over = set(GOOD)
    found = await fates(relayed, *GOOD)
    assert {state for state, _ in found.values()} == {"queued"}
    assert relayed.fastapi.state.context.channels["mail"].is_backing_off


async def test_a_relay_that_wants_a_sign_in_loses_no_mail(relayed: App, relay: Touchy) -> None:
    relay.answers[GOOD[0]] = "530 5.7.0 Authentication required"
    found = await fates(relayed, GOOD[0])
    assert found[GOOD[0]] == ("queued", "530 5.7.0 Authentication required")


async def test_people_who_have_left_are_no_fault_of_ours_where_mail_to_others_is_taken(
    relayed: App, relay: Touchy
) -> None:
    gone = [f"gone{n}@d{n % 3}.example.org" for n in range(12)]
    relay.answers = {address: f"550 5.1.1 <{address}>: user unknown" for address in gone}
    found = await fates(relayed, *gone[:8], GOOD[0], *gone[8:])
    assert ({found[a][0] for a in gone}, found[GOOD[0]][0]) == ({"failed"}, "sent")


class Narrow(MailServer):
    """A relay that lets one connection in at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = set[object]()
        self.turned_away = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        assert server.transport is not None
        self.inside = {one for one in self.inside if not one.is_closing()}  # type: ignore[attr-defined]
        if self.inside - {server.transport}:
            self.turned_away += 1
            server.transport.close()
            return responses
        self.inside.add(server.transport)
        session.host_name = hostname
        return responses


async def test_a_relay_that_lets_one_connection_in_gets_all_mail_by_that_one(sqlite_url: str, tmp_path: Path) -> None:
    relay = Narrow()
    relay.start()
    settings = {"smtp_host": "127.0.0.1", "smtp_port": relay.port, "smtp_security": "none", "smtp_timeout": 5}
    async for app in open_app(settings_for(sqlite_url, tmp_path, **settings)):
        found = await fates(app, *GOOD)
        assert ({state for state, _ in found.values()}, len(relay.peers), relay.turned_away) == ({"sent"}, 1, 3)
    relay.stop()
