"""Two languages whole: titles, positions, donors as each reader's, and a list of what is in one language only."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from directory.projects.models import Project
from events.reporting.languages.rules import missing_languages
from tests.people import App

BOTH = ("tr", "en")


@pytest.mark.parametrize(
    ("base", "english", "turkish", "missing"),
    [
        ("Opening", "", "", ("tr", "en")),
        ("Opening", "Opening", "", ("tr",)),
        ("Açılış", "Opening", "", ()),
        ("Opening", "", "Açılış", ()),
        ("Açılış", "", "Açılış", ("en",)),
        ("Opening", "Opening", "Açılış", ()),
        ("", "", "", ()),
    ],
)
def test_a_title_without_a_language_of_its_own_stands_for_the_one_that_is_left(
    base: str, english: str, turkish: str, missing: tuple[str, ...]
) -> None:
    assert missing_languages(base, {"en": english, "tr": turkish}, BOTH) == missing


def test_a_project_of_one_language_lacks_nothing_of_the_other() -> None:
    assert missing_languages("Açılış", {"en": "", "tr": "Açılış"}, ("tr",)) == ()


async def listed(app: App, role: str = "organiser") -> list[tuple[str, ...]]:
    page = (await (await app.at_desk(role)).get(f"/projects/{app.project_id}/languages")).text
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1], re.S) if "<tbody>" in page else []
    return [
        tuple(" ".join(re.sub(r"<[^>]+>", " ", c).split()) for c in re.findall(r"<td.*?</td>", r, re.S)) for r in rows
    ]


def both(title: str, other: str) -> dict[str, str]:
    return {"title": title, "title_en": title, "title_tr": other}


async def test_what_is_in_one_language_only_is_listed_until_it_is_said(app: App) -> None:
    event = await app.event(title="Spring meeting")
    found = await listed(app)
    assert ("Events", "Spring meeting", "Turkish English", "Translate Spring meeting") in found
    assert ("Title and donor of the project", "European Union", "Turkish") in {row[:3] for row in found}
    change = {**app.plan(), **both("Spring meeting", "Bahar toplantısı")}
    change.pop("project_id", None)
    change.pop("sessions", None)
    (await app.api().put(f"/api/v1/events/{event['id']}", json=change)).raise_for_status()
    assert "Spring meeting" not in {row[1] for row in await listed(app)}


async def test_whose_position_lacks_a_language_is_for_who_reads_the_list(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    person = (await sqlite_app.api().get("/api/v1/people")).json()["items"][0]
    assert any("Ayşe Bir" in row[1] for row in await listed(sqlite_app)) is bool(person["title"])
    assert not any("Ayşe Bir" in row[1] for row in await listed(sqlite_app, "finance"))


async def test_strangers_have_no_list(sqlite_app: App) -> None:
    answer = await sqlite_app.stranger().get(f"/projects/{sqlite_app.project_id}/languages")
    assert answer.status_code in (303, 401)


async def english_and_turkish(app: App, path: str) -> dict[str, Any]:
    desk = await app.at_desk()
    found = {}
    for language in ("en", "tr"):
        await desk.send("/language", {"language": language})
        found[language] = (await desk.get(path)).text
    return found


async def test_pages_say_titles_and_positions_in_the_readers_language(sqlite_app: App) -> None:
    session = {**both("Opening", "Açılış"), "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}
    event = await sqlite_app.event(**both("Spring meeting", "Bahar toplantısı"), sessions=[session])
    await sqlite_app.name_people(event, ["Ayşe Bir"])
    person = (await sqlite_app.api().get("/api/v1/people")).json()["items"][0]
    given = {"name": "Ayşe Bir", "title": "Hâkim", "title_en": "Judge", "address": person["address"]}
    (await sqlite_app.api().put(f"/api/v1/people/{person['id']}", json=given)).raise_for_status()
    for path, words in {
        f"/events/{event['id']}": (("Spring meeting", "Bahar toplantısı"), ("Opening", "Açılış")),
        f"/events/{event['id']}/people": (("Spring meeting", "Bahar toplantısı"), ("Judge", "Hâkim")),
        "/events": (("Spring meeting", "Bahar toplantısı"),),
        "/": (("Spring meeting", "Bahar toplantısı"),),
        f"/people/{person['id']}": (("Judge Ayşe Bir", "Hâkim Ayşe Bir"), ("Spring meeting", "Bahar toplantısı")),
    }.items():
        pages = await english_and_turkish(sqlite_app, path)
        for english, turkish in words:
            assert (english in pages["en"], turkish in pages["en"]) == (True, False), (path, english)
            assert (english in pages["tr"], turkish in pages["tr"]) == (False, True), (path, turkish)


async def waiting(app: App, role: str = "organiser") -> list[dict[str, Any]]:
    found = (await app.api(role).get("/api/v1/tasks")).raise_for_status().json()
    return [one for one in found if one["kind"] == "one-language"]


async def test_home_asks_those_who_plan_for_the_other_language_as_often_as_the_list_is_long(app: App) -> None:
    sessions = [{"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}]
    event = await app.event(**both("Spring meeting", "Bahar toplantısı"), sessions=sessions)
    await app.name_people(event, ["Ayşe Bir", "Can İki"])
    (task,) = await waiting(app)
    assert task["count"] == len(await listed(app)) > 2
    assert (task["step"], task["href"]) == ("Add the other language", f"/projects/{app.project_id}/languages")
    home = (await (await app.at_desk()).get("/")).text
    assert f"{task['count']} texts are in one language only." in home
    # Nobody is asked for what others have to do.
    for role in ("auditor", "finance", "desk"):
        assert await waiting(app, role) == []
    (session,) = event["sessions"]
    said = {**sessions[0], **both("Opening", "Açılış")}
    assert (await app.api().put(f"/api/v1/sessions/{session['id']}", json=said)).is_success
    (fewer,) = await waiting(app)
    assert fewer["count"] == task["count"] - 1 == len(await listed(app))


async def test_a_project_of_one_language_is_asked_for_no_other(app: App) -> None:
    await app.event(title="Bahar toplantısı")
    assert await waiting(app)
    async with app.database.unit_of_work() as db:
        await db.exec(sa.update(Project).values(languages=["tr"]))
    assert await waiting(app) == []


async def test_a_project_without_an_event_that_comes_is_asked_for_no_other_language_yet(app: App) -> None:
    assert await listed(app)
    assert await waiting(app) == []
    event = await app.event(**both("Spring meeting", "Bahar toplantısı"))
    assert await waiting(app)
    answer = await app.api().post(f"/api/v1/events/{event['id']}/cancellation", json={"reason": "Snow"})
    assert answer.is_success, answer.text
    assert await waiting(app) == []
