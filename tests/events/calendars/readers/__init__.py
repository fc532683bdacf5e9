"""Calendars as programs read them that we neither wrote nor write with: one process of each reads all there are."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from ctypes.util import find_library
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from dateutil.tz import tzical

from tests.servers import do_without

HERE = Path(__file__).parent
ICAL_JS = HERE.parents[3] / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs"
# What each entry says: title, status, place, and when it begins and ends, in seconds of Unix time.
Shown = list[list[Any]]
Calendars = Mapping[str, str]


def by_ical_js(calendars: Calendars) -> dict[str, Shown]:
    """Thunderbird's. Reads jCal too."""
    node = shutil.which("node") or do_without("Node", "install the package nodejs")
    if not ICAL_JS.exists():
        do_without("ical.js", "make setup-dev")
    return _said([node, str(HERE / "ical_js.cjs"), str(ICAL_JS)], calendars)


def by_sabre(calendars: Calendars) -> dict[str, Shown]:
    """Nextcloud's."""
    php = shutil.which("php")
    if php is None or not Path("/usr/share/php/Sabre/VObject").exists():
        do_without("sabre/vobject", "install the packages php-cli and php-sabre-vobject")
    return _said([php, str(HERE / "sabre.php")], calendars)


def by_libical(calendars: Calendars) -> dict[str, Shown]:
    """Evolution's and KDE's."""
    if find_library("ical") is None:
        do_without("libical", "install the package libical3")
    return _said([sys.executable, str(HERE / "libical.py")], calendars)


def _said(command: list[str], calendars: Calendars) -> dict[str, Shown]:
    # Somewhere else than any of the entries: who takes a time for the machine's own is found out.
    done = subprocess.run(
        command, input=json.dumps(calendars), capture_output=True, text=True, timeout=60, env={"TZ": "Pacific/Apia"}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Shown] = json.loads(done.stdout)
    return found


def by_dateutil(calendars: Calendars) -> dict[str, Shown]:
    """The zones as dateutil makes them of VTIMEZONE, the rest as vobject reads it."""
    return {name: _by_dateutil(text) for name, text in calendars.items()}


def _by_dateutil(text: str) -> Shown:
    zones = tzical(io.StringIO(text.replace("\r\n", "\n")))

    def second(line: Any) -> float:
        return datetime.strptime(line.value, "%Y%m%dT%H%M%S").replace(tzinfo=zones.get(line.tzid_param)).timestamp()

    return [
        [e.summary.value, e.status.value, e.location.value, second(e.dtstart), second(e.dtend)]
        for e in vobject.readOne(text, transform=False).vevent_list
    ]


def by_zone_names(calendars: Calendars) -> dict[str, Shown]:
    """Times by the names of zones alone, as programs that have a list of their own do: jCal and JSCalendar."""
    return {name: _by_names(json.loads(text)) for name, text in calendars.items()}


def _by_names(calendar: Any) -> Shown:
    if isinstance(calendar, list):
        return [_of_jcal({p[0]: p for p in entry[1]}) for entry in calendar[2] if entry[0] == "vevent"]
    return [_of_jscalendar(entry) for entry in calendar["entries"]]


def _of_jcal(entry: Any) -> list[Any]:
    words = [entry[name][3] for name in ("summary", "status", "location")]
    times = [(datetime.fromisoformat(entry[n][3]), ZoneInfo(entry[n][1]["tzid"])) for n in ("dtstart", "dtend")]
    return [*words, *(time.replace(tzinfo=zone).timestamp() for time, zone in times)]


def _of_jscalendar(entry: Any) -> list[Any]:
    starts = datetime.fromisoformat(entry["start"]).replace(tzinfo=ZoneInfo(entry["timeZone"])).timestamp()
    hours, _, minutes = entry["duration"].removeprefix("PT").partition("H")
    lasts = timedelta(hours=int(hours), minutes=int(minutes.removesuffix("M") or 0))
    return [
        entry["title"],
        entry["status"].upper(),
        entry["locations"]["1"]["name"],
        starts,
        starts + lasts.total_seconds(),
    ]
