"""What was typed into one form is not lost by sending another, nor by leaving the page, without being asked."""

import re

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.journeys.browser import PHONE, UNFOLD, open_page
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

WORDS = "Travel costs are borne by the project."


@pytest.fixture
def page(installation: Installation, browser: Browser) -> Page:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/mail")
    page.get_by_role("link", name="Look and send").first.click()
    page.locator("main table a[href^='/mail/0']").first.click()
    return page


def answering(page: Page, answer: str) -> list[str]:
    """What is asked from now on; each question is answered alike."""
    asked: list[str] = []

    def say(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept() if answer == "go on" else dialog.dismiss()

    page.on("dialog", say)
    return asked


def test_a_mail_is_not_sent_without_the_words_typed_beside_its_button(page: Page) -> None:
    asked, here = answering(page, "stay"), page.url
    page.locator("textarea[name=added]").type(WORDS)
    page.get_by_role("button", name="Send this one").click()
    expect(page.locator("textarea[name=added]")).to_be_focused()
    assert (asked, page.url) == (["confirm"], here)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved. Below is how it reads now.")).to_be_visible()
    expect(page.locator("textarea[name=added]")).to_have_value(WORDS)
    assert asked == ["confirm"]


def test_whoever_goes_on_goes_on_and_is_asked_once(page: Page) -> None:
    asked = answering(page, "go on")
    page.locator("textarea[name=added]").type(WORDS)
    page.get_by_role("link", name="All mails like this one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests for nominations")
    assert asked == ["beforeunload"]


def test_a_form_that_is_sent_itself_or_was_not_touched_asks_nothing(page: Page) -> None:
    asked = answering(page, "stay")
    page.locator("input[name=subject]").fill("Please nominate")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please nominate")
    page.get_by_role("link", name="All mails like this one").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Requests for nominations")
    assert asked == []


def test_a_draft_is_kept_before_another_form_goes(page: Page, installation: Installation, browser: Browser) -> None:
    page.goto(f"{installation.url}/events")
    event = page.locator("main table a", has_text="Annual coordination").get_attribute("href")
    page.goto(f"{installation.url}{event}")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{installation.url}{event}/people")
    adding = page.locator("form:has(button[value=add])")
    adding.evaluate(UNFOLD)
    adding.locator("input[name=name]").fill("Deniz Ak")
    adding.locator("input[name=address]").fill("deniz.ak@example.org")
    adding.locator("button[value=add]").click()
    page.get_by_role("link", name="Deniz Ak").first.click()
    making = page.locator("form[action$='/link']")
    making.evaluate(UNFOLD)
    making.locator("button").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"http://\S+/i/"))
    link = re.search(r"http://\S+/i/\S+", page.locator("main").inner_text())
    assert link
    theirs = open_page(browser, PHONE, "tr")
    theirs.goto(link[0])
    theirs.locator("input[name=mobile]").type("05321234567")
    theirs.get_by_role("button", name="English").click()
    expect(theirs.locator("html")).to_have_attribute("lang", "en")
    expect(theirs.locator("input[name=mobile]")).to_have_value("05321234567")
