"""The mails about an account: a sign-in link, and what changed."""

from datetime import datetime

from core.i18n import words
from core.ids import new_id
from directory.accounts.models import Account
from directory.accounts.rules import CHANGES, FIRST_LINK_LIFE, LINK_LIFE, ROLE_USES, ROLES, AccountChange
from directory.projects.service import NewMember
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


def member_message(new: NewMember, base_url: str, *, at: datetime) -> Message:
    """What they may do from now on, and how they get in. In the mail of a project nothing stands of another one."""
    account, project, role = new.account, new.project, new.role
    say = words(account.language).translate
    opening = say(
        "%(who)s has given you a role in the project “%(project)s” on Heyet.",
        who=new.by,
        project=project.title_in(account.language),
    )
    if new.token:
        address = f"{base_url}/sign-in/link/{new.token}"
        after = say("This button works once, within three days. Later, ask for a link on the sign-in page.")
    else:
        address, after = f"{base_url}/sign-in", say("You sign in as before.")
    content = MailContent(
        subject=say("Your role in %(project)s: %(role)s", project=project.acronym, role=say(ROLES[role])),
        blocks=[
            Paragraph(say("Dear %(name)s,", name=new.name)),
            Paragraph(opening),
            Facts([(say("Role"), say(ROLES[role])), (say("What it is for"), say(ROLE_USES[role]))]),
            Button(say("Sign in"), address),
            Paragraph(after),
            Paragraph(say("If you do not know why you get this, please tell them; nothing else needs to be done.")),
        ],
        language=account.language,
        footer=[f"{project.acronym} · {project.contract_number}", "Heyet"],
    )
    return new_message(
        content,
        kind="member-invitation",
        dedupe_key=f"member-invitation:{new_id()}",
        to_name=new.name,
        to_address=account.address,
        at=at,
        priority=1,
        expires_at=at + FIRST_LINK_LIFE if new.token else None,
        project_id=project.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
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
