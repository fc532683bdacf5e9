"""People that projects know, and the documents of a project."""

import pytest

from tests.people import App


async def test_people_are_found_by_any_word_with_turkish_letters_written_plainly(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Şule Çağlar", "Mehmet Öz"])
    page = await (await app.at_desk()).get("/people?q=caglar+court")
    assert ("Şule Çağlar" in page.text, "Mehmet Öz" in page.text) == (True, False)


async def test_a_project_sees_only_the_people_it_knows(app: App) -> None:
    event = await app.event()
    await app.name_people(event, ["Şule Çağlar"])
    await app.found("P-OTHER", prefix="other-")
    page = await (await app.at_desk("other-organiser")).get("/people?q=caglar")
    assert ("Şule" in page.text, "Nobody found" in page.text) == (False, True)


async def test_the_same_mailbox_is_the_same_person(app: App) -> None:
    first, second = await app.event(), await app.event(title="Second")
    for event in (first, second):
        await app.upload(event, b"Name;E-mail\nAyse;AYSE@Example.org")
    made = await app.upload(second, b"Name;E-mail\nAyse Yilmaz;ayse@example.org")
    await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})
    again = await app.upload(first, b"Name;E-mail\nA. Yilmaz;Ayse@EXAMPLE.org")
    assert [row["verdict"] for row in again["rows"]] == ["differs"]


async def test_the_search_shows_events_and_people(app: App) -> None:
    event = await app.event(title="Iğdır meeting")
    await app.name_people(event, ["Iğdır Kaya"])
    page = await (await app.at_desk()).get("/search?q=igdir")
    assert ("Iğdır meeting" in page.text, "Iğdır Kaya" in page.text) == (True, True)


async def details(app: App, **change: object) -> dict[str, object]:
    return {
        "title": "Coordination",
        "donor": "European Union",
        "contract_number": "ACT/2",
        "funding_statement_en": "Funded.",
        "funding_statement_tr": "",
        "emblem": "eu",
        "contact": "office@example.org",
        "bed_share": "50",
        "breakfast_share": "6",
        "lunch_share": "12",
        "dinner_share": "12",
        "requires_attendance": "true",
        "zone": "Europe/Istanbul",
        "languages[]": ["tr", "en"],
        **change,
    }


async def test_an_administrator_corrects_the_details_and_the_history_says_so(app: App) -> None:
    desk = await app.at_desk("administrator")
    await desk.get(f"/projects/{app.project_id}")
    await desk.send(f"/projects/{app.project_id}", await details(app))
    assert ("ACT/2" in desk.page, "Project changed" in desk.page) == (True, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bed_share": "101"}, "at most 100"),
        ({"contact": "x@@y"}, "not an e-mail address"),
        ({"title": " "}, "Please fill this in"),
        ({"emblem": "un"}, "Please choose one of"),
    ],
)
async def test_details_that_do_not_fit_come_back_as_typed(
    sqlite_app: App, change: dict[str, object], message: str
) -> None:
    desk = await sqlite_app.at_desk("administrator")
    await desk.get(f"/projects/{sqlite_app.project_id}")
    answer = await desk.send(
        f"/projects/{sqlite_app.project_id}", await details(sqlite_app, donor="Typed donor", **change)
    )
    assert (answer.status_code, 'value="Typed donor"' in answer.text, message in answer.text) == (
        422,
        True,
        True,
    )


async def test_whose_an_address_is_already_is_said(sqlite_app: App) -> None:
    await sqlite_app.name_people(await sqlite_app.event(), ["Ayşe Bir"])
    desk = await sqlite_app.at_desk()
    await desk.get("/people/new")
    given = {"project_id": str(sqlite_app.project_id), "name": "Ayse Bir", "address": "ayse.bir@example.org"}
    refused = await desk.send("/people/new", given)
    assert (refused.status_code, "Ayşe Bir has this address." in refused.text) == (422, True)
