"""The parts of an event on a phone: one row that scrolls, the one that is shown in view."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import test_pages
from tests.journeys.browser import DESK, PHONE, look_over
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

known = test_pages.known
PARTS = ("overview", "", "materials", "people", "attendance", "delegation", "travel", "stays", "transfers", "itinerary")
PARTS += ("costs", "per-diem")
TABS = "nav.tabs[aria-label]"


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found
    return dict(found)


@pytest.mark.parametrize("event", ["visit", "meeting"])
def test_on_a_phone_the_parts_take_one_row_and_the_current_one_is_in_view(
    installation: Installation, browser: Browser, known: dict[str, str], event: str
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", PHONE, "tr")
    for part in PARTS:
        page.goto(f"{installation.url}/events/{known[event]}/{part}".rstrip("/"))
        assert box(page, TABS)["height"] < 70, part
        current = box(page, f"{TABS} [aria-current]")
        assert (current["x"] >= 0, current["x"] + current["width"] <= PHONE[0]) == (True, True), part
        small = page.locator(f"{TABS} > a").evaluate_all("all => all.filter(a => a.offsetHeight < 44).length")
        assert small == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    if event == "meeting":
        page.locator(f"{TABS} summary").click()
        last = page.locator(f"{TABS} .dropdown-item").last
        last.focus()
        found = last.bounding_box()
        assert found
        assert (found["x"] < PHONE[0], found["y"] - box(page, TABS)["y"] < 20) == (True, True)
        assert look_over(page) == []


def test_the_keyboard_reaches_each_part_and_brings_it_into_view(
    installation: Installation, browser: Browser, known: dict[str, str]
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", PHONE, "tr")
    page.goto(f"{installation.url}/events/{known['visit']}/overview")
    page.locator(f"{TABS} > a").first.focus()
    for _ in range(page.locator(f"{TABS} > a").count() - 1):
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_be_in_viewport(ratio=0.99)
    assert page.evaluate("document.activeElement.textContent").strip() == "E-postalar"


def test_at_a_desk_all_parts_of_a_study_visit_stand_in_one_row(
    installation: Installation, browser: Browser, known: dict[str, str]
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", DESK, "tr")
    page.goto(f"{installation.url}/events/{known['visit']}/people")
    tops = page.locator(f"{TABS} > a").evaluate_all("all => [...new Set(all.map(a => a.offsetTop))]")
    widths = page.locator(f"{TABS} > a").evaluate_all("all => all.map(a => a.offsetWidth)")
    assert len(tops) == 1, (widths, box(page, TABS))
