"""Who may change what was told under a personal link."""

from sqlmodel.ext.asyncio.session import AsyncSession

from events.invitations.invitations.access import Guest
from events.invitations.link_sessions.rules import CodeNeeded
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import lock_context


def has_told(registration: Registration | None) -> bool:
    """Whether there is something that only its author and the owner of the link may see."""
    return registration is not None and bool(registration.told_at or registration.draft)


async def must_be_author(db: AsyncSession, participant: Guest) -> None:
    """Whoever holds the link may tell what nobody told yet; changing it takes a code. Raises CodeNeeded."""
    if participant.may_see:
        return
    # Under the event's lock: what somebody else is telling at this moment counts.
    context = await lock_context(db, participant.invitation_id)
    if has_told(context.registration):
        raise CodeNeeded(page=f"/i/{participant.token}/code")


async def must_name_guests(db: AsyncSession, participant: Guest) -> None:
    """The same for names of guests: whoever holds the link may say them once. Raises CodeNeeded."""
    if participant.may_see:
        return
    context = await lock_context(db, participant.invitation_id)
    if context.registration is not None and context.registration.guest_names:
        raise CodeNeeded(page=f"/i/{participant.token}/code")
