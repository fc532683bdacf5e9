"""The mail that announces what will be forgotten."""

from collections.abc import Sequence
from datetime import date, datetime

from core.i18n import words
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.programme.events.mails import footer_of
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

PURGE = "events/forgetting"
MOST_LINES = 50


def purge_message(
    account: Account,
    project: Project,
    lines: Sequence[tuple[str, date]],
    settings: Settings,
    today: date,
    *,
    at: datetime,
) -> Message:
    """What will be forgotten on which day, in the organiser's language. Names events, and nobody."""
    say = words(account.language)
    rows = [(title or say.translate("The project’s evidence"), say.day(day)) for title, day in lines[:MOST_LINES]]
    content = MailContent(
        say.translate("%(project)s: what will be forgotten", project=project.acronym),
        [
            Paragraph(
                say.translate(
                    "What people told about themselves for these events is forgotten on the days beside them. "
                    "Signatures, paid lines and the history stay. Where you need it longer, put it on hold and say why."
                )
            ),
            Facts(rows),
            Button(say.translate("See what is kept how long"), f"{settings.base_url}/projects/{project.id}/retention"),
        ],
        say.language,
        footer_of(project, say, say.translate("You get this because you organise this project.")),
    )
    return new_message(
        content,
        kind=PURGE,
        dedupe_key=f"{PURGE}:{account.id.hex}:{project.id.hex}:{today}",
        to_name=account.address_key,
        to_address=account.address,
        at=at,
        priority=7,
        project_id=project.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
