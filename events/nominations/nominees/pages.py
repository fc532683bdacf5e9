"""One table of all names, and what is decided about them."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_, NN_
from core.pages import Form, Typed, form_again, render, see_other, ticked
from core.paging import Paging, page_of
from core.web import checked
from directory.accounts.access import Caller, Organiser, Reader
from directory.accounts.rules import Right
from events.invitations.substitutions.service import list_proposals
from events.nominations.nominees import service
from events.nominations.nominees.schemas import NomineePaging
from events.nominations.requests.pages import CALL, call_view
from events.nominations.requests.rules import NOMINEE_RANKS, NomineeRank
from events.nominations.requests.service import get_call
from events.programme.events.service import get_event

router = APIRouter(include_in_schema=False)
NOMINEES = "events/nominees.html"
PER_PAGE = 200
FIRST = Paging(1, PER_PAGE)


@router.get("/events/{event_id}/nominees")
async def nominees(
    request: Request,
    event_id: UUID,
    caller: Reader,
    db: ReadDb,
    paging: NomineePaging,
    rank: NomineeRank | None = None,
) -> Response:
    shown = Paging(paging.page, PER_PAGE, paging.sort)
    return render(request, NOMINEES, **await _view(db, event_id=event_id, caller=caller, rank=rank, paging=shown))


@router.post("/events/{event_id}/nominees/accept")
async def accept(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(NOMINEES, partial(_view, event_id=event_id, caller=caller), typed):
        chosen = None if typed.get("all") else _ticked(typed) or []
        count = await service.accept(db, event_id, chosen, caller, at=at)
    return see_other(request, f"/events/{event_id}/nominees", ON_THE_LIST, count=count)


@router.post("/events/{event_id}/nominees/reject")
async def reject(request: Request, event_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed) -> Response:
    with form_again(NOMINEES, partial(_view, event_id=event_id, caller=caller), typed):
        await service.reject(db, event_id, _ticked(typed) or [], caller, at=at)
    return see_other(request, f"/events/{event_id}/nominees", N_("Saved. Write to the institution, so that it knows."))


@router.post("/calls/{call_id}/accept")
async def accept_of_one(
    request: Request, call_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    one, _, _ = await get_call(db, call_id, caller)
    with form_again(CALL, partial(call_view, call_id=call_id, caller=caller), typed):
        count = await service.accept(db, one.event_id, _ticked(typed), caller, at=at, call_id=call_id)
    return see_other(request, f"/calls/{call_id}", ON_THE_LIST, count=count)


@router.post("/calls/{call_id}/reject")
async def reject_of_one(
    request: Request, call_id: UUID, caller: Organiser, db: Db, at: Moment, typed: Typed
) -> Response:
    one, _, _ = await get_call(db, call_id, caller)
    with form_again(CALL, partial(call_view, call_id=call_id, caller=caller), typed):
        await service.reject(db, one.event_id, _ticked(typed) or [], caller, at=at, call_id=call_id)
    return see_other(request, f"/calls/{call_id}", N_("Saved. Write to the institution, so that it knows."))


ON_THE_LIST = NN_(
    "One person is on the list of the event. Next: invite them.",
    "%(num)s people are on the list of the event. Next: invite them.",
)


def _ticked(typed: Form) -> list[UUID] | None:
    """The rows that are ticked; none ticked means those within the quota."""
    found = ticked(typed, "nominees")
    return checked(list[UUID], found) if found else None


async def _view(
    db: AsyncSession, *, event_id: UUID, caller: Caller, rank: NomineeRank | None = None, paging: Paging = FIRST
) -> Mapping[str, object]:
    event = await get_event(db, event_id, caller)
    rows = await service.list_nominees(db, event_id)
    counts = Counter(row.rank for row in rows)
    shown = [row for row in rows if rank is None or row.rank is rank]
    return {
        "event": event,
        "tab": "people",
        "proposals": await list_proposals(db, event_id) if caller.may(Right.plan, event.project_id) else [],
        "rows": page_of(shown, paging, service.NOMINEE_SORTS),
        "rank": rank,
        "sort": paging.sort,
        "ranks": NOMINEE_RANKS,
        "counts": [(one, counts[one]) for one in NomineeRank if counts[one]],
        "total": len(rows),
        "within": counts[NomineeRank.named],
        "history": await audit.history(db, event_id),
    }
