"""How the people of the demo's study visit are paid, what they had before, and what they paid
themselves."""

import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from PIL import Image
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.settings import Settings
from directory.accounts.access import Caller
from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.registrations.service import list_confirmed
from events.programme.events.models import Event
from events.programme.events.rules import EventKind
from finance.advances.schemas import AdvancesIn
from finance.advances.service import enter_advances
from finance.approvals.service import approve, send_back
from finance.payees.rules import PayMethod
from finance.payees.schemas import PayeeIn
from finance.payees.service import enter_own
from finance.receipts.rules import ReceiptKind
from finance.receipts.schemas import CeilingIn, ReceiptIn, ReceiptsDecisionIn
from finance.receipts.service import claim_own, decide, keep_file, set_ceiling
from finance.sheets.service import sheets_of, submit

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


async def spend(db: AsyncSession, project_id: UUID, finance: Caller, settings: Settings, *, at: datetime) -> None:
    """An advance for two; three taxis of the visit, one accepted, one refused; a visa without a file; taxis up to 30
    euros a day."""
    wanted = select(Event).where(Event.project_id == project_id, Event.kind == EventKind.study_visit)
    visit = (await db.exec(wanted)).one()
    people = [registration for registration, _, _ in await list_confirmed(db, visit.id)]
    before = [one.id for one in people[:2]]
    advance = AdvancesIn(registrations=before, amount=Decimal(100), paid_on=visit.first_day, reference="V-17")
    await enter_advances(db, visit.id, advance, finance, at=at)
    euros = {"amount": Decimal("24.50"), "currency": "EUR", "day": visit.first_day}
    claimed = []
    for number, registration in enumerate(people[:3]):
        given = ReceiptIn(kind=ReceiptKind.taxi, note="VIE – Hotel Regina", **euros)
        receipt = await claim_own(db, visit, registration, given, at=at)
        await keep_file(db, receipt, (f"taxi-{number + 1}.png", _picture(number)), settings)
        claimed.append(receipt.id)
    await claim_own(db, visit, people[0], ReceiptIn(kind=ReceiptKind.visa), at=at)
    await decide(db, visit.id, ReceiptsDecisionIn(receipts=claimed[:1], is_accepted=True), finance, at=at)
    why = "Minibüsün ücreti herkes için ödenmişti."
    await decide(db, visit.id, ReceiptsDecisionIn(receipts=claimed[1:2], is_accepted=False, reason=why), finance, at=at)
    ceiling = CeilingIn(kind=ReceiptKind.taxi, is_daily=True, amount=Decimal(30))
    await set_ceiling(db, visit.project_id, ceiling, finance, at=at)


async def hand_in(
    db: AsyncSession, project_id: UUID, organiser: Caller, approver: Caller, settings: Settings, *, at: datetime
) -> None:
    """Sheets of three institutions of the visit: one approved, one sent back, one that waits. The rest are drafts."""
    wanted = select(Event).where(Event.project_id == project_id, Event.kind == EventKind.study_visit)
    visit = (await db.exec(wanted)).one()
    drafts = (await sheets_of(db, visit, at=at)).drafts.values()
    statements = [one for mine in drafts for one in mine]
    whole = dict.fromkeys([one.institution_id for one in statements if one.institution_id], True)
    whole |= {one.institution_id: False for one in statements if one.is_open and one.institution_id}
    ready = [id for id, is_whole in whole.items() if is_whole][:3]
    sheets = [sheet for id in ready for sheet in await submit(db, visit.id, organiser, institution_id=id, at=at)]
    for number, sheet in enumerate(sheets[:2]):
        if number == 0:
            await approve(db, sheet.id, approver, at=at)
        else:
            why = "İkinci geceyi ev sahibi karşıladı: lütfen düzeltiniz."
            await send_back(db, sheet.id, why, approver, settings, at=at)


def _picture(number: int) -> bytes:
    """A grey square for each: the smallest photograph there is."""
    into = io.BytesIO()
    Image.new("L", (60, 80), 200 + number).save(into, "PNG")
    return into.getvalue()
