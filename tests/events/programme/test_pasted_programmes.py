"""A programme written elsewhere is pasted, looked at line by line, taken over in one step, and taken back."""

import asyncio
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.zones import days_between
from events.programme.pasted_programmes.rules import TOO_MANY_LINES, read_programme
from tests.people import App, problem_fields

DAYS = days_between(date(2026, 4, 14), date(2026, 4, 15))
TEXT = """\
Provincial coordination meeting
DAY 1 – Tuesday, 14 April 2026
09.30–10.15 Opening remarks – Ayşe Yılmaz
10:15 - 10:30 Coffee break
10:30-12:00 Panel – Child-friendly justice (Salon A)
   Moderatör: Doç. Dr. Mehmet Öz
12.00 Lunch
13:30 to 15:00 Group work – Zeynep Tanınmaz
Please bring your badge.
2. Gün: 15 Nisan
0930-1015 Değerlendirme | Dr. Ayse Yilmaz | Büyük Salon
1:30 pm – 2 pm Kapanış töreni
16 Nisan Perşembe
09:00–10:00 Beyond the end
10:30–10:00 Backwards
"""


def read(text: str) -> list[tuple[Any, ...]]:
    return [
        (one.day and one.day.day, f"{one.starts:%H:%M}", one.ends and f"{one.ends:%H:%M}", one.title, one.kind.value)
        for one in read_programme(text, DAYS)
        if one.role == "session"
    ]


async def preview(app: App, event: dict[str, Any], text: str) -> Any:
    return await app.api().post(f"/api/v1/events/{event['id']}/pasted-programme/preview", json={"text": text})


async def sessions(app: App, event: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["sessions"]
    return found


async def planned(app: App) -> dict[str, Any]:
    event = await app.event()
    await app.name_people(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    return event


async def test_every_line_is_shown_with_what_it_becomes_and_nothing_is_written(sqlite_app: App) -> None:
    event = await planned(sqlite_app)
    lines = (await preview(sqlite_app, event, TEXT)).json()
    said = [
        (one["number"], one["role"], one["title"], [(p["role"], p["name"]) for p in one["people"]], one["problem"])
        for one in lines
    ]
    beyond = "This day is not one of the event’s."
    no_times = "It begins neither with times nor with a day."
    assert said == [
        (1, "left-out", "", [], no_times),
        (2, "day", "", [], ""),
        (3, "session", "Opening remarks", [("speaker", "Ayşe Yılmaz")], ""),
        (4, "session", "Coffee break", [], ""),
        (5, "session", "Panel – Child-friendly justice", [("moderator", "Mehmet Öz")], ""),
        (6, "detail", "", [], ""),
        (7, "session", "Lunch", [], ""),
        (8, "session", "Group work – Zeynep Tanınmaz", [], ""),
        (9, "left-out", "", [], no_times),
        (10, "day", "", [], ""),
        (11, "session", "Değerlendirme", [("speaker", "Ayşe Yılmaz")], ""),
        (12, "session", "Kapanış töreni", [], ""),
        (13, "day", "", [], beyond),
        (14, "session", "Beyond the end", [], beyond),
        (15, "session", "Backwards", [], "The session ends before it starts."),
    ]
    assert await sessions(sqlite_app, event) == []


@pytest.mark.parametrize(
    ("text", "sessions"),
    [
        ("09.30–10.15 Açılış", [(14, "09:30", "10:15", "Açılış", "content")]),
        ("• 0930-1015 Opening", [(14, "09:30", "10:15", "Opening", "content")]),
        ("9:30 — 10:15: Opening", [(14, "09:30", "10:15", "Opening", "content")]),
        ("15.04.2026\t11.00\t12.00\tÖğle yemeği", [(15, "11:00", "12:00", "Öğle yemeği", "lunch")]),
        ("Saat\tKonu\n09.30–10.15\tKahve arası", [(14, "09:30", "10:15", "Kahve arası", "coffee")]),
        ("Day\tStart\tEnd\tSession\n15 Nisan\t9:00\t10:00\tGiriş", [(15, "09:00", "10:00", "Giriş", "content")]),
        ("Konu\tSaat\nTransfer\t09.30–10.15", [(14, "09:30", "10:15", "Transfer", "travel")]),
        ("Çarşamba\n9.00-10.00 A", [(15, "09:00", "10:00", "A", "content")]),
        ("April 15th\n9.00-10.00 A", [(15, "09:00", "10:00", "A", "content")]),
        ("2026-04-14\n\nİkinci gün\n11.00-12.00 B", [(15, "11:00", "12:00", "B", "content")]),
        (
            "12.00 Lunch\n13.00 Visit to the court",
            [(14, "12:00", "13:00", "Lunch", "lunch"), (14, "13:00", None, "Visit to the court", "site-visit")],
        ),
        ("11:30 pm – 11:45 pm Late", [(14, "23:30", "23:45", "Late", "content")]),
        ("2026 Strategy\n14.04.2026", []),
        ("25:00–26:00 Never", []),
    ],
)  # fmt: skip
def test_lines_as_people_write_them(text: str, sessions: list[tuple[Any, ...]]) -> None:
    assert read(text) == sessions


@settings(max_examples=150)
@given(st.text(alphabet="0123456789.:–-– \t\nAprilGünday()|/İı\u00a0", max_size=200))
def test_any_text_is_read_and_each_session_lies_in_order(text: str) -> None:
    for one in read_programme(text, DAYS):
        if one.span:
            assert one.span[0] < one.span[1]
            assert one.span[0].date() in DAYS


def test_a_line_of_spaces_does_not_hold_up_the_reader() -> None:
    text = "09:30–10:00 " + " \u00a0" * 900 + "(\n" + "\t" * 1_900 + "\n" + "a " * 25_000
    assert len(read_programme(text, DAYS)) <= 3


async def test_the_page_takes_over_what_is_ticked_and_takes_it_back(app: App) -> None:
    event = await planned(app)
    desk = await app.at_desk()
    path = f"/events/{event['id']}/pasted-programme"
    await desk.get(path)
    shown = await desk.send(path, {"text": TEXT})
    assert "7 sessions can be added." in " ".join(shown.text.split())
    offered = re.findall(r'name="lines\[\]"\s+value="(\d+)"', shown.text)
    assert offered == ["3", "4", "5", "7", "8", "11", "12"]
    key = re.search(r'name="key" value="([^"]+)"', shown.text)
    assert key
    form = {"text": TEXT, "key": key[1], "lines[]": ["3", "4", "5", "14"]}
    await desk.send(f"{path}/apply", form)
    assert [one["title"] for one in await sessions(app, event)] == [
        "Opening remarks",
        "Coffee break",
        "Panel – Child-friendly justice",
    ]
    people = (await app.api().get(f"/api/v1/events/{event['id']}/session-people")).json()
    assert [[p["name"] for p in one["people"]] for one in people] == [["Ayşe Yılmaz"], ["Mehmet Öz"]]
    # The same form again writes nothing again; another paste of the text offers what is not there yet.
    await desk.send(f"{path}/apply", form)
    assert len(await sessions(app, event)) == 3
    again = (await preview(app, event, TEXT)).json()
    assert [one["number"] for one in again if one["is_there"]] == [3, 4, 5]
    await desk.get(f"/events/{event['id']}")
    assert "3 sessions were pasted last." in " ".join(desk.page.split())
    await desk.send(f"{path}/undo")
    assert await sessions(app, event) == []
    refused = await app.api().post(f"/api/v1/events/{event['id']}/pasted-programme/undo")
    assert refused.status_code == 409


async def test_a_published_paste_is_not_taken_back(sqlite_app: App) -> None:
    event = await planned(sqlite_app)
    path = f"/api/v1/events/{event['id']}"
    made = await sqlite_app.api().post(f"{path}/pasted-programme", json={"text": TEXT})
    assert len(made.json()) == 7
    await sqlite_app.api().post(f"{path}/agenda-versions")
    assert (await sqlite_app.api().post(f"{path}/pasted-programme/undo")).status_code == 409
    assert len(await sessions(sqlite_app, event)) == 7


@pytest.mark.parametrize("text", ["No times at all", "09:30–10:00 Hid\u202eden", "x" * 60_001, "", "09:30–10:00 ---"])
async def test_text_without_a_session_is_refused_beside_the_field(sqlite_app: App, text: str) -> None:
    event = await planned(sqlite_app)
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/pasted-programme", json={"text": text})
    assert answer.status_code == 422
    desk = await sqlite_app.at_desk()
    page = await desk.send(
        f"/events/{event['id']}/pasted-programme/apply", {"text": text, "key": event["id"], "lines[]": ["1"]}
    )
    assert (page.status_code, 'id="text-wrong"' in page.text) == (422, True)
    assert await sessions(sqlite_app, event) == []


async def test_a_time_that_the_clocks_skip_is_refused_and_nothing_is_written(sqlite_app: App) -> None:
    event = await sqlite_app.event(country="AT", first_day="2026-03-29", last_day="2026-03-29")
    text = "01:00–01:30 Early\n02:15–02:45 Never"
    answer = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/pasted-programme", json={"text": text})
    assert answer.status_code == 422, problem_fields(answer)
    assert await sessions(sqlite_app, event) == []


async def test_two_who_paste_at_once_write_each_key_once(app: App) -> None:
    event = await planned(app)
    path = f"/api/v1/events/{event['id']}/pasted-programme"
    headers = {"Idempotency-Key": event["id"]}
    answers = await asyncio.gather(*(app.api().post(path, json={"text": TEXT}, headers=headers) for _ in range(3)))
    assert [one.status_code for one in answers] == [201] * 3
    assert len(await sessions(app, event)) == 7


async def test_another_projects_event_is_not_found_and_readers_may_not_paste(sqlite_app: App) -> None:
    event = await planned(sqlite_app)
    await sqlite_app.found("P-OTHER", prefix="other-")
    path = f"/api/v1/events/{event['id']}/pasted-programme"
    stranger = await sqlite_app.api("other-organiser").post(path, json={"text": TEXT})
    reader = await sqlite_app.api("auditor").post(path, json={"text": TEXT})
    assert (stranger.status_code, reader.status_code) == (404, 403)


async def test_a_line_that_is_left_out_says_why(sqlite_app: App) -> None:
    event = await planned(sqlite_app)
    lines = [
        "Saat\tKonu",
        "13:30–25:00 Late",
        "26:10 Later",
        "Welcome!",
        f"09:00–10:00 {'x' * 2000}",
        "10:00–11:00 Talk",
    ]
    found = (await preview(sqlite_app, event, "\n".join(lines))).json()
    assert [(one["role"], one["problem"]) for one in found] == [
        ("left-out", "These are headings of columns."),
        ("left-out", "Its times are not between 00:00 and 23:59."),
        ("left-out", "Its times are not between 00:00 and 23:59."),
        ("left-out", "It begins neither with times nor with a day."),
        ("left-out", "The line has more than 2,000 letters."),
        ("session", ""),
    ]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/pasted-programme")
    page = (await desk.send(f"/events/{event['id']}/pasted-programme", {"text": "\n".join(lines)})).text
    assert page.count("Its times are not between 00:00 and 23:59.") == 2


def test_where_reading_ends_is_said() -> None:
    found = read_programme("09:00–10:00 Talk\n" * 1502, DAYS)
    assert (found[-1].number, found[-1].problem) == (1501, TOO_MANY_LINES)
    assert len(found) == 1501
