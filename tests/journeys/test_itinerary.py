"""A traveller's telephone in a real Chromium: now and next without a network, and gone when it has to be."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import PHONE, look_over, open_page
from tests.journeys.test_main_job import body_of, until
from tests.processes import Installation
from tests.servers import MailServer

ADDRESS = "ayse.bir@example.org"
LINK = re.compile(r"/i/([\w-]{20,})")
# What the browser keeps, as anybody who opens the device would read it: databases and files, not its history.
KEPT = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const database = await done(indexedDB.open("heyet-itinerary"));
  const rows = await done(database.transaction("kept").objectStore("kept").getAll());
  const names = await done(database.transaction("kept").objectStore("kept").getAllKeys());
  const files = [];
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys()) {
      const answer = await caches.match(asked);
      files.push(asked.url, /html|javascript/.test(answer.headers.get("content-type")) ? await answer.text() : "");
    }
  const local = JSON.stringify({ ...localStorage, ...sessionStorage });
  return { rows: rows.length, text: [...rows.map((row) => new TextDecoder().decode(row.data) + JSON.stringify(row)),
    ...names, ...files, local].join(" ") };
}"""


@pytest.fixture
def installation(with_relay: Installation) -> Installation:
    return with_relay


@pytest.fixture
def api(installation: Installation) -> Iterator[httpx2.Client]:
    rights = [word for right in ("look", "plan", "release") for word in ("--right", right)]
    token = installation.run("token", "elif.karaca@example.org", "x", *rights).stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


def invited(api: httpx2.Client, mail_server: MailServer) -> tuple[dict[str, Any], str]:
    """A visit of today with a session on at this moment, and the link of somebody who said yes."""
    now = datetime.now(UTC)
    plan = {
        "project_id": api.get("/api/v1/events").json()["items"][0]["project_id"],
        "title": "Visit to Vienna",
        "kind": "study-visit",
        "zone": "Etc/UTC",
        "venue": "Vienna",
        "country": "AT",
        "capacity": 5,
        "first_day": (now - timedelta(days=1)).date().isoformat(),
        "last_day": (now + timedelta(days=2)).date().isoformat(),
        "sessions": [
            {
                "title": "Ministry of justice",
                "starts": (now - timedelta(minutes=30)).isoformat(),
                "ends": (now + timedelta(minutes=40)).isoformat(),
                "room": "Hall 2",
            }
        ],
    }
    event = api.post("/api/v1/events", json=plan).raise_for_status().json()
    list_of = f"Name;Institution;E-mail\nAyşe Bir;Court;{ADDRESS}".encode()
    files = {"file": ("list.csv", list_of, "text/csv")}
    upload = api.post(f"/api/v1/events/{event['id']}/imports", files=files).raise_for_status().json()
    api.post(f"/api/v1/imports/{upload['id']}/application", json={}).raise_for_status()
    api.post(f"/api/v1/events/{event['id']}/invitations").raise_for_status()
    until(lambda: api.get(f"/api/v1/messages?about_id={event['id']}").json()["total"] > 0)
    released = api.post(f"/api/v1/events/{event['id']}/messages/release")
    assert released.status_code == 200, released.text
    until(lambda: LINK.search(body_of(mail_server, "", ADDRESS)) is not None)
    found = LINK.search(body_of(mail_server, "", ADDRESS))
    assert found
    own = {"Authorization": f"Bearer {found[1]}"}
    api.post("/api/v1/invitation/acceptance", headers=own).raise_for_status()
    return event, found[1]


def on_phone(installation: Installation, browser: Browser, mail_server: MailServer, token: str) -> Page:
    """Their telephone, once the code from their mailbox is typed."""
    phone = open_page(browser, PHONE, "en")
    phone.context.add_cookies([{"name": "heyet_language", "value": "en", "url": installation.url}])
    phone.goto(f"{installation.url}/i/{token}/travel/itinerary")
    before = len(mail_server.taken)
    phone.locator("form[action*='/code/mail'] button").click()
    until(lambda: len(mail_server.taken) > before)
    plain = next(part for part in mail_server.taken[-1][1].walk() if part.get_content_type() == "text/plain")
    code = re.search(r"\b\d{6}\b", str(plain.get_content()))  # type: ignore[attr-defined]
    assert code
    phone.locator("input[name=code]").fill(code[0])
    phone.locator("form:has(#code) button").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("My itinerary")
    return phone


def test_now_and_next_works_without_a_network_and_leaves_nothing_to_read(
    installation: Installation, api: httpx2.Client, browser: Browser, mail_server: MailServer
) -> None:
    event, token = invited(api, mail_server)
    registration = api.get(f"/api/v1/events/{event['id']}/journeys").json()[0]["registration_id"]
    soon = datetime.now(UTC) + timedelta(minutes=90)
    leg = {"number": "TK 1887", "origin": "IST", "destination": "VIE", "day": event["last_day"], "departs": "08:05"}
    api.post(
        f"/api/v1/events/{event['id']}/legs", json={"leg": leg, "registrations": [registration]}
    ).raise_for_status()
    ride = {"direction": "between", "name": "Bus 1", "seats": 8, "origin": "Hotel Wandl", "destination": "Opera"}
    ride |= {"day": soon.date().isoformat(), "pick_up": f"{soon:%H:%M}", "driver_name": "Franz Huber"}
    bus = api.post(f"/api/v1/events/{event['id']}/vehicles", json=ride).raise_for_status().json()
    people = {"registrations": [registration]}
    api.post(f"/api/v1/vehicles/{bus['id']}/passengers", json=people).raise_for_status()

    phone = on_phone(installation, browser, mail_server, token)
    assert look_over(phone) == []
    phone.get_by_role("link", name="Now and next").click()
    expect(phone.locator("[data-now]")).to_contain_text("Ministry of justice")
    expect(phone.locator("[data-next]")).to_contain_text("Hotel Wandl → Opera")
    expect(phone.locator("[data-days]")).to_contain_text("08:05 (Istanbul) – arrival not known")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    assert look_over(phone) == []

    # Aeroplane mode, and the browser begins anew.
    phone.context.set_offline(True)
    phone.goto(phone.url)
    expect(phone.locator("[data-now]")).to_contain_text("Hall 2")
    expect(phone.locator("[data-days]")).to_contain_text("Franz Huber")
    expect(phone.locator("[data-warning]")).to_contain_text("No network")
    kept = phone.evaluate(KEPT)
    assert kept["rows"] == 1
    for secret in ("Ministry", "Ayşe", "Huber", "Wandl", "TK 1887", token):
        assert secret not in kept["text"]

    # Who has the device and another link reads nothing; three days after the visit nothing is there.
    other = phone.context.new_page()
    other.goto(phone.url.replace(token, token[::-1]))
    expect(other.locator("[data-warning]")).to_contain_text("open this page once with a network")
    assert "Huber" not in other.inner_text("main")
    other.close()
    phone.clock.set_system_time(datetime.now(UTC) + timedelta(days=7))
    phone.goto(phone.url)
    expect(phone.locator("[data-warning]")).to_contain_text("open this page once with a network")
    assert phone.evaluate(KEPT)["rows"] == 0
    complaints: list[str] = phone.complaints  # type: ignore[attr-defined]
    assert {one for one in complaints if "INTERNET_DISCONNECTED" not in one and "ERR_FAILED" not in one} == set()


def test_what_is_kept_goes_at_the_next_contact_once_the_link_opens_nothing(
    installation: Installation, api: httpx2.Client, browser: Browser, mail_server: MailServer
) -> None:
    _, token = invited(api, mail_server)
    phone = on_phone(installation, browser, mail_server, token)
    phone.goto(f"{installation.url}/i/{token}/travel/now")
    expect(phone.locator("[data-now]")).to_contain_text("Ministry of justice")
    phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
    # The code is a matter of twelve hours: without it nothing new comes, and what is there stays.
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    phone.goto(phone.url)
    expect(phone.locator("[data-code]")).to_be_visible()
    expect(phone.locator("[data-now]")).to_contain_text("Ministry of justice")
    phone.context.add_cookies(cookies)  # type: ignore[arg-type]
    # Where nothing can be encrypted, it is shown and not kept.
    plain = phone.context.new_page()
    plain.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    plain.goto(phone.url)
    expect(plain.locator("[data-warning]")).to_contain_text("keeps nothing")
    expect(plain.locator("[data-now]")).to_contain_text("Ministry of justice")
    plain.close()
    # The place is given up somewhere else.
    api.post("/api/v1/invitation/decline", json={}, headers={"Authorization": f"Bearer {token}"}).raise_for_status()
    phone.goto(phone.url)
    expect(phone.locator("[data-warning]")).to_contain_text("deleted")
    assert phone.evaluate(KEPT)["rows"] == 0
    phone.context.set_offline(True)
    phone.goto(phone.url)
    expect(phone.locator("[data-warning]")).to_contain_text("open this page once with a network")
