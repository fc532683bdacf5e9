"""Sessions that take place at the same time: nobody has two of them."""

from typing import Any

from tests.people import App, names

SESSIONS = [
    {"title": "Opening", "starts": "2026-04-14T09:00", "ends": "2026-04-14T17:00"},
    {"title": "Morning", "starts": "2026-04-14T10:00", "ends": "2026-04-14T12:00", "capacity": 9},
    {"title": "Group A", "starts": "2026-04-14T12:00", "ends": "2026-04-14T14:00", "capacity": 1},
    {"title": "Group B", "starts": "2026-04-14T13:30", "ends": "2026-04-14T15:00", "capacity": 9},
    {"title": "Evening", "starts": "2026-04-14T15:00", "ends": "2026-04-14T16:00", "capacity": 9},
]


async def parallel(app: App, people: list[str]) -> tuple[dict[str, Any], list[str], dict[str, str]]:
    """An event whose groups overlap, the people's tokens in their order, and session ids by title."""
    event, tokens = await app.accepted_event(people, sessions=SESSIONS)
    detail = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    return event, [tokens[name] for name in people], {s["title"]: s["id"] for s in detail["sessions"]}


async def choose(app: App, token: str, session: str) -> Any:
    return await app.guest(token).put(f"/api/v1/invitation/sessions/{session}")


async def chosen(app: App, token: str) -> list[str]:
    shown = (await app.guest(token).get("/api/v1/invitation/sessions")).json()
    return [one["title"] for one in shown if one["is_mine"] or one["position"]]


async def test_nobody_chooses_two_sessions_at_the_same_time(app: App) -> None:
    _, (token,), ids = await parallel(app, ["Ayşe Bir"])
    await choose(app, token, ids["Group A"])
    refused = await choose(app, token, ids["Group B"])
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "session-clash")
    assert all(words in refused.json()["title"] for words in ("Group A", "Group B", "12:00", "14:00"))
    assert await chosen(app, token) == ["Group A"]
    # Choosing again what one has says yes, as before.
    assert (await choose(app, token, ids["Group A"])).status_code == 200


async def test_sessions_that_only_touch_are_no_clash(sqlite_app: App) -> None:
    _, (token,), ids = await parallel(sqlite_app, ["Ayşe Bir"])
    for title in ("Group B", "Morning", "Evening"):
        assert (await choose(sqlite_app, token, ids[title])).status_code == 200
    assert await chosen(sqlite_app, token) == ["Morning", "Group B", "Evening"]


async def test_whoever_left_a_session_may_choose_the_one_at_the_same_time(sqlite_app: App) -> None:
    _, (token,), ids = await parallel(sqlite_app, ["Ayşe Bir"])
    await choose(sqlite_app, token, ids["Group A"])
    await sqlite_app.guest(token).delete(f"/api/v1/invitation/sessions/{ids['Group A']}")
    assert (await choose(sqlite_app, token, ids["Group B"])).status_code == 200


async def test_whoever_waits_for_a_session_leaves_its_list_before_choosing_another_at_the_same_time(
    sqlite_app: App,
) -> None:
    # Or the place that comes free would be given to somebody who sits elsewhere.
    _, (first, second), ids = await parallel(sqlite_app, names(2))
    await choose(sqlite_app, first, ids["Group A"])
    await choose(sqlite_app, second, ids["Group A"])
    assert (await choose(sqlite_app, second, ids["Group B"])).status_code == 409


async def test_a_session_that_was_taken_off_the_programme_is_no_clash(sqlite_app: App) -> None:
    _, (token,), ids = await parallel(sqlite_app, ["Ayşe Bir"])
    await choose(sqlite_app, token, ids["Group A"])
    assert (await sqlite_app.api().delete(f"/api/v1/sessions/{ids['Group A']}")).is_success
    assert (await choose(sqlite_app, token, ids["Group B"])).status_code == 200


async def test_the_page_says_beside_the_button_which_session_to_leave_first(sqlite_app: App) -> None:
    _, (token,), ids = await parallel(sqlite_app, ["Ayşe Bir"])
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{token}")
    await visitor.send(f"/i/{token}/sessions/{ids['Group A']}")
    refused = await visitor.send(f"/i/{token}/sessions/{ids['Group B']}")
    item = refused.text.partition(f'id="s-{ids["Group B"]}"')[2].partition("</li>")[0]
    assert refused.status_code == 409
    assert "“Group A” (12:00–14:00)" in " ".join(item.split())


async def test_what_another_form_of_the_page_refuses_is_said_as_before(sqlite_app: App) -> None:
    _, (token,), _ = await parallel(sqlite_app, ["Ayşe Bir"])
    visitor = sqlite_app.stranger()
    await visitor.get(f"/i/{token}")
    assert (await visitor.send(f"/i/{token}/details", {"mobile": "x"})).status_code == 422


async def test_the_organiser_sees_who_has_two_sessions_at_once_after_one_was_moved(sqlite_app: App) -> None:
    app = sqlite_app
    event, (first, second), ids = await parallel(app, names(2))
    await choose(app, first, ids["Group B"])
    await choose(app, second, ids["Group B"])
    await choose(app, first, ids["Evening"])
    moved = {**SESSIONS[4], "starts": "2026-04-14T14:30"}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Evening']}", json=moved)).is_success
    path = f"/events/{event['id']}/sessions/{ids['Group B']}/signups"
    listed = (await app.api().get(f"/api/v1{path}")).json()["items"]
    assert {one["name"]: one["clashes_with"] for one in listed} == {names(2)[0]: ["Evening"], names(2)[1]: []}
    page = " ".join((await (await app.at_desk()).get(path)).text.split())
    assert page.count("At the same time: Evening") == 1


async def test_no_place_is_given_by_itself_to_who_sits_elsewhere_then(app: App) -> None:
    """Ada waits for the group that was moved to the time of her other session, Bora behind her."""
    ada, bora, cem = names(3)
    event, (first, second, third), ids = await parallel(app, [cem, ada, bora])
    for token in (first, second, third):
        await choose(app, token, ids["Group A"])
    await choose(app, second, ids["Evening"])
    moved = {**SESSIONS[2], "starts": "2026-04-14T14:30", "ends": "2026-04-14T16:00"}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Group A']}", json=moved)).is_success
    await app.guest(first).delete(f"/api/v1/invitation/sessions/{ids['Group A']}")
    path = f"/api/v1/events/{event['id']}/sessions/{ids['Group A']}/signups"
    states = {one["name"]: one["state"] for one in (await app.api().get(path)).json()["items"]}
    assert states == {ada: "waiting", bora: "taken"}
    # Once she leaves the other session, the next place that comes free is hers.
    await app.guest(second).delete(f"/api/v1/invitation/sessions/{ids['Evening']}")
    await app.guest(third).delete(f"/api/v1/invitation/sessions/{ids['Group A']}")
    states = {one["name"]: one["state"] for one in (await app.api().get(path)).json()["items"]}
    assert states == {ada: "taken"}


async def test_of_two_groups_that_were_moved_together_only_one_is_given(sqlite_app: App) -> None:
    app = sqlite_app
    holder, waits = names(2)
    groups = [{**SESSIONS[2], "title": "One"}, {**SESSIONS[4], "title": "Two", "capacity": 1}]
    event, tokens = await app.accepted_event([holder, waits], sessions=groups)
    sessions = (await app.api().get(f"/api/v1/events/{event['id']}")).json()["sessions"]
    ids = {one["title"]: one["id"] for one in sessions}
    for token in (tokens[holder], tokens[waits]):
        for id in ids.values():
            assert (await choose(app, token, id)).is_success
    moved = {**groups[1], "starts": "2026-04-14T12:30", "ends": "2026-04-14T13:30"}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Two']}", json=moved)).is_success
    for id in ids.values():
        await app.guest(tokens[holder]).delete(f"/api/v1/invitation/sessions/{id}")
    shown = (await app.guest(tokens[waits]).get("/api/v1/invitation/sessions")).json()
    assert {one["title"]: (one["is_mine"], one["position"]) for one in shown} == {
        "One": (True, None),
        "Two": (False, 1),
    }


async def test_a_place_that_who_waits_cannot_have_is_the_next_ones_who_comes(sqlite_app: App) -> None:
    app = sqlite_app
    holder, waits, comes = names(3)
    _, (first, second, third), ids = await parallel(app, [holder, waits, comes])
    for token in (first, second):
        await choose(app, token, ids["Group A"])
    await choose(app, second, ids["Evening"])
    moved = {**SESSIONS[2], "starts": "2026-04-14T14:30", "ends": "2026-04-14T16:00"}
    assert (await app.api().put(f"/api/v1/sessions/{ids['Group A']}", json=moved)).is_success
    await app.guest(first).delete(f"/api/v1/invitation/sessions/{ids['Group A']}")
    shown = (await choose(app, third, ids["Group A"])).json()
    assert [(one["is_mine"], one["position"]) for one in shown if one["title"] == "Group A"] == [(True, None)]
