"""What a visit is for, whom it meets, and the lists that are made of a delegation."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.office import pdf_pages
from tests.people import App, problem_fields
from tests.visits.test_journeys import PASSPORT
from tests.visits.test_legs import entered, travelling


async def made(app: App, event: dict[str, Any], role: str = "organiser", **given: Any) -> Any:
    wanted = {"kind": "host", "recipient": "Protocol of the Ministry", "ending": "xlsx"} | given
    return await app.api(role).post(f"/api/v1/events/{event['id']}/delegation/list", json=wanted)


def cells(content: bytes) -> str:
    return str([[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].rows])


async def test_purpose_head_and_hosts_are_kept_by_page_and_read_by_programs(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir"])
    desk, here = await app.at_desk(), f"/events/{event['id']}/delegation"
    await desk.get(here)
    plan = {"sending_country": "TR", "purpose": "To see a shelter", "head_id": of["Ayşe Bir"]}
    assert (await desk.send(here, plan)).status_code == 303
    await desk.get(here)
    host = {"institution": "Federal Ministry", "contact_name": "Eva Maier", "contact_phone": "+43 1 000"}
    assert (await desk.send(f"/events/{event['id']}/hosts", host)).status_code == 303
    shown = (await app.api().get(f"/api/v1{here}")).json()
    assert (shown["purpose"], shown["head_id"], shown["host_country"]) == ("To see a shelter", of["Ayşe Bir"], "AT")
    assert shown["meetings"][0]["contact_name"] == "Eva Maier"
    assert "Eva Maier" in (await desk.get(here)).text


async def test_the_head_of_a_delegation_has_a_place_in_it(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await sqlite_app.api().put(f"/api/v1/events/{event['id']}/delegation", json={"head_id": event["id"]})
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["head_id"])


async def test_a_wrong_host_comes_back_with_what_was_typed(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/delegation")
    host = {"institution": "Federal Ministry", "contact_phone": "one"}
    page = await desk.send(f"/events/{event['id']}/hosts", host)
    assert (page.status_code, "Federal Ministry" in page.text) == (422, True)
    assert 'id="contact_phone-wrong"' in page.text


async def test_the_hosts_list_has_no_passport_and_the_manifest_has_it(app: App) -> None:
    event, tokens, of = await travelling(app, ["Ayşe Bir", "Ali İki"])
    await entered(app, event, [*of.values()])
    guest = await app.owner(tokens["Ayşe Bir"])
    await guest.put("/api/v1/invitation/journey/passport", json=PASSPORT)
    host = cells((await made(app, event)).content)
    assert ("Ayşe Bir" in host, "TK 1887" in host, "U12345678" in host) == (True, True, False)
    assert "Protocol of the Ministry" in host
    manifest = cells((await made(app, event, kind="manifest")).content)
    assert ("YILMAZ, AYŞE" in manifest, "U12345678" in manifest, "Ali İki (passport not told)" in manifest) == (
        True,
        True,
        True,
    )
    visas = cells((await made(app, event, kind="visas")).content)
    assert "U12345678" in visas


async def test_a_printed_list_names_its_recipient_on_every_page(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, [f"Kişi {letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
    answer = await made(app, event, ending="pdf", kind="manifest", recipient="Vienna Airport, border police")
    named = [page.count("Vienna Airport") for page in pdf_pages(answer.content)]
    assert (len(named) > 1, min(named) >= 1) == (True, True)


async def test_the_history_keeps_for_whom_a_list_was_made(sqlite_app: App) -> None:
    app = sqlite_app
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    await made(app, event, kind="manifest")
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/delegation")).text
    history = page.split("List of the delegation made")
    assert "Protocol of the Ministry" in history[1]


@pytest.mark.parametrize("role", ["finance", "auditor", "approver"])
async def test_lists_with_passports_are_for_those_who_plan(sqlite_app: App, role: str) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    assert (await made(sqlite_app, event, role, kind="manifest")).status_code == 403


async def test_a_list_without_a_recipient_is_not_made(sqlite_app: App) -> None:
    event, _, _ = await travelling(sqlite_app, ["Ayşe Bir"])
    answer = await made(sqlite_app, event, recipient=" ")
    assert (answer.status_code, list(problem_fields(answer))) == (422, ["recipient"])
