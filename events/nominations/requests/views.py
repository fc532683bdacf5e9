"""What the printed letter to an institution says."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.i18n import words
from directory.people.models import Institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.nominations.requests.documents import CallLetter
from events.nominations.requests.mails import facts_of
from events.nominations.requests.models import NominationRequest
from events.programme.events.models import Event


async def letter_of(
    db: AsyncSession, call_id: UUID, language: str, files: Path, *, at: datetime, link: str = ""
) -> CallLetter:
    """What the printed letter says, in one of the languages of Heyet."""
    one = await db.get_one(NominationRequest, call_id)
    event = await db.get_one(Event, one.event_id)
    project = await db.get_one(Project, event.project_id)
    institution = await db.get_one(Institution, one.institution_id)
    say = words(language)
    head = institution.letterhead_tr if language == "tr" else institution.letterhead_en
    contact = " · ".join(filter(None, [event.contact_name, event.contact_address or project.contact]))
    facts = [*facts_of(one, event, say), *([(say.translate("Contact"), contact)] if contact else [])]
    paragraphs = [
        say.translate(
            "%(donor)s and %(project)s hold the event below. We kindly ask you to nominate people from your "
            "institution, in the order of your preference; those beyond your quota are noted as reserves.",
            donor=project.donor,
            project=project.title,
        ),
        event.description_in(language)[:900],
        one.note,
    ]
    return CallLetter(
        to=head or institution.name,
        statement=project.funding_statement(language),
        project=project.title,
        contract=project.contract_number,
        emblem=project.emblem.value,
        subject=say.translate("Nominations for: %(event)s", event=event.title_in(language)),
        paragraphs=[p for p in paragraphs if p],
        facts=facts,
        signed="\n".join(filter(None, [event.contact_name, project.acronym])),
        venue_and_date=say.day(at.date()),
        link=link,
        language=language,
        made_at=at,
        pictures=await pictures_of(db, project.id, files),
    )
