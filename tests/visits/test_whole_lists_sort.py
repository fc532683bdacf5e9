"""Lists of a visit that have no pages are ordered by what their headings say, on pages and for programs."""

import re
from typing import Any

from tests.people import App
from tests.visits.test_costs import add
from tests.visits.test_legs import travelling
from tests.visits.test_visas import stated


async def listed(app: App, path: str, sort: str, key: str) -> list[Any]:
    answer = await app.api("finance").get(f"/api/v1/{path}?sort={sort}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return [one[key] for one in (found if isinstance(found, list) else found["lines"])]


async def test_tasks_stand_by_what_they_are_called_or_until_when_from_either_end(app: App) -> None:
    event, _, _ = await travelling(app, ["Ayşe Bir"])
    path = f"events/{event['id']}/tasks"
    for title, due in (("Zarf", "2026-05-01"), ("Çiçek", "2026-05-03"), ("Davet", "2026-05-02")):
        assert (await app.api().post(f"/api/v1/{path}", json={"title": title, "due_on": due})).status_code == 201
    assert await listed(app, path, "task", "title") == ["Çiçek", "Davet", "Zarf"]
    assert await listed(app, path, "-until", "title") == ["Çiçek", "Davet", "Zarf"]
    page = (await (await app.at_desk()).get(f"/{path}?sort=-task")).text
    assert 'aria-sort="descending"' in page
    assert re.findall("Zarf|Çiçek|Davet", page.split("<tbody>")[1])[0] == "Zarf"


async def test_costs_stand_by_amount_and_what_is_the_groups_last(app: App) -> None:
    event, _, of = await travelling(app, ["Ayşe Bir", "Çetin İki"])
    path = f"events/{event['id']}/costs"
    for text, amount, name in (("A", "9.00", ""), ("B", "100.00", "Çetin İki"), ("C", "20.00", "Ayşe Bir")):
        whose = {"registration_id": of[name]} if name else {}
        assert (await add(app, event, text=text, amount=amount, **whose)).status_code == 201
    assert await listed(app, path, "amount", "text") == ["A", "C", "B"]
    assert await listed(app, path, "-amount", "text") == ["B", "C", "A"]
    assert await listed(app, path, "name", "text") == ["C", "B", "A"]
    assert await listed(app, path, "-name", "text") == ["B", "C", "A"]
    page = (await (await app.at_desk("finance")).get(f"/{path}?sort=amount")).text
    assert [one for one in re.findall(r'data-label="What for">\s*([ABC])\s', page)] == ["A", "C", "B"]


async def test_visas_stand_by_the_names_of_countries_in_the_readers_language(sqlite_app: App) -> None:
    app = sqlite_app
    path = f"projects/{app.project_id}/visa-rules"
    for country in ("AT", "DE", "SE"):
        assert (await stated(app, country=country)).status_code == 200
    assert await listed(app, path, "country", "country") == ["AT", "DE", "SE"]
    assert await listed(app, path, "-country", "country") == ["SE", "DE", "AT"]
    assert (await (await app.at_desk()).get(f"/{path}?sort=source")).status_code == 422
    assert (await app.api().get(f"/api/v1/{path}?sort=source")).status_code == 422
