"""What calendars of each kind look like, byte for byte: a change of the library or of ours is seen before clients see
it.

`python -m tests.events.calendars.test_golden_calendars` writes them anew; read the difference before you keep it.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.documents.ical import Entry, busy_calendar, feed_calendar, mail_calendar
from events.calendars.personal_feeds.documents import jscalendar

FOLDER = Path(__file__).parent / "golden"
MADE, CHANGED = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 2, 3, 9, 30, tzinfo=UTC)


def entry(uid: str, starts: date | datetime, ends: date | datetime, **more: Any) -> Entry:
    given = {
        "title": "Açılış: ğüşöçıİ, “plenary”; 100 %",
        "zone": "Europe/Istanbul",
        "status": "CONFIRMED",
        **more,
    }
    return Entry(
        uid=f"{uid}@example.org",
        starts=starts,
        ends=ends,
        venue="Ana salon, Ankara",
        text="Kim: herkes\nNe: \\ , ;",
        sequence=2,
        created_at=MADE,
        changed_at=CHANGED,
        **given,
    )


SESSIONS = [
    entry("1", datetime(2026, 4, 14, 6, 30, tzinfo=UTC), datetime(2026, 4, 14, 8, tzinfo=UTC)),
    # The night in which the clocks of Vienna go forward.
    entry(
        "2", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 2, 30, tzinfo=UTC), zone="Europe/Vienna"
    ),
    entry(
        "3",
        datetime(2026, 4, 15, 3, tzinfo=UTC),
        datetime(2026, 4, 15, 4, tzinfo=UTC),
        zone="Asia/Dhaka",
        status="CANCELLED",
    ),
    entry(
        "4",
        datetime(2026, 4, 16, 6, tzinfo=UTC),
        datetime(2026, 4, 16, 7, tzinfo=UTC),
        status="TENTATIVE",
        title="🙂 " + "uzun " * 30,
    ),
]
DAYS = [entry("5", date(2026, 4, 14), date(2026, 4, 15))]
NIGHTS = [
    entry(
        "6",
        date(2026, 4, 13),
        date(2026, 4, 15),
        is_busy=False,
        category="Konaklama",
        conference="https://meet.example.org/a",
    )
]
PEOPLE = {"organiser": ("P-ACT", "office@example.org"), "participant": ("Ayşe Bir", "ayse@example.org")}
NAMED = {"name": "Takvim", "about": "Katıldığım etkinlikler", "zone": "Europe/Istanbul", "address": ""}
KINDS: dict[str, Callable[[], bytes]] = {
    "sessions.ics": lambda: feed_calendar(SESSIONS, **NAMED),
    "days.ics": lambda: feed_calendar(DAYS, **NAMED),
    "nights.ics": lambda: feed_calendar(NIGHTS, **NAMED),
    "alarms.ics": lambda: feed_calendar(SESSIONS[:1], **NAMED, alarm_minutes=15),
    "empty.ics": lambda: feed_calendar([], **NAMED),
    "request.ics": lambda: mail_calendar(SESSIONS[0], method="REQUEST", **PEOPLE, stamp=CHANGED).encode(),
    "cancel.ics": lambda: mail_calendar(SESSIONS[2], method="CANCEL", **PEOPLE, stamp=CHANGED).encode(),
    "busy.ifb": lambda: busy_calendar([*SESSIONS, *DAYS, *NIGHTS], uid="b@example.org", stamp=CHANGED),
    "sessions.json": lambda: json.dumps(
        jscalendar([*SESSIONS, *DAYS, *NIGHTS], uid="g@example.org", name="Takvim", about=""),
        ensure_ascii=False,
        indent=1,
    ).encode(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_calendar_of_each_kind_is_the_same_to_the_byte(kind: str) -> None:
    golden = (FOLDER / kind).read_bytes()
    assert KINDS[kind]() == golden
    assert KINDS[kind]() == golden, "what is kept of the first time differs"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, made in KINDS.items():
        (FOLDER / name).write_bytes(made())
