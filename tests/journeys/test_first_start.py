"""From a fresh server to the first event, as the one who has just installed it sees it."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.journeys.browser import DESK, PHONE, look_over, open_page
from tests.journeys.test_main_job import until
from tests.processes import Forked


def test_the_printed_link_leads_to_the_first_project_on_both_screens_and_in_both_languages(
    tmp_path: Path, browser: Browser
) -> None:
    made = Forked(tmp_path)
    with made.serving() as running:
        until(lambda: "/first-run/" in running.output, 30)
        found = re.search(r"http://\S+/first-run/\S+", running.output)
        assert found
        for size, language in ((PHONE, "tr"), (DESK, "en")):
            page = open_page(browser, size, language)
            page.goto(found[0])
            assert look_over(page) == []
        for label, text in (
            ("Name", "Elif Karaca"),
            ("E-mail", "elif@example.org"),
            ("Password", "seven herons over the lake"),
            ("Title", "Coordination and Training"),
            ("Acronym", "P-ACT"),
        ):
            page.get_by_label(label).fill(text)
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("heading", name="P-ACT: Coordination and Training")).to_be_visible()
        page.goto(f"{made.url}/sign-in")
        expect(page).to_have_url(f"{made.url}/")
