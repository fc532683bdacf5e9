"""The yearly coordination meeting by pages only: two people of each of 81 directorates, from an empty installation."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import httpx2
import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from directory.people.geography import provinces
from tests.journeys.browser import DESK, look_over, open_page
from tests.journeys.test_institutions import COUNT, clicks
from tests.journeys.test_main_job import until
from tests.processes import LINK, Forked, Installation
from tests.servers import MailServer

FIRST = date.today() + timedelta(days=60)  # noqa: DTZ011  any day that is far enough
NOMINATION = re.compile(r"http://\S+/n/([\w-]{20,})")
INVITED = re.compile(r"http://\S+/i/([\w-]{20,})")
MOST_CLICKS = 60


@pytest.fixture
def empty(tmp_path: Path, mail_server: MailServer) -> Iterator[Installation]:
    made = Forked(tmp_path, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_security="none")
    with made.serving():
        yield made


def directorates() -> bytes:
    """A list as a ministry sends it: a title, merged headings in capitals, a total."""
    book = Workbook()
    sheet = book.active
    sheet.append(["İL GÖÇ İDARESİ MÜDÜRLÜKLERİ İRTİBAT LİSTESİ"])
    sheet.append([])
    sheet.append(["S.NO", "KURUM ADI", "İLİ", "İRTİBAT PERSONELİ", "E-POSTA ADRESİ"])
    for n, name in enumerate(provinces().values(), 1):
        sheet.append(
            [n, f"{name} İl Göç İdaresi Müdürlüğü", name, f"Sn. {'AYŞE' if n % 2 else 'MEHMET'} ODAK", f"odak{n}@x.org"]
        )
    sheet.append(["", "TOPLAM: 81 KURUM"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def first_signed_in(installation: Installation, browser: Browser) -> Page:
    """What the operator does once: a project and its first account, by the two commands of the manual."""
    installation.run("project", "P-ACT", "Projekt", "European Union", "2026/1", "--contact", "info@example.org")
    made = installation.run(
        "account", "create", "Elif Karaca", "elif@example.org", "--project", "P-ACT", "--role", "organiser"
    )
    link = LINK.search(made.stdout)
    assert link, made.stdout + made.stderr
    page = open_page(browser, DESK, "en")
    page.goto(link.group(0))
    page.locator("form[action^='/sign-in/link'] button").click()
    page.wait_for_url(f"{installation.url}/")
    return page


def plan(page: Page) -> str:
    page.get_by_role("link", name="Events", exact=True).first.click()
    page.get_by_role("link", name="New event").first.click()
    page.locator("#title").fill("Annual coordination meeting")
    page.get_by_label("Start date").fill(FIRST.isoformat())
    page.get_by_label("End date").fill((FIRST + timedelta(days=1)).isoformat())
    page.get_by_label("Capacity").fill("162")
    page.get_by_label("Where").fill("Ankara")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The event is planned.")
    return re.split("[?#]", page.url)[0]


def import_institutions(page: Page) -> None:
    page.get_by_role("link", name="Institutions", exact=True).click()
    page.get_by_label("XLSX, XLS, ODS or CSV").set_input_files(
        {"name": "irtibat.xlsx", "mimeType": "application/octet-stream", "buffer": directorates()}
    )
    page.locator("form[action='/institutions/imports'] button").click()
    page.get_by_role("button", name="Import the ticked rows").click()
    expect(page.get_by_role("status").first).to_contain_text("81 added, 0 changed, 1 left out.")


def ask(page: Page, event: str) -> None:
    page.goto(event)
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("link", name="Nominations", exact=True).click()
    page.get_by_label("All institutions of this kind").select_option("directorate")
    page.get_by_label("Nomination deadline").fill((FIRST - timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Write the letters").click()
    expect(page.get_by_text("81 mails are written and not sent.")).to_be_visible()
    assert look_over(page) == []
    page.get_by_role("link", name="Look and send").click()
    page.get_by_role("button", name="Send 81 mails").click()
    expect(page.get_by_role("status").first).to_contain_text("81 messages are on their way.")


def tokens(mail_server: MailServer, pattern: re.Pattern[str]) -> list[str]:
    """The newest link of each mailbox."""
    found: dict[str, str] = {}
    for recipients, mail in mail_server.taken:
        plain = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        link = pattern.search(str(plain.get_content()))  # type: ignore[attr-defined]
        if link:
            found[recipients[0]] = link.group(1)
    return list(found.values())


def nominate(installation: Installation, links: list[str]) -> None:
    """What each focal point does on the page of their own link."""
    with httpx2.Client(base_url=installation.url) as client:
        for n, token in enumerate(links):
            names = [
                {"name": f"Ad{n} Bir", "title": "Uzman", "address": f"bir{n}@x.org"},
                {"name": f"Ad{n} İki", "title": "Uzman", "address": f"iki{n}@x.org"},
            ]
            answer = client.put(
                "/api/v1/nomination/names", json={"names": names}, headers={"Authorization": f"Bearer {token}"}
            )
            assert answer.status_code == 200, answer.text


def accept_all(page: Page, event: str) -> None:
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_text("162 nominees").first).to_be_visible()
    page.locator("li", has_text="162 nominees wait").get_by_role("link", name=re.compile("Decide")).first.click()
    page.get_by_role("button", name="Accept all 162 nominees within the quotas").click()
    expect(page.get_by_role("status").first).to_contain_text("162 people are on the list of the event.")


def invite(page: Page, event: str) -> None:
    page.get_by_role("link", name="Participants").click()
    page.get_by_role("button", name="Write the invitations").click()
    expect(page.get_by_text("162 mails are written and not sent.")).to_be_visible(timeout=30_000)
    page.get_by_role("link", name="Look and send").click()
    page.get_by_role("button", name="Send 162 mails").click()
    expect(page.get_by_role("status").first).to_contain_text("162 messages are on their way.")


def test_the_yearly_meeting_of_81_directorates_takes_at_most_sixty_clicks(
    empty: Installation, browser: Browser, mail_server: MailServer
) -> None:
    page = first_signed_in(empty, browser)
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(COUNT)
    page.goto(empty.url)
    page.evaluate("window.name = ''")
    event = plan(page)
    import_institutions(page)
    ask(page, event)
    until(lambda: len(tokens(mail_server, NOMINATION)) == 81, seconds=60)
    nominate(empty, tokens(mail_server, NOMINATION))
    accept_all(page, event)
    invite(page, event)
    until(lambda: len(tokens(mail_server, INVITED)) == 162, seconds=120)
    with httpx2.Client(base_url=empty.url) as client:
        for token in tokens(mail_server, INVITED):
            answer = client.post("/api/v1/invitation/acceptance", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200, answer.text
    page.goto(event)
    expect(page.get_by_text("162 of 162").first).to_be_visible()
    count = clicks(page)
    assert count <= MOST_CLICKS
