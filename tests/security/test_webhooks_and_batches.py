"""One bad webhook, message or sweep holds up no other, and no webhook leads into our own network."""

from typing import Any
from uuid import UUID

import pytest

from notifications.jobs.service import sweep
from notifications.outbox.models import Message
from notifications.outbox.rules import DeliveryResult
from notifications.webhooks.models import Webhook
from notifications.webhooks.rules import is_public, is_web_address
from tests.notifications.test_webhooks import Program, added, inside_app, program, tell
from tests.people import App

__all__ = ["inside_app", "program"]
INNER = [
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "::a00:1",
    "224.0.0.1",
    "239.255.255.250",
    "ff02::1",
    "ff0e::1",
    "fec0::1",
    "fe80::1",
    "fe80::1%eth0",
    "192.88.99.1",
    "198.18.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "100.64.0.1",
    "192.0.0.8",
    "::",
    "not an address",
    "2001:db8::1",
    "100::1",
    "3fff::1",
    "5f00::1",
]
OUTER = ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"]


@pytest.mark.parametrize("address", INNER)
def test_an_address_that_leads_inside_is_not_public_however_it_is_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTER)
def test_an_address_in_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://a..example",
        f"https://{'a' * 64}.example",
        "https://a b.example",
        "https://\u2100.example",
        "https://%00.example",
    ],
)
def test_a_name_that_nobody_can_look_up_is_refused_where_it_is_typed(url: str) -> None:
    assert not is_web_address(url, private=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://a..example/x",
        "http://[::1",
        "http://\udcff.example/",
        f"http://{'a' * 70}.example/",
        "http://x:99999/",
    ],
)
async def test_a_webhook_whose_address_makes_the_client_stumble_stops_nobody(
    inside_app: App, program: Program, url: str
) -> None:
    bad = await added(inside_app, program, label="bad")
    good = await added(inside_app, program, label="good")
    async with inside_app.database.unit_of_work() as db:
        row = await db.get_one(Webhook, UUID(bad["id"]))
        row.url = url.encode("utf-8", "replace").decode()
    await inside_app.event()
    await tell(inside_app)
    assert program.types.count("event.created") == 1
    assert good


class Stumbling:
    """A channel that does not foresee what one message makes of it."""

    is_backing_off, at_once = False, 1

    def __init__(self, bad: str) -> None:
        self.bad = bad
        self.sent: list[str] = []

    async def send(self, message: Message, files: Any = ()) -> DeliveryResult:
        if message.to_name == self.bad:
            raise RuntimeError("nobody thought of this")
        self.sent.append(message.to_name)
        return DeliveryResult(250, "taken")

    async def close(self) -> None:
        """Nothing is open."""


async def test_a_message_that_cannot_be_handed_over_comes_again_and_the_others_go(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Ayşe Bir", "Oğuz İki", "Ülkü Üç"])
    await app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await app.work()
    channel = Stumbling("Ayşe Bir")
    app.fastapi.state.context.channels["mail"] = channel
    await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    states = {m.to_name: (m.state.value, m.attempts) for m in await app.mails("events/invitation")}
    assert (sorted(channel.sent), states["Ayşe Bir"]) == (["Oğuz İki", "Ülkü Üç"], ("queued", 1))


async def test_a_channel_that_fails_as_a_whole_stops_no_other(
    inside_app: App, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    await added(inside_app, program)
    monkeypatch.setitem(inside_app.fastapi.state.context.channels, "mail", None)
    await inside_app.event()
    await tell(inside_app)
    assert "event.created" in program.types


async def test_a_sweep_that_fails_stops_no_other(sqlite_app: App) -> None:
    seen = []

    async def fails(context: Any) -> None:
        raise RuntimeError("broken")

    async def looks(context: Any) -> None:
        seen.append(context)

    sqlite_app.fastapi.state.context.sweeps[:] = [fails, looks]
    await sweep(sqlite_app.fastapi.state.context)
    assert len(seen) == 1
