"""No step of who may not send messages writes to many people: walked as an assistant, and each known step by itself."""

from typing import Any

import pytest

from notifications.outbox.rules import State
from tests.events.nominations.test_requests import CALL, institution
from tests.people import FORM_TOKEN, App, copied, names
from tests.routes import served
from tests.security.test_cross_project_walk import addresses, rows_of_a

MOVED = {"title": "Opening", "starts": "2026-04-14T10:00", "ends": "2026-04-14T11:00"}
# What is said in each request of the walk that takes a body. Others are sent without one, pages with a reason.
BODIES: dict[str, Any] = {
    "postponement": {"first_day": "2026-05-12", "reason": "The minister travels"},
    "cancellation": {"reason": "Off"},
    "reinstatement": {"reason": "On"},
    "withdrawal": {"reason": "By mistake"},
    "quotas": [],
    "return": {"text": "Please name two"},
}


@copied
async def crowd(app: App) -> dict[str, Any]:
    """An event with six who have a place, three who wait, two who ask to come in, two named, a speaker each session,
    and two institutions that were asked and have named nobody. Nothing waits to be sent."""
    first = await app.event(title="Where they were known from")
    await app.name_people(first, ["Nur Odak", "Can Odak"])
    sessions = [{**MOVED, "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}]
    event, tokens = await app.invited_event(names(9), capacity=6, sessions=sessions, fills_late=True)
    for token in tokens.values():
        await app.accept(token)
    await app.name_people(event, ["Named One", "Named Two"])
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 50})).json()["items"]
    speaks = {"people": [{"person_id": one["person_id"], "role": "speaker"} for one in people[:3]]}
    assert (await app.api().put(f"/api/v1/sessions/{event['sessions'][0]['id']}/people", json=speaks)).is_success
    for office, focal in (("İzmir Directorate", "Nur Odak"), ("Bursa Directorate", "Can Odak")):
        id = await institution(app, office, focal=focal)
        made = await app.api().post(f"/api/v1/events/{event['id']}/calls", json={**CALL, "institution_id": id})
        assert made.status_code == 201, made.text
    await app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await app.work()
    return event | {"people": people}


async def written_to(app: App, known: set[Any]) -> set[str]:
    """Whom a message that waits for nobody goes to, of those written since."""
    await app.work()
    fresh = [m for m in await app.mails() if m.id not in known]
    known |= {m.id for m in fresh}
    return {m.to_address for m in fresh if m.state is not State.draft}


async def chosen(app: App, event: dict[str, Any], action: str) -> dict[str, Any]:
    touched = {"remind": "invited", "add": "nominated", "withdraw": "accepted"}
    rows = [one for one in event["people"] if one["status"] == touched[action]]
    return {"action": action, "reason": "x", "invitations": [one["invitation_id"] for one in rows]}


async def steps(app: App, event: dict[str, Any]) -> dict[str, tuple[str, str, Any]]:
    """Every step of staff by which many are written to at once: each is a sibling of calling an event off."""
    path, session = f"/api/v1/events/{event['id']}", event["sessions"][0]["id"]
    plan = {k: v for k, v in app.plan(capacity=6).items() if k != "project_id"}
    return {
        "cancelling": ("POST", f"{path}/cancellation", BODIES["cancellation"]),
        "postponing": ("POST", f"{path}/postponement", BODIES["postponement"]),
        "moving the event": ("PUT", path, plan | {"venue": "İzmir"}),
        "moving a session": ("PUT", f"/api/v1/sessions/{session}", MOVED),
        "publishing the programme": ("POST", f"{path}/agenda-versions", None),
        "reminding institutions": ("POST", f"{path}/calls/reminders", None),
        "adding many": ("POST", f"{path}/people/bulk", await chosen(app, event, "add")),
    }


KNOWN = (
    "cancelling",
    "postponing",
    "moving the event",
    "moving a session",
    "publishing the programme",
    "reminding institutions",
    "adding many",
)


# What changes an event for everybody at once is for who may send; the others are for whoever plans.
FOR_SENDERS = ("cancelling", "postponing", "reminding institutions")


@pytest.mark.parametrize("step", KNOWN)
async def test_what_a_step_writes_to_many_waits_and_only_who_may_send_sends_it(app: App, step: str) -> None:
    event = await crowd(app)
    known = {m.id for m in await app.mails()}
    method, path, body = (await steps(app, event))[step]
    before = (await app.api().get(f"/api/v1/events/{event['id']}")).json()
    tried = await app.api("assistant").request(method, path, json=body)
    if step in FOR_SENDERS:
        assert (tried.status_code, await written_to(app, known)) == (403, set())
        assert (await app.api().get(f"/api/v1/events/{event['id']}")).json() == before
        tried = await app.api().request(method, path, json=body)
    assert tried.is_success, tried.text
    assert await written_to(app, known) == set()
    waiting = [m for m in await app.mails() if m.state is State.draft]
    assert len(waiting) > 1
    found = (await app.api().get(f"/api/v1/message-batches?about_id={event['id']}")).json()["items"]
    batches = [one["id"] for one in found if one["status"] == "waiting"]
    for batch in batches:
        assert (await app.api("assistant").post(f"/api/v1/message-batches/{batch}/send")).status_code == 403
        assert (await app.api().post(f"/api/v1/message-batches/{batch}/send")).is_success
    await app.work()
    assert {m.state for m in await app.mails() if m.id in {one.id for one in waiting}} == {State.sent}


async def test_calling_off_and_on_again_is_for_the_same(sqlite_app: App) -> None:
    app, event = sqlite_app, await crowd(sqlite_app)
    path = f"/api/v1/events/{event['id']}"
    assert (await app.api().post(f"{path}/cancellation", json={"reason": "Off"})).is_success
    await app.work()
    assert (await app.api("assistant").post(f"{path}/reinstatement", json={"reason": "On"})).status_code == 403
    page = (await (await app.at_desk("assistant")).get(f"/events/{event['id']}")).text
    assert "/reinstate" not in page


async def test_what_an_assistant_may_change_changes_without_mails(app: App) -> None:
    """More places go to nobody by an assistant's step; who may send messages gives them."""
    event = await crowd(app)
    known = {m.id for m in await app.mails()}
    path, api = f"/api/v1/events/{event['id']}", app.api("assistant")
    plan = {k: v for k, v in app.plan(capacity=9, venue="İzmir").items() if k != "project_id"}
    assert (await api.put(path, params={"tell": False}, json=plan)).status_code == 200
    session = event["sessions"][0]["id"]
    assert (await api.put(f"/api/v1/sessions/{session}", params={"tell": False}, json=MOVED)).status_code == 200
    waiting = [one["invitation_id"] for one in event["people"] if one["status"] == "waiting"]
    first = {"is_first": True, "reason": "The minister's own"}
    assert (await api.put(f"/api/v1/invitations/{waiting[0]}/priority", json=first)).is_success
    assert (await api.put(f"{path}/quotas", json=[])).status_code == 200
    assert await written_to(app, known) == set()
    assert (await api.post(f"{path}/waiting-list/promotion")).status_code == 403
    shown = (await (await app.at_desk()).get(f"/events/{event['id']}/waiting")).text
    assert "Give 3 free places to who wait" in shown
    assert (await app.api().post(f"{path}/waiting-list/promotion")).json() == {"moved": 3}
    assert len(await written_to(app, known)) == 3


async def test_withdrawing_gives_no_places_to_others_by_mail_either(sqlite_app: App) -> None:
    app, event = sqlite_app, await crowd(sqlite_app)
    known = {m.id for m in await app.mails()}
    order = await chosen(app, event, "withdraw")
    answer = await app.api("assistant").post(f"/api/v1/events/{event['id']}/people/bulk", json=order)
    assert answer.status_code == 202
    assert await written_to(app, known) == set()


async def test_pages_offer_an_assistant_no_such_step(sqlite_app: App) -> None:
    app, event = sqlite_app, await crowd(sqlite_app)
    path, session = f"/events/{event['id']}", event["sessions"][0]["id"]
    call = (await app.api().get(f"/api/v1{path}/calls")).json()["items"][0]["id"]
    shown = {}
    for role in ("assistant", "organiser"):
        desk = await app.at_desk(role)
        pages = (path, f"{path}/edit", f"/sessions/{session}/edit", f"{path}/calls", f"/calls/{call}", f"{path}/people")
        shown[role] = "".join([(await desk.get(page)).text for page in pages])
    for mark in ("/cancel", "/postpone", "/calls/remind", "/return"):
        assert (mark in shown["assistant"], mark in shown["organiser"]) == (False, True), mark
    desk = await app.at_desk("assistant")
    for page in (f"{path}/cancel", f"{path}/postpone", f"{path}/calls/remind", f"{path}/waiting/promotion"):
        assert (await desk.send(page, {"reason": "x"})).status_code == 403, page


async def test_no_route_at_all_writes_to_many_for_an_assistant(sqlite_app: App) -> None:
    app, event = sqlite_app, await crowd(sqlite_app)
    rows = await rows_of_a(app)
    # The event with the people, not the one before.
    rows["event"] = [one for one in rows["event"] if str(one) == event["id"]]
    visitor, api = await app.at_desk("assistant"), app.api("assistant")
    form = FORM_TOKEN.search((await visitor.get("/account")).text)
    assert form is not None
    known, found, done = {m.id for m in await app.mails()}, [], 0
    for route in served(app.fastapi):
        if {"token", "code"} & set(route.parameters) or route.declares <= {"anyone"} or "sign-out" in route.path:
            continue
        for method in route.methods - {"GET", "HEAD", "DELETE"}:
            for path in addresses(route, rows):
                if path.startswith("/api/"):
                    answer = await api.request(method, path, json=BODIES.get(path.rsplit("/", 1)[-1], {}))
                else:
                    typed = {"form_token": form.group(1), "reason": "x", "how": "add", "tell": "yes", "text": "x"}
                    answer = await visitor.client.post(path, data=typed)
                done += answer.status_code < 400
                if len(to := await written_to(app, known)) > 1:
                    found.append((method, path, sorted(to)))
    assert found == []
    assert done > 25
