"""What is to be paid stands on the screen, not beside it."""

import httpx2
from playwright.sync_api import Browser

from tests.journeys.test_main_job import signed_in
from tests.journeys.test_signed_receipts import key
from tests.processes import Installation

LAPTOP = (1280, 800)


def visit_of(api: httpx2.Client) -> str:
    events = api.get("/api/v1/events").raise_for_status().json()["items"]
    return str(next(one["id"] for one in events if one["kind"] == "study-visit"))


def test_a_laptop_shows_every_column_of_a_draft(installation: Installation, browser: Browser) -> None:
    visit = visit_of(key(installation, "nermin.guclu@example.org", "look"))
    page = signed_in(installation, browser, "Nermin Güçlü", LAPTOP, "tr")
    page.goto(f"{installation.url}/events/{visit}/per-diem")
    draft = page.locator(".table-responsive").first
    draft.wait_for()
    assert draft.evaluate("one => one.scrollWidth - one.clientWidth") == 0
