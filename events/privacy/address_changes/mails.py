"""The mails to both mailboxes of somebody who wants to be written to elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from core.i18n import Words, words
from directory.people.models import Person
from directory.projects.models import Project
from events.privacy.address_changes.models import AddressChange
from events.programme.events.mails import footer_of, greeting_to
from notifications.outbox.mails import Button, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

TO_FORMER, TO_NEW, CHANGED = "events/address-former", "events/address-new", "events/address-changed"


def former_message(change: AddressChange, person: Person, project: Project, link: str, *, at: datetime) -> Message:
    """To the mailbox that we write to now: what is asked, to be confirmed or refused."""
    say = words(person.language)
    blocks: list[Paragraph | Button] = [
        greeting_to(person, say),
        Paragraph(
            say.translate(
                "On your page somebody asked that %(project)s writes to %(address)s from now on, and no longer here.",
                project=project.acronym,
                address=change.address,
            )
        ),
        Button(say.translate("Confirm or refuse"), link),
        Paragraph(_until(say)),
        Paragraph(
            say.translate(
                "If it was not you, please refuse: then nothing changes, and nobody sees your page without a new code."
            )
        ),
    ]
    return _message(change, project, say, blocks, TO_FORMER, person.name, change.former, at=at)


def wanted_message(change: AddressChange, person: Person, project: Project, link: str, *, at: datetime) -> Message:
    """To the mailbox that is asked for. It may be a stranger's, so it says of nobody that they take part."""
    say = words(person.language)
    blocks: list[Paragraph | Button] = [
        Paragraph(
            say.translate(
                "Somebody asked that mails of %(project)s go to this address, %(address)s, from now on.",
                project=project.acronym,
                address=change.address,
            )
        ),
        Button(say.translate("Confirm or refuse"), link),
        Paragraph(_until(say)),
        Paragraph(say.translate("If you know nothing of it, you need not do anything.")),
    ]
    return _message(change, project, say, blocks, TO_NEW, change.address, change.address, at=at)


def changed_message(change: AddressChange, person: Person, project: Project, *, at: datetime) -> Message:
    """To the former mailbox, the last one that goes there."""
    say = words(person.language)
    blocks: list[Paragraph | Button] = [
        greeting_to(person, say),
        Paragraph(
            say.translate(
                "Both mailboxes have confirmed it: %(project)s now writes to %(address)s. Links that we mailed here no "
                "longer work; fresh ones are on their way to the new address.",
                project=project.acronym,
                address=change.address,
            )
        ),
        Paragraph(say.translate("If that is wrong, please answer this mail.")),
    ]
    return _message(change, project, say, blocks, CHANGED, person.name, change.former, at=at)


def _until(say: Words) -> str:
    return say.translate("It takes effect once both mailboxes have confirmed it. The link works for 48 hours.")


def _message(
    change: AddressChange,
    project: Project,
    say: Words,
    blocks: Sequence[Paragraph | Button],
    kind: str,
    name: str,
    address: str,
    *,
    at: datetime,
) -> Message:
    """Goes to this mailbox and no other, whatever becomes of the person's address: so it is no person's message."""
    subject = say.translate("Your e-mail address: %(project)s", project=project.acronym)
    return new_message(
        MailContent(subject, [*blocks], say.language, footer_of(project, say)),
        kind=kind,
        dedupe_key=f"{kind}:{change.id}",
        to_name=name,
        to_address=address,
        at=at,
        priority=1,
        expires_at=None if kind == CHANGED else change.ends_at,
        project_id=project.id,
        about_id=change.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
