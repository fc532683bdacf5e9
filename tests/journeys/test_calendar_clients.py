"""Real calendar clients: vdirsyncer keeps a subscription right, khal shows what a person sees, wherever they are."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.processes import Forked, Installation

BIN = Path(sys.executable).parent
TRIP = (("Ankara", "Europe/Istanbul", "05"), ("Vienna", "Europe/Vienna", "07"), ("Dhaka", "Asia/Dhaka", "09"))


class Client:
    """Somebody's calendar program, in a folder of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        (folder / "sync").write_text(
            f'[general]\nstatus_path = "{folder}/status/"\n'
            '[pair heyet]\na = "there"\nb = "here"\ncollections = null\nconflict_resolution = "a wins"\n'
            f'[storage there]\ntype = "http"\nurl = "{address}"\n'
            f'[storage here]\ntype = "filesystem"\npath = "{folder}/entries"\nfileext = ".ics"\n'
        )
        (folder / "entries").mkdir()
        self._run("vdirsyncer", "-c", str(folder / "sync"), "discover", "heyet")

    def _run(self, command: str, *arguments: str) -> str:
        done = subprocess.run([BIN / command, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def seen_in(self, zone: str) -> list[str]:
        """After another synchronisation: day, times and title of April 2027, on the wall clock of that zone."""
        self._run("vdirsyncer", "-c", str(self.folder / "sync"), "sync")
        settings = self.folder / f"khal-{zone.replace('/', '-')}"
        settings.write_text(
            f"[calendars]\n[[heyet]]\npath = {self.folder}/entries\nreadonly = True\n"
            f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\ntimeformat = %H:%M\ndateformat = %d.%m.\n"
            "longdateformat = %Y-%m-%d\ndatetimeformat = %d.%m. %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
            f"[sqlite]\npath = {settings}.db\n"
        )
        line = "{start-long} {end-time} {title} {status}"
        out = self._run("khal", "-c", str(settings), "list", "-df", "", "-f", line, "2027-04-01", "30d")
        return [" ".join(line.split()) for line in out.splitlines() if line.strip()]


@pytest.fixture
def installation(tmp_path: Path, demo: Path) -> Iterator[Installation]:
    made = Forked(tmp_path).with_demo(demo)
    with made.serving("--demo") as running:
        running.link()
        yield made


@pytest.fixture
def api(installation: Installation) -> Iterator[httpx2.Client]:
    rights = ("--right", "look", "--right", "plan", "--right", "release")
    token = installation.run("token", "elif.karaca@example.org", "client", *rights).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=installation.url, headers=headers) as client:
        yield client


def publish(api: httpx2.Client, project: str, city: str, zone: str, day: str) -> dict[str, Any]:
    plan = {
        "project_id": project,
        "title": f"Meeting in {city}",
        "kind": "study-visit",
        "zone": zone,
        "venue": city,
        "capacity": 20,
        "first_day": f"2027-04-{day}",
        "last_day": f"2027-04-{day}",
    }
    event = api.post("/api/v1/events", json=plan).raise_for_status().json()
    session = {
        "title": f"Opening {city}",
        "starts": f"2027-04-{day}T09:00",
        "ends": f"2027-04-{day}T10:30",
        "room": "Main hall",
    }
    api.post(f"/api/v1/events/{event['id']}/sessions", json=session).raise_for_status()
    api.post(f"/api/v1/events/{event['id']}/state", json={"state": "published"}).raise_for_status()
    found: dict[str, Any] = api.get(f"/api/v1/events/{event['id']}").json()
    return found


def test_a_journey_is_shown_at_the_right_hour_in_every_zone_and_follows_every_change(
    installation: Installation, api: httpx2.Client, tmp_path: Path
) -> None:
    project = api.get("/api/v1/events").json()["items"][0]["project_id"]
    events = {city: publish(api, project, city, zone, day) for city, zone, day in TRIP}
    made = api.post(f"/api/v1/projects/{project}/feeds", json={"kind": "project", "language": "en"})
    folder = tmp_path / "client"
    folder.mkdir()
    client = Client(folder, made.raise_for_status().json()["address"])

    assert client.seen_in("Europe/Vienna") == [
        "2027-04-05 08:00 09:30 Opening Ankara CONFIRMED",
        "2027-04-07 09:00 10:30 Opening Vienna CONFIRMED",
        "2027-04-09 05:00 06:30 Opening Dhaka CONFIRMED",
    ]
    assert client.seen_in("Asia/Dhaka")[0] == "2027-04-05 12:00 13:30 Opening Ankara CONFIRMED"
    assert client.seen_in("America/New_York")[2] == "2027-04-08 23:00 00:30 Opening Dhaka CONFIRMED"

    moved = events["Vienna"]["sessions"][0]
    given = {
        "title": "Opening Vienna",
        "starts": "2027-04-07T11:00",
        "ends": "2027-04-07T12:00",
        "room": "Room 2",
    }
    api.put(f"/api/v1/sessions/{moved['id']}", json=given).raise_for_status()
    assert "2027-04-07 11:00 12:00 Opening Vienna CONFIRMED" in client.seen_in("Europe/Vienna")

    cancelled = f"/api/v1/events/{events['Dhaka']['id']}/cancellation"
    api.post(cancelled, json={"reason": "Floods"}).raise_for_status()
    assert "2027-04-09 05:00 06:30 Opening Dhaka CANCELLED" in client.seen_in("Europe/Vienna")

    api.post(f"/api/v1/events/{events['Dhaka']['id']}/reinstatement", json={"reason": "Dry again"}).raise_for_status()
    assert "2027-04-09 05:00 06:30 Opening Dhaka CONFIRMED" in client.seen_in("Europe/Vienna")
    assert len(client.seen_in("UTC")) == 3
