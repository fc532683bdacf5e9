"""The people of an event: who is named, asked, coming."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other
from core.paging import Asked, Paging
from core.settings import Installed
from core.web import checked
from directory.accounts.access import Caller, Organiser, Reader, Releaser
from directory.people.places import provinces
from directory.people.service import find_people_by_address, institutions_named, new_person
from events.invitations import service
from events.invitations.rules import ANSWERS, CATEGORIES, Answer
from events.invitations.schemas import PersonIn
from events.programme.service import get_event
from notifications.outbox.rules import State
from notifications.outbox.service import count_by_state, release

router = APIRouter(include_in_schema=False)
PEOPLE = "events/people.html"


@router.get("/events/{event_id}/people")
async def people(
    request: Request, event_id: UUID, caller: Reader, db: ReadDb, asked: Asked,
    standing: Answer | None = None, q: Annotated[str, Query(max_length=200)] = "", job: UUID | None = None,
) -> Response:  # fmt: skip
    view = await roster_view(
        db, event_id=event_id, caller=caller, asked=asked, standing=standing, q=q, job=job
    )
    return render(request, PEOPLE, **view)


@router.post("/events/{event_id}/people")
async def add(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller), typed):
        given: PersonIn = checked(PersonIn, typed)
        event = await get_event(db, event_id, caller)
        known = await find_people_by_address(db, [given.address or ""])
        institutions = await institutions_named(db, [given.institution])
        person = next(iter(known.values()), None) or new_person(
            db, name=given.name, title=given.title, address=given.address, province=given.province,
            institution=next(iter(institutions.values()), None),
        )  # fmt: skip
        await db.flush()
        await service.nominate(db, event, [person.id], caller, at=at)
    return see_other(request, f"/events/{event_id}/people", N_("%(name)s is named."), name=person.name)


@router.post("/events/{event_id}/invite")
async def invite(
    request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller), typed):
        job = await service.invite(db, event_id, caller, at=at)
    return see_other(request, f"/events/{event_id}/people?job={job.id}")


@router.post("/events/{event_id}/release")
async def release_mails(
    request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, typed: Typed
) -> Response:
    with form_again(PEOPLE, partial(roster_view, event_id=event_id, caller=caller), typed):
        event = await get_event(db, event_id, caller)
        count = await release(db, event.id, event.project_id, caller, at=at)
    return see_other(
        request, f"/mail?about={event_id}", N_("%(count)s messages are on their way."), count=count
    )


@router.post("/events/{event_id}/people/{invitation_id}/link")
async def link(
    request: Request, event_id: UUID, invitation_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed,
    typed: Typed,
) -> Response:  # fmt: skip
    address = await service.link_by_hand(db, invitation_id, caller, settings, at=at)
    await db.flush()
    view = await roster_view(db, event_id=event_id, caller=caller)
    return render(request, PEOPLE, **{**view, "made_link": address})


async def roster_view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, asked: Paging | None = None, standing: Answer | None = None,
    q: str = "", job: UUID | None = None,
) -> Mapping[str, Any]:  # fmt: skip
    """What the people tab shows; the same number of queries whatever the length of the list."""
    event = await get_event(db, event_id, caller)
    counts = await service.count_by_answer(db, event_id)
    mail_counts = await count_by_state(db, event_id)
    roster = await service.list_roster(db, event, asked or Paging(1, 50), standing=standing, wanted=q)
    return {
        "event": event, "tab": "people", "roster": roster, "standing": standing, "q": q, "job": job,
        "categories": CATEGORIES, "counts": counts, "answers": ANSWERS, "provinces": provinces(), "drafts": mail_counts.get(State.draft, 0),
        "made_link": None, "history": await audit.history(db, event_id),
    }  # fmt: skip
