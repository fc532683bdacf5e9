"""Two desks without a network in a real Chromium: they check people in, come back, and become one truth."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import httpx2
import pytest
import segno
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import FLAGS, PHONE, look_over, open_page
from tests.processes import Installation

PEOPLE = ("Ayşe Yılmaz", "Mehmet Öztürk", "Gülşen Işık")


@pytest.fixture(scope="module")
def api(installation: Installation) -> Iterator[httpx2.Client]:
    rights = [word for right in ("look", "plan", "desk", "attendance") for word in ("--right", right)]
    token = installation.run("token", "elif.karaca@example.org", "desk", *rights).stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield client


@pytest.fixture
def event(api: httpx2.Client) -> dict[str, Any]:
    """A meeting of today, whatever the hour, to which three have said yes."""
    today = datetime.now(UTC).date().isoformat()
    project = api.get("/api/v1/events").json()["items"][0]["project_id"]
    plan = {
        "project_id": project,
        "title": f"Meeting {datetime.now(UTC):%H%M%S%f}",
        "kind": "coordination-meeting",
        "zone": "Etc/UTC",
        "venue": "Ankara",
        "capacity": 20,
        "first_day": today,
        "last_day": today,
    }
    made: dict[str, Any] = api.post("/api/v1/events", json=plan).raise_for_status().json()
    lines = ["Name;Institution;E-mail"] + [f"{name};Court;p{n}@example.org" for n, name in enumerate(PEOPLE)]
    files = {"file": ("list.csv", "\n".join(lines).encode(), "text/csv")}
    upload = api.post(f"/api/v1/events/{made['id']}/imports", files=files).raise_for_status().json()
    api.post(f"/api/v1/imports/{upload['id']}/application", json={}).raise_for_status()
    for person in api.get(f"/api/v1/events/{made['id']}/people").json()["items"]:
        said = {"answer": "accepted", "how": "telephone"}
        api.post(f"/api/v1/invitations/{person['invitation_id']}/answer", json=said).raise_for_status()
    return made


def desk(api: httpx2.Client, browser: Browser, event: dict[str, Any], label: str, **more: Any) -> Page:
    """A telephone that has opened a link, and holds all that it needs to go on alone."""
    made = api.post(f"/api/v1/events/{event['id']}/desk-links", json={"label": label}).raise_for_status().json()
    page = open_page(browser, PHONE, "en", **more)
    page.goto(made["address"])
    page.get_by_role("button", name="Use this device as a desk").click()
    expect(page.locator("[data-synced]")).to_have_text("Last synced just now, 3 people")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return page


def line(page: Page, name: str) -> Any:
    return page.locator("[data-people] li", has_text=name)


def test_two_desks_without_a_network_merge_by_when_people_came(
    api: httpx2.Client, browser: Browser, event: dict[str, Any]
) -> None:
    first, second = desk(api, browser, event, "Desk A"), desk(api, browser, event, "Desk B")
    assert look_over(first) == []
    for page in (first, second):
        page.context.set_offline(True)
    line(second, "Ayşe Yılmaz").get_by_role("button").click()
    expect(second.locator("[data-result]")).to_contain_text("Ayşe Yılmaz")
    # A hand scanner at the other desk types her code, which no person would; the list finds her by its hash.
    line(first, "Ayşe Yılmaz").get_by_role("button").click()
    line(first, "Mehmet Öztürk").get_by_role("button").click()
    expect(first.locator("[data-unsent]")).to_have_text("not yet sent: 2")
    first.keyboard.type("https://example.org/menu/of/a/restaurant")
    first.keyboard.press("Enter")
    expect(first.locator("[data-result]")).to_contain_text("Code not known")
    # The browser is closed and opened again in the meantime: the desk starts without a network and has lost nothing.
    first.goto(first.url)
    expect(first.locator("[data-unsent]")).to_have_text("not yet sent: 3")
    expect(line(first, "Mehmet Öztürk")).to_contain_text("here")
    assert "Öztürk" not in str(first.evaluate(KEPT))
    first.context.set_offline(False)
    expect(first.locator("[data-unsent]")).to_be_hidden()
    second.context.set_offline(False)
    expect(second.locator("[data-unsent]")).to_be_hidden()
    second.evaluate("dispatchEvent(new Event('focus'))")
    expect(line(second, "Mehmet Öztürk")).to_contain_text("here")
    first.reload()
    expect(first.locator("[data-last]")).to_contain_text("Code not known")
    people = api.get(f"/api/v1/events/{event['id']}/check-in/list").json()["people"]
    found = {one["name"]: (one["state"], one["gate"]) for one in people}
    assert found == {
        "Ayşe Yılmaz": ("in", "Desk B"),
        "Mehmet Öztürk": ("in", "Desk A"),
        "Gülşen Işık": ("expected", ""),
    }
    attendance = api.get(f"/api/v1/events/{event['id']}/attendance").json()
    present = {one["name"]: len(one["present"]) for one in attendance}
    assert present == {"Ayşe Yılmaz": 1, "Mehmet Öztürk": 1, "Gülşen Işık": 0}
    for page in (first, second):
        complaints: list[str] = page.complaints  # type: ignore[attr-defined]
        assert {one for one in complaints if "INTERNET_DISCONNECTED" not in one} == set()
        complaints.clear()
        assert look_over(page) == []


# What the browser's database holds, as anybody who opens the device would read it.
KEPT = """async () => {
  const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
  const database = await done(indexedDB.open("heyet-desk"));
  const rows = await done(database.transaction("kept").objectStore("kept").getAll());
  return rows.map((row) => new TextDecoder().decode(row.data)).join(" ");
}"""


# A device that takes its time to write down what it holds.
SLOW = """() => {
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  crypto.subtle.encrypt = async (...given) => {
    await new Promise((done) => { setTimeout(done, 700); });
    return encrypt(...given);
  };
}"""


def test_what_a_desk_has_answered_outlives_a_page_that_closes_at_once(
    api: httpx2.Client, browser: Browser, event: dict[str, Any]
) -> None:
    page = desk(api, browser, event, "Desk A")
    page.context.set_offline(True)
    page.evaluate(SLOW)
    line(page, "Ayşe Yılmaz").get_by_role("button").click()
    expect(page.locator("[data-result]")).to_contain_text("Ayşe Yılmaz")
    page.goto(page.url)
    expect(page.locator("[data-unsent]")).to_have_text("not yet sent: 1")


def test_a_link_that_ends_takes_the_list_off_the_device_and_keeps_what_waits_for_another_link(
    api: httpx2.Client, browser: Browser, event: dict[str, Any]
) -> None:
    page = desk(api, browser, event, "Desk A")
    page.context.set_offline(True)
    line(page, "Ayşe Yılmaz").get_by_role("button").click()
    expect(page.locator("[data-unsent]")).to_have_text("not yet sent: 1")
    for link in api.get(f"/api/v1/events/{event['id']}/desk-links").json():
        api.post(f"/api/v1/desk-links/{link['id']}/withdrawal").raise_for_status()
    page.context.set_offline(False)
    page.goto(page.url)
    expect(page.locator("[data-warning]")).to_contain_text("no longer valid")
    expect(page.locator("[data-people] li")).to_have_count(0)
    expect(page.locator("[data-unsent]")).to_have_text("not yet sent: 1")
    made = api.post(f"/api/v1/events/{event['id']}/desk-links", json={"label": "Desk C"}).json()
    page.goto(made["address"])
    page.get_by_role("button", name="Use this device as a desk").click()
    expect(line(page, "Ayşe Yılmaz")).to_contain_text("here")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    # A day after the event nothing is left, whatever the network says.
    page.context.set_offline(True)
    page.clock.set_system_time(datetime.now(UTC).replace(year=2099))
    page.goto(page.url)
    expect(page.locator("[data-warning]")).to_contain_text("no longer valid")
    assert page.evaluate(KEPT) == ""


def test_undo_leaving_and_a_walk_in_at_a_desk(api: httpx2.Client, browser: Browser, event: dict[str, Any]) -> None:
    page = desk(api, browser, event, "Desk A")
    line(page, "Ayşe Yılmaz").get_by_role("button").click()
    page.locator("[data-undo]").click()
    expect(line(page, "Ayşe Yılmaz")).to_contain_text("expected")
    line(page, "Mehmet Öztürk").get_by_role("button", name="Check in").click()
    line(page, "Mehmet Öztürk").get_by_role("button", name="Check out").click()
    expect(line(page, "Mehmet Öztürk")).to_contain_text("left")
    page.get_by_text("Somebody without a place").click()
    page.get_by_label("Name", exact=True).fill("Zeynep Dört")
    page.get_by_label("Institution", exact=True).fill("Ankara Barosu")
    page.get_by_role("button", name="Add and check in").click()
    expect(line(page, "Zeynep Dört")).to_contain_text("here")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert look_over(page) == []
    people = api.get(f"/api/v1/events/{event['id']}/check-in/list").json()["people"]
    assert {one["name"]: one["state"] for one in people} == {
        "Ayşe Yılmaz": "expected",
        "Gülşen Işık": "expected",
        "Mehmet Öztürk": "out",
        "Zeynep Dört": "in",
    }


def film(codes: list[str]) -> bytes:
    """A second of each code in turn, as a camera of 320 by 240 sees them (YUV4MPEG2)."""
    frames = []
    for code in codes:
        rows = [[235] * 320 for _ in range(240)]
        for y, line_of in enumerate(segno.make(code, version=3, error="m").matrix_iter(scale=6, border=2)):
            for x, is_dark in enumerate(line_of):
                rows[y + 15][x + 60] = 16 if is_dark else 235
        frames += [b"FRAME\n" + bytes(chain.from_iterable(rows)) + bytes([128]) * (320 * 240 // 2)] * 10
    return b"YUV4MPEG2 W320 H240 F10:1 Ip A1:1 C420jpeg\n" + b"".join(frames)


def test_the_camera_reads_badges_and_goes_on_after_a_code_that_is_none(
    api: httpx2.Client, browser: Browser, event: dict[str, Any], chromium: str, tmp_path: Path
) -> None:
    found = api.get(f"/api/v1/events/{event['id']}/check-in/badges").json()
    badge = next(one["code"] for one in found if one["name"] == "Gülşen Işık")
    seen = tmp_path / "camera.y4m"
    seen.write_bytes(film(["https://example.org/another-meeting", badge]))
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    flags.append(f"--use-file-for-fake-video-capture={seen}")
    with browser.browser_type.launch(executable_path=chromium, args=flags) as other:
        page = desk(api, other, event, "Desk A", permissions=["camera"])
        page.get_by_role("button", name="Camera").click()
        expect(page.locator("[data-last]")).to_contain_text("Code not known")
        expect(page.locator("[data-last]")).to_contain_text("Gülşen Işık")
        expect(line(page, "Gülşen Işık")).to_contain_text("here")
        page.get_by_role("button", name="Camera").click()
        assert look_over(page) == []
