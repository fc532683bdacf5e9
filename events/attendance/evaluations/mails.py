"""The mail that asks somebody to fill in a form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from core.errors import N_
from events.attendance.evaluations.models import Evaluation
from events.attendance.evaluations.rules import EvaluationKind
from events.invitations.invitations.mails import (
    MailContext,
    MailText,
    message_to,
    subject_to,
    title_of,
    unsubscribe_line,
    words_of,
)
from notifications.outbox.mails import Paragraph
from notifications.outbox.models import Message
from notifications.suppression.rules import MailTopic

_OPENINGS: Mapping[EvaluationKind, str] = {
    EvaluationKind.evaluation: N_("Thank you for taking part in “%(event)s”. Please tell us how it was."),
    EvaluationKind.needs: N_("Please help us prepare “%(event)s” with your answers to a few questions."),
    EvaluationKind.pre_test: N_("Please answer the short test before “%(event)s” begins. There is no mark."),
    EvaluationKind.post_test: N_("Please answer the short test now that “%(event)s” is over. There is no mark."),
    EvaluationKind.follow_up: N_("Some time has passed since “%(event)s”. Please tell us what came of it."),
}


def evaluation_message(mail: MailContext, evaluation: Evaluation, version: str, *, at: datetime) -> Message:
    """A draft with the link to the form; people can end such mails. The same version is one mail."""
    say = words_of(mail)
    opening = [Paragraph(say.translate(_OPENINGS[evaluation.kind], event=title_of(mail)))]
    if evaluation.is_anonymous:
        opening.append(
            Paragraph(say.translate("Your answers are kept without your name; we only see that you have answered."))
        )
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
