"""Another number of guests: places are taken or given back at once. Whoever calls holds the event's lock."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.settings import Settings
from directory.accounts.access import Caller
from events.invitations.capacity.rules import has_room, has_room_before
from events.invitations.capacity.service import list_waiting, load_capacity
from events.invitations.guests import rules
from events.invitations.invitations.mails import answer_message
from events.invitations.invitations.service import actor_of
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import HOLDING, NotRegistered
from events.invitations.registrations.service import mail_context_of
from events.invitations.waiting_list.service import promote
from notifications.outbox.service import enqueue


async def change_guests(
    db: AsyncSession,
    context: ResponseContext,
    guests: int,
    settings: Settings,
    *,
    at: datetime,
    caller: Caller | None = None,
) -> None:
    """Bring so many from now on, and hear of it by mail. Who waits keeps their turn.

    Raises Unacceptable for more than the event allows, NoPlacesForGuests where they find no room or others wait for it;
    then nothing changes.
    """
    registration, event = context.registration, context.event
    if registration is None or registration.guests == guests:
        return
    before, more = registration.guests, guests - registration.guests
    if more > 0:
        rules.must_be_allowed(guests, event.guests_allowed)
        if registration.status in HOLDING and not await _is_room_for(db, context, more):
            raise rules.NoPlacesForGuests("guests", more=more, guests=before)
    _set_guests(registration, context, guests, at=at)
    audit.record(
        db,
        "guests.changed",
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=actor_of(context.invitation, caller),
        event_id=event.id,
        before=before,
        after=guests,
    )
    context.invitation.answers += 1
    if context.person.address:
        mail = await mail_context_of(db, context, settings, at=at)
        await enqueue(db, [answer_message(mail, at=at, guests=guests)])
    await db.flush()
    # Fewer seats may be what others wait for, or what lets these in.
    await promote(db, event, settings, at=at)


async def name_guests(
    db: AsyncSession, context: ResponseContext, names: Sequence[str], *, at: datetime, caller: Caller | None = None
) -> None:
    """Say who comes along, for badges and sheets; as many as are known. Raises Unacceptable, NotRegistered."""
    registration = context.registration
    if registration is None:
        raise NotRegistered()
    rules.must_be_names_of(names, registration.guests, context.event.asks_guest_names)
    said = "\n".join(names)
    if said == registration.guest_names:
        return
    registration.guest_names, registration.changed_at = said, at
    audit.record(
        db,
        "guests.named",
        context.person.id,
        at=at,
        project_id=context.project.id,
        by=actor_of(context.invitation, caller),
        event_id=context.event.id,
    )
    await db.flush()


async def _is_room_for(db: AsyncSession, context: ResponseContext, more: int) -> bool:
    """Whether so many further places are free, and nobody waits who could have one."""
    capacity = await load_capacity(db, context.event)
    who = capacity.seeker(context.invitation.category, context.person.institution_id, more)
    if not has_room(capacity.limits, who):
        return False
    ahead = [seeker for _, _, _, seeker in await list_waiting(db, context.event, capacity)]
    return has_room_before(capacity.limits, who, ahead)


def _set_guests(registration: Registration, context: ResponseContext, guests: int, *, at: datetime) -> None:
    if registration.status in HOLDING:
        context.event.taken += guests - registration.guests
        context.event.is_overbooked = context.event.taken > context.event.capacity
    registration.guests, registration.changed_at = guests, at
    registration.guest_names = "\n".join(registration.guest_names.splitlines()[:guests])
    registration.revision += 1
