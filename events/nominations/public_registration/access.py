"""How often strangers may knock. What is attacked is mailboxes, and the name of the installation that mails them.

A ministry is behind one address: five hundred of its people register in the same hour.
"""

from fastapi import Request

from core.limits import limits_of
from core.text import address_key
from core.web import client_of


async def slow_down(request: Request) -> None:
    """Anybody at a form that needs no link; each person of a large ministry may make a mistake twice. Raises
    TooMany."""
    await limits_of(request).must_allow("1500/hour", "strangers-form", client_of(request))


async def _must_not_mail_all(request: Request) -> None:
    """All mail that strangers may cause in an hour, to whomever, from wherever. Raises TooMany."""
    await limits_of(request).must_allow("5000/hour", "strangers-mail", "all")


async def must_not_flood_applicant(request: Request, address: str) -> None:
    """The mailbox that applications are written to. Counted by who asks: nobody can use up another's tries."""
    limits = limits_of(request)
    await limits.must_allow("5/hour", "applies", address_key(address), client_of(request))
    await limits.must_allow("30/hour", "applies-all", address_key(address))
    await _must_not_mail_all(request)


async def may_search(request: Request, address: str) -> bool:
    """Whether one more lost link may go to that mailbox. Beyond six it has links enough, and who asks is told the
    same."""
    limits = limits_of(request)
    await limits.must_allow("3/hour", "lost-link", address_key(address), client_of(request))
    allowed: bool = await limits.allows("6/hour", "lost-link-mails", address_key(address))
    if allowed:
        await _must_not_mail_all(request)
    return allowed
