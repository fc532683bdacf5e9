"""Who may call is asked before a body is read; a body is bounded by what its route is for, and waited for only so
long."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from httpx2 import AsyncClient, Response

from core.inputs import parsed_json
from core.isolation import isolated
from heyet.http import BoundedHttp
from tests.people import App
from tests.routes import Served, served_endpoints
from tests.security import greedy

ID = "01890000-0000-7000-8000-000000000000"


async def call(app: FastAPI, method: str, path: str, *more: tuple[bytes, bytes]) -> tuple[int, int]:
    """The status that a stranger gets, and how many pieces of their body were asked for."""
    asked, status = 0, 0

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [(b"host", b"127.0.0.1:8000"), *more],
    }
    await app(scope, receive, send)
    return status, asked


def filled(route: Served) -> str:
    """The route's address with something in each of its places."""
    return "/".join(
        ID if role.startswith("{") and role.endswith("id}") else role.replace("{", "").replace("}", "")
        for role in route.path.split("/")
    )


async def test_no_body_is_read_before_it_is_certain_who_sends_it(sqlite_app: App) -> None:
    app, seen = sqlite_app.fastapi, []
    for route in served_endpoints(app):
        method = min(route.methods)
        if route.right == "anyone" or method in ("GET", "HEAD"):
            continue
        for kind in (
            b"application/json",
            b"multipart/form-data; boundary=b",
            b"application/x-www-form-urlencoded",
        ):
            status, asked = await call(app, method, filled(route), (b"content-type", kind))
            seen.append((method, route.path, status, asked))
    assert len(seen) > 300
    assert [one for one in seen if one[2] not in (303, 401, 403, 404, 410, 422, 429) or one[3]] == []


async def test_a_wrong_token_of_a_program_has_no_body_read_either(sqlite_app: App) -> None:
    token = (b"authorization", b"Bearer nobody")
    status, asked = await call(
        sqlite_app.fastapi, "POST", "/api/v1/events", token, (b"content-type", b"application/json")
    )
    assert (status, asked) == (401, 0)


@pytest.mark.parametrize("path", ["/sign-in", "/language", "/lost-link", "/api/v1/public/lost-links"])
async def test_a_stranger_sends_a_tenth_of_a_megabyte_at_most(sqlite_app: App, path: str) -> None:
    for kind in (
        b"application/json",
        b"multipart/form-data; boundary=b",
        b"application/x-www-form-urlencoded",
    ):
        status, asked = await call(sqlite_app.fastapi, "POST", path, (b"content-type", kind))
        assert status in (413, 400, 422, 403), (path, kind, status)
        assert asked <= 2


async def test_only_a_route_for_files_takes_more_than_a_megabyte(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    api = sqlite_app.api()
    big = b"x" * (3 * 1024 * 1024)
    files = {"file": ("paper.txt", big, "text/plain")}
    taken = await api.post(f"/api/v1/events/{event['id']}/materials", files=files, data={"title": "Paper"})
    json_sent = await api.post(
        "/api/v1/events", content=b'{"title": "' + big + b'"}', headers={"content-type": "application/json"}
    )
    elsewhere = await api.post("/api/v1/events", files=files)
    assert (taken.status_code, json_sent.status_code, elsewhere.status_code) == (201, 413, 413), taken.text
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/materials")
    page = await desk.send(f"/events/{event['id']}/materials", {"title": "Other"}, files=files)
    form = await desk.send("/events/new", {"title": "x" * 2_000_000})
    assert (page.status_code, form.status_code) == (303, 413), page.text


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3", "²", "99999999999"])
async def test_a_length_that_is_none_is_a_refusal(sqlite_app: App, length: str) -> None:
    length_of = (b"content-length", length.encode())
    status, asked = await call(
        sqlite_app.fastapi,
        "POST",
        "/sign-in",
        length_of,
        (b"content-type", b"application/x-www-form-urlencoded"),
    )
    assert (status, asked) == (413, 0)


async def test_a_body_that_comes_slowly_holds_up_nobody_elses_writing(app: App) -> None:
    """The unit of work begins when the whole form is there: SQLite has one writer, PostgreSQL has locks."""
    _, tokens = await app.invited_event(["Ayşe Bir"])
    halfway = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"form_token="
        halfway.set()
        await asyncio.Event().wait()

    visitor = app.stranger()
    await visitor.get(f"/i/{tokens['Ayşe Bir']}")
    asking = asyncio.create_task(_stream(visitor.client, f"/i/{tokens['Ayşe Bir']}/draft", slowly()))
    await halfway.wait()
    for _ in range(20):
        await asyncio.sleep(0)
    assert (await asyncio.wait_for(app.event(title="Another"), 60))["title"] == "Another"
    asking.cancel()


async def _stream(client: AsyncClient, path: str, body: AsyncIterator[bytes]) -> None:
    """As a server would: the application runs while the body is still coming."""

    async def receive() -> dict[str, Any]:
        try:
            return {"type": "http.request", "body": await anext(body), "more_body": True}
        except StopAsyncIteration:
            return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        """Nobody listens."""

    cookie = "; ".join(f"{c.name}={c.value}" for c in client.cookies.jar)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8000),
        "headers": [
            (b"host", b"127.0.0.1:8000"),
            (b"cookie", cookie.encode()),
            (b"content-type", b"application/x-www-form-urlencoded"),
        ],
    }
    await client._transport.app(scope, receive, send)  # type: ignore[attr-defined]


DEEP = {
    "arrays": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 51 + b"1" + b"}" * 51,
    "mixed": b'[{"a":' * 26 + b"1" + b"}]" * 26,
    "unclosed": b"[" * 500_000,
    "unclosed text": b'"' + b'\\"' * 400_000,
    "the same key twice": b'{"a": 1, "a": 2}',
    "no number": b"[NaN]",
    "infinite": b"[-Infinity]",
    "a lone surrogate": b'["\\ud800"]',
    "NUL": b'{"a": ["x\\u0000"]}',
    "NUL in a key": b'{"\\u0000": 1}',
    "not UTF-8": b'["\xff"]',
    "a lone surrogate, not escaped": b'["\xed\xa0\x80"]',
    "NUL in UTF-16": '["\\u0000"]'.encode("utf-16"),
    "a number of five thousand digits": b"9" * 5000,
}


@pytest.mark.parametrize("body", DEEP)
def test_json_that_is_a_trick_is_refused(body: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        parsed_json(DEEP[body])


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50 + b"]" * 50,
        b'{"a": "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}',
        b'["\\ud83d\\ude00"]',
        b'["\\\\u0000"]',
        b'["\\\\", "["]',
        b'["\\\\u0000", "\\u00e7"]',
        b'\xef\xbb\xbf{"a": 1}',
        b"[" + b"[]," * 60 + b"[]]",
    ],
)
def test_json_that_only_looks_like_one_is_read(body: bytes) -> None:
    assert parsed_json(body) == json.loads(body)


async def test_the_worst_json_that_is_read_costs_little() -> None:
    """Run under a limit of memory and time."""
    worst = [
        b"[" * 499_999,
        b"[" + b"[]," * 340_000 + b"[]]",
        b'["' + b"[" * 1_000_000 + b'"]',
        b'"' + b'\\"' * 499_999,
        b'["\\u0041' + b"x" * 900_000 + b'"]',
    ]
    assert await isolated(greedy.parses_json, b"\0".join(worst), memory_mb=640, seconds=12) == 5


@asynccontextmanager
async def serving(app: FastAPI, **patience: float) -> AsyncIterator[int]:
    """The application behind our HTTP with little patience, on a port."""
    protocol = type("Hasty", (BoundedHttp,), patience)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=protocol, ws="none", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        await task


HALF = {
    "nothing at all": b"",
    "half a line": b"GET /he",
    "half the headers": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
    "half a body": b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\naddress=",
    "a second half": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /hea",
}


@pytest.mark.parametrize("half", HALF)
async def test_a_request_that_is_only_half_sent_is_not_waited_for(sqlite_app: App, half: str) -> None:
    async with serving(sqlite_app.fastapi, header_seconds=0.3, piece_seconds=0.3) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF[half])
        await asyncio.wait_for(reader.read(), 60)  # until the server closes
        writer.close()


async def test_a_body_by_the_byte_is_not_waited_for_either(sqlite_app: App) -> None:
    async with serving(sqlite_app.fastapi, body_seconds=0.5) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(HALF["half a body"])
        ending = asyncio.create_task(reader.read())
        while not ending.done():
            writer.write(b"x")
            await asyncio.sleep(0.05)
        writer.close()


async def test_six_hundred_half_requests_leave_the_next_one_alone(sqlite_app: App) -> None:
    async with serving(sqlite_app.fastapi, header_seconds=0.5) as port:
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in slow:
            writer.write(HALF["half the headers"])
        assert (await fetched(port, b"")).startswith(b"HTTP/1.1 200")
        for reader, writer in slow:
            await asyncio.wait_for(reader.read(), 60)
            writer.close()


@pytest.mark.parametrize(
    "more", [b"X-A: " + b"x" * 100_000, b"X-A: y\r\n" * 20_000 + b"X-B: z", b"Cookie: a=" + b"b" * 70_000]
)
async def test_headers_have_an_end(sqlite_app: App, more: bytes) -> None:
    async with serving(sqlite_app.fastapi) as port:
        assert (await fetched(port, more + b"\r\n")).startswith(b"HTTP/1.1 400")


async def fetched(port: int, more: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + more + b"\r\n")
    answer = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return answer


async def test_a_draft_that_is_too_long_is_refused_and_the_page_stays_whole(app: App) -> None:
    _, tokens = await app.invited_event(["Ayşe Bir"])
    token = tokens["Ayşe Bir"]
    await app.accept(token)
    visitor = app.stranger()
    await visitor.get(f"/i/{token}")
    assert (await visitor.send(f"/i/{token}/draft", {"diet": "no nuts"})).status_code == 204
    long = await visitor.send(f"/i/{token}/draft", {"diet": "x", "accessibility": '"' * 120_000})
    page: Response = await visitor.get(f"/i/{token}")
    assert (long.status_code, "saklanabilenden uzun" in long.text) == (422, True)
    assert (page.status_code, "no nuts" in page.text) == (200, True)
    just = await visitor.send(f"/i/{token}/draft", {"accessibility": "ş" * 30_000})
    assert (just.status_code, (await visitor.get(f"/i/{token}")).status_code) == (204, 200)


async def test_a_filter_that_is_too_long_is_refused_and_not_cut(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    await desk.get("/events")
    for form in ({"name": "n" * 61, "query": "q=x"}, {"name": "long", "query": "q=" + "%C5%9F" * 100}):
        assert (await desk.send("/events/filters", form)).status_code == 422


@pytest.mark.parametrize("name", ["ﷺ" * 36, "x" * 201, "a\u202eb", "!!!"])
async def test_what_can_be_no_institutions_name_is_refused_beside_it(app: App, name: str) -> None:
    event = await app.event()
    desk = await app.at_desk()
    await desk.get(f"/events/{event['id']}/quotas")
    answer = await desk.send(f"/events/{event['id']}/quotas", {"institution": name, "capacity": "3"})
    assert answer.status_code == 422
