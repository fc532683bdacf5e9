"""The desk without a script, its links as the organiser makes them, and what a browser is told to keep."""

import asyncio
import re

import zxingcpp
from PIL import Image, ImageDraw

from tests.desks import on_the_day, open_desk, scan
from tests.people import App, names

# Those that are kept open, and those beyond.
MOST_CONNECTIONS = 15


async def test_a_desk_without_a_script_finds_checks_in_and_adds_somebody(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir", "Mehmet İki"])
    organiser = await sqlite_app.at_desk()
    await organiser.get(f"/events/{event['id']}/desk-links")
    made = await organiser.send(f"/events/{event['id']}/desk-links", {"label": "Main door", "most_devices": "1"})
    address = re.search(r"http://[^/]+(/c/[\w-]{32})<", made.text)
    assert address is not None
    assert "data:image/svg+xml" in made.text
    assert address[1] not in (await organiser.get(f"/events/{event['id']}/desk-links")).text
    device = sqlite_app.stranger()
    assert "Main door" in (await device.get(address[1])).text
    opened = await device.send(address[1], {"label": ""})
    assert opened.headers["location"] == "/check-in/desk"
    assert opened.headers["set-cookie"].count("HttpOnly") == 1
    page = (await device.get("/check-in/desk?q=mehmet+court")).text
    assert ("Mehmet İki" in page, "Ayşe Bir" in page) == (True, False)
    (digest,) = re.findall(r'name="digest" value="(\w{64})"', page)
    form = {"digest": digest, "nonce": "0197a0f0-0000-7000-8000-000000000001", "kind": "in"}
    await device.send("/check-in/scans", form)
    assert "Mehmet İki: Checked in" in device.page
    walk_in = {"name": "Zeynep Dört", "institution": "Baro", "category": "observer", "address": ""}
    await device.send("/check-in/scans", {"nonce": "0197a0f0-0000-7000-8000-000000000002", **walk_in})
    assert "Zeynep Dört: Checked in" in device.page
    rows = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/attendance")).json()
    assert {one["name"]: len(one["present"]) for one in rows} == {"Ayşe Bir": 0, "Mehmet İki": 1, "Zeynep Dört": 1}
    second = sqlite_app.stranger()
    await second.get(address[1])
    assert (await second.send(address[1], {"label": ""})).status_code == 409
    await organiser.get(f"/events/{event['id']}/desk-links")
    withdrawal = re.search(r"/desk-links/[\w-]{36}/withdrawal", organiser.page)
    assert withdrawal is not None
    await organiser.send(withdrawal[0])
    assert (await device.get("/check-in/desk")).status_code == 410


async def test_only_the_desk_asks_for_the_camera_and_what_is_kept_holds_nobody(sqlite_app: App) -> None:
    event, _ = await on_the_day(sqlite_app, ["Ayşe Bir"])
    organiser = await sqlite_app.at_desk()
    await organiser.get(f"/events/{event['id']}/desk-links")
    opened = await organiser.send(f"/events/{event['id']}/desk-links/here")
    assert opened.headers["location"] == "/check-in/desk"
    desk = await organiser.get("/check-in/desk")
    elsewhere = await organiser.get(f"/events/{event['id']}/check-in")
    policies = [one.headers["permissions-policy"].split(",")[0] for one in (desk, elsewhere)]
    assert policies == ["camera=(self)", "camera=()"]
    worker = (await organiser.get("/check-in/worker.js")).text
    kept = re.findall(r'"(/[^"]+)"', worker.splitlines()[0])
    assert "/check-in/shell" in kept
    for path in kept:
        answer = await organiser.get(path)
        assert (answer.status_code, "Ayşe" in answer.text) == (200, False), path
    manifest = (await organiser.get("/check-in/manifest.webmanifest")).json()
    assert manifest["start_url"].startswith(manifest["scope"])
    await organiser.get("/check-in/desk")
    key = (await organiser.send("/check-in/device")).json()
    assert (len(key["key"]), key["event_id"], key["role"]) == (44, event["id"], "desk")
    await organiser.send("/check-in/end")
    assert (await organiser.get("/check-in/desk")).status_code == 410


async def test_the_participants_page_shows_a_code_that_the_desk_reads(app: App) -> None:
    event, tokens = await on_the_day(app, ["Ayşe Bir", "Mehmet İki"])
    page = app.stranger()
    address = f"/i/{tokens['Ayşe Bir']}/badge.svg"
    assert address in (await page.get(f"/i/{tokens['Ayşe Bir']}")).text
    first, second = (await page.get(address)).text, (await page.get(address)).text
    assert (first, 'width="37mm"' in first) == (second, True)
    badges = (await app.api().get(f"/api/v1/events/{event['id']}/check-in/badges")).json()
    code = next(one["code"] for one in badges if one["name"] == "Ayşe Bir")
    assert read_qr(first) == code
    # Whoever gives the place back and takes it again keeps the code that they have printed.
    guest = app.guest(tokens["Ayşe Bir"])
    await guest.post("/api/v1/invitation/decline", json={"reason": "ill"})
    assert (await page.get(address)).status_code == 409
    await app.accept(tokens["Ayşe Bir"])
    assert (await page.get(address)).text == first
    desk = await open_desk(app, event)
    assert await desk.states(scan(app.clock(), code=code.lower())) == ["taken"]


async def test_more_people_open_their_code_for_the_first_time_at_once_than_there_are_connections(app: App) -> None:
    people = names(MOST_CONNECTIONS + 1)
    _, tokens = await on_the_day(app, people)
    page = app.stranger()
    opening = [page.get(f"/i/{tokens[name]}/badge.svg") for name in people]
    answers = await asyncio.wait_for(asyncio.gather(*opening), 20)
    assert [answer.status_code for answer in answers] == [200] * len(people)
    assert len({answer.text for answer in answers}) == len(people)


def read_qr(svg: str) -> str:
    """What a reader sees in the picture."""
    parsed = re.search(r'd="([^"]+)"', svg[svg.rindex("<path") :])
    assert parsed is not None
    picture = Image.new("L", (37 * 8, 37 * 8), 255)
    drawing = ImageDraw.Draw(picture)
    x, y = 0.0, 0.0
    for kind, given in re.findall(r"([Mmhv])([-\d. ]+)", parsed[1]):
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", given)]
        if kind in "Mm":
            x, y = (numbers[0], numbers[1]) if kind == "M" else (x + numbers[0], y + numbers[1])
        else:
            drawing.rectangle((x * 8, (y - 0.5) * 8, (x + numbers[0]) * 8 - 1, (y + 0.5) * 8 - 1), 0)
            x += numbers[0]
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    return str(found.text)
