"""The auditor reads everything of a project and changes nothing; what is sensitive is opened with a reason."""

import pytest

from tests.people import App

DETAILS = {"passport_name": "AYSE BIR", "mobile": "+90 532 000 00 00", "diet": "No nuts", "agrees_data_use": True}


async def test_the_auditor_reads_everything_of_the_project_and_changes_nothing(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir", "Can İki"], capacity=1)
    await app.guest(tokens["Can İki"]).post("/api/v1/invitation/decline", json={"reason": "My mother is ill"})
    campaign = {"subject_en": "News", "text_en": "Read this.", "subject_tr": "Haber", "text_tr": "Okuyun."}
    made = await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=campaign)
    assert made.status_code == 201, made.text
    auditor, finance = app.api("auditor"), app.api("finance")
    path = f"/api/v1/events/{event['id']}"
    readable = ["people", "people.csv", "participants", "waiting-list", "quotas", "timeline", "campaigns", "questions"]
    for what in (*(f"{path}/{one}" for one in readable), f"/api/v1/campaigns/{made.json()['id']}", "/api/v1/messages"):
        assert ((await auditor.get(what)).status_code, what) == (200, what)
    assert (await finance.get(f"{path}/people")).status_code == 403
    exported = (await auditor.get(f"{path}/people.csv", params={"with_answers": "true"})).text
    assert ("Ayşe Bir" in exported, "My mother" in exported) == (True, False)
    reader = await app.at_desk("auditor")
    assert (await reader.get(f"/events/{event['id']}/people")).status_code == 200
    for page in ("quotas", "timeline", "waiting", "campaigns"):
        text = " ".join((await reader.get(f"/events/{event['id']}/{page}")).text.split())
        assert (page, f'method="post" action="/events/{event["id"]}' in text) == (page, False)
    for change in ("waiting-list/promotion", "invitations", "campaigns"):
        assert (await auditor.post(f"{path}/{change}", json=campaign)).status_code == 403
    assert (await auditor.put(f"{path}/quotas", json=[])).status_code == 403


async def test_what_is_sensitive_is_opened_with_a_reason_that_the_history_keeps(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"])
    assert (await app.guest(tokens["Ayşe Bir"]).put("/api/v1/invitation/details", json=DETAILS)).status_code == 200
    (row,) = (await app.api("auditor").get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    path = f"/api/v1/invitations/{row['invitation_id']}/disclosure"
    assert (await app.api("auditor").post(path, json={"reason": " "})).status_code == 422
    opened = await app.api("auditor").post(path, json={"reason": "Audit 2026/3, sample"})
    assert opened.json()["told"]["passport_name"] == "AYSE BIR"
    assert (await app.api("finance").post(path, json={"reason": "Curious me"})).status_code == 403
    reader = await app.at_desk("auditor")
    page = f"/events/{event['id']}/people/{row['invitation_id']}"
    assert "AYSE BIR" not in (await reader.get(page)).text
    shown = await reader.send(f"{page}/disclosure", {"reason": "A second look"})
    assert ("AYSE BIR" in shown.text, "No nuts" in shown.text) == (True, True)
    history = (await (await app.at_desk()).get(f"/people/{row['person_id']}")).text
    assert ("Audit 2026/3, sample" in history, "A second look" in history) == (True, True)
    await app.found("P-OTHER", prefix="other-")
    assert (await app.api("other-auditor").post(path, json={"reason": "Not mine"})).status_code == 404


async def test_who_may_not_send_mail_sends_no_cancellation_by_withdrawing(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Can İki"])
    rows = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    for role, row in zip(("assistant", "organiser"), rows, strict=True):
        path = f"/api/v1/invitations/{row['invitation_id']}/withdrawal"
        assert (await app.api(role).post(path, json={"reason": "By mistake"})).status_code == 200
    await app.work()

    async def sent() -> dict[str, str]:
        return {m.to_name: m.state.value for m in await app.mails("events/cancellation")}

    assert await sent() == {"Ayşe Bir": "draft", "Can İki": "sent"}
    # Named again before it went, nobody hears that they are not invited.
    await app.name_people(event, ["Ayşe Bir"])
    assert (await sent()).get("Ayşe Bir") in (None, "cancelled")


@pytest.mark.parametrize(("role", "state"), [("assistant", "draft"), ("organiser", "sent")])
async def test_nor_by_withdrawing_many_at_a_time(sqlite_app: App, role: str, state: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Can İki"])
    rows = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    chosen = {"action": "withdraw", "invitations": [row["invitation_id"] for row in rows], "reason": "By mistake"}
    assert (
        await sqlite_app.api(role).post(f"/api/v1/events/{event['id']}/people/bulk", json=chosen)
    ).status_code == 202
    await sqlite_app.work()
    assert [m.state.value for m in await sqlite_app.mails("events/cancellation")] == [state] * 2
