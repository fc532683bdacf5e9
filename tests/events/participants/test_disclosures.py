"""The auditor reads everything of a project and changes nothing; what is sensitive is opened with a reason."""

import re
from uuid import UUID

import pytest
from sqlmodel import select

from core.audit import AuditEntry
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import Kind
from tests.people import App
from tests.routes import our_routes

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


async def test_the_text_of_a_mail_is_opened_with_a_reason_and_opens_nobodys_page(app: App) -> None:
    event, tokens = await app.accepted_event(["Ayşe Bir"])
    (mail,) = await app.mails("events/invitation", about=event["id"])
    auditor, reader = app.api("auditor"), await app.at_desk("auditor")
    assert mail.subject in (await reader.get("/mail", params={"about": event["id"]})).text
    closed = (await reader.get(f"/mail/{mail.id}")).text
    assert ("Dear Ayşe Bir" in closed, (await reader.get(f"/mail/{mail.id}/html")).status_code) == (False, 403)
    await reader.get(f"/mail/{mail.id}")
    assert "Dear Ayşe" not in (await reader.send(f"/mail/{mail.id}/disclosure", {"reason": ""})).text
    shown = (await reader.send(f"/mail/{mail.id}/disclosure", {"reason": "Audit, sample 4"})).text
    assert ("Ayşe Bir" in shown, "/i/" in shown, tokens["Ayşe Bir"] in shown) == (True, True, False)
    path = f"/api/v1/messages/{mail.id}/disclosure"
    assert (await auditor.post(path, json={"reason": ""})).status_code == 422
    text = (await auditor.post(path, json={"reason": "Audit, sample 5"})).json()
    assert (text["to_address"], "Ayşe Bir" in text["plain"]) == ("ayse.bir@example.org", True)
    assert tokens["Ayşe Bir"] not in str(text)
    async with app.database.reading() as db:
        noted = (await db.exec(select(AuditEntry).where(AuditEntry.act == "message.disclosed"))).all()
    assert {one.actor_id for one in noted} == {app.accounts["auditor"]}
    assert len(noted) == 2
    await app.found("P-OTHER", prefix="other-")
    for role, status in (("other-auditor", 404), ("finance", 403), ("desk", 403)):
        assert (await app.api(role).post(path, json={"reason": "Curious"})).status_code == status


async def test_what_came_in_is_listed_and_opened_with_a_reason(app: App) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir"])
    (row,) = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    async with app.database.unit_of_work() as db:
        mail = InboundMail(
            digest="x",
            kind=Kind.other,
            project_id=app.project_id,
            person_id=UUID(row["person_id"]),
            subject="I am in hospital",
            sender="ayse.bir@example.org",
            raw="Subject: I am in hospital\r\n\r\nUntil Friday.",
            received_at=app.clock(),
        )
        db.add(mail)
    auditor, reader = app.api("auditor"), await app.at_desk("auditor")
    listed = await auditor.get("/api/v1/inbox")
    assert ([one["id"] for one in listed.json()["items"]], "hospital" in listed.text) == ([str(mail.id)], False)
    for page in ("/inbox", f"/inbox/{mail.id}"):
        assert ("Ayşe Bir" in (await reader.get(page)).text, "hospital" in reader.page) == (True, False)
    shown = (await reader.send(f"/inbox/{mail.id}/disclosure", {"reason": "Complaint 7"})).text
    assert ("hospital" in shown, "Until Friday" in shown) == (True, True)
    path = f"/api/v1/inbox/{mail.id}/disclosure"
    assert (await auditor.post(path, json={"reason": "Complaint 7"})).json()["text"].strip() == "Until Friday."
    assert (await reader.send(f"/inbox/{mail.id}/close")).status_code == 403
    await app.found("P-OTHER", prefix="other-")
    assert (await app.api("other-auditor").get("/api/v1/inbox")).json()["items"] == []
    assert (await app.api("other-auditor").post(path, json={"reason": "Curious"})).status_code == 404


async def test_campaigns_are_seen_as_somebody_gets_them(sqlite_app: App) -> None:
    app = sqlite_app
    event, _ = await app.accepted_event(["Ayşe Bir"])
    campaign = {"subject_en": "News", "text_en": "Read this.", "subject_tr": "Haber", "text_tr": "Okuyun."}
    made = (await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=campaign)).json()
    sample = await app.api("auditor").get(f"/api/v1/campaigns/{made['id']}/sample")
    assert sample.status_code == 200, sample.text
    reader = await app.at_desk("auditor")
    assert "/html" in (await reader.get(f"/campaigns/{made['id']}")).text
    assert "Okuyun" in (await reader.get(f"/campaigns/{made['id']}/html")).text
    for step in ("test", "write", "release"):
        assert (await reader.send(f"/campaigns/{made['id']}/{step}")).status_code == 403


async def test_what_the_project_says_keeps_and_is_asked_is_read_and_not_changed(sqlite_app: App) -> None:
    app = sqlite_app
    event, tokens = await app.accepted_event(["Ayşe Bir"])
    await (await app.owner(tokens["Ayşe Bir"])).post("/api/v1/invitation/erasure")
    reader, here = await app.at_desk("auditor"), f"/projects/{app.project_id}"
    pages = ("/erasures", f"{here}/news", f"{here}/texts", f"{here}/consents", f"{here}/retention")
    for page in (*pages, f"{here}/texts/invitation"):
        assert (await reader.get(page)).status_code == 200, page
        text = " ".join(reader.page.split())
        assert not re.search(r'class="btn btn-(primary|danger)', text), page
    assert (await reader.get(f"{here}/texts/invitation/html")).status_code == 200
    assert (await app.api("auditor").get(f"/api/v1/projects/{app.project_id}/news")).status_code == 200
    for page in (f"{here}/news", f"{here}/texts/invitation", f"{here}/consents"):
        assert (await reader.send(page, {"text_en": "x"})).status_code == 403, page
    linked = (await reader.get(here)).text + (await reader.get("/people")).text
    assert [page in linked for page in pages] == [True] * 5
    assert (await reader.get(f"/events/{event['id']}")).status_code == 200


# Pages that are forms by which something changes, or are made to be printed and sent.
WORK = (
    "/new|/edit|/copy|/postpone|/cancel|/pasted-programme|/venue-rooms|/cancel|/legs/|/bookings|"
    "/letters|/visa-letter|/letter|participants.pdf|/scan-entries|/scans/|"
    "/calendars|/import-memory|/imports|/grid|look-alike|/batches/new|"
    "/sessions/|/exports/|/questions|/answers/|/check-in/badges|/people/export|"
    "/calls/print|/letter-files|/superiors|/rooms|/rooming-lists|/hotels/|/blocks/|/booklet|/vehicles/|/transfers/suggestion|/travel-notices|"
    "/costs/budget"
)


def test_every_other_page_is_open_to_who_reads_the_project() -> None:
    """A page that asks for more than reading is one by which something is done."""
    closed = [
        route.path
        for route in our_routes()
        if "GET" in route.methods and route.declares and route.declares <= {"plan", "release"}
    ]
    left = [path for path in closed if not re.search(WORK, path)]
    # The mail as its reader sees it is the reader's: whoever only reads gets its text, and says why.
    assert sorted(left) == [
        "/api/v1/invitations/{invitation_id}/answers",
        "/api/v1/people.{ending}",
        "/mail/{message_id}/html",
    ]


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


@pytest.mark.parametrize("role", ["assistant", "organiser"])
async def test_withdrawing_many_at_a_time_sends_nothing_by_itself(sqlite_app: App, role: str) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir", "Can İki"])
    rows = (await sqlite_app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    chosen = {"action": "withdraw", "invitations": [row["invitation_id"] for row in rows], "reason": "By mistake"}
    assert (
        await sqlite_app.api(role).post(f"/api/v1/events/{event['id']}/people/bulk", json=chosen)
    ).status_code == 202
    await sqlite_app.work()
    assert [m.state.value for m in await sqlite_app.mails("events/cancellation")] == ["draft"] * 2
