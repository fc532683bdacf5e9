"""Every page at two sizes and in two languages: nothing wrong for a screen reader, nothing off the screen."""

import re

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE, look_over, open_page, said_wrongly
from tests.journeys.test_main_job import signed_in
from tests.processes import Installation

PATHS = (
    "/",
    "/events",
    "/events/new",
    "/events/{visit}",
    "/events/{visit}/overview",
    "/events/{visit}/edit",
    "/events/{visit}/copy",
    "/events/{visit}/postpone",
    "/events/{visit}/cancel",
    "/events/{meeting}/overview",
    "/events/{visit}/programme",
    "/events/{visit}/pasted-programme",
    "/events/{visit}/venue-rooms",
    "/events/{visit}/sessions/{session}/signups",
    "/events/{visit}/people",
    "/events/{visit}/attendance",
    "/events/{visit}/check-in",
    "/events/{visit}/desk-links",
    "/events/{visit}/scans",
    "/events/{visit}/scan-entries",
    "/events/{visit}/platform-logs",
    "/events/{visit}/materials",
    "/events/{visit}/quotas",
    "/events/{visit}/questions",
    "/events/{visit}/waiting",
    "/events/{visit}/exports",
    "/events/{visit}/people/{invitation}",
    "/events/{visit}/people/{invitation}/visa-letter",
    "/events/{visit}/letters",
    "/events/{visit}/visa-letters",
    "/events/{meeting}/calls",
    "/events/{meeting}/calls/print",
    "/calls/{call}",
    "/events/{visit}/per-diem",
    "/events/{meeting}/people",
    "/events/{meeting}/attendance",
    "/events/{visit}/evaluations",
    "/events/{visit}/superiors",
    "/evaluations/{evaluation}",
    "/events/{visit}/certificates",
    "/events/{meeting}/per-diem",
    "/people",
    "/people/{person}",
    "/people/{person}/edit",
    "/people-look-alike",
    "/institutions",
    "/institutions/{institution}",
    "/institutions/grid",
    "/institutions-look-alike",
    "/institutions/batches/new",
    "/people/new",
    "/people?q=nobody",
    "/mail",
    "/mail/{message}",
    "/mail/batches",
    "/mail/batches/{batch}",
    "/mail?state=failed",
    "/projects",
    "/projects/{project}",
    "/projects/{project}/pay-rules",
    "/projects/{project}/payments",
    "/projects/{project}/rates",
    "/projects/{project}/rates/search?country=AT&city=Vienna&day=2026-05-01",
    "/projects/{project}/exchange",
    "/projects/{project}/exchange/search?currency=EUR&into=TRY&by=ecb&on=2026-03-02",
    "/rate-tables/{rate_table}",
    "/rate-tables/{rate_table}?show=rows",
    "/per-diem/rules",
    "/per-diem/rules?example=de_bmf",
    "/projects/{project}/consents",
    "/erasures",
    "/events/{workshop}/campaigns",
    "/mail/health",
    "/events/{visit}/timeline",
    "/events/{visit}/calendars",
    "/projects/{project}/calendars",
    "/campaigns/{campaign}",
    "/mail/suppressed",
    "/inbox",
    "/projects/{project}/components",
    "/projects/{project}/sign-in-sheets?since=2020-01-01",
    "/projects/{project}/dashboard",
    "/projects/{project}/report",
    "/events/{visit}/outcomes",
    "/events/{visit}/travel",
    "/events/{visit}/travel-notices",
    "/events/{visit}/delegation",
    "/events/{visit}/tasks",
    "/projects/{project}/visa-rules",
    "/projects/{project}/travel-settings",
    "/events/{visit}/costs",
    "/events/{visit}/costs/budget",
    "/events/{visit}/legs/new",
    "/events/{visit}/bookings",
    "/events/{visit}/leg-files",
    "/events/{visit}/payees",
    "/events/{visit}/payees?mark=missing",
    "/events/{visit}/receipts",
    "/events/{visit}/absences",
    "/events/{visit}/adjustments",
    "/events/{visit}/advances",
    "/events/{visit}/unit-costs",
    "/finance",
    "/finance?waiting=to-pay",
    "/finance?waiting=receipts",
    "/finance?waiting=accounts",
    "/finance/without-evidence",
    "/finance/figures",
    "/projects/{project}/monthly-report",
    "/projects/{project}/receipt-ceilings",
    "/projects/{project}/unit-cost-bands",
    "/events/{visit}/transfers",
    "/events/{visit}/transfers/suggestion?day=2026-05-11&destination=Hotel",
    "/events/{visit}/vehicles/new",
    "/events/{visit}/itinerary",
    "/events/{visit}/arrivals",
    "/events/{visit}/where",
    "/events/{visit}/booklet",
    "/vehicles/{vehicle}",
    "/events/{visit}/stays",
    "/events/{visit}/rooms",
    "/events/{visit}/rooms/{room}",
    "/events/{visit}/hotels/new",
    "/events/{visit}/hotels/{hotel}",
    "/events/{visit}/blocks/{block}",
    "/events/{visit}/meals",
    "/events/{visit}/rooming-lists",
    "/events/{visit}/rooming-lists/{rooming_list}",
    "/projects/{project}/provinces",
    "/projects/{project}/languages",
    "/projects/{project}/members",
    "/projects/{project}/webhooks",
    "/projects/{project}/news",
    "/projects/{project}/texts",
    "/projects/{project}/texts/invitation",
    "/events/{meeting}/texts",
    "/events/{meeting}/texts/invitation",
    "/webhooks/{webhook}",
    "/projects/new",
    "/events/month",
    "/events/year",
    "/account",
    "/account/confirm",
    "/search",
    "/search?q=sanliurfa",
    "/style",
)
# What Elif Karaca, who plans and administers, may not open.
OF_FINANCE = ("/projects/{project}/paying-account",)
# One of each sort of page: in the dark the same kit is looked at, in other colours.
DARK = (
    "/",
    "/style",
    "/events",
    "/events/month",
    "/events/new",
    "/events/{visit}",
    "/events/{visit}/overview",
    "/events/{visit}/people",
    "/events/{visit}/attendance",
    "/events/{visit}/travel",
    "/events/{visit}/rooms",
    "/events/{visit}/per-diem",
    "/finance",
    "/mail",
    "/people/{person}",
    "/per-diem/rules",
    "/projects/{project}/dashboard",
    "/account",
)


# What stands there is in the language of whoever it was written to or by, or of the law.
OWN_LANGUAGE = {"/mail", "/mail/{message}", "/mail?state=failed", "/inbox", "/webhooks/{webhook}"}


@pytest.fixture(scope="module")
def known(installation: Installation) -> dict[str, str]:
    """Ids to put into the paths."""
    token = installation.run(
        "token",
        "elif.karaca@example.org",
        "look",
        "--right",
        "look",
        "--right",
        "attendance",
        "--right",
        "attendance",
        "--right",
        "plan",
        "--right",
        "administer",
        "--right",
        "money",
    ).stdout.strip()
    with httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}) as api:
        events = {e["kind"]: e for e in api.get("/api/v1/events").json()["items"]}
        message = api.get("/api/v1/messages").json()["items"][0]["id"]
        batch = api.get("/api/v1/message-batches").json()["items"][0]["id"]
        person = api.get("/api/v1/people").json()["items"][0]["id"]
        institution = api.get("/api/v1/institutions").json()["items"][0]["id"]
        visit, meeting = events["study-visit"], events["coordination-meeting"]
        invitation = api.get(f"/api/v1/events/{visit['id']}/people").json()["items"][0]["invitation_id"]
        vehicle = api.get(f"/api/v1/events/{visit['id']}/vehicles").json()[0]["id"]
        campaign = api.get(f"/api/v1/events/{events['judiciary-workshop']['id']}/campaigns").json()[0]["id"]
        evaluation = api.get(f"/api/v1/events/{visit['id']}/evaluations").json()[0]["id"]
        hotel = api.get(f"/api/v1/events/{visit['id']}/hotels").json()[0]["id"]
        block = api.get(f"/api/v1/events/{visit['id']}/blocks").json()[0]["id"]
        room = api.get(f"/api/v1/events/{visit['id']}/rooms").json()["rooms"][0]["id"]
        rooming_list = api.get(f"/api/v1/events/{visit['id']}/rooming-lists").json()[0]["id"]
        call = api.get(f"/api/v1/events/{meeting['id']}/calls").json()["items"][0]["id"]
        rate_table = api.get(f"/api/v1/projects/{visit['project_id']}/rate-tables").json()["items"][0]["id"]
        chosen = {
            "title": "Round table",
            "starts": f"{visit['first_day']}T20:00",
            "ends": f"{visit['first_day']}T21:00",
        }
        session = api.post(f"/api/v1/events/{visit['id']}/sessions", json={**chosen, "capacity": 12}).json()["id"]
        there = f"/api/v1/projects/{visit['project_id']}/webhooks"
        webhook = api.post(there, json={"url": "https://localhost:1/x", "topics": ["money", "events"]}).json()["id"]
        api.post(f"/api/v1/webhooks/{webhook}/test")
    return {
        "hotel": hotel,
        "block": block,
        "room": room,
        "rooming_list": rooming_list,
        "rate_table": rate_table,
        "webhook": webhook,
        "evaluation": evaluation,
        "visit": visit["id"],
        "session": session,
        "vehicle": vehicle,
        "meeting": meeting["id"],
        "project": visit["project_id"],
        "message": message,
        "batch": batch,
        "person": person,
        "institution": institution,
        "call": call,
        "workshop": events["judiciary-workshop"]["id"],
        "campaign": campaign,
        "invitation": invitation,
    }


# The longer language on the smaller screen; all four pairs would be a fifth of the whole run.
@pytest.mark.parametrize(("size", "language"), [(DESK, "en"), (PHONE, "tr")], ids=["desk-en", "phone-tr"])
def test_no_page_of_the_staff_has_anything_wrong(
    installation: Installation, browser: Browser, known: dict[str, str], size: tuple[int, int], language: str
) -> None:
    found = {}
    for name, paths in (("Elif Karaca", PATHS), ("Nermin Güçlü", OF_FINANCE)):
        page = signed_in(installation, browser, name, size, language)
        for path in paths:
            answer = page.goto(installation.url + path.format(**known))
            # Of a page that was refused only the refusal would be looked at.
            assert answer is not None
            assert (path, answer.status) == (path, 200)
            assert page.evaluate("document.documentElement.lang") == language
            wrong = look_over(page)
            if path not in OWN_LANGUAGE:
                wrong += said_wrongly(page, language)
            if wrong:
                found[path] = wrong
    assert found == {}


def test_no_page_has_anything_wrong_in_the_dark(
    installation: Installation, browser: Browser, known: dict[str, str]
) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.emulate_media(color_scheme="dark")
    found = {}
    for path in DARK:
        page.goto(installation.url + path.format(**known))
        ground = page.evaluate("getComputedStyle(document.querySelector('.topbar')).backgroundColor")
        assert ground == "rgb(29, 31, 35)"
        if wrong := look_over(page):
            found[path] = wrong
    assert found == {}


@pytest.mark.parametrize("path", ["/sign-in", "/lost-link", "/api/docs/agenda"])
def test_no_page_for_strangers_has_anything_wrong_in_the_dark(
    installation: Installation, browser: Browser, path: str
) -> None:
    page = open_page(browser, PHONE, "tr", color_scheme="dark")
    page.goto(installation.url + path)
    assert look_over(page) == []


def test_print_is_light_and_shows_no_forms(installation: Installation, browser: Browser, known: dict[str, str]) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/events/{known['visit']}/people")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.locator(".content form").first).to_be_hidden()
    expect(page.locator("#people-rows tbody tr").first).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/lost-link",
        "/sign-in/link",
        "/sign-in/link/abcdefghijklmnopqrstuvwxyz",
        "/sign-in/code",
        "/api/docs",
        "/api/docs/agenda",
    ],
)
@pytest.mark.parametrize("language", ["en", "tr"])
def test_no_page_before_signing_in_has_anything_wrong(
    installation: Installation, browser: Browser, path: str, language: str
) -> None:
    page = open_page(browser, PHONE, language)
    page.goto(installation.url + path)
    assert page.evaluate("document.documentElement.lang") == language
    assert look_over(page) == []


def test_a_page_that_is_not_there_says_so_in_a_page_of_ours(installation: Installation, browser: Browser) -> None:
    page = open_page(browser, PHONE, "tr")
    page.goto(f"{installation.url}/nothing/here")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [w for w in look_over(page) if "status of 404" not in w] == []


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_the_keyboard_reaches_the_content_and_the_menu(installation: Installation, browser: Browser) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(installation.url)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    summary = page.locator("details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="My account")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="My account")).to_be_hidden()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_page_works_without_javascript(installation: Installation, browser: Browser, known: dict[str, str]) -> None:
    with_script = signed_in(installation, browser, "Elif Karaca")
    page = open_page(browser, DESK, "en", java_script_enabled=False, storage_state=with_script.context.storage_state())
    page.goto(f"{installation.url}/events/{known['visit']}/people")
    page.get_by_placeholder("Name, institution").fill("sule")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#people-rows tbody tr")).to_have_count(1)


def test_the_list_follows_what_is_typed(installation: Installation, browser: Browser, known: dict[str, str]) -> None:
    page = signed_in(installation, browser, "Elif Karaca")
    page.goto(f"{installation.url}/events/{known['visit']}/people")
    page.get_by_placeholder("Name, institution").press_sequentially("caglar")
    expect(page.locator("#people-rows tbody tr")).to_have_count(1)
    assert re.search("Çağlar", page.locator("#people-rows").inner_text())
    assert look_over(page) == []
