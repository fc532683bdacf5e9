"""Every list that is shown page by page sorts by its headings; a new one cannot forget it."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from fastapi.dependencies.models import Dependant
from playwright.sync_api import Browser, expect

from tests.journeys import test_pages
from tests.journeys.browser import PHONE
from tests.journeys.test_main_job import signed_in
from tests.journeys.test_pages import PATHS
from tests.processes import Installation
from tests.routes import our_routes

known = test_pages.known
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pages"
# Forms to fill in row by row: their rows stand where people left them, those of a list as in its file.
GRIDS = {"directory/institution_grid.html", "directory/import.html", "visits/night_grid.html"}
GRID_PATHS = {"/institutions/grid", "/imports/{import_id}", "/events/{event_id}/stays"}
# Lists that are shown whole, and sort all the same, here and for programs.
WHOLE = {
    "/events/{event_id}/tasks",
    "/events/{event_id}/costs",
    "/events/{event_id}/arrivals",
    "/events/{event_id}/where",
    "/events/{event_id}/bookings",
    "/events/{event_id}/delegation",
    "/events/{event_id}/transfers",
    "/events/{event_id}/rooms",
    "/projects/{project_id}/visa-rules",
    "/api/v1/events/{event_id}/tasks",
    "/api/v1/events/{event_id}/costs",
    "/api/v1/events/{event_id}/arrivals",
    "/api/v1/events/{event_id}/whereabouts",
    "/api/v1/events/{event_id}/bookings",
    "/api/v1/events/{event_id}/delegation",
    "/api/v1/events/{event_id}/vehicles",
    "/api/v1/events/{event_id}/rooms",
    "/api/v1/projects/{project_id}/visa-rules",
}
WHOLE_SHOWN = {
    "/events/{visit}/costs",
    "/events/{visit}/arrivals",
    "/events/{visit}/where",
    "/events/{visit}/transfers",
    "/events/{visit}/rooms",
}
GRIDS_SHOWN = {"/institutions/grid", "/events/{visit}/stays"}
PAGE = re.compile(r'class="page-link" href="([^"]+)"')
HEADING = re.compile(r'<a class="sort" href="([^"]+)"')


def test_a_template_that_turns_pages_has_headings_that_sort() -> None:
    turning = {str(file.relative_to(TEMPLATES)): file.read_text() for file in TEMPLATES.rglob("*.html")}
    turning = {name: text for name, text in turning.items() if "kit.turn(" in text}
    # Those of sheets stand in a file of their own.
    sorting = re.compile(r'"(?:number)?", "[a-z]+"\)|kit\.(?:sorting_)?th\(|parts\.people\(')
    assert {name for name, text in turning.items() if not sorting.search(text)} == GRIDS
    assert len(turning) > 30


def test_an_address_that_turns_pages_may_say_how_to_sort() -> None:
    asked = {
        route.path: asked_of(route.dependant) for route in our_routes() if route.dependant and "GET" in route.methods
    }
    turning = {path for path, of in asked.items() if "page" in of}
    assert {path for path in turning if "sort" not in asked[path]} == GRID_PATHS
    assert len(turning) > 50


def test_a_list_that_is_shown_whole_may_say_how_to_sort_too() -> None:
    asked = {
        route.path: asked_of(route.dependant) for route in our_routes() if route.dependant and "GET" in route.methods
    }
    assert {path for path in WHOLE if "sort" not in asked[path]} == set()


def asked_of(dependant: Dependant) -> set[str]:
    return {one.alias for one in dependant.query_params}.union(*map(asked_of, dependant.dependencies))


def test_each_heading_sorts_and_the_address_keeps_what_was_asked(
    installation: Installation, browser: Browser, known: dict[str, str]
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")

    def get(address: str) -> tuple[int, str]:
        answer = page.context.request.get(installation.url + address)
        return answer.status, answer.text()

    wrong, lists = [], 0
    for path in PATHS:
        here = path.format(**known)
        joint = "&" if "?" in here else "?"
        _, text = get(f"{here}{joint}limit=1")
        headings = [unescape(one) for one in HEADING.findall(text)]
        turns = 'class="pagination' in text
        if turns and not headings and path not in GRIDS_SHOWN:
            wrong.append(f"{path}: turns pages and does not sort")
        if path in WHOLE_SHOWN and not headings:
            wrong.append(f"{path}: does not sort")
        lists += bool(headings)
        for heading in headings:
            wrong += [f"{heading}: {what}" for what in wrong_with(heading, *get(heading))]
        if any(one.startswith(here.split("?")[0] + "?") for one in headings):
            status, _ = get(f"{here}{joint}sort=nothing")
            wrong += [f"{path}: takes any word"] if status != 422 else []
    assert not wrong
    assert lists > 20


def wrong_with(heading: str, status: int, text: str) -> Iterator[str]:
    if status != 200:
        yield f"answers {status}"
    column = re.search(r"sort=(-?)[a-z-]+", heading)
    if not column:
        yield "names no column"
    elif f'aria-sort="{"descending" if column[1] else "ascending"}"' not in text:
        yield "the page says not how it stands"
    elif any(column[0] not in one for one in PAGE.findall(text)):
        yield "another page forgets it"


def test_a_list_sorts_by_keyboard_and_on_a_phone(
    installation: Installation, browser: Browser, known: dict[str, str]
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/events/{known['visit']}/payees")
    heading = page.get_by_role("columnheader", name="Institution")
    expect(heading).to_have_attribute("aria-sort", "none")
    heading.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    first = page.locator("tbody tr").first.inner_text()
    page.get_by_role("columnheader", name="Institution").get_by_role("link").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert page.locator("tbody tr").first.inner_text() != first

    phone = signed_in(installation, browser, "Elif Karaca", PHONE)
    phone.goto(f"{installation.url}/events/{known['visit']}/payees")
    link = phone.locator(".sorts thead a.sort", has_text="Institution")
    box = link.bounding_box()
    assert box
    assert box["height"] >= 44
    link.click()
    expect(phone).to_have_url(re.compile("sort=institution"))
