"""Somebody changes their own e-mail address on a telephone; an auditor reads the mails, with a reason."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE, look_over, open_page
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

PERSONAL = re.compile(r"/i/[\w-]{20,}")


@pytest.fixture(scope="module")
def api(installation: Installation) -> httpx2.Client:
    rights = [part for right in ("look", "plan") for part in ("--right", right)]
    token = installation.run("token", "elif.karaca@example.org", "mails", *rights).stdout.strip()
    return httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"})


def mails(desk: Page, api: httpx2.Client, kind: str) -> Iterator[str]:
    """Mails of a kind, the latest first, as the mail page shows them while no relay is configured."""
    for number in range(1, 9):
        for one in api.get("/api/v1/messages", params={"limit": 100, "page": number}).json()["items"]:
            if one["kind"] == kind:
                desk.goto(f"{str(api.base_url).rstrip('/')}/mail/{one['id']}")
                yield desk.locator("pre.wire").first.text_content() or ""


def open_link(desk: Page, api: httpx2.Client) -> str:
    """The path of somebody's personal page, whose link has not ended."""
    paths = (found.group(0) for text in mails(desk, api, "events/invitation") if (found := PERSONAL.search(text)))
    return next(path for path in paths if api.get(path).status_code == 200)


@pytest.mark.parametrize(("size", "language"), [(PHONE, "tr"), (DESK, "en")], ids=["phone-tr", "desk-en"])
def test_the_address_is_changed_from_both_mailboxes(
    installation: Installation, browser: Browser, api: httpx2.Client, size: tuple[int, int], language: str
) -> None:
    desk = signed_in(installation, browser, "Elif Karaca")
    path = open_link(desk, api)
    link = f"{installation.url}{path}"
    page = open_page(browser, size, language)
    page.goto(f"{link}/address")
    page.locator(f"button[name=language][value={language}]").click()
    page.locator("form[action*='/code/mail'] button").click()
    code = re.search(r"\b\d{6}\b", next(mails(desk, api, "events/link-code")))
    assert code is not None
    page.locator("#code").fill(code.group(0))
    page.locator("form:has(#code) button").first.click()
    page.goto(f"{link}/address")
    assert look_over(page) == [], "/i/{token}/address"
    page.locator("#address").fill(f"new.mailbox.{language}@ministry.example.org")
    page.locator(f"form[action='{path}/address'] button").click()
    expect(page.locator("form[action$='/address/end']")).to_be_visible()
    assert look_over(page) == [], "/i/{token}/address, asked"
    for kind in ("events/address-new", "events/address-former"):
        mailed = re.search(r"http\S+/address/[\w-]{20,}", next(mails(desk, api, kind)))
        assert mailed is not None
        reader = open_page(browser, size, language)
        reader.goto(mailed.group(0))
        reader.locator(f"button[name=language][value={language}]").click()
        assert look_over(reader) == [], kind
        reader.locator("button[value=confirm]").click()
        expect(reader.get_by_role("status")).to_be_visible()
        assert look_over(reader) == [], "/address/{token}, confirmed"
    # The link that had come to the former mailbox is dead.
    assert api.get(link).status_code == 410


def test_an_auditor_opens_mails_with_a_reason(installation: Installation, browser: Browser, api: httpx2.Client) -> None:
    message = api.get("/api/v1/messages").json()["items"][0]["id"]
    for size, language in ((PHONE, "tr"), (DESK, "en")):
        page = signed_in(installation, browser, "Claire Dubois", size, language)
        for path in ("/mail", f"/mail/{message}", "/inbox", "/mail/suppressed"):
            page.goto(installation.url + path)
            assert look_over(page) == [], path
        page.goto(f"{installation.url}/mail/{message}")
        assert look_over(page) == [], "/mail/{message}"
        page.locator("#reason").fill("Audit 2026/3, sample")
        page.locator("form[action$='/disclosure'] button").click()
        expect(page.locator("pre.wire").first).to_be_visible()
        assert look_over(page) == [], "/mail/{message}, open"
