"""The end of a job shows its result, and takes nobody away from what they do meanwhile."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.browser import UNFOLD, look_over
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

DONE = 'data: {"stage": "done", "done": 3, "total": 3}\n\n'


@pytest.fixture
def page(installation: Installation, browser: Browser) -> Page:
    """The participants of a meeting, while a job is under way."""
    page = signed_in(installation, browser, "Elif Karaca")
    page.locator(".event-cards").get_by_role("link", name="Annual coordination meeting").first.click()
    page.locator("nav.tabs").get_by_role("link", name="Participants").click()
    expect(page).to_have_url(re.compile("/people$"))
    return page


def job_of(page: Page) -> Route:
    """What the page asks of its job, to be answered when the test wants to."""
    asked: list[Route] = []
    page.route("**/jobs/*/progress", lambda route: asked.append(route))
    with page.expect_request("**/jobs/*/progress"):
        page.goto(f"{page.url}?job={uuid4()}")
    expect(page.get_by_text("This is being done")).to_be_visible()
    return asked[0]


def end(job: Route) -> None:
    job.fulfill(content_type="text/event-stream", body=DONE)


def test_the_page_with_the_result_comes_by_itself(page: Page) -> None:
    people = page.url
    end(job_of(page))
    expect(page).to_have_url(people)
    expect(page.get_by_text("This is being done")).to_have_count(0)


def test_whoever_is_on_the_way_to_another_page_gets_there(page: Page) -> None:
    job = job_of(page)
    held: list[Route] = []
    page.route("**/attendance", lambda route: held.append(route))
    with page.expect_request("**/attendance"):
        page.locator("nav.tabs").get_by_role("link", name="Attendance").dispatch_event("click")
    end(job)
    # Time for the former page to hear of it.
    page.wait_for_timeout(1000)
    held[0].continue_()
    expect(page).to_have_url(re.compile("/attendance$"))


def test_what_is_being_typed_stays_and_the_result_is_a_link(page: Page) -> None:
    people, job = page.url, job_of(page)
    name = page.locator("form:has(button[value=add]) input[name=name]")
    name.evaluate(UNFOLD)
    name.type("Deniz Ak")
    end(job)
    expect(page.get_by_text("This has ended.")).to_be_visible()
    assert look_over(page) == []
    expect(name).to_have_value("Deniz Ak")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Show the result").click()
    expect(page).to_have_url(people)
