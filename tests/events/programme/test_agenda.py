"""Who speaks where, moving sessions, and the programme that is published."""

import re
from typing import Any

import pytest

from tests.office import pdf_pages
from tests.people import App, problem_fields

OPENING = {"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30", "room": "Main hall"}
LUNCH = {"title": "Lunch", "kind": "lunch", "starts": "2026-04-14T12:30", "ends": "2026-04-14T13:30"}
CLOSING = {"title": "Closing", "starts": "2026-04-15T15:00", "ends": "2026-04-15T16:00"}


async def planned(
    app: App, *sessions: dict[str, str], title: str = "Meeting"
) -> tuple[dict[str, Any], list[str], list[str]]:
    """An event, its sessions' ids, and the ids of two people that the project knows."""
    event = await app.event(sessions=list(sessions or (OPENING, LUNCH, CLOSING)), title=title)
    await app.name_people(event, ["Ayşe Yılmaz", "Mehmet Öz"])
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    return event, [s["id"] for s in event["sessions"]], [p["person_id"] for p in people]


async def give(app: App, session: str, *roles: tuple[str, str, str]) -> Any:
    people = [{"person_id": person, "role": role, "languages": languages} for person, role, languages in roles]
    return await app.api().put(f"/api/v1/sessions/{session}/people", json={"people": people})


async def clashes(app: App, event: dict[str, Any]) -> list[str]:
    return [c["text"] for c in (await app.api().get(f"/api/v1/events/{event['id']}/clashes")).json()]


async def test_a_session_has_speakers_and_interpreters_with_their_languages(sqlite_app: App) -> None:
    event, sessions, people = await planned(sqlite_app)
    await give(sqlite_app, sessions[0], (people[0], "speaker", ""), (people[1], "interpreter", "tr–en"))
    (found,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/session-people")).json()
    assert [(p["name"], p["role"], p["languages"]) for p in found["people"]] == [
        ("Ayşe Yılmaz", "speaker", ""),
        ("Mehmet Öz", "interpreter", "tr–en"),
    ]


async def test_a_stranger_to_the_project_gets_no_part(sqlite_app: App) -> None:
    _, sessions, _ = await planned(sqlite_app)
    answer = await give(sqlite_app, sessions[0], ("018f5b5e-0000-7000-8000-000000000001", "speaker", ""))
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["people"])


async def test_a_speaker_who_is_in_two_sessions_at_once_is_warned_of(app: App) -> None:
    event, sessions, people = await planned(app, OPENING, {**OPENING, "title": "Beside it", "room": "Room 2"})
    for session in sessions:
        await give(app, session, (people[0], "speaker", ""))
    assert await clashes(app, event) == ["Ayşe Yılmaz is in two sessions at once: “Opening” and “Beside it”."]
    page = await (await app.at_desk()).get(f"/events/{event['id']}")
    assert "is in two sessions at once" in page.text


async def test_the_page_finds_the_speaker_by_name_or_asks_for_more(sqlite_app: App) -> None:
    event, sessions, _ = await planned(sqlite_app)
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}/sessions/{sessions[0]}"
    await desk.get(path)
    nobody = await desk.send(f"{path}/people", {"who": "Zeynep", "role": "speaker"})
    several = await desk.send(f"{path}/people", {"who": "court", "role": "speaker"})
    assert [a.status_code for a in (nobody, several)] == [422, 422]
    assert ("The project knows nobody" in nobody.text, "More than one person fits" in several.text) == (
        True,
        True,
    )
    await desk.send(f"{path}/people", {"who": "ayse", "role": "moderator"})
    assert "Moderator: " in desk.page.replace("\n", "")


@pytest.mark.parametrize(
    ("minutes", "starts"),
    [(15, "2026-04-14T06:45:00Z"), (-15, "2026-04-14T06:15:00Z"), (1440, "2026-04-15T06:30:00Z")],
)
async def test_a_session_moves_by_minutes_and_keeps_its_length(sqlite_app: App, minutes: int, starts: str) -> None:
    _, sessions, _ = await planned(sqlite_app)
    moved = (await sqlite_app.api().post(f"/api/v1/sessions/{sessions[0]}/move", json={"minutes": minutes})).json()
    assert (moved["starts_at"], moved["ends_at"][11:16]) == (
        starts,
        f"{int(starts[11:13]) + 1:02}:{starts[14:16]}",
    )


async def test_a_session_dropped_on_another_begins_where_that_one_does(sqlite_app: App) -> None:
    _, sessions, _ = await planned(sqlite_app)
    moved = (await sqlite_app.api().post(f"/api/v1/sessions/{sessions[0]}/move", json={"onto": sessions[2]})).json()
    assert moved["starts_at"] == "2026-04-15T12:00:00Z"


async def test_a_session_does_not_leave_the_days_of_its_event(sqlite_app: App) -> None:
    _, sessions, _ = await planned(sqlite_app)
    answer = await sqlite_app.api().post(f"/api/v1/sessions/{sessions[0]}/move", json={"minutes": -1440})
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["starts"])


async def test_nobody_is_written_to_before_the_programme_is_published(sqlite_app: App) -> None:
    event, sessions, _ = await planned(sqlite_app)
    await sqlite_app.invite(event, ["Zeynep Kaya"])
    first = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/agenda-versions")
    await sqlite_app.api().post(f"/api/v1/sessions/{sessions[0]}/move", json={"minutes": 30})
    await sqlite_app.work()
    assert (first.json()["number"], await sqlite_app.mails("events/update")) == (1, [])
    changes = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/agenda-changes")).json()
    assert [c["text"] for c in changes] == ["Moved: Opening, from 14 Apr 2026 09:30–10:30 to 14 Apr 2026 10:00–11:00"]
    second = await sqlite_app.api().post(f"/api/v1/events/{event['id']}/agenda-versions")
    await sqlite_app.work()
    told = sorted(m.to_name for m in await sqlite_app.mails("events/update"))
    assert (second.json()["number"], told) == (2, ["Ayşe Yılmaz", "Mehmet Öz", "Zeynep Kaya"])


async def test_the_same_programme_is_not_published_twice(app: App) -> None:
    event, _, _ = await planned(app)
    await app.api().post(f"/api/v1/events/{event['id']}/agenda-versions")
    again = await app.api().post(f"/api/v1/events/{event['id']}/agenda-versions")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "nothing-new")


async def test_the_printed_programme_has_a_page_for_each_day_in_each_language(sqlite_app: App) -> None:
    event, sessions, people = await planned(sqlite_app, {**OPENING, "title_tr": "Açılış"}, LUNCH, CLOSING)
    await give(sqlite_app, sessions[0], (people[0], "speaker", ""))
    for language, wanted in (
        ("tr", ("Açılış", "Konuşmacı: Ayşe Yılmaz", "14 Nisan")),
        ("en", ("Opening", "Speaker: Ayşe Yılmaz", "14 April")),
    ):
        answer = await sqlite_app.api().get(f"/api/v1/events/{event['id']}/programme.pdf?language={language}")
        pages = pdf_pages(answer.content)
        assert len(pages) == 2
        for role in (*wanted, "Main hall", "ACT/1"):
            assert role in pages[0]
        assert "Closing" in pages[1]


async def test_the_programme_page_and_the_participants_document_show_the_same(sqlite_app: App) -> None:
    event, sessions, people = await planned(sqlite_app)
    await give(sqlite_app, sessions[0], (people[0], "speaker", ""))
    page = await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/programme?language=en")
    tokens = await sqlite_app.invite(event, ["Zeynep Kaya"])
    document = await sqlite_app.stranger().get(f"/i/{tokens['Zeynep Kaya']}/programme.pdf")
    assert ("Speaker: Ayşe Yılmaz" in page.text, document.content[:5]) == (True, b"%PDF-")
    assert (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}/programme?language=xx")).status_code == 422


async def test_the_agenda_costs_the_same_number_of_queries_for_two_sessions_and_forty(sqlite_app: App) -> None:
    counts = []
    for size in (2, 40):
        sessions = [{**OPENING, "title": f"S{n}", "room": f"R{n}"} for n in range(size)]
        event, ids, people = await planned(sqlite_app, *sessions, title=f"Meeting of {size}")
        await give(sqlite_app, ids[0], (people[0], "speaker", ""))
        with sqlite_app.counting() as seen:
            assert (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_anybody_reads_a_public_event_and_nobody_another(sqlite_app: App) -> None:
    events = [
        await sqlite_app.event(title=c, confidentiality=c, sessions=[OPENING]) for c in ("public", "by-link", "hidden")
    ]
    draft = await sqlite_app.event(title="draft", confidentiality="public")
    for event in events:
        await sqlite_app.api().post(f"/api/v1/events/{event['id']}/state", json={"state": "published"})
    answers = [await sqlite_app.stranger().get(f"/e/{event['code'].lower()}") for event in (*events, draft)]
    assert [a.status_code for a in answers] == [200, 404, 404, 404]
    assert ("Opening" in answers[0].text, "ACT/1" in answers[0].text) == (True, True)


async def test_a_session_has_a_host_institution_known_or_new(app: App) -> None:
    event, sessions, _ = await planned(app)
    desk = await app.at_desk()
    path = f"/events/{event['id']}/sessions/{sessions[0]}"
    await desk.get(path)
    form = {
        "title": "Opening",
        "kind": "site-visit",
        "day": "2026-04-14",
        "starts": "09:30",
        "ends": "10:30",
        "room": "",
        "host": "Bundesamt Wien",
    }
    await desk.send(path, form)
    page = await (await app.at_desk()).get(f"/events/{event['id']}/programme?language=en")
    assert "Bundesamt Wien" in page.text
    body = {**OPENING, "host_id": "018f5b5e-0000-7000-8000-000000000001"}
    refused = await app.api().put(f"/api/v1/sessions/{sessions[0]}", json=body)
    assert (refused.status_code, list(problem_fields(refused))) == (422, ["host_id"])


async def test_a_session_over_lunch_is_warned_of_one_that_touches_it_is_not(sqlite_app: App) -> None:
    beside = {"title": "Consultation", "starts": "2026-04-14T13:00", "ends": "2026-04-14T14:00", "room": "Room 2"}
    after = {"title": "Cases", "starts": "2026-04-14T13:30", "ends": "2026-04-14T14:30", "room": "Room 3"}
    ride = {**beside, "title": "Bus", "kind": "travel", "room": ""}
    event, _, _ = await planned(sqlite_app, OPENING, LUNCH, beside, after, ride)
    assert await clashes(sqlite_app, event) == ["“Consultation” overlaps with “Lunch”: 13:00–13:30."]


async def test_the_form_stays_open_and_begins_where_the_session_added_ends(sqlite_app: App) -> None:
    event = await sqlite_app.event(start_time="09:00")
    desk = await sqlite_app.at_desk()
    path = f"/events/{event['id']}"
    assert 'name="starts"' in (await desk.get(path)).text
    assert re.search(r'name="starts"\s+value="09:00"', desk.page)
    fields = {"title": "One", "day": "2026-04-15", "starts": "9.30", "ends": "1015", "room": "Hall"}
    await desk.send(f"{path}/sessions", fields)
    assert re.search(r'<details class="card d-print-none" id="add"\s+open', desk.page)
    assert re.search(r'name="starts"\s+value="10:15"', desk.page)
    assert re.search(r'name="room"\s+value="Hall"', desk.page)
    assert '<option value="2026-04-15" selected>' in desk.page


async def test_a_row_is_changed_in_its_place_and_keeps_what_it_does_not_show(sqlite_app: App) -> None:
    event, ids, _ = await planned(sqlite_app, {**OPENING, "title_tr": "Açılış", "capacity": 12})
    desk = await sqlite_app.at_desk()
    page = (await desk.get(f"/events/{event['id']}?edit={ids[0]}")).text
    row = page[page.index('class="in-row"') :]
    form = dict(re.findall(r'name="(\w+)"\s+value="([^"]*)"', row[: row.index("</form>")]))
    form |= {"day": "2026-04-14", "kind": "ceremony", "ends": "11.00"}
    form.pop("form_token")
    wrong = await desk.send(f"/events/{event['id']}/sessions/{ids[0]}", {**form, "ends": "9.00"})
    assert (wrong.status_code, 'class="in-row"' in wrong.text, 'id="ends-wrong"' in wrong.text) == (422, True, True)
    await desk.send(f"/events/{event['id']}/sessions/{ids[0]}", form)
    (one,) = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}")).json()["sessions"]
    assert (one["ends_at"], one["kind"], one["title_tr"], one["capacity"]) == (
        "2026-04-14T08:00:00Z",
        "ceremony",
        "Açılış",
        12,
    )


async def test_the_kind_of_a_session_is_not_said_twice(sqlite_app: App) -> None:
    lunch = {"title": "Lunch", "kind": "lunch", "starts": "2026-04-14T12:30", "ends": "2026-04-14T13:30"}
    visit = {"title": "Guests", "kind": "lunch", "starts": "2026-04-15T12:30", "ends": "2026-04-15T13:30"}
    event = await sqlite_app.event(sessions=[lunch, visit])
    page = (await (await sqlite_app.at_desk()).get(f"/events/{event['id']}")).text
    rows = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<li\b.*?</li>", page, re.S)]
    assert [len(re.findall(r"\bLunch\b", row.split(" Change")[0])) for row in rows if "–13:30" in row] == [1, 1]
