"""Planning a two-day meeting from nothing, and last year's again, in a browser."""

import re
from datetime import date, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, all_of, look_over, open_page, unfold
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

FIRST = date.today() + timedelta(days=70)  # noqa: DTZ011  any day that is far enough


def add_session(page: Page, title: str, day: int, starts: str, ends: str) -> None:
    unfold(page, "Add a session")
    page.locator("#title").fill(title)
    page.get_by_label("Day").select_option((FIRST + timedelta(days=day)).isoformat())
    page.get_by_label("Starts").fill(starts)
    page.get_by_label("Ends").fill(ends)
    page.get_by_label("Room").fill("Main hall")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#agenda")).to_contain_text(title)


def times(page: Page) -> dict[str, str]:
    """When each session is, as the page says."""
    items = all_of(page.locator("#agenda li"))
    return {item.locator(".what a").inner_text(): item.locator("time").inner_text() for item in items}


def test_a_two_day_meeting_is_planned_from_nothing_and_next_years_is_a_copy(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{installation.url}/events/new")
    page.locator("#title").fill("Two days on referral")
    page.get_by_label("Start date").fill(FIRST.isoformat())
    page.get_by_label("End date").fill((FIRST + timedelta(days=1)).isoformat())
    page.get_by_label("Capacity").fill("40")
    page.locator("summary", has_text="More:").click()
    page.get_by_label("Who may see it").select_option("public")
    page.get_by_label("Title in Turkish").fill("Yönlendirme üzerine iki gün")
    page.get_by_role("button", name="Save").click()
    for title, day, starts, ends in (
        ("Opening", 0, "09:30", "10:30"),
        ("Cases", 0, "11:00", "12:30"),
        ("Closing", 1, "14:00", "15:00"),
    ):
        add_session(page, title, day, starts, ends)
    event = re.split("[?#]", page.url)[0]

    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_label("Name or address").fill("sule caglar")
    page.locator("#people").get_by_role("button", name="Add").click()
    expect(page.locator("#people")).to_contain_text("Şule Çağlar")
    page.goto(event)
    page.get_by_role("button", name="Cases: 15 minutes later").press("Enter")
    expect(page.locator("#agenda li", has_text="Cases").locator("time")).to_have_text("11:15–12:45")
    page.locator("#agenda li", has_text="Closing").drag_to(page.locator("#agenda li", has_text="Cases"))
    expect(page.locator("#agenda li", has_text="Closing").locator("time")).to_have_text("11:15–12:15")
    expect(page.get_by_text("Main hall is taken twice")).to_be_visible()
    assert look_over(page) == []

    page.get_by_role("button", name="Publish the programme").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 1")
    page.get_by_role("button", name="Publish", exact=True).click()
    address = page.locator("a[href^='/e/']").evaluate("a => a.href")
    page.locator("nav.tabs").get_by_role("link", name="Programme").click()
    page.get_by_role("button", name="Closing: 15 minutes later").click()
    expect(page.get_by_text("Moved: Closing")).to_be_visible()
    public = open_page(browser, PHONE, "tr")
    public.goto(address)
    expect(public.get_by_role("heading", level=1)).to_have_text("Yönlendirme üzerine iki gün")
    assert look_over(public) == []

    page.goto(f"{event}/copy")
    page.locator("[name='copies.0.first_day']").fill((FIRST + timedelta(days=364)).isoformat())
    page.get_by_role("button", name="Plan", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("The event is planned.")
    copied = times(page)
    assert copied == {"Opening": "09:30–10:30", "Cases": "11:15–12:45", "Closing": "11:30–12:30"}
    assert "Şule Çağlar" in page.locator("#agenda").inner_text()


def test_a_meeting_is_postponed_after_seeing_whom_it_concerns(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{installation.url}/events?q=judiciary")
    page.locator("tbody a", has_text="Consultative workshop").first.click()
    page.locator("summary", has_text="Actions").click()
    page.get_by_role("link", name="Postpone …").click()
    expect(page.locator("li", has_text="Nominated")).to_contain_text("8")
    page.get_by_label("New start date").fill((FIRST + timedelta(days=30)).isoformat())
    page.get_by_label("Reason").fill("The hall is taken.")
    page.get_by_role("button", name="Postpone", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("The event has moved")
    expect(page.locator("#agenda")).to_contain_text("09:30–10:00")
