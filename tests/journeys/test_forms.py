"""A form that comes again: its reader stands at the first field that is to be mended, wherever it is."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, open_page
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

# Letters that no field takes: they would show another text than they hold.
REFUSED = "ab\u202ecd"
FILL = """([form, text]) => {
  form.noValidate = true;
  for (const field of form.querySelectorAll("input:not([type]), input[type=text], input[type=email], textarea")) {
    field.removeAttribute("maxlength");
    field.value = text;
  }
}"""
STANDS_AT = """() => {
  const at = document.activeElement;
  return [at.matches("[aria-invalid=true], .alert-danger"), at.checkVisibility(), at.name ?? at.className];
}"""


@pytest.fixture
def page(installation: Installation, browser: Browser) -> Page:
    return signed_in(installation, browser, "Elif Karaca")


def paths_of(page: Page, url: str) -> list[str]:
    page.goto(f"{url}/events")
    event = page.locator("table a[href^='/events/0']").first.get_attribute("href")
    page.goto(f"{url}/projects")
    project = page.locator("main a[href^='/projects/0']").first.get_attribute("href")
    assert event
    assert project
    event = re.sub(r"(/events/[0-9a-f-]+).*", r"\1", event)
    within = (
        "",
        "/edit",
        "/pasted-programme",
        "/materials",
        "/questions",
        "/calls",
        "/outcomes",
        "/legs/new",
        "/costs",
    )
    of_project = ("", "/members", "/components", "/consents", "/webhooks", "/calendars", "/news")
    return [
        "/events/new",
        "/people/new",
        "/projects/new",
        "/institutions",
        "/account",
        *(event + path for path in within),
        *(project + path for path in of_project),
    ]


def test_whoever_sends_a_form_that_comes_again_stands_at_what_is_to_be_mended(
    installation: Installation, page: Page
) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    walked, astray = 0, []
    for path in paths_of(page, installation.url):
        shown = page.goto(f"{installation.url}{path}")
        assert (path, shown and shown.status) == (path, 200)
        forms = page.locator("main form[method=post]:has(input:not([type=hidden]), textarea)")
        for number in range(forms.count()):
            page.goto(f"{installation.url}{path}")
            form = forms.nth(number)
            page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
            handle = form.element_handle()
            page.evaluate(FILL, [handle, REFUSED])
            with page.expect_navigation() as sent:
                form.evaluate("form => { form.requestSubmit() }")
            if sent.value.status != 422:
                continue
            walked += 1
            is_marked, is_seen, name = page.evaluate(STANDS_AT)
            if not (is_marked and is_seen):
                astray.append(f"{path} {number}: {name}")
    assert (astray, walked > 15) == ([], True), walked


def test_below_the_bar_of_a_phone_nothing_that_has_the_focus_is_hidden(
    installation: Installation, browser: Browser
) -> None:
    desk = signed_in(installation, browser, "Elif Karaca")
    page = open_page(browser, PHONE, "tr", storage_state=desk.context.storage_state())
    page.goto(f"{installation.url}/events/new")
    page.locator("#title").fill("X")
    page.locator("#first_day").fill("2027-05-05")
    page.locator("#last_day").fill("2027-05-05")
    page.locator("#answer_by").fill("2027-05-06")
    page.locator("form.card .btn-primary").click()
    expect(page.locator("#answer_by")).to_be_focused()
    page.wait_for_function(
        "() => document.activeElement.getBoundingClientRect().bottom"
        " <= document.querySelector('.side').getBoundingClientRect().top"
    )
    small = page.locator(".side a").evaluate_all(
        "links => links.map(l => l.getBoundingClientRect()).filter(r => r.height < 44 || r.width < 44).length"
    )
    assert small == 0


def test_whoever_corrects_a_line_of_a_list_writes_in_it_at_once_and_sees_all_of_it_on_a_phone(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", PHONE)
    page.goto(f"{installation.url}/events")
    event = page.locator("table a", has_text="provincial directorates").first.get_attribute("href")
    page.goto(f"{installation.url}{event}/people")
    page.locator("textarea[name=text]").fill("Ayşe Deneme <ayse.deneme@example>\nZeynep Deneme")
    page.locator("form[action$='/imports/pasted'] button").click()
    page.get_by_role("link", name="Correct").first.click()
    first = page.locator("input[name^=value-]").first
    expect(first).to_be_focused()
    address = page.locator("input[name=value-address]")
    box = address.bounding_box()
    assert box
    assert box["width"] > 300
    assert box["x"] + box["width"] <= 390


def test_back_from_what_a_form_led_to_is_the_form_and_nothing_is_asked(installation: Installation, page: Page) -> None:
    """Neither after it was refused twice nor after a look at what its lines become."""
    page.goto(f"{installation.url}/people/new")
    for name, address in (("", "no address"), ("Ayşe Deniz", "no address"), ("Ayşe Deniz", "ayse.deniz@example.org")):
        page.locator("[name=name]").fill(name)
        page.locator("[name=address]").fill(address)
        page.locator("main form").evaluate("form => { form.noValidate = true; }")
        with page.expect_navigation():
            page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ayşe Deniz")
    page.go_back()
    expect(page).to_have_url(re.compile("/people/new$"))

    (pasted,) = (path for path in paths_of(page, installation.url) if path.endswith("/pasted-programme"))
    page.goto(f"{installation.url}{pasted}")
    page.locator("[name=text]").fill("1. Gün\n07.15–07.30 Before everything")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Add to the agenda").click()
    expect(page.get_by_text("One session is in the agenda.")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Preview")).to_be_visible()
