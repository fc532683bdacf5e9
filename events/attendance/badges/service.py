"""Gathering what stands on badges and table cards."""

import asyncio
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, Refusal
from core.i18n import words
from directory.accounts.access import Caller
from directory.people.models import name_of_institution
from events.attendance.badge_codes.service import codes_of, give_codes
from events.attendance.badges.documents import Badge, BadgeSheet, badges_pdf, table_cards_pdf
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import CATEGORIES, Category
from events.invitations.registrations.service import list_confirmed
from events.programme.events.service import lock_event_for

Printed = Literal["badges", "table-cards"]


class NobodyHasAPlace(Refusal):
    status = 409
    code = "nobody-has-a-place"
    title = N_("Nobody has a place yet: there is nothing to print.")


async def badge_sheet(db: AsyncSession, event_id: UUID, caller: Caller, language: str, *, at: datetime) -> BadgeSheet:
    """Everybody with a place, by name; whoever has no code yet gets one. Raises
    NobodyHasAPlace."""
    event = await lock_event_for(db, event_id, caller)
    await give_codes(db, event.id)
    codes = await codes_of(db, event.id)
    found = await db.exec(select(Invitation.id, Invitation.category).where(col(Invitation.event_id) == event.id))
    categories = dict(found.all())
    say, order = words(language), list(Category)
    people = []
    for registration, person, institution in await list_confirmed(db, event.id):
        category = Category(categories[registration.invitation_id])
        people.append(
            Badge(
                name=person.name,
                title=person.title_in(language),
                institution=name_of_institution(institution, language),
                category=say.translate(CATEGORIES[category]),
                band=order.index(category),
                code=codes[registration.invitation_id],
            )
        )
        guest = say.translate("Guest of %(name)s", name=person.name)
        people += [
            Badge(name, guest, people[-1].institution, people[-1].category, people[-1].band)
            for name in registration.guest_names.splitlines()
        ]
    if not people:
        raise NobodyHasAPlace()
    audit.record(
        db, "badges.printed", event.id, at=at, project_id=event.project_id, **caller.signature, people=len(people)
    )
    return BadgeSheet(event.title_in(language), people, language, at)


async def printed(
    db: AsyncSession, event_id: UUID, what: Printed, caller: Caller, language: str, *, at: datetime
) -> bytes:
    """The PDF. Raises NobodyHasAPlace."""
    sheet = await badge_sheet(db, event_id, caller, language, at=at)
    return await asyncio.to_thread(badges_pdf if what == "badges" else table_cards_pdf, sheet)
