"""The mail that takes a rooming list to its hotel."""

from datetime import datetime

from core.i18n import words
from directory.projects.models import Project
from events.programme.events.mails import footer_of, subject_of
from events.programme.events.models import Event
from notifications.outbox.mails import MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message
from visits.hotels.models import Hotel
from visits.rooming_lists.models import RoomingList

ROOMING_LIST = "visits/rooming-list"
PDF_OF_LIST, XLSX_OF_LIST = "rooming-list", "rooming-list-xlsx"
# Hotels abroad read it; the list itself can be downloaded in other languages.
_LANGUAGE = "en"


def rooming_list_message(
    one: RoomingList, hotel: Hotel, event: Event, project: Project, marks: int, *, at: datetime
) -> Message:
    """A draft to the hotel with the list as PDF and XLSX; `marks` lines are not as in the version before. It names
    nobody who sleeps there: subjects and texts of mails are kept longer than lists."""
    say = words(_LANGUAGE)
    title = subject_of(event, project, say)
    facts = {"version": one.version, "event": title, "days": say.days(event.first_day, event.last_day)}
    paragraphs = [
        say.translate("Dear %(name)s,", name=hotel.contact or hotel.name),
        say.translate("Attached is version %(version)s of the rooming list for %(event)s, %(days)s.", **facts),
    ]
    if one.version > 1:
        paragraphs.append(
            say.translate("New, changed and cancelled lines are marked; there are %(count)s.", count=marks)
        )
    paragraphs.append(say.translate("Please confirm the rooms, and tell us their numbers as soon as you know them."))
    subject = say.translate("Rooming list, version %(version)s: %(event)s", **facts)
    content = MailContent(subject, [Paragraph(text) for text in paragraphs], _LANGUAGE, footer_of(project, say))
    return new_message(
        content,
        kind=ROOMING_LIST,
        dedupe_key=f"{ROOMING_LIST}:{one.id}",
        to_name=hotel.name,
        to_address=hotel.email,
        at=at,
        draft=True,
        project_id=project.id,
        about_id=event.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
        attachments=[f"{PDF_OF_LIST}:{one.id}", f"{XLSX_OF_LIST}:{one.id}"],
    )
