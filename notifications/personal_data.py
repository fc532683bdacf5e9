"""What mails, calls, jobs and the lists around them hold of people."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from core import erasing
from core.mentions import Mention
from core.personal_data import (
    Erasing,
    Keeping,
    PersonalData,
    Subject,
    Table,
    by,
    by_address,
    impersonal,
    in_projects,
    nobodys,
)
from notifications.batches.models import BatchOmission, MessageBatch
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import shows_nobody
from notifications.jobs.models import Job, Stage
from notifications.outbox.models import Message
from notifications.suppression.models import Suppression
from notifications.webhooks.models import Webhook

_TEXTS = ("subject", "plain", "html", "calendar", "added")


def _theirs(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """To them, or from their project to an address of theirs: what was sent before we knew whose it is."""
    by_mailbox = sa.and_(by_address("to_address")(table, subject), in_projects()(table, subject))
    return sa.or_(by("person_id")(table, subject), by_mailbox)


def _suppressed(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """What their own project has learnt of their mailbox; another one's list is not touched, nor the installation's."""
    return sa.and_(by_address("address_key")(table, subject), col(Suppression.project_id).in_(subject.projects))


def _waiting(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """Of their projects; not those under way, and never one that erases: it needs its words until it is done."""
    return sa.and_(col(Job.stage) == Stage.waiting, col(Job.name) != erasing.JOB, in_projects()(table, subject))


def _whole_mail(raw: Any, mention: Mention) -> Any:
    """A mail is kept only if it shows that it does not name them: in what it is wrapped, single words cannot be taken
    out."""
    try:
        return raw if not raw or shows_nobody(str(raw), mention) else ""
    except Exception:
        return ""


PERSONAL = [
    PersonalData(Message, ("to_name", "to_address", "subject"), _theirs, Erasing.blank, Keeping.told),
    # Not shown: they have had it, and it holds links that open by themselves.
    PersonalData(Message, ("plain", "html", "calendar", "added"), _theirs, Erasing.blank, Keeping.told, is_shown=False),
    PersonalData(Message, ("answer",), _theirs, Erasing.blank, Keeping.told, is_shown=False),
    PersonalData(Message, ("answer", "reply_to", *_TEXTS), in_projects(), Erasing.redact, Keeping.told),
    PersonalData(Message, ("sender_name", "sender_address"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(MessageBatch, ("added_en", "added_tr", "former_words"), in_projects(), Erasing.redact, Keeping.told),
    PersonalData(MessageBatch, ("written_by", "sent_by"), in_projects(), Erasing.redact, Keeping.evidence),
    PersonalData(InboundMail, ("subject", "sender", "raw", "note"), by("person_id"), Erasing.blank, Keeping.told),
    PersonalData(InboundMail, ("subject", "sender", "note"), in_projects(), Erasing.redact, Keeping.told),
    PersonalData(InboundMail, ("raw",), in_projects(), Erasing.redact, Keeping.passing, redact=_whole_mail),
    PersonalData(Suppression, ("address_key", "answer"), _suppressed, Erasing.delete, Keeping.known, is_shown=False),
    PersonalData(Job, ("payload",), _waiting, Erasing.redact, Keeping.passing),
    PersonalData(Webhook, ("label", "url"), nobodys, Erasing.keep, Keeping.staff, "The address of a program."),
]
IMPERSONAL = {
    **impersonal(Message, "dedupe_key kind channel topic language calendar_method", "ids and codes"),
    **impersonal(Message, "attachments", "ids of rows"),
    **impersonal(MessageBatch, "kind reasons", "codes, and sentences of ours"),
    **impersonal(BatchOmission, "reason", "a code from a list"),
    **impersonal(InboundMail, "digest", "hash of a whole mail"),
    **impersonal(Job, "name", "a code from a list"),
    **impersonal(Webhook, "signing_secret topics", "random, and codes from a list"),
}
