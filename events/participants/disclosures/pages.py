"""Opening what is sensitive on a person’s page."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response

from core.clock import Moment
from core.db import Db
from core.pages import Typed, form_again, render
from core.web import checked_fields
from directory.accounts.access import ProjectReader
from events.participants.disclosures import service
from events.participants.disclosures.schemas import DisclosureIn
from events.participants.person.views import PERSON, person_view

router = APIRouter(include_in_schema=False)


@router.post("/events/{event_id}/people/{invitation_id}/disclosure")
async def disclose(
    request: Request, event_id: UUID, invitation_id: UUID, caller: ProjectReader, db: Db, at: Moment, typed: Typed
) -> Response:
    view = partial(person_view, event_id=event_id, invitation_id=invitation_id, caller=caller)
    with form_again(PERSON, view, typed):
        given: DisclosureIn = checked_fields(typed, DisclosureIn)
        shown = await view(db)
        disclosed = await service.disclose(db, invitation_id, given.reason, caller, at=at)
    return render(request, PERSON, **{**shown, "disclosed": disclosed})
