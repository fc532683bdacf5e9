"""A form is worth nothing under another session, and cookies cannot be planted by a neighbour."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.cookies import cookie_name
from tests.conftest import open_app, settings_for
from tests.people import FORM_TOKEN, App
from tests.security.callers import PASSWORD, give_password, visitor_from

SAFE = "https://heyet.example.org"


@pytest.fixture
async def https_app(sqlite_url: str, tmp_path: Path) -> AsyncIterator[App]:
    async for app in open_app(settings_for(sqlite_url, tmp_path, public_url=SAFE)):
        yield app


def token_of(page: str) -> str:
    found = FORM_TOKEN.search(page)
    assert found
    return found[1]


async def test_a_form_token_of_one_session_is_refused_in_another(sqlite_app: App) -> None:
    mine, other = await sqlite_app.at_desk(), await sqlite_app.at_desk()
    mine.page = (await other.get("/events/new")).text
    for name, value in other.client.cookies.items():
        if name != "heyet_session":
            mine.client.cookies.set(name, value)
    assert (await mine.send("/events/new", sqlite_app.plan())).status_code == 403


async def test_a_form_token_from_before_the_sign_in_is_refused_after_it(sqlite_app: App) -> None:
    await give_password(sqlite_app)
    visitor = sqlite_app.stranger()
    before = token_of((await visitor.get("/sign-in")).text)
    await visitor.send("/sign-in", {"address": "organiser@example.org", "password": PASSWORD})
    form = {"form_token": before, **sqlite_app.plan()}
    assert (await visitor.client.post("/events/new", data=form)).status_code == 403
    form["form_token"] = token_of((await visitor.get("/events/new")).text)
    assert (await visitor.client.post("/events/new", data=form)).status_code == 303


async def test_a_form_token_tells_neither_session_nor_cookie(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    token = token_of((await desk.get("/events/new")).text)
    assert re.fullmatch("[0-9a-f]{64}", token)
    assert token not in desk.client.cookies.values()


async def test_with_https_every_cookie_is_of_this_host_alone(https_app: App) -> None:
    await give_password(https_app)
    async with visitor_from(https_app, "198.51.100.7", base=SAFE) as visitor:
        seen = []
        visitor.client.event_hooks["response"] = [_keep(seen)]
        await visitor.get("/sign-in")
        form = {"address": "organiser@example.org", "password": PASSWORD}
        assert (await visitor.send("/sign-in", form)).status_code == 303
        await visitor.send("/language", {"language": "tr"})
        await visitor.get("/account")
        await visitor.send("/account/sign-out-everywhere")
    names = {cookie.partition("=")[0] for cookie in seen}
    assert names == {f"__Host-heyet_{name}" for name in ("session", "form", "known", "language", "notice")}
    for cookie in seen:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


async def test_with_https_a_session_under_the_plain_name_opens_nothing(https_app: App) -> None:
    desk = await https_app.at_desk()
    value = desk.client.cookies["heyet_session"]
    async with visitor_from(https_app, "198.51.100.7", base=SAFE) as visitor:
        visitor.client.cookies.set("heyet_session", value)
        assert (await visitor.client.get("/account")).status_code == 303
        visitor.client.cookies.set(cookie_name("heyet_session", https=True), value)
        assert (await visitor.client.get("/account")).status_code == 200


def _keep(seen: list[str]):  # type: ignore[no-untyped-def]
    async def keep(answer) -> None:  # type: ignore[no-untyped-def]
        seen.extend(answer.headers.get_list("set-cookie"))

    return keep
