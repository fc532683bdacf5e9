"""Each role from Home to the end of each of its tasks, by the links and buttons that are offered there."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import all_of, look_over
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation


def follow(page: Page, step: str) -> None:
    """From Home by the button of a task, whatever it is about."""
    page.locator("nav.side").get_by_role("link", name="Home").click()
    page.locator(".tasks").get_by_role("link", name=re.compile(rf"^\s*{step}")).first.click()


def tasks_of(page: Page) -> str:
    page.locator("nav.side").get_by_role("link", name="Home").click()
    return page.locator("section", has_text="Waits for you").first.inner_text()


def status(page: Page, text: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(text)


def test_an_organiser_decides_on_nominees_invites_sends_and_reads_why(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.on("dialog", lambda dialog: dialog.accept())
    follow(page, "Decide")
    page.get_by_role("button", name="Accept all 2 nominees within the quotas").click()
    status(page, "2 people are on the list of the event.")
    follow(page, "Decide")
    page.get_by_role("link", name="All: 3").click()
    page.locator("tr", has_text="Derya Polat").get_by_role("checkbox").check()
    page.get_by_role("button", name="Reject the ticked").click()
    assert "nominee" not in tasks_of(page)
    follow(page, "Look and send")
    page.get_by_role("button", name=re.compile("^Send [0-9]+ mails?$")).click()
    status(page, "on their way")
    page.locator("nav.side").get_by_role("link", name="Home").click()
    page.locator(".event-cards").get_by_role("link", name="Annual coordination meeting").first.click()
    page.locator("nav.tabs").get_by_role("link", name="Participants").click()
    page.get_by_role("button", name="Write the invitations").click()
    expect(page.get_by_text("2 mails are written and not sent.")).to_be_visible(timeout=15_000)
    page.get_by_role("link", name="Look and send").click()
    page.get_by_role("button", name="Send 2 mails").click()
    status(page, "on their way")
    # On Home the meeting's card says how it stands now.
    assert "not sent" not in tasks_of(page)
    expect(page.locator(".event-cards li", has_text="Annual coordination meeting")).to_contain_text("Not answered 2")
    follow(page, "Read why")
    page.locator("main tbody a").first.click()
    expect(page.get_by_text("Sent back:")).to_be_visible()
    page.get_by_role("link", name="Correct and submit again").click()
    expect(page.get_by_role("button", name=re.compile("Submit to finance")).first).to_be_visible()


def test_finance_checks_decides_and_pays(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Nermin Güçlü")
    page.on("dialog", lambda dialog: dialog.accept())
    follow(page, "Check")
    page.locator("main tbody a").first.click()
    page.get_by_role("button", name="Mark as checked").click()
    assert "to be checked" not in tasks_of(page)
    follow(page, "Decide")
    page.locator("main tbody a").first.click()
    for box in all_of(page.locator("main tbody input[type=checkbox]")):
        box.check()
    page.get_by_role("button", name="Accept the chosen ones").click()
    assert "receipt" not in tasks_of(page)
    follow(page, "Pay")
    page.locator("main tbody a").first.click()
    page.get_by_role("link", name="Payments").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_label("Payment method").select_option(label="Bank list (EFT, FAST, others)")
    page.get_by_role("button", name="Put the payments together").click()
    page.get_by_role("button", name="Paid", exact=True).click()
    assert "to be paid" not in tasks_of(page)


def test_an_approver_approves(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Johannes Weber")
    page.on("dialog", lambda dialog: dialog.accept())
    follow(page, "Look and approve")
    page.locator("main tbody a").first.click()
    page.get_by_role("button", name="Approve", exact=True).click()
    assert "approval" not in tasks_of(page)


def test_an_auditor_reads_sheet_evidence_attendance_and_figures_and_changes_nothing(
    installation: Installation, browser: Browser
) -> None:
    page = signed_in(installation, browser, "Claire Dubois")
    follow(page, "See the sheets")
    page.locator("main table tr", has_text="Jandarma Genel Komutanlığı").get_by_role("link").first.click()
    link = page.get_by_role("link", name="Spreadsheet (XLSX)")
    assert page.context.request.get(link.evaluate("link => link.href")).status == 200
    for tab in ("Attendance", "Overview"):
        page.locator("nav.tabs").get_by_role("link", name=tab).click()
        assert look_over(page) == []
    expect(page.get_by_role("img", name=re.compile("Answers over time"))).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.locator("nav.side").get_by_role("link", name="Projects").click()
    page.locator("main a[href^='/projects/']").first.click()
    page.get_by_role("link", name="Dashboard").click()
    page.get_by_role("link", name="Provinces").click()
    expect(page.get_by_role("img", name=re.compile("Participants by province – .*Ankara: 5"))).to_be_visible()


def test_the_desk_records_attendance_and_opens_a_desk(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Umut Işık")
    page.locator("main").get_by_role("link", name=re.compile("Study visit")).click()
    row = page.locator("main tbody tr").last
    for box in all_of(row.get_by_role("checkbox")):
        box.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.locator("nav.side").get_by_role("link", name="Home").click()
    page.locator("main").get_by_role("link", name=re.compile("Annual coordination meeting")).click()
    page.get_by_role("link", name="Check-in").click()
    page.get_by_role("link", name="Open a desk").click()
    page.get_by_role("button", name="Open the desk here").click()
    expect(page.locator(".desk")).to_be_visible()
