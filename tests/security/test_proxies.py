"""Who a request comes from: what a visitor claims about it counts for nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient

from core.limits import network_of
from core.proxies import behind_proxies
from tests.conftest import open_app, settings_for
from tests.people import App, Visitor
from tests.security.callers import try_password, visitor_from


@asynccontextmanager
async def app_behind(trusted: str, url: str, folder: Path) -> AsyncIterator[App]:
    async for app in open_app(settings_for(url, folder, trusted_proxies=trusted)):
        yield app


async def seen_by(trusted: str, peer: str, *forwarded: str) -> str:
    """Whom an application behind these proxies sees."""
    seen = {}

    async def app(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        seen["client"] = scope["client"][0]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = ASGITransport(behind_proxies(app, trusted), client=(peer, 1))
    async with AsyncClient(transport=transport, base_url="http://h") as client:
        await client.get("/", headers=[("X-Forwarded-For", one) for one in forwarded])
    return seen["client"]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ("10.0.0.1", "10.0.0.1", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.0/8", "10.0.0.1", ["1.1.1.1, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", "10.0.0.1", ["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
        ("*", "10.0.0.1", ["1.1.1.1, 198.51.100.7"], "198.51.100.7"),
        ("*", "10.0.0.1", ["1.1.1.1", "198.51.100.7"], "198.51.100.7"),
        ("*", "10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", "203.0.113.9", ["1.1.1.1"], "203.0.113.9"),
        ("10.0.0.1", "10.0.0.1", ["2001:db8::1, 2001:db8::2"], "2001:db8::2"),
    ],
)
async def test_the_visitor_is_the_last_hop_that_no_proxy_of_ours_is(
    trusted: str, peer: str, forwarded: list[str], client: str
) -> None:
    assert await seen_by(trusted, peer, *forwarded) == client


@pytest.mark.parametrize("trusted", ["10.0.0.1", "*"])
async def test_a_new_claim_with_each_guess_gives_no_more_guesses(sqlite_url: str, tmp_path: Path, trusted: str) -> None:
    async with (
        app_behind(trusted, sqlite_url, tmp_path) as app,
        visitor_from(app, "10.0.0.1") as visitor,
    ):
        statuses = [await guess(visitor, n) for n in range(11)]
    assert statuses == [422] * 10 + [429]


async def guess(visitor: Visitor, n: int) -> int:
    visitor.client.headers["X-Forwarded-For"] = f"1.1.1.{n}, 203.0.113.9"
    return await try_password(visitor, f"guess {n}")


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_a_customer_is_counted_by_address_or_by_the_64_bits_of_their_network(host: str, network: str) -> None:
    assert network_of(host) == network
