"""Roles and rights: what each role may do in its project. Pure."""

import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import N_, Refusal


class Role(StrEnum):
    """What an account is in one project."""

    organiser = "organiser"
    assistant = "assistant"
    check_in = "check-in"
    finance = "finance"
    approver = "approver"
    auditor = "auditor"
    administrator = "administrator"


ROLES = {
    Role.organiser: N_("Organiser"),
    Role.assistant: N_("Assistant"),
    Role.check_in: N_("Check-in desk"),
    Role.finance: N_("Finance"),
    Role.approver: N_("Approver"),
    Role.auditor: N_("Auditor"),
    Role.administrator: N_("Administrator"),
}


class Right(StrEnum):
    """What a endpoint asks for."""

    look = "look"
    read = "read"
    plan = "plan"
    release = "release"
    desk = "desk"
    attendance = "attendance"
    money = "money"
    finance = "finance"
    approve = "approve"
    administer = "administer"


# Either may enter what people claim.
PLANS_OR_PAYS = (Right.finance, Right.plan)
HOLDERS: dict[Right, frozenset[Role]] = {
    Right.look: frozenset(Role) - {Role.check_in},
    Right.read: frozenset({Role.organiser, Role.assistant, Role.auditor}),
    Right.plan: frozenset({Role.organiser, Role.assistant}),
    Right.release: frozenset({Role.organiser}),
    Right.desk: frozenset({Role.organiser, Role.assistant, Role.check_in}),
    Right.attendance: frozenset(Role) - {Role.administrator},
    Right.money: frozenset({Role.organiser, Role.finance, Role.approver, Role.auditor}),
    Right.finance: frozenset({Role.finance}),
    Right.approve: frozenset({Role.finance, Role.approver}),
    Right.administer: frozenset({Role.administrator}),
}
RIGHTS = {
    Right.look: N_("Look at projects, events and people"),
    Right.read: N_("Read everything of a project"),
    Right.plan: N_("Plan events and invite people"),
    Right.release: N_("Send messages"),
    Right.desk: N_("Record who attends"),
    Right.attendance: N_("Look at attendance"),
    Right.money: N_("Look at per diems"),
    Right.finance: N_("Enter rates, accounts and advances, decide on receipts"),
    Right.approve: N_("Approve per diems"),
    Right.administer: N_("Administer the project"),
}
# What each role is for, as those who give it read it.
ROLE_USES = {
    Role.organiser: N_("Plans events, invites people, sends messages to many and publishes programmes."),
    Role.assistant: N_("Prepares events and lists; messages to many wait until an organiser sends them."),
    Role.check_in: N_("Records attendance at the entrance, and sees nothing else of the project."),
    Role.finance: N_(
        "Enters rates, accounts and advances, approves per diems that others submitted, records payments."
    ),
    Role.approver: N_("Approves per diems that somebody else has prepared."),
    Role.auditor: N_("Reads everything of the project, payments too, and changes nothing."),
    Role.administrator: N_("Gives roles, changes the project’s details, retention and interfaces; plans no events."),
}
LINK_LIFE = timedelta(minutes=20)
# Who is new reads their mail when they come to it.
FIRST_LINK_LIFE = timedelta(days=3)
TOKEN_LIFE_DAYS = 365
PASSWORD_LETTERS = 12
# For how long somebody who has shown who they are may change how the account is entered.
CONFIRMED_FOR = timedelta(minutes=10)
# How exactly it is noted when a session or a token was used: a request must not cost a write each time.
NOTED_EVERY = timedelta(minutes=1)
RECOVERY_CODES = 10
_RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountChange(StrEnum):
    """What changed about the ways into an account; its owner is told of each by mail."""

    password_set = "password-set"  # noqa: S105
    totp_set = "totp-set"
    totp_removed = "totp-removed"
    recovery_codes_made = "recovery-codes-made"
    recovery_code_used = "recovery-code-used"
    token_made = "token-made"  # noqa: S105


CHANGES = {
    AccountChange.password_set: N_("A new password was set."),
    AccountChange.totp_set: N_("Two-step verification was set up."),
    AccountChange.totp_removed: N_("Two-step verification was removed."),
    AccountChange.recovery_codes_made: N_("New recovery codes were made; the old ones no longer work."),
    AccountChange.recovery_code_used: N_("A recovery code was used for two-step verification."),
    AccountChange.token_made: N_("A token for programs was made."),
}


def holds(roles: frozenset[Role], right: Right) -> bool:
    return bool(roles & HOLDERS[right])


def rights_of(role: Role) -> list[Right]:
    """All that the role may do."""
    return [right for right in Right if role in HOLDERS[right]]


def new_recovery_code() -> str:
    """Four groups of four letters that are not taken for one another: 79 random bits, fit for a printed page."""
    letters = [secrets.choice(_RECOVERY_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[n : n + 4]) for n in range(0, 16, 4))


def plain_code(typed: str) -> str:
    """A recovery code however it was typed."""
    return re.sub(r"[\s-]", "", typed).lower()


def is_confirmed(confirmed_at: datetime | None, *, at: datetime) -> bool:
    """Whether its user has shown lately who they are."""
    return confirmed_at is not None and at < confirmed_at + CONFIRMED_FOR


def browser_of(agent: str) -> str:
    """What its owner recognises a browser by; no more of what it says about itself is kept."""
    kind = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{kind}, {system}" if kind and system else kind or system


# In this order: each says that it is also those below.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


class ConfirmFirst(Refusal):
    """The way into the account is changed by who has shown just now that the account is theirs."""

    status = 403
    code = "confirm-first"
    title = N_("Please show first that it is you.")


class WrongPassword(Refusal):
    status = 422
    code = "wrong-password"
    title = N_("This is not your password.")


class MayNotSend(Refusal):
    """The step is theirs, but it would write to many people, which needs the right to send messages."""

    status = 403
    code = "may-not-send"
    title = N_("This writes to many people at once. Only somebody who may send messages of the project can do it.")


class WrongCredentials(Refusal):
    """Says the same whether the address or the password is wrong."""

    status = 422
    code = "wrong-credentials"
    title = N_("This address and password do not fit together.")


class WrongCode(Refusal):
    status = 422
    code = "wrong-code"
    title = N_("This code is not right, or it has been used already. Please take the next one.")


class LinkEnded(Refusal):
    status = 410
    code = "link-ended"
    title = N_("This sign-in link has been used or is too old. Please ask for a new one.")


def must_be_fresh(used_at: datetime | None, ends_at: datetime, *, at: datetime) -> None:
    """A one-time link serves once, and only until it ends; the ending moment itself is too late."""
    if used_at is not None or at >= ends_at:
        raise LinkEnded()
