"""Each person's own attachments: certificate, itinerary, calendar; made when the mail leaves, for its reader alone."""

from email.message import EmailMessage
from typing import Any, cast

from icalendar import Calendar

from notifications.outbox.models import Message
from tests.events.invitations.test_registrations import decline
from tests.events.messaging.test_campaigns import code, counts, draft, mails, released, written
from tests.office import pdf_pages
from tests.people import App
from tests.servers import MailServer

SESSIONS = [{"title": "Opening", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"}]


def attachments_of(mail_server: MailServer, address: str) -> dict[str, bytes]:
    """What the last mail to that address carried, by file name."""
    mail = next(m for to, m in reversed(mail_server.taken) if to == [address])
    parts = cast(EmailMessage, mail).iter_attachments()
    return {str(p.get_filename()): cast(bytes, p.get_payload(decode=True)) for p in parts}


async def test_everybody_gets_a_certificate_of_their_own_when_the_event_is_over(
    mailing_app: App, mail_server: MailServer
) -> None:
    event, _ = await mailing_app.accepted_event(["Ayşe Bir", "Mehmet İki"], title="Eğitim: ğüşöçıİ")
    await mailing_app.certify(event)
    mailing_app.clock.forward(days=50)
    await released(mailing_app, event, attachments=["certificate"])
    ours = attachments_of(mail_server, "ayse.bir@example.org")
    assert list(ours) == ["certificate.pdf"]
    text = "\n".join(pdf_pages(ours["certificate.pdf"]))
    assert "Ayşe Bir" in text
    assert "Mehmet" not in text
    assert "Eğitim: ğüşöçıİ" in text
    assert "14 Nis 2026, 15 Nis 2026" in text
    assert "ACT/1" in text


async def test_who_has_no_certificate_stops_a_campaign_with_certificates_before_anything_is_written(
    app: App,
) -> None:
    event, _ = await app.accepted_event(["Ayşe Bir", "Mehmet İki"])
    await app.certify(event, ["Ayşe Bir"])
    made = (await draft(app, event, attachments=["certificate"])).json()["id"]
    answer = await app.api().post(f"/api/v1/campaigns/{made}/writing")
    assert code(answer) == (409, "paper-missing")
    assert answer.json()["title"].startswith("For 1 of them")
    assert await mails(app, made) == {}


async def test_the_calendar_holds_the_readers_sessions_of_this_event_alone(
    mailing_app: App, mail_server: MailServer
) -> None:
    await mailing_app.accepted_event(["Ayşe Bir"], title="Another")
    event, _ = await mailing_app.accepted_event(["Ayşe Bir"], sessions=SESSIONS)
    await released(mailing_app, event, attachments=["calendar"])
    entries = Calendar.from_ical(attachments_of(mail_server, "ayse.bir@example.org")["programme.ics"]).walk("VEVENT")
    assert [str(e["SUMMARY"]) for e in entries] == ["Opening"]


async def test_the_itinerary_shows_sessions_and_the_nights_that_are_booked(
    mailing_app: App, mail_server: MailServer
) -> None:
    event, _ = await mailing_app.accepted_event(["Ayşe Bir"], sessions=SESSIONS)
    stay = {"check_in": "2026-04-14", "check_out": "2026-04-15", "country": "AT", "city": "Wien"}
    assert (await mailing_app.api().post(f"/api/v1/events/{event['id']}/stays", json=stay)).is_success
    await released(mailing_app, event, attachments=["itinerary"])
    text = "\n".join(pdf_pages(attachments_of(mail_server, "ayse.bir@example.org")["itinerary.pdf"]))
    assert "Opening" in text
    assert "Wien" in text
    assert "Ayşe Bir" in text


async def test_a_place_that_is_gone_when_the_mail_leaves_sends_it_without_the_attachment(
    mailing_app: App, mail_server: MailServer
) -> None:
    event, tokens = await mailing_app.accepted_event(["Ayşe Bir"])
    id = await written(mailing_app, event, attachments=["itinerary"])
    await decline(mailing_app, tokens["Ayşe Bir"])
    await mailing_app.api().post(f"/api/v1/campaigns/{id}/release")
    await mailing_app.work()
    assert attachments_of(mail_server, "ayse.bir@example.org") == {}


async def test_an_attachment_that_cannot_be_made_holds_up_its_own_mail_alone(
    mailing_app: App, mail_server: MailServer
) -> None:
    async def fails(*_: Any, at: Any) -> None:
        raise OSError("no logo there")

    mailing_app.fastapi.state.context.attachment_builders["certificate"] = fails
    event, _ = await mailing_app.accepted_event(["Ayşe Bir"])
    await mailing_app.certify(event)
    broken = await released(mailing_app, event, attachments=["certificate"])
    fine = await released(mailing_app, event)
    assert await counts(mailing_app, broken) == {"queued": 1}
    assert await counts(mailing_app, fine) == {"sent": 1}


async def test_the_sample_to_the_organiser_carries_the_attachments_of_the_person_shown(
    mailing_app: App, mail_server: MailServer
) -> None:
    event, _ = await mailing_app.accepted_event(["Ayşe Bir"])
    await mailing_app.certify(event)
    made = (await draft(mailing_app, event, attachments=["certificate"])).json()
    desk = await mailing_app.at_desk()
    page = (await desk.get(f"/campaigns/{made['id']}")).text
    assert 'value="certificate" checked' in " ".join(page.split())
    await desk.send(f"/campaigns/{made['id']}/test")
    await mailing_app.work()
    assert "Ayşe Bir" in "\n".join(pdf_pages(attachments_of(mail_server, "organiser@example.org")["certificate.pdf"]))


async def test_attachments_are_not_kept_in_the_outbox(sqlite_app: App) -> None:
    event, _ = await sqlite_app.accepted_event(["Ayşe Bir"])
    id = await written(sqlite_app, event, attachments=["calendar"])
    message: Message = (await mails(sqlite_app, id))["Ayşe Bir"]
    assert message.calendar is None
    assert [a.partition(":")[0] for a in message.attachments] == ["calendar"]
