"""All names of an event in one list, accepted within the quotas, one by one, or rejected: across institutions too."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.collation import sort_key
from core.text import address_key
from directory.accounts.access import Caller
from directory.people.models import Institution
from directory.people.service import find_people_by_address, new_person
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import Origin
from events.invitations.invitations.service import nominate
from events.nominations.requests import rules
from events.nominations.requests.models import NominationRequest, Nominee
from events.nominations.requests.rules import NomineeRank, NomineeState, ranks_of
from events.programme.events.models import Event
from events.programme.events.rules import must_take_place
from events.programme.events.service import lock_event_for


@dataclass(frozen=True)
class NomineeRow:
    """A name with what it is by now, and who gave it."""

    nominee: Nominee
    rank: NomineeRank
    call: NominationRequest
    institution: Institution


NOMINEE_SORTS: Mapping[str, Callable[[NomineeRow], Any]] = {
    "name": lambda one: sort_key(one.nominee.name),
    "position": lambda one: sort_key(one.nominee.title),
    "institution": lambda one: one.institution.sort_key,
    "state": lambda one: list(NomineeRank).index(one.rank),
}


async def list_nominees(db: AsyncSession, event_id: UUID, call_id: UUID | None = None) -> list[NomineeRow]:
    """Names for the event, or of one request: by institution, in its order of preference. One query."""
    query = (
        select(Nominee, NominationRequest, Institution)
        .join(NominationRequest, col(NominationRequest.id) == Nominee.call_id)
        .join(Institution, col(Institution.id) == NominationRequest.institution_id)
        .where(NominationRequest.event_id == event_id)
        .order_by(Institution.sort_key, col(Nominee.call_id), col(Nominee.position), col(Nominee.id))
        # What was read before the lock may have changed since.
        .execution_options(populate_existing=True)
    )
    found = (await db.exec(query.where(Nominee.call_id == call_id) if call_id else query)).all()
    states: dict[UUID, list[NomineeState]] = {}
    for nominee, _, _ in found:
        states.setdefault(nominee.call_id, []).append(nominee.state)
    capacities = {call.id: call.capacity for _, call, _ in found}
    ranks = {id: iter(ranks_of(of_call, capacities[id])) for id, of_call in states.items()}
    return [NomineeRow(nominee, next(ranks[call.id]), call, institution) for nominee, call, institution in found]


async def accept(
    db: AsyncSession,
    event_id: UUID,
    chosen: Collection[UUID] | None,
    caller: Caller,
    *,
    at: datetime,
    call_id: UUID | None = None,
) -> int:
    """Put names onto the event's list: those chosen, or all within the quotas. They are invited afterwards.

    Accepting somebody twice is accepting once. Raises NoNames.
    """
    event = await lock_event_for(db, event_id, caller)
    must_take_place(event.state)
    rows = await list_nominees(db, event.id, call_id)
    wanted = [row for row in rows if _is_wanted(row, chosen)]
    if not wanted:
        raise rules.NoNames()
    person_of = await _people(db, event, wanted)
    await nominate(db, event, list(person_of.values()), caller, at=at, origin=Origin.institution)
    found = await db.exec(
        select(Invitation.person_id, Invitation.id).where(
            Invitation.event_id == event.id, col(Invitation.person_id).in_(list(person_of.values()))
        )
    )
    invitations = dict(found.all())
    for row in wanted:
        row.nominee.state = NomineeState.accepted
        row.nominee.invitation_id = invitations[person_of[row.nominee.id]]
    audit.record(
        db, "names.accepted", event.id, at=at, project_id=event.project_id, **caller.signature, names=len(wanted)
    )
    await db.flush()
    return len(wanted)


def _is_wanted(row: NomineeRow, chosen: Collection[UUID] | None) -> bool:
    if chosen is None:
        return row.rank is NomineeRank.named
    return row.nominee.id in chosen and row.nominee.state is not NomineeState.accepted


async def _people(db: AsyncSession, event: Event, rows: Sequence[NomineeRow]) -> dict[UUID, UUID]:
    """Who each name is, known to the project by their mailbox or new to it."""
    people = await find_people_by_address(db, event.project_id, [row.nominee.address for row in rows])
    person_of: dict[UUID, UUID] = {}
    for row in rows:
        nominee, institution = row.nominee, row.institution
        key = address_key(nominee.address) if nominee.address else ""
        person = people.get(key) or new_person(
            db,
            event.project_id,
            name=nominee.name,
            title=nominee.title,
            address=nominee.address,
            institution=institution,
            province=institution.province if institution.country == "TR" else "",
        )
        if key:
            # Two institutions may name one person.
            people[key] = person
        person_of[nominee.id] = person.id
    await db.flush()
    return person_of


async def reject(
    db: AsyncSession,
    event_id: UUID,
    chosen: Collection[UUID],
    caller: Caller,
    *,
    at: datetime,
    call_id: UUID | None = None,
) -> int:
    """Say that these names will not do; reserves move into the quota. Raises NoNames."""
    event = await lock_event_for(db, event_id, caller)
    ids = {row.nominee.id for row in await list_nominees(db, event.id, call_id)} & set(chosen)
    rejected = await db.exec(
        update(Nominee)
        .where(col(Nominee.id).in_(ids), col(Nominee.state) == NomineeState.named)
        .values(state=NomineeState.rejected)
    )
    if not rejected.rowcount:
        raise rules.NoNames()
    audit.record(
        db, "names.refused", event.id, at=at, project_id=event.project_id, **caller.signature, names=rejected.rowcount
    )
    return int(rejected.rowcount)
