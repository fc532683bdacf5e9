"""Moving a leg after a look at what follows, and telling travellers."""

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import Db, ReadDb
from core.errors import N_
from core.pages import Typed, form_again, render, see_other, ticked
from core.settings import Installed
from core.web import checked, checked_fields, must_match
from directory.accounts.access import Caller, Organiser, Releaser
from notifications.batches.rules import ON_THEIR_WAY
from visits.changes.rules import CONCERNS, OTHERS
from visits.legs.pages import ONE, leg_view
from visits.legs.reading import leg_of
from visits.legs.rules import TRAVEL_MODES
from visits.legs.schemas import LegIn
from visits.travel_notices import service
from visits.travel_notices.mails import change_lines, item_line

router = APIRouter(include_in_schema=False)
MOVE, NOTICES = "visits/leg_move.html", "visits/travel_notices.html"


@router.post("/legs/{leg_id}")
async def change(
    request: Request, leg_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """What would follow, to be confirmed; a leg that nobody travels on is saved at once."""
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller), typed):
        given, expected = _given(typed), _seen(typed)
        view = await _move_view(db, leg_id=leg_id, given=given, caller=caller, at=at, expected=expected)
        if view["concerned"]:
            return render(request, MOVE, **view)
        await service.move(db, leg_id, given, caller, settings, tell=False, at=at, expected=expected)
    return see_other(request, f"/legs/{leg_id}", N_("The leg is changed; calendars follow."))


@router.post("/legs/{leg_id}/cancel")
async def cancel(
    request: Request, leg_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """The same for a leg that does not run."""
    expected = _seen(typed)
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller), typed):
        view = await _move_view(db, leg_id=leg_id, given=None, caller=caller, at=at, expected=expected)
        if view["concerned"]:
            return render(request, MOVE, **view)
        await service.move(db, leg_id, None, caller, settings, tell=False, at=at, expected=expected)
    return see_other(request, f"/legs/{leg_id}", N_("The leg is cancelled; calendars say so."))


@router.post("/legs/{leg_id}/move")
async def move(
    request: Request, leg_id: UUID, caller: Organiser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Carry it out. Whoever is concerned waits among the notices."""
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller), typed):
        given, expected = _given(typed), _seen(typed)
        leg, _ = await service.move(db, leg_id, given, caller, settings, tell=False, at=at, expected=expected)
    said = N_("Saved; calendars follow. Nobody was mailed yet: those concerned wait below.")
    return see_other(request, f"/events/{leg.event_id}/travel-notices", said)


@router.post("/legs/{leg_id}/move-and-tell")
async def move_and_tell(
    request: Request, leg_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    """Carry it out, and write to those concerned."""
    with form_again(ONE, partial(leg_view, leg_id=leg_id, caller=caller), typed):
        given, expected = _given(typed), _seen(typed)
        leg, count = await service.move(db, leg_id, given, caller, settings, tell=True, at=at, expected=expected)
    if not count:
        return see_other(request, f"/legs/{leg_id}", N_("Saved. Nobody’s journey differs from what they know."))
    return see_other(request, f"/events/{leg.event_id}/travel", ON_THEIR_WAY, count=count)


@router.get("/events/{event_id}/travel-notices")
async def notices(request: Request, event_id: UUID, caller: Organiser, db: ReadDb, at: Moment) -> Response:
    return render(request, NOTICES, **await _notices_view(db, event_id=event_id, caller=caller, at=at))


@router.post("/events/{event_id}/travel-notices")
async def send(
    request: Request, event_id: UUID, caller: Releaser, db: Db, at: Moment, settings: Installed, typed: Typed
) -> Response:
    with form_again(NOTICES, partial(_notices_view, event_id=event_id, caller=caller, at=at), typed):
        chosen = checked(list[UUID], ticked(typed, "people"))
        count = await service.send_notices(db, event_id, chosen, caller, settings, at=at)
    return see_other(request, f"/events/{event_id}/travel", ON_THEIR_WAY, count=count)


def _given(typed: Mapping[str, object]) -> LegIn | None:
    """The leg as it was confirmed; None where it is cancelled."""
    if typed.get("is_cancelled") == "yes":
        return None
    own = ("is_cancelled", "sequence")
    given: LegIn = checked_fields({name: value for name, value in typed.items() if name not in own}, LegIn)
    return given


def _seen(typed: Mapping[str, object]) -> int | None:
    """Which state of the leg the form showed."""
    seen = str(typed.get("sequence", ""))
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


async def _move_view(
    db: AsyncSession, *, leg_id: UUID, given: LegIn | None, caller: Caller, at: Moment, expected: int | None
) -> Mapping[str, object]:
    leg, event, found, journeys = await service.effects_of(db, leg_id, given, caller, at=at)
    must_match(leg.sequence, expected)
    people = {str(one.registration.id): one for one in journeys}
    fields: dict[str, object] = given.model_dump(mode="json", exclude_none=True) if given else {"is_cancelled": "yes"}
    fields["sequence"] = leg.sequence
    return {
        "tab": "travel",
        "event": event,
        "history": await audit.history(db, event.id),
        "leg": leg,
        "new": leg_of(given) if given else None,
        "hidden": fields,
        "modes": TRAVEL_MODES,
        "concerned": [(people[key], sorted(why)) for key, why in found.concerned.items() if key in people],
        "effects": found,
        "told": sorted({who for who, _ in found.told}),
        "vehicles": {str(one.vehicle.id): one.vehicle for journey in journeys for one in journey.vehicles},
        "why_words": CONCERNS,
        "other_words": OTHERS,
    }


async def _notices_view(db: AsyncSession, *, event_id: UUID, caller: Caller, at: Moment) -> Mapping[str, object]:
    event, due = await service.pending_notices(db, event_id, caller, at=at)
    return {
        "tab": "travel",
        "event": event,
        "history": await audit.history(db, event.id),
        "changed": [one for one in due if one.changes],
        "untold": [one for one in due if not one.changes],
        "change_lines": change_lines,
        "item_line": item_line,
    }
