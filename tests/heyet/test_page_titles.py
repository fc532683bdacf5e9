"""Each page of an event, and of a project, has a title of its own, in which the part comes first (WCAG 2.4.2)."""

import re
from collections import defaultdict
from html import unescape

import pytest

from tests.people import App, Visitor
from tests.routes import our_routes

TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


async def titles(desk: Visitor, under: str, parameter: str, id: str) -> dict[str, str]:
    """What each page below an address, which asks for nothing else, is called."""
    found = {}
    for route in our_routes():
        if "GET" in route.methods and route.path.startswith(under) and route.parameters == [parameter]:
            answer = await desk.get(route.path.format(**{parameter: id}))
            if answer.status_code == 200 and (title := TITLE.search(answer.text)):
                found[route.path] = " ".join(unescape(title[1]).split())
    return found


def alike(found: dict[str, str]) -> list[list[str]]:
    by_title = defaultdict(list)
    for path, title in found.items():
        by_title[title].append(path)
    return [paths for paths in by_title.values() if len(paths) > 1]


@pytest.mark.parametrize("role", ["organiser", "finance"])
async def test_no_two_pages_of_an_event_have_the_same_title(sqlite_app: App, role: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"], kind="study-visit", title="Strasbourg")
    found = await titles(await sqlite_app.at_desk(role), "/events/", "event_id", event["id"])
    assert len(found) > 12
    assert alike(found) == []


async def test_no_two_pages_of_a_project_have_the_same_title(sqlite_app: App) -> None:
    found = await titles(await sqlite_app.at_desk(), "/projects/", "project_id", str(sqlite_app.project_id))
    assert len(found) > 12
    assert alike(found) == []


async def test_a_title_names_the_part_and_then_the_event(sqlite_app: App) -> None:
    event = await sqlite_app.event(title="Strasbourg")
    desk = await sqlite_app.at_desk("finance")
    for language, said in (("en", "Per diem"), ("tr", "Harcırah")):
        await desk.get("/")
        await desk.send("/language", {"language": language})
        page = (await desk.get(f"/events/{event['id']}/per-diem")).text
        title = TITLE.search(page)
        assert title is not None
        assert " ".join(title[1].split()) == f"{said} · Strasbourg · Heyet"
