"""Guessing is slowed down, and nobody is shut out by what others try.

What counts is who tries: the account together with the network it is tried from. Beyond a number of failures from
everywhere each network has fewer tries, but never none. A browser that has signed in to the account before is known by
a signed cookie, and counts for itself alone: whatever others do, the owner gets in from there.
"""

from dataclasses import dataclass

from fastapi import Request, Response

from core.cookies import read_cookie, set_cookie
from core.limits import limits_of
from core.pages import signed, unsigned
from core.security import hash_token, new_token
from core.text import address_key
from core.web import client_of

KNOWN = "heyet_known"
REMEMBERED_DAYS = 180


@dataclass(frozen=True)
class Guesses:
    """How often something may be tried: by one network at all, and by one network for one account.

    `alarm` is for tries of one account from all networks. While it is exceeded each network has `under_fire` in place
    of `each`; where that is empty, none.
    """

    what: str
    here: str
    each: str
    alarm: str = ""
    under_fire: str = ""


PASSWORD = Guesses("password", "50/15 minutes", "10/15 minutes", "100/15 minutes", "3/15 minutes")
# A code has a million values: twenty in an hour, or somebody who knows the password would find it in weeks.
CODE = Guesses("code", "50/15 minutes", "5/5 minutes", "20/hour")
# What is attacked is a mailbox, not a network: a ministry's staff may all ask at once.
LINK = Guesses("link", "600/15 minutes", "3/15 minutes")
# So many mails to one mailbox, whoever asks. What came with them works for longer than that, so nobody needs more.
MAILS = "6/15 minutes"


async def must_be_few(request: Request, guesses: Guesses, address: str) -> None:
    """Count a try. Raises TooMany."""
    limits, key, network = limits_of(request), address_key(address), client_of(request)
    browser = known_browser(request, address)
    if browser:
        await limits.must_allow(guesses.each, f"{guesses.what}-known", key, browser)
        return
    await limits.must_allow(guesses.here, f"{guesses.what}-from", network)
    await limits.must_allow(guesses.each, guesses.what, key, network)
    if guesses.under_fire and not await limits.has_room(guesses.alarm, f"{guesses.what}-all", key):
        await limits.must_allow(guesses.under_fire, f"{guesses.what}-fire", key, network)
    elif guesses.alarm and not guesses.under_fire:
        await limits.must_allow(guesses.alarm, f"{guesses.what}-all", key)


async def may_be_mailed(request: Request, what: str, address: str) -> bool:
    """Whether one more mail may go to a mailbox that anybody can name. Who asks is answered alike."""
    if known_browser(request, address):
        return True
    return await limits_of(request).allows(MAILS, f"{what}-mails", address_key(address))


async def note_failure(request: Request, guesses: Guesses, address: str) -> None:
    """One more that failed, from wherever; known browsers raise no alarm."""
    if guesses.under_fire and not known_browser(request, address):
        await limits_of(request).allows(guesses.alarm, f"{guesses.what}-all", address_key(address))


def known_browser(request: Request, address: str) -> str:
    """What tells apart the browsers that have signed in to that account. Empty: it never did."""
    whose, _, browser = (unsigned(request, read_cookie(request, KNOWN)) or "").partition(".")
    return browser if whose == _account(address) else ""


def remember(request: Request, answer: Response, address: str) -> None:
    """From now on this browser is known as one of that account."""
    if not known_browser(request, address):
        value = signed(request, f"{_account(address)}.{new_token()}")
        set_cookie(request, answer, KNOWN, value, seconds=REMEMBERED_DAYS * 86400)


def _account(address: str) -> str:
    return hash_token(address_key(address))[:32]
