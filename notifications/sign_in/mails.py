"""The mails about an account: a sign-in link, and what changed."""

from datetime import datetime

from core.i18n import words
from core.ids import new_id
from directory.accounts.models import Account
from directory.accounts.rules import CHANGES, LINK_LIFE, AccountChange
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message


def link_message(account: Account, address: str, dedupe_key: str, *, at: datetime) -> Message:
    """Goes before everything else, and is pointless once the link has ended."""
    say = words(account.language).translate
    content = MailContent(
        subject=say("Your sign-in link"),
        blocks=[
            Paragraph(say("Dear %(name)s,", name=account.name)),
            Paragraph(
                say("Somebody, probably you, asked to sign in to Heyet. This button works once, within 20 minutes.")
            ),
            Button(say("Sign in"), address),
            Paragraph(say("If it was not you, nothing needs to be done: without this mail nobody gets in.")),
        ],
        language=account.language,
        footer=["Heyet"],
    )
    return new_message(
        content,
        kind="sign-in-link",
        dedupe_key=dedupe_key,
        to_name=account.name,
        to_address=account.address,
        at=at,
        priority=1,
        expires_at=at + LINK_LIFE,
    )


def change_message(account: Account, change: AccountChange, *, at: datetime) -> Message:
    """What changed and what to do if it was somebody else. Holds no link: what looks like it is not from us."""
    say = words(account.language)
    what = say.translate(CHANGES[change])
    content = MailContent(
        subject=say.translate("Your account: %(what)s", what=what),
        blocks=[
            Paragraph(say.translate("Dear %(name)s,", name=account.name)),
            Paragraph(what),
            Facts([(say.translate("When"), f"{say.moment(at)} UTC"), (say.translate("Account"), account.address)]),
            Paragraph(say.translate("If it was you, nothing needs to be done.")),
            Paragraph(
                say.translate(
                    "If it was not you: sign in to Heyet, open “My account”, sign out everywhere, set another "
                    "password, revoke the tokens, and tell your administrator."
                )
            ),
        ],
        language=say.language,
        footer=["Heyet"],
    )
    return new_message(
        content,
        kind="account-change",
        dedupe_key=f"account-change:{new_id()}",
        to_name=account.name,
        to_address=account.address,
        at=at,
        priority=1,
    )
