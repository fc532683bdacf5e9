"""What the sign-in sheet needs."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.i18n import Words, words
from core.security import derived_key
from core.settings import Settings
from core.zones import days_between, local
from directory.accounts.access import Caller
from directory.people.models import name_of_institution
from directory.projects.models import Project
from directory.projects.service import pictures_of
from events.attendance.records.rules import HALVES
from events.attendance.sign_in_sheets.documents import NOTICE, SheetDay, SheetPerson, SignatureColumn, SignInSheet
from events.attendance.sign_in_sheets.rules import hours_of_halves, sheet_id_from
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event, Session
from events.programme.events.rules import SessionKind
from events.programme.events.service import get_event, list_sessions

# Hours of a half-day are those of its sessions of these kinds.
_SIGNED_FOR = {SessionKind.content, SessionKind.ceremony, SessionKind.group_work, SessionKind.site_visit}


async def sheet_for(
    db: AsyncSession,
    event_id: UUID,
    caller: Caller,
    language: str,
    *,
    by: str,
    blank: int,
    settings: Settings,
    at: datetime,
) -> tuple[Event, SignInSheet]:
    """What the sign-in sheet shows; printing it is noted."""
    event = await get_event(db, event_id, caller)
    project = await db.get_one(Project, event.project_id)
    people = await list_confirmed(db, event_id, by=by)
    sessions = await list_sessions(db, event_id)
    audit.record(db, "sheet.printed", event.id, at=at, project_id=event.project_id, **caller.signature)
    say = words(language)
    return event, SignInSheet(
        sheet=sheet_id_from(event.id.bytes),
        version=1,
        title=event.title_in(language),
        code=event.code,
        venue=event.venue,
        days=[_day(event, day, sessions, say) for day in days_between(event.first_day, event.last_day)],
        people=[
            SheetPerson(
                str(registration.id), f"{p.title} {p.name}".strip(), institution=name_of_institution(i, language)
            )
            for registration, p, i in people
        ],
        walk_ins=blank,
        project=project.title,
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        language=language,
        made_at=at,
        printed_at=say.moment(at, event.zone),
        notice=say.translate(NOTICE, address=settings.base_url),
        logos=await pictures_of(db, project.id, settings.files),
    )


def sheet_key(settings: Settings) -> bytes:
    """What codes of sheets are signed with."""
    return derived_key(settings.key, "sheets")


def _day(event: Event, day: date, sessions: Sequence[Session], say: Words) -> SheetDay:
    local_times = (
        (local(one.starts_at, event.zone), local(one.ends_at, event.zone))
        for one in sessions
        if one.kind in _SIGNED_FOR
    )
    hours = hours_of_halves((starts, ends) for starts, ends in local_times if starts.date() == day)
    columns = []
    for half, heading in HALVES.items():
        held = hours.get(half.value)
        shown = f"{held[0]:%H:%M}–{held[1]:%H:%M}" if held else ""
        columns.append(SignatureColumn(f"{day.isoformat()}/{half.value}", say.translate(heading), shown))
    return SheetDay(day, columns)
