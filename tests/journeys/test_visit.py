"""A newcomer plans a study visit of twelve from nothing, by pages alone, and a flight moves."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import httpx2
import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE, look_over, open_page, unfold
from tests.journeys.test_main_job import body_of, signed_in, until
from tests.office import pdf_pages
from tests.processes import Installation
from tests.servers import MailServer
from tests.visits.vendors import flight, mail

FIRST = date.today() + timedelta(days=60)  # noqa: DTZ011  any day that is far enough
LAST = FIRST + timedelta(days=3)
ISTANBUL, VIENNA = ZoneInfo("Europe/Istanbul"), ZoneInfo("Europe/Vienna")
NAMES = [
    "Ayşe Bir",
    "Ali İki",
    "Fatma Üç",
    "Can Dört",
    "Zeynep Beş",
    "Mehmet Altı",
    "Elif Yedi",
    "Hasan Sekiz",
    "Derya Dokuz",
    "Ömer On",
    "Şule Onbir",
    "Işıl Oniki",
]
LINK = re.compile(r"/i/([\w-]{20,})")


@pytest.fixture
def installation(with_relay: Installation) -> Installation:
    return with_relay


def address_of(name: str) -> str:
    return f"p{NAMES.index(name)}@example.org"


def twelve_accept(installation: Installation, mail_server: MailServer, event: str) -> dict[str, str]:
    """All are named, invited and say yes. Returns their links' tokens by name."""
    rights = [word for right in ("look", "plan", "release") for word in ("--right", right)]
    key = installation.run("token", "elif.karaca@example.org", "x", *rights).stdout.strip()
    path = f"/api/v1{event.removeprefix(installation.url)}"
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as api:
        lines = [f"{name};Court {n};{address_of(name)}" for n, name in enumerate(NAMES)]
        files = {"file": ("list.csv", "\n".join(["Name;Institution;E-mail", *lines]).encode(), "text/csv")}
        upload = api.post(f"{path}/imports", files=files).raise_for_status().json()
        api.post(f"/api/v1/imports/{upload['id']}/application", json={}).raise_for_status()
        api.post(f"{path}/invitations").raise_for_status()
        messages = f"/api/v1/messages?about_id={path.rpartition('/')[2]}"
        until(lambda: api.get(messages).json()["total"] == len(NAMES))
        api.post(f"{path}/messages/release").raise_for_status()
        until(lambda: all(LINK.search(body_of(mail_server, "", address_of(name))) for name in NAMES))
        tokens = {}
        for name in NAMES:
            found = LINK.search(body_of(mail_server, "", address_of(name)))
            assert found
            own = {"Authorization": f"Bearer {found[1]}"}
            api.post("/api/v1/invitation/acceptance", headers=own).raise_for_status()
            tokens[name] = found[1]
    return tokens


def plan_visit(page: Page, url: str) -> str:
    """A new event with a meeting in its programme. Returns its address."""
    page.goto(f"{url}/events/new")
    page.locator("#title").fill("Study visit to Vienna")
    page.get_by_label("Kind").select_option("study-visit")
    page.get_by_label("Start date").fill(FIRST.isoformat())
    page.get_by_label("End date").fill(LAST.isoformat())
    page.get_by_label("Capacity").fill("12")
    page.get_by_label("Country").select_option("AT")
    page.get_by_label("Where").fill("Vienna")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("The event is planned.")
    unfold(page, "Add a session")
    page.locator("#title").fill("Ministry of Justice")
    page.get_by_label("Day").select_option(FIRST.isoformat())
    page.get_by_label("Starts").fill("14:00")
    page.get_by_label("Ends").fill("16:00")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#agenda")).to_contain_text("Ministry of Justice")
    return re.split("[?#]", page.url)[0]


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of the event").get_by_role("link", name=name, exact=True).click()


def fill_delegation(page: Page) -> None:
    """Purpose, head, a host with the session that is the meeting, and the usual tasks."""
    tab(page, "Delegation")
    page.get_by_label("Purpose of the visit").fill("How courts in Vienna care for victims.")
    page.get_by_label("Head of delegation").select_option(label="Ayşe Bir")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.locator("summary", has_text="Add a host").click()
    host = page.locator("#host")
    host.get_by_label("Institution").fill("Bundesministerium für Justiz")
    host.get_by_label("Session of the programme").select_option(index=1)
    host.get_by_label("Address").fill("Museumstraße 7, 1070 Wien")
    host.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Museumstraße 7")
    page.get_by_role("link", name="Tasks of the visit").click()
    page.get_by_role("button", name="Add the usual tasks").click()
    expect(page.get_by_role("button", name="Not needed").first).to_be_visible()


def enter_leg(page: Page, number: str, origin: str, destination: str, day: date, *clocks: str) -> None:
    """One leg for everybody."""
    page.get_by_role("link", name="Enter a leg").click()
    page.get_by_label("Flight or train number").fill(number)
    page.get_by_label("From where").fill(origin)
    page.get_by_label("Where to").fill(destination)
    page.get_by_label("Day of departure").fill(day.isoformat())
    page.get_by_label("Departure", exact=True).fill(clocks[0])
    page.get_by_label("Arrival", exact=True).fill(clocks[1])
    page.get_by_label("Everybody").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text(number)


def book_hotel(page: Page) -> None:
    """A hotel with a block, everybody's nights in it, and the rooms that are proposed."""
    tab(page, "Stays")
    page.get_by_role("link", name="Hotels and rooms").click()
    page.get_by_role("link", name="Enter a hotel").click()
    page.get_by_label("Name", exact=True).fill("Hotel Wandl")
    page.get_by_label("Address").fill("Petersplatz 9")
    page.get_by_label("City").fill("Vienna")
    page.get_by_role("button", name="Save").click()
    block = page.locator("#block")
    block.get_by_label("Room type").select_option("SGL")
    block.get_by_label("Rooms each night").fill("12")
    block.get_by_label("Rate per room and night").fill("118.50")
    block.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="EUR 118.50")).to_be_visible()
    page.get_by_role("link", name="Nights", exact=True).click()
    for night in range((LAST - FIRST).days):
        page.locator(f"[data-ticks='{FIRST + timedelta(days=night)}']").check()
    page.get_by_role("button", name="Enter these nights").click()
    expect(page.get_by_role("cell", name="Hotel Wandl").first).to_be_visible()
    page.get_by_role("link", name="Hotels and rooms").click()
    page.get_by_role("button", name="Make the ticked rooms").click()
    expect(page.get_by_role("button", name="Take out")).to_have_count(len(NAMES))


def suggest_vehicle(page: Page) -> None:
    tab(page, "Transfers")
    page.get_by_label("Where to").fill("Hotel Wandl")
    page.get_by_role("button", name="Suggest").click()
    expect(page.locator("main")).to_contain_text("12 of 16 seats")
    page.get_by_role("button", name="Enter these vehicles").click()
    expect(page.get_by_role("heading", name="Arrivals that no vehicle meets")).to_have_count(0)


def take_over_booking(page: Page) -> None:
    """Somebody flies home later than the others: their booking says so."""
    leaves = datetime.combine(LAST, time(20, 5), VIENNA).isoformat()
    lands = datetime.combine(LAST, time(23, 25), ISTANBUL).isoformat()
    now = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    sent = mail(flight("VIE-IST", leaves, lands, "1890", person="Işıl Oniki"), sent=now)
    tab(page, "Travel")
    page.get_by_role("link", name="Read bookings").click()
    page.get_by_label("Confirmations, calendar entries").set_input_files(
        {"name": "booking.eml", "mimeType": "message/rfc822", "buffer": sent.as_bytes()}
    )
    page.get_by_role("button", name="Upload and read").click()
    page.get_by_role("button", name="Take over what is ticked").click(timeout=60_000)
    expect(page.get_by_role("status").first).to_be_visible()


def move_flight(page: Page, mail_server: MailServer) -> None:
    """The preview says who misses what, and saving tells the twelve and nobody else."""
    tab(page, "Travel")
    page.get_by_role("link", name="Flight TK 1887").click()
    page.get_by_label("Departure", exact=True).fill("13:05")
    page.get_by_label("Arrival", exact=True).fill("14:40")
    page.get_by_role("button", name="See what follows, then save").click()
    expect(page.get_by_text("misses “Ministry of Justice”")).to_have_count(len(NAMES))
    expect(page.locator("main")).to_contain_text("10:40 → 15:40")
    before = len(mail_server.taken)
    page.get_by_role("button", name="Save, and send 12 mails").click()
    expect(page.get_by_role("status").first).to_be_visible()
    until(lambda: len(mail_server.taken) >= before + len(NAMES))
    told = [recipients[0] for recipients, _ in mail_server.taken[before:]]
    assert sorted(told) == sorted(map(address_of, NAMES))


def look_on_a_phone(page: Page) -> None:
    """What everybody would be told stands line below line on a narrow screen."""
    page.get_by_role("link", name="Tell travellers").click()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert look_over(page) == []
    lines = page.locator("td > div").evaluate_all("all => all.map(one => one.offsetWidth)")
    assert min(lines) > PHONE[0] / 3
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    expect(page.get_by_role("button", name="Send to those ticked (of 12)")).to_be_visible()


def saved(page: Page, button: str) -> bytes:
    """The file that a button makes."""
    with page.expect_download(timeout=30_000) as waiting:
        page.get_by_role("button", name=button).click()
    return waiting.value.path().read_bytes()


def print_lists(page: Page) -> None:
    """Manifest, rooming list and booklet, opened by other people's programs."""
    tab(page, "Delegation")
    page.get_by_label("List", exact=True).select_option("manifest")
    page.get_by_label("For whom").fill("Protocol, Vienna airport")
    pages = "".join(pdf_pages(saved(page, "Make the list")))
    assert "Protocol, Vienna airport" in pages
    assert [name for name in NAMES if name.split()[-1] not in pages] == []
    tab(page, "Stays")
    page.get_by_role("link", name="Rooming lists").click()
    page.get_by_role("button", name="Make version 1").click()
    page.get_by_label("File").select_option("xlsx")
    book = load_workbook(io.BytesIO(saved(page, "Download")))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert [name for name in NAMES if name.split()[-1] not in cells] == []
    assert ("Hotel Wandl" in cells, "14:40" in cells) == (True, True)
    tab(page, "Itinerary")
    expect(page.locator("main")).to_contain_text("15:40")
    page.get_by_role("link", name="Booklet").click()
    link = page.get_by_role("link", name="For everybody: English").evaluate("link => link.href")
    booklet = "".join(pdf_pages(page.context.request.get(link).body()))
    assert "Ministry of Justice" in booklet
    # Neither host nor hotel is typed twice.
    assert ("Museumstraße 7, 1070 Wien" in booklet, "Petersplatz 9" in booklet) == (True, True)


def replace_somebody(page: Page, name: str, by: str) -> None:
    """The day before, somebody drops out: what does not follow is said first, and stands among the tasks after."""
    tab(page, "Participants")
    page.get_by_role("link", name=name).first.click()
    page.locator("summary", has_text="Replace").click()
    expect(page.get_by_text("These do not, and become tasks")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Ticket TK 1887")
    form = page.locator("form[action$='/substitute']")
    form.locator("input[name=name]").fill(by)
    form.locator("input[name=address]").fill("yedek@example.org")
    form.get_by_role("button", name="Replace").click()
    tab(page, "Delegation")
    page.get_by_role("link", name="Tasks of the visit").click()
    expect(page.locator("main")).to_contain_text(f"{name} → {by}: Ticket TK 1887")
    expect(page.locator("main")).to_contain_text(f"{name} → {by}: Bed in Hotel Wandl")
    tab(page, "Transfers")
    expect(page.locator("main")).to_contain_text(by)


def feed_of(installation: Installation, browser: Browser, mail_server: MailServer, token: str) -> str:
    """The address of a traveller's calendar, subscribed to on their telephone after the code from their mailbox."""
    phone = open_page(browser, PHONE, "tr")
    phone.goto(f"{installation.url}/i/{token}/calendar")
    before = len(mail_server.taken)
    phone.locator("form[action*='/code/mail'] button").click()
    until(lambda: len(mail_server.taken) > before)
    plain = next(part for part in mail_server.taken[-1][1].walk() if part.get_content_type() == "text/plain")
    code = re.search(r"\b\d{6}\b", str(plain.get_content()))  # type: ignore[attr-defined]
    assert code
    phone.locator("input[name=code]").fill(code[0])
    phone.locator("form:has(#code) button").click()
    phone.locator("form[action$='/calendar'] button").click()
    return phone.locator("#calendar code").inner_text()


def entries(feed: str) -> dict[str, datetime | date]:
    """When everything in a calendar begins, by what it is called."""
    calendar = Calendar.from_ical(httpx2.get(feed).raise_for_status().content)
    return {str(entry["SUMMARY"]): entry.start for entry in calendar.events}


def test_a_visit_is_planned_by_pages_alone_a_flight_moves_and_somebody_drops_out(
    installation: Installation, browser: Browser, mail_server: MailServer
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.on("dialog", lambda dialog: dialog.accept())
    event = plan_visit(page, installation.url)
    tokens = twelve_accept(installation, mail_server, event)
    fill_delegation(page)
    tab(page, "Travel")
    enter_leg(page, "TK 1887", "IST", "VIE", FIRST, "08:05", "09:40")
    tab(page, "Travel")
    enter_leg(page, "TK 1886", "VIE", "IST", LAST, "14:05", "17:25")
    book_hotel(page)
    suggest_vehicle(page)
    take_over_booking(page)
    feed = feed_of(installation, browser, mail_server, tokens["Ali İki"])
    before = entries(feed)
    assert before["Uçuş TK 1887: IST → VIE"] == datetime.combine(FIRST, time(8, 5), ISTANBUL)
    assert before["Transfer: VIE → Hotel Wandl"] == datetime.combine(FIRST, time(10, 40), VIENNA)
    assert before["Konaklama: Hotel Wandl"] == FIRST
    assert "Uçuş TK 1890: VIE → IST" not in before
    tab(page, "Travel")
    look_on_a_phone(page)
    move_flight(page, mail_server)
    after = entries(feed)
    assert after == before | {
        "Uçuş TK 1887: IST → VIE": datetime.combine(FIRST, time(13, 5), ISTANBUL),
        "Transfer: VIE → Hotel Wandl": datetime.combine(FIRST, time(15, 40), VIENNA),
    }
    print_lists(page)
    replace_somebody(page, NAMES[-1], "Yedek Kişi")
    assert entries(feed) == after
    complaints: list[str] = page.complaints  # type: ignore[attr-defined]
    assert complaints == []
