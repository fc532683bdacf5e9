"""What pages do, programs can do: which use cases only a form reaches, each with its reason; and operations beside."""

import io
from uuid import UUID, uuid4

import pytest
from PIL import Image

from tests.by_program import page_only
from tests.people import App

SESSION = "signing in, and what protects an account: whoever finds a token must not take the account over"
BY_MAIL = "a link of a mail opens it for its reader, who has no token"
VIEW = "how one person likes to see a page"
REASONS = {
    "directory.accounts.pages.code": SESSION,
    "directory.accounts.pages.sign_out": SESSION,
    "directory.own_account.pages.confirm": SESSION,
    "directory.own_account.pages.password": SESSION,
    "directory.own_account.pages.second_factor": SESSION,
    "directory.own_account.pages.remove_second_factor": SESSION,
    "directory.own_account.pages.recovery_codes": SESSION,
    "directory.own_account.pages.end_session": SESSION,
    "directory.own_account.pages.sign_out_everywhere": SESSION,
    "directory.own_account.pages.create_token": SESSION,
    "notifications.first_run.pages.begin": "before it nobody has a token; `heyet account` and `heyet project` do it",
    "notifications.sign_in.pages.use": SESSION,
    "notifications.suppression.pages.one_click": BY_MAIL,
    "notifications.suppression.pages.choose": BY_MAIL,
    "finance.monthly_reports.pages.stop_own": BY_MAIL,
    "events.reporting.dashboards.pages.save_filter": VIEW,
    "events.reporting.dashboards.pages.remove_filter": VIEW,
    "events.participants.roster.pages.columns": VIEW,
    "directory.institutions.pages.add": "a name typed for the parent; programs send its id",
    "directory.institutions.pages.change": "a name typed for the parent; programs send its id",
    "directory.institutions.pages.focal_points": "people_add_person, then institutions_set_focal_points",
    "directory.institution_grid.pages.save": "many institutions in one form; institutions_change takes one",
    "events.programme.agenda.pages.give_role": "agenda_set_people says all people of a session",
    "events.programme.agenda.pages.take_role": "agenda_set_people says all people of a session",
}


def test_what_only_a_form_does_has_a_reason() -> None:
    found = page_only()
    assert {point: alone for point, alone in found.items() if point not in REASONS} == {}
    assert set(REASONS) - set(found) == set(), "an operation does it by now: take its reason away"


@pytest.mark.parametrize("is_added", [False, True], ids=["named", "added"])
async def test_somebody_is_put_on_the_list_of_an_event_once(app: App, is_added: bool) -> None:
    event = await app.event()
    there = f"/api/v1/events/{event['id']}/people"
    given = {"name": "Ayşe Yılmaz", "address": "ayse@example.org", "is_added": is_added}
    key = {"Idempotency-Key": str(uuid4())}
    first = await app.api().post(there, json=given, headers=key)
    assert first.status_code == 201, first.text
    assert first.json()["status"] == ("accepted" if is_added else "nominated")
    again = await app.api().post(there, json=given, headers=key)
    assert again.json()["invitation_id"] == first.json()["invitation_id"]
    rows = (await app.api().get(there)).json()["items"]
    assert [row["name"] for row in rows] == ["Ayşe Yılmaz"]


async def test_the_same_key_names_nobody_of_another_project(sqlite_app: App) -> None:
    app = sqlite_app
    key = {"Idempotency-Key": str(uuid4())}
    event = await app.event()
    await app.api().post(f"/api/v1/events/{event['id']}/people", json={"name": "Ayşe"}, headers=key)
    other = await app.found("P-B", prefix="b-")
    theirs = (await app.api("b-organiser").post("/api/v1/events", json=app.plan(project_id=str(other)))).json()
    there = f"/api/v1/events/{theirs['id']}/people"
    assert (await app.api("b-organiser").post(there, json={"name": "Ayşe"}, headers=key)).status_code == 404
    assert (await app.api("b-organiser").get(there)).json()["items"] == []


async def test_a_link_to_hand_over_opens_the_invitation(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.invited_event(["Ayşe Yılmaz"])
    row = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"][0]
    there = f"/api/v1/invitations/{row['invitation_id']}/link"
    made = await app.api().post(there, json={})
    token = made.json()["address"].rpartition("/")[2]
    assert (await app.guest(token).get("/api/v1/invitation")).status_code == 200
    assert (await app.guest(tokens["Ayşe Yılmaz"]).get("/api/v1/invitation")).status_code == 200
    only = await app.api().post(there, json={"is_only_one": True})
    assert only.status_code == 201
    assert (await app.guest(token).get("/api/v1/invitation")).status_code in (401, 404, 410)


async def test_roles_are_given_and_taken(sqlite_app: App) -> None:
    app = sqlite_app
    there = f"/api/v1/projects/{app.project_id}/members"
    new = {"name": "Deniz Ak", "address": "deniz@example.org", "role": "auditor"}
    assert (await app.api("organiser").post(there, json=new)).status_code == 403
    assert (await app.api("administrator").post(there, json=new)).status_code == 204
    members = (await app.api("administrator").get(there)).json()
    made = next(one for one in members if one["address"] == "deniz@example.org")
    assert made["role"] == "auditor"
    assert (await app.api("administrator").delete(f"{there}/{made['id']}")).status_code == 204
    last = next(one for one in members if one["role"] == "administrator")
    assert (await app.api("administrator").delete(f"{there}/{last['id']}")).status_code == 422


async def test_a_mark_of_a_partner_is_added_and_removed(sqlite_app: App) -> None:
    app = sqlite_app
    picture = io.BytesIO()
    Image.new("RGB", (40, 20)).save(picture, "PNG")
    there = f"/api/v1/projects/{app.project_id}/logos"
    api = app.api("administrator")
    sent = {"data": {"title": "Partner"}, "files": {"file": ("mark.png", picture.getvalue(), "image/png")}}
    made = await api.post(there, **sent)
    assert (made.status_code, made.json()["width"]) == (201, 40)
    assert [one["title"] for one in (await api.get(there)).json()] == ["Partner"]
    assert (await api.delete(f"{there}/{made.json()['id']}")).status_code == 204
    assert (await api.get(there)).json() == []


async def test_two_records_are_said_to_be_two(sqlite_app: App) -> None:
    app = sqlite_app
    people = []
    for address in ("ali@example.org", "ali@example.net"):
        given = {"name": "Ali Kaya", "institution": "Court", "address": address, "project_id": str(app.project_id)}
        people.append((await app.api().post("/api/v1/people", json=given)).json()["id"])
    pairs = (await app.api().get("/api/v1/merges/look-alikes")).json()
    assert {pairs[0]["kept_id"], pairs[0]["merged_id"]} == set(people)
    assert (await app.api().post("/api/v1/merges/apart", json=pairs[0])).status_code == 204
    assert (await app.api().get("/api/v1/merges/look-alikes")).json() == []


async def test_a_participant_subscribes_renews_and_ends(sqlite_app: App) -> None:
    app = sqlite_app
    _, tokens = await app.accepted_event(["Ayşe Yılmaz"])
    there = "/api/v1/invitation/calendars"
    assert (await app.guest(tokens["Ayşe Yılmaz"]).post(there, json={})).status_code == 403
    owner = await app.owner(tokens["Ayşe Yılmaz"])
    made = await owner.post(there, json={"alarm_minutes": 30})
    path = made.json()["address"].removeprefix("http://127.0.0.1:8000")
    assert (await app.stranger().get(path)).status_code == 200
    feed = (await owner.get(there)).json()[0]
    assert feed["alarm_minutes"] == 30
    renewed = await owner.post(f"{there}/{feed['id']}/renewal")
    assert renewed.status_code == 201
    assert (await app.stranger().get(path)).status_code in (404, 410)
    feed = (await owner.get(there)).json()[0]
    assert (await owner.delete(f"{there}/{feed['id']}")).status_code == 204
    assert (await owner.get(there)).json() == []


@pytest.mark.parametrize("name", ["events", "people", "institutions"])
async def test_a_list_comes_as_a_table_too(sqlite_app: App, name: str) -> None:
    await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    table = await sqlite_app.api().get(f"/api/v1/{name}.csv")
    assert table.headers["content-type"].startswith("text/csv")
    known = {"events": "Coordination meeting", "people": "Ayşe Yılmaz", "institutions": "Court 0"}
    assert known[name] in table.text
    assert (await sqlite_app.api().get(f"/api/v1/{name}.xlsx")).content[:2] == b"PK"
    assert f"/api/v1/{name}.{{ending}}" in (await sqlite_app.stranger().get(f"/api/docs/{name}")).text


@pytest.mark.parametrize("ending", ["xlsx", "pdf"])
async def test_a_report_comes_as_a_file(sqlite_app: App, ending: str) -> None:
    await sqlite_app.accepted_event(["Ayşe Yılmaz"])
    answer = await sqlite_app.api().post(f"/api/v1/projects/{sqlite_app.project_id}/report.{ending}")
    assert answer.status_code == 200
    assert answer.content[:2] == (b"PK" if ending == "xlsx" else b"%P")


async def test_a_heading_means_another_field_and_is_forgotten(sqlite_app: App) -> None:
    app = sqlite_app
    event = await app.event()
    made = await app.upload(event, "Wer;Woher;Wohin\nAyşe;Mahkeme;ayse@example.org".encode())
    columns = {"name": 0, "institution": 1, "address": 2}
    there = f"/api/v1/projects/{app.project_id}/import-memory"
    read = await app.api().post(f"/api/v1/imports/{made['id']}/reading", json={"columns": columns, "heading": 1})
    assert read.status_code == 200, read.text
    known = {one["text"]: one for one in (await app.api().get(there)).json()}
    one = known["woher"]
    assert (await app.api().put(f"{there}/{one['id']}", json={"value": "title"})).status_code == 204
    assert (await app.api().put(f"{there}/{one['id']}", json={"value": "nonsense"})).status_code == 422
    assert (await app.api().delete(f"{there}/{one['id']}")).status_code == 204
    assert "woher" not in {one["text"] for one in (await app.api().get(there)).json()}


async def test_a_sample_goes_to_who_asks_for_it(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Yılmaz"])
    given = {"subject_en": "Hall", "subject_tr": "Salon", "text_en": "Hall B.", "text_tr": "B salonu."}
    campaign = await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=given)
    sent = await app.api().post(f"/api/v1/campaigns/{campaign.json()['id']}/test")
    assert (sent.status_code, sent.json()) == (202, {"address": "organiser@example.org"})
    await app.work()
    assert [mail.to_address for mail in await app.mails("events/sample")] == ["organiser@example.org"]


async def test_ids_that_are_not_there_are_not_found(sqlite_app: App) -> None:
    nobody, project = UUID(int=7), sqlite_app.project_id
    for path in (f"suppressions/{nobody}/release", f"inbox/{nobody}/closing", f"campaigns/{nobody}/test"):
        assert (await sqlite_app.api().post(f"/api/v1/{path}")).status_code == 404, path
    there = f"/api/v1/projects/{project}/import-memory/{nobody}"
    assert (await sqlite_app.api().delete(there)).status_code == 404
