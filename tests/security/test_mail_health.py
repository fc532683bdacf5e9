"""How the mail is doing is told to a project about its own mail."""

from notifications.outbox.service import enqueue
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import MailServer

QUIET = "shelter.example.net"


async def write(app: App, project_id: object, address: str) -> None:
    async with app.database.unit_of_work() as db:
        await enqueue(db, [message(address, app.clock(), to_address=address, project_id=project_id)])


async def test_an_administrator_learns_nothing_of_another_projects_recipients(
    mailing_app: App, mail_server: MailServer
) -> None:
    other = await mailing_app.found("P-OTHER", prefix="other-")
    mail_server.answers[f"refused@{QUIET}"] = "554 5.7.1 no"
    mail_server.answers[f"waits@{QUIET}"] = f"451 4.7.1 <waits@{QUIET}> come again"
    for name in ("refused", "waits"):
        await write(mailing_app, mailing_app.project_id, f"{name}@{QUIET}")
    await mailing_app.work()
    seen = {}
    for role in ("administrator", "other-administrator"):
        page = (await (await mailing_app.at_desk(role)).get("/mail/health")).text
        seen[role] = (QUIET in page, "come again" in page, "<dd>1</dd>" in page)
    assert seen == {"administrator": (True, True, True), "other-administrator": (False, False, False)}
    await write(mailing_app, other, "refused@elsewhere.example.net")
    mailing_app.clock.forward(hours=1)
    page = (await (await mailing_app.at_desk("administrator")).get("/mail/health")).text
    assert "elsewhere.example.net" not in page


async def test_that_another_projects_mail_came_back_is_not_told(mailing_app: App, mail_server: MailServer) -> None:
    await mailing_app.found("P-OTHER", prefix="other-")
    mail_server.answers["ayse.bir@example.org"] = "550 5.1.1 no such user"
    event = await mailing_app.event()
    await mailing_app.name_people(event, ["Ayşe Bir"])
    await mailing_app.api().post(f"/api/v1/events/{event['id']}/invitations")
    await mailing_app.work()
    await mailing_app.api().post(f"/api/v1/events/{event['id']}/messages/release")
    await mailing_app.work()
    await know(mailing_app, "other-organiser")
    seen = {}
    for role in ("organiser", "other-organiser"):
        page = (await (await mailing_app.at_desk(role)).get("/mail/suppressed")).text
        seen[role] = "no such user" in page
    assert seen == {"organiser": True, "other-organiser": False}


async def know(app: App, role: str) -> None:
    """That project too comes to know the person."""
    projects = (await app.api(role).get("/api/v1/projects")).json()
    project = (projects["items"] if isinstance(projects, dict) else projects)[0]["id"]
    plan = app.plan(project_id=project)
    event = (await app.api(role).post("/api/v1/events", json=plan)).json()
    files = {
        "file": (
            "list.csv",
            "Name;Institution;Province;E-mail\nAyşe Bir;Court;Ankara;ayse.bir@example.org".encode(),
            "text/csv",
        )
    }
    made = (await app.api(role).post(f"/api/v1/events/{event['id']}/imports", files=files)).json()
    applied = await app.api(role).post(f"/api/v1/imports/{made['id']}/application", json={})
    assert applied.status_code == 200, applied.text
