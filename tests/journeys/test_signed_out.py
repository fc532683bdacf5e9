"""Whoever is signed out while they type loses nothing: the form waits until they are signed in again."""

import re

from playwright.sync_api import Browser, expect

from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

AWAY = 61 * 60 * 1000


def test_a_form_waits_until_its_author_is_signed_in_again(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.clock.install()
    page.goto(f"{installation.url}/people/new")
    page.get_by_label("Name", exact=True).fill("Typed For An Hour")
    page.context.clear_cookies()
    page.clock.fast_forward(AWAY)
    page.get_by_role("button", name="Add", exact=True).click()
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Nothing that you typed here is lost")
    expect(notice).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed For An Hour")
    links = dict(re.findall(r"^(\S.*?)\s{2,}(http\S+)$", installation.run("demo").stdout, re.M))
    with page.expect_popup() as opened:
        notice.get_by_role("link").click()
    other = opened.value
    expect(other).to_have_url(f"{installation.url}/sign-in")
    # Somebody else at the same desk does not send what this one typed.
    for name, said in (("Claire Dubois", ""), ("Elif Karaca", "Typed For An Hour is added.")):
        other.goto(links[name])
        other.locator("form[action^='/sign-in/link'] button").click()
        other.wait_for_url(f"{installation.url}/")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("status") if said else notice).to_contain_text(said or "Nothing that you typed")
