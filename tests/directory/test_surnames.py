"""Lists of people by surname, by the Turkish alphabet, on every database."""

from typing import Any

import pytest

from core.collation import surname_first
from tests.office import pdf_pages
from tests.people import App

NAMES = ("Ali Işık", "Zehra İnce", "Bora Çelik", "Ayşe Nur Celal", "Cem Ilgaz", "Deniz Zorlu")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Ayşe Nur Yılmaz", "Yılmaz, Ayşe Nur"),
        ("Yılmaz, Ayşe Nur", "Yılmaz, Ayşe Nur"),
        ("María GARCÍA LÓPEZ", "GARCÍA LÓPEZ, María"),
        ("GARCÍA LÓPEZ María", "GARCÍA LÓPEZ, María"),
        ("AYŞE YILMAZ", "YILMAZ, AYŞE"),
        ("Anna Schmidt-Öz", "Schmidt-Öz, Anna"),
        ("Suharto", "Suharto"),
        ("J. R. Smith", "Smith, J. R."),
        ("Yılmaz,", "Yılmaz,"),
        ("", ""),
    ],
)
def test_the_surname_is_the_last_word_or_what_is_written_as_one(name: str, wanted: str) -> None:
    assert surname_first(name) == wanted


async def _listed(app: App, path: str, sort: str, **more: Any) -> list[str]:
    answer = await app.api().get(f"/api/v1{path}", params={"sort": sort, **more})
    assert answer.status_code == 200, answer.text
    return [row["name"].split()[-1] for row in answer.json()["items"]]


async def test_people_and_participants_stand_by_surname_over_pages(app: App) -> None:
    event = await app.event(capacity=20)
    lines = ["Name;E-mail", *(f"{name};p{n}@example.org" for n, name in enumerate(NAMES))]
    made = await app.upload(event, "\n".join(lines).encode())
    assert (await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})).is_success
    # c before ç, and ı with all its words before i.
    right = ["Celal", "Çelik", "Ilgaz", "Işık", "İnce", "Zorlu"]
    for path in ("/people", f"/events/{event['id']}/people"):
        assert await _listed(app, path, "surname") == right
        assert await _listed(app, path, "-surname") == right[::-1]
        assert await _listed(app, path, "surname", limit=2, page=2) == right[2:4]
    ids = {row["name"]: row["id"] for row in (await app.api().get("/api/v1/people")).json()["items"]}
    one = (await app.api().get(f"/api/v1/people/{ids['Deniz Zorlu']}")).json()
    changed = {name: one[name] for name in ("title", "address", "language", "province")} | {"name": "Deniz Acar"}
    answer = await app.api().put(f"/api/v1/people/{ids['Deniz Zorlu']}", json=changed)
    assert answer.is_success, answer.text
    assert (await _listed(app, "/people", "surname"))[0] == "Acar"
    page = (await (await app.at_desk()).get(f"/events/{event['id']}/people?sort=surname&q=e")).text
    assert 'aria-sort="ascending"' in page
    assert f'href="/events/{event["id"]}/people?q=e&amp;sort=-surname"' in page


async def test_a_sign_in_sheet_stands_by_surname(app: App) -> None:
    event, _ = await app.accepted_event(list(NAMES))
    path = f"/api/v1/events/{event['id']}/sign-in-sheets"
    made = await app.api("desk").post(path, json={"order": "surname"})
    assert made.is_success, made.text
    text = " ".join(pdf_pages((await app.api("auditor").get(f"{path}/{made.json()['id']}.pdf")).content))
    surnames = ["Celal", "Çelik", "Ilgaz", "Işık", "İnce", "Zorlu"]
    assert sorted(surnames, key=text.index) == surnames
