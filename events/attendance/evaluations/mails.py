"""The mail that asks somebody to fill in a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.errors import N_
from core.i18n import words
from directory.projects.models import Project
from events.attendance.evaluations.models import Evaluation
from events.attendance.evaluations.rules import EvaluationKind
from events.attendance.superiors.models import Superior
from events.attendance.superiors.rules import MOST_NAMES
from events.invitations.invitations.mails import (
    MailContext,
    MailText,
    message_to,
    subject_to,
    title_of,
    unsubscribe_line,
    words_of,
)
from events.programme.events.mails import footer_of, subject_of
from events.programme.events.models import Event
from notifications.outbox.mails import Button, Link, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message
from notifications.suppression.rules import MailTopic

_OPENINGS: Mapping[EvaluationKind, str] = {
    EvaluationKind.evaluation: N_("Thank you for taking part in “%(event)s”. Please tell us how it was."),
    EvaluationKind.needs: N_("Please help us prepare “%(event)s” with your answers to a few questions."),
    EvaluationKind.pre_test: N_("Please answer the short test before “%(event)s” begins. There is no mark."),
    EvaluationKind.post_test: N_("Please answer the short test now that “%(event)s” is over. There is no mark."),
    EvaluationKind.follow_up: N_("Some time has passed since “%(event)s”. Please tell us what came of it."),
}
_WITHOUT_NAME = N_("Your answers are kept without your name; we only see that you have answered.")
# After a request a superior has so long.
_SUPERIORS_HAVE = timedelta(days=60)


def evaluation_message(mail: MailContext, evaluation: Evaluation, version: str, *, at: datetime) -> Message:
    """A draft with the link to the form; people can end such mails. The same version is one mail."""
    say = words_of(mail)
    opening = [Paragraph(say.translate(_OPENINGS[evaluation.kind], event=title_of(mail)))]
    if evaluation.is_anonymous:
        opening.append(Paragraph(say.translate(_WITHOUT_NAME)))
    message = message_to(
        replace(mail, link=f"{mail.link}/evaluations/{evaluation.id}"),
        evaluation.mail_kind,
        version,
        MailText(
            subject=say.translate("Your view: %(event)s", event=subject_to(mail)),
            opening=opening,
            button=say.translate("Open the form"),
            ending=[unsubscribe_line(mail, MailTopic.news)],
            is_brief=True,
        ),
        at=at,
        draft=True,
        outlives_event=True,
    )
    message.is_bulk = True
    return message


@dataclass(frozen=True)
class ToSuperior:
    """Whom to ask, and about whom: names of those who attended."""

    superior: Superior
    people: Sequence[str]
    event: Event
    project: Project
    link: str


def superior_message(to: ToSuperior, evaluation: Evaluation, version: str, *, at: datetime) -> Message:
    """A draft with the link to the form, which says whom it is about, where the address is from and how to get no
    more."""
    say, event, project = words(to.superior.language), to.event, to.project
    shown, more = to.people[:MOST_NAMES], len(to.people) - MOST_NAMES
    names = ", ".join(shown)
    if more > 0:
        names = say.translate("%(names)s and %(count)s more", names=names, count=more)
    text = say.translate(
        "Some time has passed since “%(event)s”, in which took part: %(people)s. As their superior you see whether it "
        "changed anything in their work. Please tell us; it takes a few minutes.",
        event=event.title_in(say.language),
        people=names,
    )
    why = say.translate("We have your address from those named or from your institution, for this evaluation alone.")
    blocks: list[Any] = [Paragraph(say.translate("Dear %(name)s,", name=to.superior.name)), Paragraph(text)]
    if evaluation.is_anonymous:
        blocks.append(Paragraph(say.translate(_WITHOUT_NAME)))
    blocks += [
        Button(say.translate("Open the form"), to.link),
        Paragraph(say.translate("This link is yours alone. Please do not pass it on.")),
    ]
    footer = footer_of(project, say, Link(why, say.translate("No more of these mails"), f"{to.link}#no-more"))
    message = new_message(
        MailContent(
            say.translate("Your view: %(event)s", event=subject_of(event, project, say)), blocks, say.language, footer
        ),
        kind=evaluation.mail_kind,
        dedupe_key=f"{evaluation.mail_kind}:{to.superior.id}:{version}",
        to_name=to.superior.name,
        to_address=to.superior.address,
        at=at,
        draft=True,
        expires_at=at + _SUPERIORS_HAVE,
        project_id=project.id,
        about_id=event.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=event.contact_address or project.contact,
    )
    message.is_bulk = True
    return message
