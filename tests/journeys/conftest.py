"""One browser for all stories, and an installation with the demo for each file of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import chromium_at
from tests.processes import Forked, Installation


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with chromium_at(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, demo: Path) -> Iterator[Installation]:
    made = Forked(tmp_path_factory.mktemp("story")).with_demo(demo)
    with made.serving("--demo") as running:
        running.link()
        yield made
