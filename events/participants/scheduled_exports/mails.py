"""The mail with the link to a list, and the one that says that none goes any more."""

from datetime import date, datetime

from core.i18n import words
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.participants.roster.schemas import RosterFilter
from events.participants.scheduled_exports.models import ScheduledExport
from events.participants.scheduled_exports.rules import EXPORT_ENDS, ExportEnd
from events.programme.events.mails import footer_of, subject_of
from events.programme.events.models import Event
from notifications.outbox.mails import Button, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

LIST, ENDED = "events/scheduled-export", "events/scheduled-export-ended"


def list_message(
    account: Account,
    export: ScheduledExport,
    event: Event,
    project: Project,
    day: date,
    settings: Settings,
    *,
    at: datetime,
) -> Message:
    """Where the list stands, in its reader's language. Neither names nor numbers: mailboxes are read by others too."""
    say = words(account.language)
    wanted = RosterFilter("", export.status, export.category, export.mark).query
    page = f"{settings.base_url}/events/{event.id}/people"
    content = MailContent(
        say.translate("List of participants: %(event)s", event=subject_of(event, project, say)),
        [
            Paragraph(
                say.translate(
                    "The list of participants as it stands now opens with this button, after you sign in. There you "
                    "can take it out as a table."
                )
            ),
            Button(say.translate("Open the list"), f"{page}?{wanted}" if wanted else page),
        ],
        say.language,
        footer_of(
            project, say, say.translate("You get this because somebody who organises this event chose you as a reader.")
        ),
    )
    return _message(account, project, event, content, LIST, f"{export.id.hex}:{account.id.hex}:{day}", at=at)


def ended_message(
    account: Account, export: ScheduledExport, event: Event, project: Project, *, at: datetime
) -> Message:
    """To who made it. They may not read the project any more perhaps, so the event is not named."""
    say = words(account.language)
    reason = say.translate(EXPORT_ENDS[export.end or ExportEnd.stopped])
    content = MailContent(
        say.translate("%(project)s: a list no longer goes out", project=project.acronym),
        [
            Paragraph(
                say.translate(
                    "A list of participants that you had sent regularly no longer goes out: %(reason)s.",
                    reason=reason[:1].lower() + reason[1:],
                )
            )
        ],
        say.language,
        footer_of(project, say),
    )
    return _message(account, project, event, content, ENDED, export.id.hex, at=at)


def _message(
    account: Account, project: Project, event: Event, content: MailContent, kind: str, key: str, *, at: datetime
) -> Message:
    return new_message(
        content,
        kind=kind,
        dedupe_key=f"{kind}:{key}",
        to_name=account.address_key,
        to_address=account.address,
        at=at,
        priority=7,
        project_id=project.id,
        about_id=event.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
