"""What participants tell and see of their payment. Whoever calls has read a code in the mailbox of the link's owner."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Person
from events.invitations.registrations.models import Registration, ResponseContext
from events.invitations.registrations.rules import NotRegistered, RegistrationStatus
from events.invitations.registrations.service import lock_context, read_context
from events.programme.events.models import Event
from finance.payees import service as payees
from finance.payees.models import PayeeDetails
from finance.payees.schemas import PayeeIn


@dataclass(frozen=True)
class OwnPayment:
    """All that one participant sees of their payment for one event."""

    event: Event
    person: Person
    registration: Registration
    details: PayeeDetails | None


async def my_payment(db: AsyncSession, invitation_id: UUID) -> OwnPayment:
    """Raises NotRegistered for who has no place."""
    context = await read_context(db, invitation_id)
    registration = _place_of(context)
    details = await payees.payee_details(db, registration.id)
    return OwnPayment(context.event, context.person, registration, details)


async def tell(db: AsyncSession, invitation_id: UUID, given: PayeeIn, *, at: datetime) -> PayeeDetails:
    """How the person wants to be paid. Raises NotRegistered."""
    context = await lock_context(db, invitation_id)
    return await payees.enter_own(db, context.event, _place_of(context), given, at=at)


def _place_of(context: ResponseContext) -> Registration:
    registration = context.registration
    if registration is None or registration.status is not RegistrationStatus.confirmed:
        raise NotRegistered()
    return registration
