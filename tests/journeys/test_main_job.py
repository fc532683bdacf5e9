"""The main job in a browser: from an empty event to the per-diem sheet, on a desk's screen and a judge's phone."""

import io
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import httpx2
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from heyet.demo_data import nomination_list
from tests.journeys.browser import DESK, PHONE, look_over, open_page, unfold
from tests.processes import Installation
from tests.servers import MailServer

TODAY = date.today()  # noqa: DTZ011  the event is moved here when it has to have come
FIRST = TODAY + timedelta(days=50)
PERSONAL = re.compile(r"http://\S+/i/[\w-]{20,}")


@pytest.fixture
def installation(with_relay: Installation) -> Installation:
    return with_relay


def signed_in(
    installation: Installation,
    browser: Browser,
    name: str,
    size: tuple[int, int] = DESK,
    language: str = "en",
) -> Page:
    """One of the demo's staff at a desk."""
    links = dict(re.findall(r"^(\S.*?)\s{2,}(http\S+)$", installation.run("demo").stdout, re.M))
    page = open_page(browser, size, language)
    page.goto(links[name])
    page.locator("form[action^='/sign-in/link'] button").click()
    page.wait_for_url(f"{installation.url}/")
    page.locator("details.menu > summary").click()
    page.locator(f".menu button[name=language][value={language}]").click()
    return page


def until(what: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.05)


def body_of(mail_server: MailServer, subject: str, address: str) -> str:
    for recipients, mail in mail_server.taken:
        if recipients[0] == address and subject in str(mail["Subject"]):
            plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
            return str(plain.get_content())  # type: ignore[attr-defined]
    return ""


def calendars(mail_server: MailServer, subject: str) -> list[Calendar]:
    return [
        Calendar.from_ical(part.get_content())  # type: ignore[attr-defined, misc]
        for _, mail in mail_server.taken
        if subject in str(mail["Subject"])
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    ]


def plan_event(page: Page, url: str) -> None:
    page.goto(f"{url}/events/new")
    page.locator("#title").fill("Provincial coordination meeting")
    page.get_by_label("Start date").fill(FIRST.isoformat())
    page.get_by_label("End date").fill((FIRST - timedelta(days=1)).isoformat())
    page.get_by_label("Capacity").fill("30")
    page.get_by_label("Where").fill("Ankara, Büyük Salon")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#last_day-wrong")).to_have_text("The end date is before the start date.")
    expect(page.get_by_label("Where")).to_have_value("Ankara, Büyük Salon")
    page.get_by_label("End date").fill((FIRST + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The event is planned.")
    for title, starts, ends, kind in (
        ("Opening", "09:30", "10:30", "content"),
        ("Lunch", "12:30", "13:30", "lunch"),
    ):
        unfold(page, "Add a session")
        page.locator("#title").fill(title)
        page.get_by_label("Starts").fill(starts)
        page.get_by_label("Ends").fill(ends)
        page.get_by_label("Kind").select_option(kind)
        page.get_by_role("button", name="Add").click()
        expect(page.locator(".agenda").first).to_contain_text(title)


def comes(installation: Installation, event: str) -> None:
    """It is the event's first day: attendance is recorded of days that have come."""
    id = event.rpartition("/")[2].replace("-", "")
    with closing(sqlite3.connect(installation.folder / "var" / "heyet.db")) as database, database:
        days = (TODAY.isoformat(), (TODAY + timedelta(days=1)).isoformat(), id)
        assert database.execute("UPDATE event SET first_day = ?, last_day = ? WHERE id = ?", days).rowcount == 1
        for one in ("starts_at", "ends_at"):
            moved = f"strftime('%Y-%m-%d %H:%M:%f000', {one}, '-50 days')"
            database.execute(f"UPDATE session SET {one} = {moved} WHERE event_id = ?", (id,))


def import_and_invite(page: Page, event: str, mail_server: MailServer) -> None:
    page.goto(f"{event}/people")
    page.get_by_label("CSV or XLSX").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": nomination_list()}
    )
    page.get_by_role("button", name="Preview").first.click()
    expect(page.get_by_text("Cannot be imported", exact=True)).to_have_count(1)
    expect(page.get_by_text("Twice in this list", exact=True)).to_have_count(1)
    assert look_over(page) == []
    page.get_by_role("button", name=re.compile("Import")).click()
    expect(page.get_by_role("status")).to_contain_text("28 added, 0 changed, 2 left out.")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Write the invitations").click()
    expect(page.get_by_text("28 mails are written and not sent.")).to_be_visible(timeout=15_000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Look and send").click()
    page.get_by_role("button", name="Send 28 mails").click()
    expect(page.get_by_role("status")).to_contain_text("28 messages are on their way.")
    until(lambda: len(calendars(mail_server, "Davet")) == 28)


def answer_on_a_phone(browser: Browser, mail_server: MailServer) -> tuple[Page, str]:
    """Accept, tell, decline and accept again; then subscribe. Returns the page and the feed's address."""
    link = PERSONAL.search(body_of(mail_server, "Davet", "ahmet.yilmaz@il.example.org"))
    assert link
    phone = open_page(browser, PHONE, "tr")
    phone.goto(link.group(0))
    assert look_over(phone) == []
    phone.get_by_role("button", name="Evet, katılıyorum").click()
    expect(phone.get_by_text("Yeriniz var.")).to_be_visible()
    phone.get_by_label("Cep telefonu").fill("0532 000 00 00")
    phone.get_by_label("Beslenme tercihi / alerji").fill("Fındık")
    phone.locator("#details").get_by_role("button", name="Kaydet").click()
    expect(phone.locator("#details .invalid-feedback")).to_be_visible()
    expect(phone.get_by_label("Beslenme tercihi / alerji")).to_have_value("Fındık")
    phone.locator("input[name=agrees_data_use]").check()
    phone.locator("#details").get_by_role("button", name="Kaydet").click()
    expect(phone.get_by_role("status").first).to_contain_text("Teşekkür")
    phone.locator("summary", has_text="gelemiyorum").click()
    phone.locator("form[action$='/decline'] button").click()
    expect(phone.get_by_role("button", name="Evet, katılıyorum")).to_be_visible()
    phone.get_by_role("button", name="Evet, katılıyorum").click()
    expect(phone.get_by_label("Beslenme tercihi / alerji")).to_have_value("Fındık")
    phone.locator("#calendar").get_by_role("link", name="Abone ol").click()
    phone.get_by_role("button", name="Kodu gönder").click()
    assert look_over(phone) == []
    until(lambda: bool(body_of(mail_server, "kodunuz", "ahmet.yilmaz@il.example.org")))
    code = re.search(r"\b\d{6}\b", body_of(mail_server, "kodunuz", "ahmet.yilmaz@il.example.org"))
    assert code
    phone.get_by_label("E-postadaki kod").fill(code.group(0))
    phone.get_by_role("button", name="Onayla").click()
    phone.locator("form[action$='/calendar'] button").click()
    assert look_over(phone) == []
    until(lambda: bool(body_of(mail_server, "Onay", "ahmet.yilmaz@il.example.org")))
    return phone, phone.locator("#calendar code").inner_text()


def test_from_an_empty_event_to_the_per_diem_sheet(
    installation: Installation, browser: Browser, mail_server: MailServer
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    plan_event(page, installation.url)
    event = re.split("[?#]", page.url)[0]
    import_and_invite(page, event, mail_server)
    _, feed = answer_on_a_phone(browser, mail_server)

    before = httpx2.get(feed)
    page.goto(event)
    page.get_by_role("link", name="Opening", exact=True).click()
    page.get_by_label("Starts").fill("11:00")
    page.get_by_label("Ends").fill("12:00")
    page.get_by_role("button", name="Save, 28 mails to send").click()
    after = httpx2.get(feed, headers={"If-None-Match": before.headers["etag"]})
    opening = next(e for e in Calendar.from_ical(after.content).walk("VEVENT") if e["SUMMARY"] == "Opening")
    assert opening["DTSTART"].dt.strftime("%H:%M") == "11:00"
    page.goto(f"{page.url.partition('/events')[0].partition('/mail')[0]}/mail")
    page.get_by_role("link", name=re.compile("^Look and send What has changed")).click()
    page.get_by_role("button", name="Send 28 mails").click()
    until(lambda: len(calendars(mail_server, "Değişti")) == 28)
    assert {c.walk("VEVENT")[0]["SEQUENCE"] for c in calendars(mail_server, "Değişti")} == {1}

    page.goto(f"{event}/attendance")
    assert look_over(page) == []
    page.get_by_role("link", name="Sign-in sheets").click()
    assert look_over(page) == []
    page.get_by_role("button", name="Make version 1").click()
    sheet = page.context.request.get(page.get_by_role("link", name="Version 1 (PDF)").evaluate("link => link.href"))
    assert (sheet.status, sheet.body()[:5]) == (200, b"%PDF-")
    comes(installation, event)
    page.goto(f"{event}/attendance")
    page.get_by_label("Everybody, morning").check()
    page.get_by_label("Everybody, afternoon").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("half-days changed.")

    page.goto(f"{event}/per-diem")
    page.get_by_label("Check-in").fill(TODAY.isoformat())
    page.get_by_label("Check-out").fill((TODAY + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Enter nights").click()
    expect(page.locator("#total-EUR")).to_contain_text("EUR 149.60")
    page.get_by_role("button", name="Submit to finance").click()
    expect(page.get_by_role("status")).to_contain_text("The sheet is with finance now.")
    assert look_over(page) == []

    finance = signed_in(installation, browser, "Nermin Güçlü")
    finance.goto(f"{event}/per-diem")
    finance.get_by_role("link", name=re.compile(r"-EUR-1$")).click()
    with finance.expect_download() as file:
        finance.get_by_role("link", name="Spreadsheet (XLSX)").click()
    book = load_workbook(io.BytesIO(Path(file.value.path()).read_bytes()), data_only=True).worksheets[0]
    assert 149.6 in [cell.value for row in book.iter_rows() for cell in row]
    finance.get_by_role("button", name="Mark as checked").click()
    expect(finance.get_by_role("status")).to_contain_text("The sheet is checked.")
    finance.get_by_role("button", name="Approve").click()
    expect(finance.get_by_role("status")).to_contain_text("The sheet is approved")
