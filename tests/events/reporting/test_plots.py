"""What plots show: numbers that add up, days of the event's zone, scales that hold what is drawn."""

import re
from datetime import UTC, date, datetime

import pytest

from core.pages import STATIC
from directory.people.geography import provinces
from events.invitations.invitations.rules import InvitationStatus
from events.reporting.plots.rules import (
    MOST_DAYS,
    SHADES,
    AnswerGroup,
    AnswerRow,
    answers_by_day,
    changed_days,
    grouped,
    nice_top,
    shade,
    shade_spans,
    shaded,
    year_span,
)
from tests.people import App

YES, NO, OPEN = InvitationStatus.accepted, InvitationStatus.declined, InvitationStatus.invited
MARCH_2 = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_answers_are_added_up_day_by_day_in_the_events_zone() -> None:
    # 22:30 in London is the next day in Istanbul.
    late = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    rows = [
        AnswerRow(YES, MARCH_2, late),
        AnswerRow(NO, MARCH_2, MARCH_2),
        AnswerRow(OPEN, late, None),
        AnswerRow(YES, None, late),
    ]
    days = answers_by_day(rows, "Europe/Istanbul", date(2026, 3, 5))
    assert [(one.day.day, one.invited, one.attending, one.declined) for one in days] == [
        (2, 2, 0, 1),
        (3, 2, 0, 1),
        (4, 3, 1, 1),
        (5, 3, 1, 1),
    ]
    assert [one.day.day for one in changed_days(days)] == [2, 4]


def test_a_year_of_answers_is_drawn_week_by_week_and_ends_in_its_whole_numbers() -> None:
    rows = [AnswerRow(OPEN, datetime(2025, 3, 2, tzinfo=UTC), None), AnswerRow(YES, MARCH_2, MARCH_2)]
    days = answers_by_day(rows, "UTC", date(2026, 3, 4))
    assert len(days) <= MOST_DAYS
    assert (days[-1].day, days[-1].invited, days[-1].attending) == (date(2026, 3, 4), 2, 1)


def test_nobody_invited_is_no_plot() -> None:
    assert answers_by_day([AnswerRow(InvitationStatus.nominated, None, None)], "UTC", date(2026, 3, 4)) == []


def test_groups_of_one_size_stand_in_the_order_of_the_alphabet() -> None:
    names = ["Van Adliyesi", "İzmir Adliyesi", "Çorum Adliyesi", "Denizli Adliyesi"]
    found = grouped((name, InvitationStatus.invited, 1) for name in names)
    assert [one.key for one in found] == ["Çorum Adliyesi", "Denizli Adliyesi", "İzmir Adliyesi", "Van Adliyesi"]


def test_groups_with_the_most_unanswered_come_first_and_replaced_people_count_nowhere() -> None:
    found = grouped(
        [
            ("Court", YES, 5),
            ("Police", OPEN, 2),
            ("Police", InvitationStatus.waiting, 1),
            ("Police", InvitationStatus.substituted, 7),
            ("Ministry", InvitationStatus.withdrawn, 1),
        ]
    )
    assert [(one.key, one.total, one.number(AnswerGroup.unanswered)) for one in found] == [
        ("Police", 3, 2),
        ("Court", 5, 0),
    ]


@pytest.mark.parametrize(("most", "top"), [(0, 4), (1, 4), (5, 8), (9, 10), (12, 20), (41, 50), (81, 100), (300, 400)])
def test_a_scale_holds_its_numbers_and_has_a_whole_middle(most: int, top: int) -> None:
    assert nice_top(most) == top
    assert top >= most
    assert top % 2 == 0


@pytest.mark.parametrize("most", [1, 3, 5, 12, 81])
def test_every_count_has_a_shade_that_the_legend_names(most: int) -> None:
    spans = {one: range(first, last + 1) for one, first, last in shade_spans(most)}
    assert shade(0, most) == 0
    assert 0 not in spans
    assert all(count in spans[shade(count, most)] for count in range(1, most + 1))
    assert shade(most, most) == SHADES or most < SHADES


def test_a_map_shades_provinces_with_people_and_leaves_out_who_has_none() -> None:
    found = shaded({"TR-06": 10, "TR-34": 1, "TR-76": 0, "": 4})
    assert found.counts == {"TR-06": 10, "TR-34": 1}
    assert found.shades == {"TR-06": 5, "TR-34": 1}
    assert found.spans == [(1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 8), (5, 9, 10)]


def test_every_province_has_its_shape_and_no_shape_is_of_anywhere_else() -> None:
    assert set(re.findall(r'id="([^"]+)"', (STATIC / "provinces.svg").read_text())) == set(provinces())


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), (0, 1)),
        (date(2026, 12, 31), date(2027, 1, 5), (11.968, 12)),
        (date(2025, 12, 20), date(2026, 2, 14), (0, 1.5)),
        (date(2026, 6, 16), date(2026, 6, 30), (5.5, 6)),
    ],
)
def test_events_lie_on_twelve_equal_months(first: date, last: date, span: tuple[float, float]) -> None:
    assert year_span(first, last, 2026) == span


async def test_the_year_shows_all_twelve_months_and_says_days_in_words(sqlite_app: App) -> None:
    await sqlite_app.event(title="Spring meeting")
    page = (await (await sqlite_app.at_desk()).get("/events/year?year=2026")).text
    assert len(re.findall(r'class="month-name"', page)) == 12
    (line,) = re.findall(r"<tr>(?:(?!</tr>).)*Spring meeting.*?</tr>", page, re.S)
    assert "14–15 April 2026" in line
    assert 'x="343.3"' in line


async def test_the_map_of_a_project_counts_who_signed(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await sqlite_app.sign(event, date(2026, 4, 14), ["Ayşe Bir"])
    page = (await (await sqlite_app.at_desk()).get(f"/projects/{sqlite_app.project_id}/provinces")).text
    assert "Participants by province – Ankara: 1" in page
    assert re.findall(r"<use[^>]*shade-[1-5][^>]*#(TR-\d\d)", page) == ["TR-06"]
