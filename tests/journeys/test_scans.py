"""A signed sheet comes back: uploaded, looked through by keyboard and on a phone, entered."""

import json
import os
import sqlite3
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from events.attendance.sign_in_sheets.documents import PrintedSheet
from events.attendance.sign_in_sheets.layout import SheetLayout
from tests.journeys.browser import DESK, PHONE, look_over
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation
from tests.signed_sheets import pdf_of, scan_of, signed

SHOTS = os.environ.get("HEYET_TEST_SHOTS")


def shot(page: Page, name: str) -> None:
    """Kept where somebody wants to see them."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def sheet_of(page: Page, installation: Installation, event: str) -> PrintedSheet:
    """A sheet made now, with its layout."""
    page.goto(f"{event}/sign-in-sheets")
    page.get_by_role("button", name="Make version 1").click()
    link = page.get_by_role("link", name="Version 1 (PDF)").evaluate("link => link.href")
    pdf = page.context.request.get(link).body()
    with sqlite3.connect(Path(installation.environment["HEYET_VAR"]) / "heyet.db") as database:
        ((layout,),) = database.execute("select layout from sheet_version")
    return PrintedSheet(pdf, SheetLayout.from_dict(json.loads(layout)))


def test_a_scan_is_uploaded_looked_through_by_keyboard_and_entered(
    installation: Installation, browser: Browser, tmp_path: Path
) -> None:
    page = signed_in(installation, browser, "Elif Karaca", DESK)
    page.goto(f"{installation.url}/events")
    page.get_by_role("link", name="Study visit to Austria").first.click()
    event = page.url.partition("#")[0]
    scan = tmp_path / "sheets.pdf"
    sheets = signed(sheet_of(page, installation, event), seed=4)
    scan.write_bytes(pdf_of(*map(scan_of, sheets)))
    printed = installation.run("read-sheet", str(scan)).stdout
    assert [(one["page"], one["problem"]) for one in json.loads(printed)] == [(1, None), (2, None), (3, None)]
    page.goto(f"{event}/attendance")
    page.get_by_role("link", name="Scans").click()
    assert look_over(page) == []
    page.get_by_label("Scans or photographs").set_input_files(scan)
    page.get_by_role("button", name="Upload and read").click()
    page.get_by_role("link", name="Look at the cells and enter them").click(timeout=120_000)
    assert look_over(page) == []
    shot(page, "scan-desk-en")
    unsure = page.locator("[data-unsure]")
    assert unsure.count() > 1
    unsure.first.locator("input").first.focus()
    for _ in range(unsure.count()):
        page.keyboard.press("e")
    assert page.locator("[data-unsure] input[value=empty]:checked").count() == unsure.count()
    expect(page.get_by_label("Where the original lies")).to_be_focused()
    page.keyboard.type("Folder 3")
    for row in page.get_by_label("Leave this row out").all()[1:]:
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
    page.goto(f"{event}/attendance")
    expect(page.get_by_role("link", name="Hans Gruber")).to_be_visible()
    phone = signed_in(installation, browser, "Elif Karaca", PHONE, "tr")
    phone.goto(f"{event}/scans")
    assert look_over(phone) == []
    shot(phone, "scans-phone-tr")
    scan.write_bytes(pdf_of(*(scan_of(one).rotate(1, fillcolor="white") for one in sheets)))
    phone.get_by_label("Taramalar veya fotoğraflar").set_input_files(scan)
    phone.get_by_role("button", name="Yükle ve oku").click()
    phone.get_by_role("link", name="Hücreleri gözden geçir ve işle").click(timeout=120_000)
    assert look_over(phone) == []
    shot(phone, "scan-phone-tr")
