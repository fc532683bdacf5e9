"""Meals, costs and provinces as tables for programs: what pages hand out, to whom pages hand it."""

import csv
import io

import pytest

from tests.people import App


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize("what", ["meals", "costs", "provinces"])
async def test_a_program_gets_the_table_that_the_page_hands_out(app: App, what: str) -> None:
    sessions = [{"title": "Lunch", "starts": "2026-04-14T12:30", "ends": "2026-04-14T13:30", "kind": "lunch"}]
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"], kind="study-visit", sessions=sessions)
    line = {"heading": "other", "stage": "planned", "text": "=1+1", "amount": "12.50", "currency": "EUR"}
    await app.api().post(f"/api/v1/events/{event['id']}/costs", json=line)
    path = f"/projects/{app.project_id}/provinces" if what == "provinces" else f"/events/{event['id']}/{what}"
    reader = app.api("auditor")
    table = await reader.get(f"/api/v1{path}.csv")
    assert table.status_code == 200, table.text
    assert table.headers["content-type"].startswith("text/csv")
    page = await (await app.at_desk("auditor")).get(f"{path}.csv")
    assert rows(table.content) == rows(page.content)
    assert len(rows(table.content)) > 1
    book = await reader.get(f"/api/v1{path}.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")
    assert (await reader.get(f"/api/v1{path}.exe")).status_code == 422
    await app.found("P-OTHER", prefix="other-")
    assert (await app.api("other-organiser").get(f"/api/v1{path}.csv")).status_code in (403, 404)
