"""What machines look for at fixed addresses."""

import io
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from PIL import Image
from pydantic import ValidationError

from tests.conftest import open_app, settings_for
from tests.people import App

TEXT = "/.well-known/security.txt"


@pytest.fixture
async def reported(sqlite_url: str, tmp_path: Path) -> AsyncIterator[App]:
    async for app in open_app(settings_for(sqlite_url, tmp_path, security_contact="mailto:security@example.org")):
        yield app


async def test_robots_fetch_what_is_meant_for_anybody_and_nothing_else(sqlite_app: App) -> None:
    answer = await sqlite_app.stranger().get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(answer.text.splitlines())
    assert rules.can_fetch("AnyBot", "/e/ABC-1")
    assert [
        path for path in ("/", "/events", "/i/secret", "/sign-in", "/api/docs") if rules.can_fetch("AnyBot", path)
    ] == []


async def test_the_icon_is_a_picture_of_several_sizes(sqlite_app: App) -> None:
    answer = await sqlite_app.stranger().get("/favicon.ico")
    assert answer.headers["content-type"] == "image/x-icon"
    with Image.open(io.BytesIO(answer.content)) as icon:
        assert {(16, 16), (32, 32)} <= icon.info["sizes"]


async def test_weaknesses_are_reported_to_who_is_set(reported: App) -> None:
    answer = await reported.stranger().get(TEXT)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == f"http://127.0.0.1:8000{TEXT}"
    ends = datetime.fromisoformat(fields["Expires"])
    assert 0 < (ends - reported.clock.now).days < 365
    reported.clock.forward(days=400)
    later = (await reported.stranger().get(TEXT)).text
    assert f"Expires: {reported.clock.now.year}" in later or f"Expires: {reported.clock.now.year + 1}" in later
    assert datetime.fromisoformat(later.split("Expires: ")[1].split("\n")[0]) > reported.clock.now


async def test_without_a_contact_there_is_no_such_file(sqlite_app: App) -> None:
    assert (await sqlite_app.stranger().get(TEXT)).status_code == 404


@pytest.mark.parametrize("contact", ["security@example.org", "http://example.org", "mailto:a@b\nPolicy: x"])
def test_a_contact_that_no_reader_could_use_is_refused_at_start(contact: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        settings_for("", tmp_path, security_contact=contact)
