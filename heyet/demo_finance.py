"""How the people of the demo's study visit are paid, as most of them told it."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.programme.events.models import Event
from finance.payees.rules import PayMethod
from finance.payees.schemas import PayeeIn
from finance.payees.service import enter_own

# Numbers of the registries' examples: nobody's.
_IBANS = ("TR330006100519786457841326", "DE89370400440532013000", "AT611904300234573201")
_GRADES = ("cadre grades 1-4", "cadre grades 5-15", "")


async def tell_accounts(
    db: AsyncSession, visit: Event, people: Sequence[tuple[Registration, Person]], *, at: datetime
) -> None:
    """Six to an account, one in cash, one asks for nothing; the rest have not told yet."""
    for number, (registration, person) in enumerate(people[:8]):
        given = PayeeIn(home_country="TR", home_city="Ankara", grade=_GRADES[number % 3])
        if number < 6:
            given.holder, given.iban = person.name, _IBANS[number % 3]
        else:
            given.method = PayMethod.cash if number == 6 else PayMethod.waived
        await enter_own(db, visit, registration, given, at=at)
