"""Somebody draws on a telephone that they got their per diem, and finance sees it."""

import re

import httpx2
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DESK, PHONE, look_over, open_page
from tests.journeys.test_address_change import PERSONAL, mails
from tests.journeys.test_main_job import signed_in, until
from tests.processes import Installation


def key(installation: Installation, who: str, *rights: str) -> httpx2.Client:
    given = [part for right in rights for part in ("--right", right)]
    token = installation.run("token", who, "signing", *given).stdout.strip()
    return httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def approved_sheet(api: httpx2.Client) -> str:
    visit = next(one for one in api.get("/api/v1/events").json()["items"] if one["kind"] == "study-visit")
    sheets = api.get(f"/api/v1/events/{visit['id']}/per-diem-sheets").raise_for_status().json()
    project = {"signs_on_screen": True}
    api.put(f"/api/v1/projects/{visit['project_id']}/pay-rules", json=project).raise_for_status()
    return str(next(one["id"] for one in sheets if one["state"] == "approved"))


def own_page(desk: Page, browser: Browser, api: httpx2.Client, sheet: str) -> Page:
    """The telephone of somebody on the sheet, which gave its code from the mailbox."""
    for text in mails(desk, api, "events/invitation"):
        path = PERSONAL.search(text)
        if path is None or api.get(path.group(0)).status_code != 200:
            continue
        page = open_page(browser, PHONE, "tr")
        link = f"{api.base_url}".rstrip("/") + path.group(0)
        page.goto(f"{link}/address")
        page.locator("form[action*='/code/mail'] button").click()
        code = re.search(r"\b\d{6}\b", next(mails(desk, api, "events/link-code")))
        assert code is not None
        page.locator("#code").fill(code.group(0))
        page.locator("form:has(#code) button").first.click()
        answer = page.goto(f"{link}/payment/sheets/{sheet}")
        if answer is not None and answer.status == 200:
            return page
        page.context.close()
    raise AssertionError("Nobody of the sheet has a link.")


def test_a_drawn_signature_reaches_finance(installation: Installation, browser: Browser) -> None:
    api = key(installation, "nermin.guclu@example.org", "look", "money", "finance")
    sheet = approved_sheet(api)
    desk = signed_in(installation, browser, "Elif Karaca", DESK)
    office = signed_in(installation, browser, "Nermin Güçlü", DESK)
    office.goto(f"{installation.url}/per-diem-sheets/{sheet}/signatures")
    assert look_over(office) == []
    page = own_page(desk, browser, key(installation, "elif.karaca@example.org", "look", "plan"), sheet)
    assert look_over(page) == []
    box = page.locator("canvas.signature").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 20, steps=5)
    page.mouse.up()
    until(lambda: page.evaluate("document.querySelector('input[type=file]').files.length") == 1)
    page.get_by_label("Bu tutarı aldım").check()
    page.locator("form[data-signature] button.btn-primary").click()
    expect(page.locator(".alert-success")).to_be_visible()
    assert look_over(page) == []
    payment = page.url.partition("/sheets/")[0]
    found = {}
    for path in ("", "/account", "/absence", "/receipts"):
        answer = page.goto(payment + path)
        assert (answer and answer.status) == 200, path
        if wrong := look_over(page):
            found[path] = wrong
    assert found == {}
    (told,) = api.get(f"/api/v1/per-diem-sheets/{sheet}/signatures").json()["items"]
    assert (told["fits"], len(told["picture_digest"])) == (True, 64)
    office.reload()
    expect(office.locator("main img")).to_be_visible()
    assert look_over(office) == []
