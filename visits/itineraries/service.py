"""The programme of one person, with the nights that are booked for them."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.pdf import PDF
from core.i18n import words
from core.settings import Settings
from events.invitations.session_signups.service import sessions_left_out
from events.messaging.attachments.service import Concerned, of_confirmed
from events.programme.agenda.documents import programme_pdf
from events.programme.agenda.service import programme_for
from notifications.jobs.context import Attached
from visits.stays.models import Stay


@of_confirmed
async def itinerary(db: AsyncSession, one: Concerned, settings: Settings, *, at: datetime) -> Attached:
    """The sessions the person attends and where they sleep, as a PDF in their language."""
    registration, event, person, _ = one
    say = words(person.language)
    left_out = await sessions_left_out(db, event.id, registration.id)
    programme = await programme_for(db, event, person.language, at=at, files=settings.files, without=left_out)
    stays = await db.exec(select(Stay).where(Stay.registration_id == registration.id).order_by(col(Stay.check_in)))
    nights = "; ".join(
        f"{stay.city or say.country(stay.country)}, {say.days(stay.check_in, stay.check_out)}" for stay in stays
    )
    venue = " · ".join(filter(None, [event.venue, f"{say.translate('Nights')}: {nights}" if nights else ""]))
    document = replace(programme, title=f"{programme.title}: {person.name}", venue=venue)
    return Attached("itinerary.pdf", PDF, programme_pdf(document))
