"""A sheet of sixty people is signed and comes back: entered, certified, mailed, verified, reported."""

import json
import os
import sqlite3
from datetime import UTC, datetime
from io import BytesIO
from itertools import cycle
from pathlib import Path

import httpx2
import pypdfium2 as pdfium
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from benchmarks.scans.pages import SignedPage
from events.attendance.sign_in_sheets.documents import PrintedSheet
from events.attendance.sign_in_sheets.layout import SheetLayout
from tests.journeys.browser import DESK, PHONE, all_of, look_over, open_page
from tests.journeys.test_main_job import signed_in, until
from tests.processes import Installation
from tests.signed_sheets import pdf_of, photographed, scan_of, signed

SHOTS = os.environ.get("HEYET_TEST_SHOTS")


def shot(page: Page, name: str) -> None:
    """Kept where somebody wants to see them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def sheet_of(page: Page, event: str, installation: Installation) -> PrintedSheet:
    """A sheet made now, with its layout."""
    page.goto(f"{event}/sign-in-sheets")
    page.get_by_role("button", name="Make version 1").click()
    link = page.get_by_role("link", name="Version 1 (PDF)").evaluate("link => link.href")
    pdf = page.context.request.get(link).body()
    with sqlite3.connect(Path(installation.environment["HEYET_VAR"]) / "heyet.db") as database:
        ((layout,),) = database.execute("select layout from sheet_version")
    return PrintedSheet(pdf, SheetLayout.from_dict(json.loads(layout)))


@pytest.fixture
def event(installation: Installation) -> str:
    """A seminar of today with sixty people. Returns its address."""
    rights = [word for right in ("look", "plan", "release") for word in ("--right", right)]
    token = installation.run("token", "elif.karaca@example.org", "scans", *rights).stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as api:
        today = datetime.now(UTC).date().isoformat()
        plan = {
            "project_id": api.get("/api/v1/events").json()["items"][0]["project_id"],
            "title": "Seminar of sixty",
            "kind": "training",
            "zone": "Etc/UTC",
            "venue": "Ankara",
            "capacity": 60,
            "first_day": today,
            "last_day": today,
        }
        path = f"/api/v1/events/{api.post('/api/v1/events', json=plan).raise_for_status().json()['id']}"
        lines = [f"Ayşe Soyadı{n:02};Court {n % 7};p{n}@example.org" for n in range(60)]
        files = {"file": ("list.csv", "\n".join(["Name;Institution;E-mail", *lines]).encode(), "text/csv")}
        upload = api.post(f"{path}/imports", files=files).raise_for_status().json()
        api.post(f"/api/v1/imports/{upload['id']}/application", json={}).raise_for_status()
        people = api.get(f"{path}/people?limit=100").json()["items"]
        given = {"action": "add", "invitations": [one["invitation_id"] for one in people]}
        api.post(f"{path}/people/bulk", json=given).raise_for_status()
        until(lambda: api.get(path).json()["taken"] == 60)
    return installation.url + path.removeprefix("/api/v1")


def test_sixty_people_sign_and_end_with_certificates_and_a_report(
    installation: Installation, browser: Browser, event: str, tmp_path: Path
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", DESK)
    page.on("dialog", lambda dialog: dialog.accept())
    scan = tmp_path / "sheets.pdf"
    sheets = signed(sheet_of(page, event, installation), seed=4)
    ways = cycle(("scan 150", "copier", "photograph 2000 px"))
    scan.write_bytes(pdf_of(*(Image.open(BytesIO(photographed(*one))) for one in zip(sheets, ways, strict=False))))
    printed = json.loads(installation.run("read-sheet", str(scan)).stdout)
    assert [(one["page"], one["problem"]) for one in printed] == [(n, None) for n in range(1, len(sheets) + 1)]
    enter_what_was_signed(page, event, scan)
    page.goto(f"{event}/attendance")
    expect(page.get_by_role("link", name="Hans Gruber")).to_be_visible()
    ticked = page.locator("input[name='signed[]']:checked").evaluate_all("all => all.map(box => box.value)")
    there = {value.partition(":")[0] for value in ticked}
    assert len(there) > 40
    mail_certificates(page, event)
    verify_one(page, browser, event)
    page.goto(f"{event}/materials")
    page.locator("a[href*='/report?event=']").click()
    row = page.get_by_role("row", name="Different people who attended")
    expect(row).to_contain_text(str(len(there)))
    # Last: the language is the account's, on all its browsers.
    phone = signed_in(installation, browser, "Elif Karaca", PHONE, "tr")
    read_again_on_a_phone(phone, event, sheets[0], scan)


def enter_what_was_signed(page: Page, event: str, scan: Path) -> None:
    """Upload, look through by keyboard, leave out walk-ins but one, enter."""
    page.goto(f"{event}/attendance")
    page.get_by_role("link", name="Scans").click()
    assert look_over(page) == []
    page.get_by_label("Scans or photographs").set_input_files(scan)
    page.get_by_role("button", name="Upload and read").click()
    page.get_by_role("link", name="Look at the cells and enter them").click(timeout=120_000)
    assert look_over(page) == []
    shot(page, "scan-desk-en")
    unsure = page.locator("[data-unsure]")
    expect(unsure).not_to_have_count(0)
    unsure.first.locator("input").first.focus()
    for _ in range(unsure.count()):
        page.keyboard.press("e")
    assert page.locator("[data-unsure] input[value=empty]:checked").count() == unsure.count()
    expect(page.get_by_label("Where the original lies")).to_be_focused()
    page.keyboard.type("Folder 3")
    for row in all_of(page.get_by_label("Leave this row out"))[1:]:
        row.check()
    page.get_by_role("button", name="Enter the attendance").click()
    expect(page.get_by_role("alert")).to_contain_text("Please check")
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    assert page.locator("[data-unsure] input[value=empty]:checked").count() == unsure.count()
    page.get_by_label("Name", exact=True).first.fill("Hans Gruber")
    page.get_by_role("button", name="Enter the attendance").click()
    expect(page.get_by_role("status")).to_contain_text("Entered from the scans")
    assert look_over(page) == []
    shot(page, "scans-desk-en")


def read_again_on_a_phone(phone: Page, event: str, sheet: SignedPage, scan: Path) -> None:
    phone.goto(f"{event}/scans")
    assert look_over(phone) == []
    shot(phone, "scans-phone-tr")
    scan.write_bytes(pdf_of(scan_of(sheet).rotate(1, fillcolor="white")))
    phone.get_by_label("Taramalar veya fotoğraflar").set_input_files(scan)
    phone.get_by_role("button", name="Yükle ve oku").click()
    phone.get_by_role("link", name="Hücreleri gözden geçir ve işle").click(timeout=120_000)
    assert look_over(phone) == []
    shot(phone, "scan-phone-tr")


def mail_certificates(page: Page, event: str) -> None:
    """Issue them to all who attended enough, and mail each theirs."""
    page.goto(f"{event}/certificates")
    page.get_by_role("button", name="Issue certificates").click()
    expect(page.locator("tbody tr").first).to_be_visible(timeout=60_000)
    count = page.locator("tbody tr").count()
    assert count > 20
    page.goto(f"{event}/campaigns")
    page.get_by_label("To whom: only").first.select_option(label="Has a certificate")
    page.get_by_label("Subject in English").fill("Your certificate")
    page.get_by_label("Text in English").fill("Dear {name}, it is attached.")
    page.get_by_label("Certificate of attendance, PDF").check()
    page.get_by_role("button", name="Save").click()
    # The walk-in has a certificate too, and no address.
    expect(page.get_by_text(f"{count - 1} people would get it.")).to_be_visible()
    page.get_by_role("button", name="Write it to all of them").click()
    page.get_by_role("button", name="Send", exact=True).click(timeout=60_000)


def verify_one(page: Page, browser: Browser, event: str) -> None:
    """The code on a certificate opens a page that says that it holds, to somebody without an account."""
    page.goto(f"{event}/certificates")
    link = page.get_by_role("link", name="PDF", exact=True).first.evaluate("link => link.href")
    drawn = pdfium.PdfDocument(page.context.request.get(link).body())[0].render(scale=3).to_pil()
    (code,) = zxingcpp.read_barcodes(drawn)
    stranger = open_page(browser, PHONE, "en")
    stranger.goto(code.text)
    expect(stranger.get_by_role("status").first).to_have_text("Valid")
    expect(stranger.get_by_text("2 of 2 half-days")).to_be_visible()
    assert look_over(stranger) == []
