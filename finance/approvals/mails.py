"""The mail that says why a sheet came back."""

from datetime import datetime

from core.i18n import words
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.programme.events.mails import footer_of, subject_of
from events.programme.events.models import Event
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import sheet_number
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

RETURNED = "finance/returned"


def returned_message(
    sheet: PerDiemSheet, event: Event, account: Account, project: Project, settings: Settings, *, at: datetime
) -> Message:
    """To whoever submitted it. Names nobody on the sheet."""
    say = words(account.language)
    name = subject_of(event, project, say)
    blocks: list[Paragraph | Facts | Button] = [
        Paragraph(say.translate("Finance sent the per-diem sheet of this event back. It can be submitted anew.")),
        Facts(
            [
                (say.translate("Event"), name),
                (say.translate("Per-diem sheet"), sheet_number(event.code, sheet.currency, sheet.number)),
                (say.translate("Reason"), sheet.reason),
            ]
        ),
        Button(say.translate("Open the sheet"), f"{settings.base_url}/per-diem-sheets/{sheet.id}"),
    ]
    subject = say.translate("Per-diem sheet sent back: %(event)s", event=name)
    return new_message(
        MailContent(subject, blocks, say.language, footer_of(project, say)),
        kind=RETURNED,
        dedupe_key=f"{RETURNED}:{sheet.id.hex}",
        to_name=account.address_key,
        to_address=account.address,
        at=at,
        project_id=project.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
