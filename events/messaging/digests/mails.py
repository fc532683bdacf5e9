"""The digest as a mail."""

from collections.abc import Sequence
from datetime import datetime

from core.i18n import Words, words
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.invitations.invitations.rules import INVITATION_STATUSES
from events.messaging.digests.rules import EventNews, News
from events.programme.events.mails import footer_of
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

DIGEST = "events/digest"
MOST_EVENTS = 30


def digest_message(
    account: Account,
    project: Project,
    news: News,
    waiting: Sequence[tuple[str, str]],
    settings: Settings,
    key: str,
    *,
    at: datetime,
) -> Message:
    """What is new, event by event, and what waits (what it is about and what there is to do), in the organiser's
    language. Names nobody, not even its reader: the project's mail
    page shows it, and what an account is called elsewhere is none of the project's business."""
    say = words(account.language)
    blocks: list[Paragraph | Facts | Button] = [
        Paragraph(
            say.translate(
                "This is what happened in %(project)s since yesterday, five o’clock.", project=project.acronym
            )
        ),
    ]
    if news.unread:
        blocks.append(Facts([(say.translate("Mails that wait for somebody to read them"), say.number(news.unread))]))
    for event in news.events[:MOST_EVENTS]:
        blocks += [
            Paragraph(f"{event.title} · {say.day(event.first_day, 'medium')}"),
            Facts(facts_of(event, say)),
        ]
    if waiting:
        blocks += [Paragraph(say.translate("Waits for you:")), Facts(list(waiting))]
    blocks.append(Button(say.translate("Open Heyet"), f"{settings.base_url}/projects/{project.id}/news"))
    why = say.translate("You get this because you organise this project. You can end it where the button leads.")
    content = MailContent(
        say.translate("%(project)s today", project=project.acronym), blocks, say.language, footer_of(project, say, why)
    )
    return new_message(
        content,
        kind=DIGEST,
        dedupe_key=key,
        to_name=account.address_key,
        to_address=account.address,
        at=at,
        priority=7,
        project_id=project.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )


def facts_of(event: EventNews, say: Words) -> list[tuple[str, str]]:
    """The lines of one event, those without news left out."""
    rows = [(say.translate(INVITATION_STATUSES[answer]), say.number(count)) for answer, count in event.answers.items()]
    if event.nominees:
        rows.append((say.translate("New nominees to decide about"), say.number(event.nominees)))
    if event.reapplied:
        rows.append((say.translate("Asked again on the public page"), say.number(event.reapplied)))
    if event.journeys:
        rows.append((say.translate("Entered or changed their journey"), say.number(event.journeys)))
    if event.failed:
        rows.append((say.translate("Mails that did not arrive"), say.number(event.failed)))
    if event.unanswered and event.answer_by:
        until = say.translate(
            "%(count)s, until %(day)s",
            count=say.number(event.unanswered),
            day=say.day(event.answer_by, "medium"),
        )
        rows.append((say.translate("Not answered yet"), until))
    if event.coming is not None:
        rows.append((say.translate("Have a place"), say.number(event.coming)))
    return rows
