"""Nights in a person's calendar."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.ical import Entry
from core.errors import N_
from core.i18n import words
from events.calendars.personal_feeds.entries import Registered, as_theirs, status_of
from events.invitations.registrations.models import Registration
from visits.stays.models import Stay

_PAID = {
    (True, True): N_("The room is paid for, with breakfast."),
    (True, False): N_("The room is paid for, without breakfast."),
    (False, True): N_("Breakfast is included."),
}


def state(person_id: Any) -> sa.ScalarSelect[str]:
    """How many nights a person has entered for them, how often they changed and when last."""
    return (
        sa.select(
            sa.cast(sa.func.count(), sa.String)
            .concat(".")
            .concat(sa.cast(sa.func.sum(Stay.sequence), sa.String))
            .concat(".")
            .concat(sa.cast(sa.func.max(Stay.booked_at), sa.String))
        )
        .select_from(Stay)
        .join(Registration, col(Registration.id) == Stay.registration_id)
        .where(Registration.person_id == person_id)
        .scalar_subquery()
    )


async def entries(db: AsyncSession, registered: Registered, domain: str, language: str) -> list[Entry]:
    """From the day of arrival to the day of departure; who sleeps somewhere is not busy."""
    say, of = words(language), {registration.id: (registration, event) for registration, event in registered}
    found = await db.exec(
        select(Stay).where(col(Stay.registration_id).in_(of)).order_by(col(Stay.check_in), col(Stay.id))
    )
    made = []
    for stay in found:
        registration, event = of[stay.registration_id]
        place, paid = (
            stay.city or say.country(stay.country),
            _PAID.get((stay.is_bed_provided, stay.has_breakfast)),
        )
        entry = Entry(
            uid=f"{stay.id}@{domain}",
            title=say.say("Nights: %(place)s", place=place),
            starts=stay.check_in,
            ends=stay.check_out,
            zone=event.zone,
            place=place,
            text=say.say(paid) if paid else "",
            sequence=stay.sequence + event.sequence,
            status=status_of(event),
            created_at=registration.registered_at,
            changed_at=max(stay.booked_at, event.changed_at),
            is_busy=False,
            category=say.say("Accommodation"),
        )
        made.append(as_theirs(entry, registration))
    return made
