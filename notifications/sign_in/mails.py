"""The letter with a sign-in link."""

from datetime import datetime

from core.i18n import words
from directory.accounts.models import Account
from directory.accounts.rules import LINK_LIFE
from notifications.outbox.mails import Button, Letter, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message


def link_message(account: Account, address: str, dedupe_key: str, at: datetime) -> Message:
    """Goes before everything else, and is pointless once the link has ended."""
    say = words(account.language).say
    letter = Letter(
        subject=say("Your sign-in link"),
        parts=[
            Paragraph(say("Dear %(name)s,", name=account.name)),
            Paragraph(
                say(
                    "Somebody, probably you, asked to sign in to Heyet. This button works once, within 20 minutes."
                )
            ),
            Button(say("Sign in"), address),
            Paragraph(say("If it was not you, nothing needs to be done: without this mail nobody gets in.")),
        ],
        language=account.language,
        footer=["Heyet"],
    )
    return new_message(
        letter, kind="sign-in-link", dedupe_key=dedupe_key, to_name=account.name, to_address=account.address,
        at=at, priority=1, expires_at=at + LINK_LIFE,
    )  # fmt: skip
