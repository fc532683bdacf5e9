"""Lists of people and institutions are ordered by what their headings say."""

import pytest

from tests.people import App

LIST = (
    "Name;Institution;Province;E-mail\n"
    "Ayşe Bir;Van Barosu;Van;a@example.org\n"
    "Çetin İki;Ankara Barosu;Ankara;c@example.org\n"
    "Deniz Dört;Ankara Barosu;Ankara;d@example.org\n"
    "Bora Üç;;;b@example.org\n"
)


@pytest.fixture
async def listed(app: App) -> App:
    made = await app.upload(await app.event(), LIST.encode())
    assert (await app.api().post(f"/api/v1/imports/{made['id']}/application", json={})).status_code == 200
    return app


async def names(app: App, path: str, sort: str) -> list[str]:
    rows = (await app.api().get(f"/api/v1/{path}?sort={sort}")).json()["items"]
    return [row["name"].split()[0] for row in rows]


async def test_whoever_has_none_stands_last_whichever_way_and_who_is_alike_by_name(listed: App) -> None:
    assert await names(listed, "people", "name") == ["Ayşe", "Bora", "Çetin", "Deniz"]
    assert await names(listed, "people", "-name") == ["Deniz", "Çetin", "Bora", "Ayşe"]
    assert await names(listed, "people", "institution") == ["Çetin", "Deniz", "Ayşe", "Bora"]
    assert await names(listed, "people", "-institution") == ["Ayşe", "Çetin", "Deniz", "Bora"]
    assert await names(listed, "people", "-province") == ["Ayşe", "Çetin", "Deniz", "Bora"]
    assert await names(listed, "institutions", "-people") == ["Ankara", "Van"]
    assert await names(listed, "institutions", "people") == ["Van", "Ankara"]
    assert await names(listed, "institutions", "-name") == ["Van", "Ankara"]


async def test_headings_are_links_that_keep_what_is_looked_for(listed: App) -> None:
    desk = await listed.at_desk()
    page = (await desk.get("/people?q=e&sort=province")).text
    assert 'aria-sort="ascending"' in page
    assert 'href="/people?q=e&amp;sort=-province"' in page
    assert 'href="/people?q=e&amp;sort=name"' in page
    page = (await desk.get("/institutions?q=barosu&sort=-people")).text
    assert 'href="/institutions?q=barosu&amp;sort=people"' in page
    for path in ("people", "institutions"):
        assert (await listed.api().get(f"/api/v1/{path}?sort=phone")).status_code == 422
