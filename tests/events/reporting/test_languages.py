"""Two languages whole: titles, positions, donors as each reader's, and a list of what is in one language only."""

import re
from typing import Any

import pytest

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
