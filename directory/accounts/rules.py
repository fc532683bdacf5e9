"""Roles and rights: what each role may do in its project. Pure."""

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
    """What a door asks for."""

    look = "look"
    plan = "plan"
    release = "release"
    desk = "desk"
    money = "money"
    finance = "finance"
    approve = "approve"
    administer = "administer"


HOLDERS: dict[Right, frozenset[Role]] = {
    Right.look: frozenset(Role) - {Role.check_in},
    Right.plan: frozenset({Role.organiser, Role.assistant}),
    Right.release: frozenset({Role.organiser}),
    Right.desk: frozenset({Role.organiser, Role.assistant, Role.check_in}),
    Right.money: frozenset({Role.organiser, Role.finance, Role.approver, Role.auditor}),
    Right.finance: frozenset({Role.finance}),
    Right.approve: frozenset({Role.finance, Role.approver}),
    Right.administer: frozenset({Role.administrator}),
}
RIGHTS = {
    Right.look: N_("Look at projects, events and people"),
    Right.plan: N_("Plan events and invite people"),
    Right.release: N_("Release messages"),
    Right.desk: N_("Keep attendance"),
    Right.money: N_("Look at per diems"),
    Right.finance: N_("Import rate tables"),
    Right.approve: N_("Approve per diems"),
    Right.administer: N_("Administer the project"),
}
LINK_LIFE = timedelta(minutes=20)
TOKEN_LIFE_DAYS = 365
PASSWORD_LETTERS = 12


def holds(roles: frozenset[Role], right: Right) -> bool:
    return bool(roles & HOLDERS[right])


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


def must_be_fresh(used_at: datetime | None, ends_at: datetime, at: datetime) -> None:
    """A one-time link serves once, and only until it ends; the ending moment itself is too late."""
    if used_at is not None or at >= ends_at:
        raise LinkEnded()
