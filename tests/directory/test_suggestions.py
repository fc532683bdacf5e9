"""What a field offers while a name is typed."""

import re
from typing import Any

from tests.directory.test_institutions_in_bulk import batch, institution
from tests.people import App


async def offered(app: App, of: str, q: str, role: str = "organiser", **more: Any) -> list[str]:
    desk = await app.at_desk(role)
    params = {"project_id": str(app.project_id), "q": q, **more}
    answer = await desk.client.get(f"/suggestions/{of}", params=params)
    assert answer.status_code == 200, answer.text
    return re.findall(r'data-value="([^"]*)"', answer.text)


async def test_institutions_are_offered_by_words_of_either_name_those_that_begin_so_first(app: App) -> None:
    await institution(app, "Ankara Van Kültür Derneği")
    await institution(app, "Van Adliyesi", name_en="Van Courthouse")
    assert await offered(app, "institutions", "van") == ["Van Courthouse", "Ankara Van Kültür Derneği"]
    assert await offered(app, "institutions", "adliyesi") == ["Van Courthouse"]
    assert await offered(app, "institutions", "v") == []


async def test_at_most_twenty_are_offered_by_one_query_however_many_there_are(sqlite_app: App) -> None:
    await batch(sqlite_app)
    desk = await sqlite_app.at_desk()
    await desk.get("/people")
    costs = []
    for q in ("van il", "il goc"):
        with sqlite_app.counting() as seen:
            await desk.client.get(
                "/suggestions/institutions", params={"project_id": str(sqlite_app.project_id), "q": q}
            )
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 6
    assert len(await offered(sqlite_app, "institutions", "il goc")) == 20


async def test_people_are_offered_with_the_address_that_tells_them_apart(app: App) -> None:
    await app.name_people(await app.event(), ["Ayşe Yılmaz"])
    assert await offered(app, "people", "yilm") == ["Ayşe Yılmaz &lt;ayse.yilmaz@example.org&gt;"]


async def test_creating_is_offered_to_whoever_may_where_nothing_is_called_so(app: App) -> None:
    await institution(app, "Van Adliyesi")
    assert await offered(app, "institutions", "Van Ad", new="1") == ["Van Adliyesi", "Van Ad"]
    assert await offered(app, "institutions", "van adliyesi", new="1") == ["Van Adliyesi"]
    assert await offered(app, "institutions", "Van Ad", "auditor", new="1") == ["Van Adliyesi"]


async def test_nobody_is_offered_what_another_project_knows(sqlite_app: App) -> None:
    await institution(sqlite_app, "Van Adliyesi")
    await sqlite_app.found("P-OTHER", prefix="other-")
    stranger = await sqlite_app.at_desk("other-organiser")
    params = {"project_id": str(sqlite_app.project_id), "q": "van"}
    assert (await stranger.client.get("/suggestions/institutions", params=params)).status_code == 404
    assert (
        await sqlite_app.stranger().get(f"/suggestions/people?project_id={sqlite_app.project_id}")
    ).status_code == 303


async def test_who_asks_without_end_is_asked_to_wait(sqlite_app: App) -> None:
    desk = await sqlite_app.at_desk()
    path = f"/suggestions/institutions?project_id={sqlite_app.project_id}&q=v"
    statuses = [(await desk.client.get(path)).status_code for _ in range(241)]
    assert (statuses[239], statuses[240]) == (200, 429)


async def test_a_speaker_is_created_in_place_where_that_was_chosen(app: App) -> None:
    session = {"title": "Opening", "starts": "2026-04-14T09:00", "ends": "2026-04-14T10:00"}
    event = await app.event(sessions=[session])
    path = f"/events/{event['id']}/sessions/{event['sessions'][0]['id']}/people"
    desk = await app.at_desk()
    await desk.get(path.removesuffix("/people"))
    form = {"who": "Nur Söz <nur@example.org>", "role": "speaker"}
    refused = await desk.send(path, form)
    assert (refused.status_code, "who-wrong" in refused.text) == (422, True)
    await desk.send(path, {**form, "who_new": "yes"})
    assert "Nur Söz" in desk.page
    # And their part is taken away by its button.
    remove = re.search(r'action="(/events/[\w-]+/parts/[\w-]+/remove)"', desk.page)
    assert remove is not None
    await desk.send(remove.group(1))
    assert "Nur Söz" not in desk.page


async def test_a_parent_is_created_in_place_only_where_that_was_chosen(app: App) -> None:
    desk = await app.at_desk()
    await desk.get("/institutions")
    form = {"project_id": str(app.project_id), "name": "Van Adliyesi", "kind": "court", "country": "TR"}
    refused = await desk.send("/institutions", {**form, "parent": "Adalet Bakanlığı"})
    assert (refused.status_code, "parent-wrong" in refused.text) == (422, True)
    await desk.send("/institutions", {**form, "parent": "Adalet Bakanlığı", "parent_new": "yes"})
    there = (await app.api().get("/api/v1/institutions?q=adalet")).json()["items"][0]
    assert there["kind"] == "ministry"
