"""Moving an agenda by days, and what clashes in it."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import words
from events.programme.agenda.rules import Item, changes, clashes, span_in
from events.programme.events.rules import NEXT_STATES, EventState, NotThatStep, SessionKind, must_lead_to
from events.programme.lifecycle.rules import Shift

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2034, 1, 1))  # noqa: DTZ001  local times
ZONES = st.sampled_from(
    [
        "Europe/Istanbul",
        "Europe/Vienna",
        "Asia/Dhaka",
        "Pacific/Chatham",
        "America/New_York",
        "Australia/Lord_Howe",
    ]
)
DAY = date(2026, 4, 14)


@given(
    day=st.dates(date(2020, 1, 1), date(2034, 1, 1)),
    hour=st.integers(4, 22),
    days=st.integers(-800, 800),
    zone=ZONES,
)
def test_local_times_stay_whatever_the_clocks_do_in_between(day: date, hour: int, days: int, zone: str) -> None:
    place = ZoneInfo(zone)
    moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=place)
    moved = Shift(days, zone, zone).moment(moment.astimezone(UTC)).astimezone(place)
    assert (moved.date(), moved.hour, moved.minute) == (day + timedelta(days=days), hour, 30)


@given(
    a=MOMENTS,
    minutes=st.integers(1, 600),
    days=st.integers(-800, 800),
    zone=ZONES,
)
def test_a_session_still_ends_after_it_starts(a: datetime, minutes: int, days: int, zone: str) -> None:
    starts = a.replace(tzinfo=UTC)
    shift = Shift(days, zone, zone)
    # A clock change can only squeeze what lies within the hour that it takes or gives.
    assert shift.moment(starts + timedelta(minutes=minutes)) - shift.moment(starts) >= timedelta(minutes=minutes - 61)


def test_a_leap_day_is_a_day_like_others() -> None:
    shift = Shift.between(date(2028, 2, 28), date(2028, 3, 1), "Europe/Istanbul")
    assert (shift.days, shift.day(date(2028, 2, 29))) == (2, date(2028, 3, 2))


def test_a_time_that_the_clocks_skip_becomes_the_moment_after_the_jump() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    moved = Shift(1, "Europe/Vienna", "Europe/Vienna").moment(
        datetime(2026, 3, 28, 2, 30, tzinfo=vienna).astimezone(UTC)
    )
    assert moved.astimezone(vienna).strftime("%d %H:%M") == "29 03:30"


def item(
    title: str,
    starts: int,
    ends: int,
    room: str = "",
    people: dict[UUID, str] | None = None,
    kind: SessionKind = SessionKind.content,
) -> Item:
    base = datetime(2026, 4, 14, tzinfo=ZoneInfo("Europe/Istanbul"))
    return Item(title, kind, base + timedelta(minutes=starts), base + timedelta(minutes=ends), room, people or {})


def said(*items: Item, zone: str = "Europe/Istanbul") -> list[str]:
    return [clash.message % clash.facts for clash in clashes(items, zone)]


def test_a_room_in_two_sessions_at_once_is_named() -> None:
    assert said(item("A", 540, 600, "Hall"), item("B", 570, 630, "hall")) == ["Hall is taken twice: “A” and “B”."]


def test_a_speaker_in_two_sessions_at_once_is_named() -> None:
    ayse = {uuid4(): "Ayşe"}
    assert said(item("A", 540, 600, people=ayse), item("B", 570, 630, people=ayse)) == [
        "Ayşe is in two sessions at once: “A” and “B”."
    ]


def test_sessions_that_touch_do_not_clash() -> None:
    assert said(item("A", 540, 600, "Hall"), item("B", 600, 660, "Hall")) == []


def test_a_long_session_clashes_with_all_that_lie_within_it() -> None:
    found = said(item("Long", 540, 900, "Hall"), item("A", 560, 580, "Hall"), item("B", 600, 620, "Hall"))
    assert found == ["Hall is taken twice: “Long” and “A”.", "Hall is taken twice: “Long” and “B”."]


def test_hours_at_which_nobody_meets_are_named_but_for_dinner_and_journeys() -> None:
    assert said(item("Early", 300, 360)) == ["“Early” lies outside the hours from 7 to 23."]
    assert (
        said(
            item("Dinner", 1380, 1430, kind=SessionKind.dinner),
            item("Bus", 300, 360, kind=SessionKind.travel),
        )
        == []
    )


def test_a_clock_change_in_the_middle_is_named() -> None:
    vienna = ZoneInfo("Europe/Vienna")
    night = Item(
        "Night",
        SessionKind.travel,
        datetime(2026, 3, 29, 1, tzinfo=vienna),
        datetime(2026, 3, 29, 5, tzinfo=vienna),
        "",
        {},
    )
    assert said(night, zone="Europe/Vienna") == ["The clocks change during “Night”."]


@given(spans=st.lists(st.tuples(st.integers(480, 1200), st.integers(1, 120)), max_size=12))
def test_a_clash_is_said_exactly_where_two_overlap(spans: list[tuple[int, int]]) -> None:
    items = [item(str(n), start, start + length, "Hall") for n, (start, length) in enumerate(spans)]
    overlap = any(
        a.starts_at < b.ends_at and b.starts_at < a.ends_at for n, a in enumerate(items) for b in items[n + 1 :]
    )
    assert bool([s for s in said(*items) if "taken twice" in s]) == overlap


def version(**more: str) -> dict[str, object]:
    return {
        "id": "1",
        "title": "Opening",
        "starts": "2026-04-14T09:30",
        "ends": "2026-04-14T10:30",
        "room": "Hall",
        "people": [],
        **more,
    }


@pytest.mark.parametrize(
    ("after", "sentences"),
    [
        (
            [version(starts="2026-04-14T10:00", ends="2026-04-14T11:00")],
            ["Moved: Opening, from 14 Apr 2026 09:30–10:30 to 14 Apr 2026 10:00–11:00"],
        ),
        ([version(room="")], ["Other room: Opening, from Hall to –"]),
        ([version(title="Start")], ["Renamed: Opening is now Start"]),
        ([version(people=["speaker: Ayşe"])], ["Other people: Opening"]),
        ([], ["No longer: Opening, 14 Apr 2026 09:30–10:30"]),
        ([version(), version(id="2", title="Lunch")], ["New: Lunch, 14 Apr 2026 09:30–10:30"]),
        (
            [version(starts="2026-04-14T09:00", room="Salon")],
            [
                "Moved: Opening, from 14 Apr 2026 09:30–10:30 to 14 Apr 2026 09:00–10:30",
                "Other room: Opening, from Hall to Salon",
            ],
        ),
    ],
)
def test_all_that_changed_is_said_in_sentences(after: list[dict[str, object]], sentences: list[str]) -> None:
    found = changes([version()], after, span_in(words("en")))
    assert [change.message % change.facts for change in found] == sentences


@pytest.mark.parametrize("state", EventState)
@pytest.mark.parametrize("wanted", EventState)
def test_an_edge_that_is_not_drawn_is_refused(state: EventState, wanted: EventState) -> None:
    if wanted in NEXT_STATES[state]:
        must_lead_to(state, wanted)
    else:
        with pytest.raises(NotThatStep):
            must_lead_to(state, wanted)
