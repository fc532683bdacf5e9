"""Names that are pasted as text go the way of a file: preview, import, undo."""

from typing import Any

import pytest

from core.documents.pasted_lists import MOST_LETTERS
from tests.people import App, problem_fields


async def pasted(app: App, event: dict[str, Any], text: str) -> Any:
    return await app.api().post(f"/api/v1/events/{event['id']}/imports/pasted", json={"text": text})


async def read(app: App, text: str) -> list[tuple[str, ...]]:
    answer = await pasted(app, await app.event(), text)
    assert answer.status_code == 201, answer.text
    fields = ("name", "institution", "address")
    return [tuple(row["values"].get(name, "") for name in fields) for row in answer.json()["rows"]]


PEOPLE = [("Ayşe Bir", "", "a@example.org"), ("Çetin İki", "", "c@example.org")]


@pytest.mark.parametrize(
    "text",
    [
        "Ayşe Bir <a@example.org>\nÇetin İki <c@example.org>",
        "Ayşe Bir <a@example.org>; “Çetin İki” <c@example.org>;",
        '"Ayşe Bir" <mailto:a@example.org>, Çetin İki <c@example.org>',
        "Ayşe Bir\ta@example.org\nÇetin İki\tc@example.org",
        "Ayşe Bir; a@example.org\n\nÇetin İki; c@example.org\n",
        "Ayşe Bir, a@example.org\r\nÇetin İki, c@example.org",
        "Ayşe Bir a@example.org\nÇetin İki  c@example.org",
        "Ad Soyad;E-posta\nAyşe Bir;a@example.org\nÇetin İki;c@example.org",
    ],
    ids=["mail", "recipients", "quoted", "cells", "semicolons", "commas", "spaces", "headings"],
)
async def test_people_are_read_from_however_they_were_written_down(sqlite_app: App, text: str) -> None:
    assert await read(sqlite_app, text) == PEOPLE


async def test_of_many_recipients_none_is_lost_with_or_without_a_name(sqlite_app: App) -> None:
    text = "Ayşe Bir <a@example.org>, x@example.org; y@example.org; Çetin İki <c@example.org>; Ece Üç"
    assert await read(sqlite_app, text) == [
        ("Ayşe Bir", "", "a@example.org"),
        ("", "", "x@example.org"),
        ("", "", "y@example.org"),
        ("Çetin İki", "", "c@example.org"),
        ("Ece Üç", "", ""),
    ]


@pytest.mark.parametrize("piece", ["a", "a ", "a@ ", "a@a", ";", "<", "a<", "a\n;"])
async def test_whatever_is_pasted_takes_as_long_as_it_is(sqlite_app: App, piece: str) -> None:
    """Reading that looks at each letter from each other one would take half an hour."""
    text = (piece * MOST_LETTERS)[:MOST_LETTERS]
    assert (await pasted(sqlite_app, await sqlite_app.event(), text)).status_code in (201, 413, 422)


async def test_cells_keep_what_a_spreadsheet_says_of_them(sqlite_app: App) -> None:
    text = 'Ad Soyad\tKurum\tE-posta\nAyşe Bir\t"Ankara, 1. Aile\nMahkemesi"\ta@example.org'
    ((name, institution, address),) = await read(sqlite_app, text)
    assert (name, address) == ("Ayşe Bir", "a@example.org")
    assert institution.replace("\n", " ") == "Ankara, 1. Aile Mahkemesi"


async def test_names_alone_are_people_without_an_address(sqlite_app: App) -> None:
    assert await read(sqlite_app, "Ayşe Bir\nÇetin İki") == [("Ayşe Bir", "", ""), ("Çetin İki", "", "")]


async def test_columns_that_nobody_named_are_asked_about_and_none_is_lost(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    made = (await pasted(sqlite_app, event, "Ayşe Bir, Ankara 1. Aile Mahkemesi, a@example.org")).json()
    assert (made["state"], made["rows"]) == ("unmapped", [])
    columns = {"name": 0, "institution": 1, "address": 2}
    read = await sqlite_app.api().post(f"/api/v1/imports/{made['id']}/reading", json={"heading": 0, "columns": columns})
    (row,) = read.json()["rows"]
    assert row["values"]["institution"] == "Ankara 1. Aile Mahkemesi"


async def test_who_was_pasted_on_the_page_is_looked_at_imported_and_taken_back(app: App) -> None:
    event = await app.event()
    desk = await app.at_desk()
    people = f"/events/{event['id']}/people"
    await desk.get(people)
    preview = await desk.send(f"/events/{event['id']}/imports/pasted", {"text": "Ayşe Bir <a@example.org>"})
    here = preview.headers["location"]
    page = (await desk.get(here)).text
    assert "Pasted text" in page
    assert "Ayşe Bir" in page
    await desk.send(f"{here}/apply", {"rows[]": "1"})
    assert "Ayşe Bir" in (await desk.get(people)).text
    await desk.get(here)
    await desk.send(f"{here}/undo")
    assert "Ayşe Bir" not in (await desk.get(people)).text


async def test_what_is_no_list_is_refused_beside_the_field_and_stays_there(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    for text in ("", " \n\t", ";;;"):
        assert list(problem_fields(await pasted(sqlite_app, event, text))) == ["text"]
    assert list(problem_fields(await pasted(sqlite_app, event, "a" * (MOST_LETTERS + 1)))) == ["text"]
    desk = await sqlite_app.at_desk()
    await desk.get(f"/events/{event['id']}/people")
    again = await desk.send(f"/events/{event['id']}/imports/pasted", {"text": "-- ;"})
    assert (again.status_code, 'id="text-wrong"' in again.text, "-- ;" in again.text) == (422, True, True)


async def test_an_auditor_pastes_nobody(sqlite_app: App) -> None:
    event = await sqlite_app.event()
    address = f"/api/v1/events/{event['id']}/imports/pasted"
    assert (await sqlite_app.api("auditor").post(address, json={"text": "Ayşe Bir"})).status_code == 403
