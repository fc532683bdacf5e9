"""What the sign-in sheet needs."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from directory.accounts.access import Caller
from directory.people.models import name_of_institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.attendance.sign_in_sheets.documents import SignatureLine, SignInSheet
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.service import get_event


async def sheet_for(
    db: AsyncSession, event_id: UUID, caller: Caller, language: str, *, by: str, blank: int, files: Path, at: datetime
) -> tuple[Event, SignInSheet]:
    """What the sign-in sheet shows; printing it is noted."""
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    people = await list_confirmed(db, event_id, by=by)
    audit.record(db, "sheet.printed", event.id, at=at, project_id=event.project_id, **caller.signature)
    lines = [SignatureLine(f"{p.title} {p.name}".strip(), name_of_institution(i, language)) for _, p, i in people]
    return event, SignInSheet(
        title=event.title_in(language),
        venue=event.venue,
        first_day=event.first_day,
        last_day=event.last_day,
        lines=lines,
        blank=blank,
        project=project.title,
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        language=language,
        made_at=at,
        logos=await pictures_of(db, project.id, files),
    )
