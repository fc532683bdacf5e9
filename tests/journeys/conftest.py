"""One browser for all stories, and an installation with the demo for each file of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import chromium_at
from tests.processes import Forked, Installation
from tests.servers import MailServer


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


@pytest.fixture
def with_relay(tmp_path: Path, demo: Path, mail_server: MailServer) -> Iterator[Installation]:
    """An installation of a story's own whose mails a relay takes."""
    relay = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none"}
    made = Forked(tmp_path, **relay).with_demo(demo)
    with made.serving("--demo") as running:
        running.link()
        yield made


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Installation]:
    made = Forked(tmp_path_factory.mktemp("story")).with_demo(demo)
    with made.serving("--demo") as running:
        running.link()
        yield made
