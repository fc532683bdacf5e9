"""Finding two records of one person, merging them with everything that points to them, and undoing that."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from directory.accounts.access import Caller
from directory.duplicates import rules
from directory.duplicates.models import NotDuplicate
from directory.duplicates.rules import KnownPerson
from directory.people.models import FocalPoint, Institution, Merge, Person, PersonAddress, Sex
from directory.people.service import find_person_by_address, get_person, index_person

MOST_PAIRS = 100
_FILLED = (
    "title",
    "title_en",
    "institution_id",
    "province",
    "sex",
    "protocol_rank",
    "passport_name",
    "languages",
    "phones",
    "diet",
    "accessibility",
    "notes",
    "address",
    "address_key",
)


@dataclass(frozen=True)
class Reference:
    """A table that points to people. `once_in` are columns in which a person may stand only once; where both stand
    there, the row stays behind, or the merge is refused where it may not: `may_stay` says so of a row. `moves` says
    whether a row goes along at all."""

    table: type[SQLModel]
    once_in: tuple[str, ...] = ()
    may_stay: Callable[[Any], bool] = lambda row: True
    moves: Callable[[Any], bool] = lambda row: True


OWN = (
    Reference(FocalPoint, ("institution_id",)),
    Reference(PersonAddress),
)
# Tables of packages above; named by their wiring.
REFERENCES: list[Reference] = []


async def possible_duplicates(db: AsyncSession, caller: Caller) -> list[tuple[Person, Person]]:
    """Pairs of people of the caller's projects who may be one. The first hundred."""
    found = await db.exec(
        select(Person.id, Person.project_id, Person.name_key, Person.institution_id).where(
            col(Person.project_id).in_(caller.projects), col(Person.merged_into_id).is_(None)
        )
    )
    # In a thread: comparing thousands of names would let every other request wait.
    pairs = await asyncio.to_thread(rules.are_alike, [KnownPerson(*row) for row in found])
    seen = {(one.first_id, one.second_id) for one in await db.exec(select(NotDuplicate))}
    pairs = [pair for pair in pairs if pair not in seen][:MOST_PAIRS]
    people = await db.exec(select(Person).where(col(Person.id).in_({id for pair in pairs for id in pair})))
    by_id = {person.id: person for person in people}
    return [(by_id[a], by_id[b]) for a, b in pairs]


async def keep_apart(db: AsyncSession, first_id: UUID, second_id: UUID, caller: Caller, *, at: datetime) -> None:
    """They are two people; the pair is not shown again. Raises SamePersonTwice, TwoProjects."""
    project_id = await _project_of(db, first_id, second_id, caller)
    first, second = sorted([first_id, second_id])
    there = await db.exec(
        select(NotDuplicate.id).where(NotDuplicate.first_id == first, NotDuplicate.second_id == second)
    )
    if there.first() is None:
        db.add(NotDuplicate(first_id=first, second_id=second))
        audit.record(db, "person.kept-apart", first, at=at, project_id=project_id, **caller.signature, other=second)
    await db.flush()


async def merge(db: AsyncSession, kept_id: UUID, merged_id: UUID, caller: Caller, *, at: datetime) -> Merge:
    """Take one record into the other: every reference follows, gaps are filled, nothing is thrown away.

    Raises SamePersonTwice, TwoProjects, MergedAlready, BothNamed where one event invites both, KeepTheOther where only
    the other record's invitation counts.
    """
    project_id = await _project_of(db, kept_id, merged_id, caller)
    kept, merged = await _locked(db, kept_id, merged_id)
    if kept.merged_into_id or merged.merged_into_id:
        raise rules.MergedAlready()
    moved: dict[str, list[str]] = {}
    for reference in (*OWN, *REFERENCES):
        moved[str(reference.table.__tablename__)] = await _move(db, reference, kept.id, merged.id)
    before = {name: _plain(getattr(kept, name)) for name in (*_FILLED, "search")}
    before |= {"merged": {"address": merged.address, "address_key": merged.address_key}}
    await _fill(db, kept, merged)
    merged.merged_into_id = kept.id
    kept.revision += 1
    done = Merge(kept_id=kept.id, merged_id=merged.id, merged_at=at, moved=moved, before=json.dumps(before))
    db.add(done)
    for id in (kept.id, merged.id):
        audit.record(
            db, "person.merged", id, at=at, project_id=project_id, **caller.signature, kept=kept.id, merged=merged.id
        )
    await db.flush()
    return done


async def _project_of(db: AsyncSession, one_id: UUID, other_id: UUID, caller: Caller) -> UUID:
    """The project of both. Raises NotFound, SamePersonTwice, TwoProjects."""
    if one_id == other_id:
        raise rules.SamePersonTwice()
    one, other = [(await get_person(db, id, caller))[0] for id in (one_id, other_id)]
    if one.project_id != other.project_id:
        raise rules.TwoProjects()
    return one.project_id


async def _locked(db: AsyncSession, *ids: UUID) -> list[Person]:
    found = await db.exec(
        select(Person)
        .where(col(Person.id).in_(ids))
        .order_by(col(Person.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_id = {person.id: person for person in found}
    return [by_id[id] for id in ids]


async def _move(db: AsyncSession, reference: Reference, kept: UUID, merged: UUID) -> list[str]:
    """Point the rows of one table to the kept person. Returns their ids."""
    table: Any = reference.table
    found = await db.exec(select(table).where(table.person_id == merged))
    rows = [row for row in found if reference.moves(row)]
    if reference.once_in and rows:
        there = {
            tuple(getattr(row, name) for name in reference.once_in): row
            for row in await db.exec(select(table).where(table.person_id == kept))
        }
        meeting = [(row, own) for row in rows if (own := there.get(tuple(getattr(row, n) for n in reference.once_in)))]
        staying = [(row, own) for row, own in meeting if not reference.may_stay(row)]
        if any(reference.may_stay(own) for _, own in staying):
            raise rules.KeepTheOther()
        if staying:
            raise rules.BothNamed()
        behind = {row.id for row, _ in meeting}
        rows = [row for row in rows if row.id not in behind]
    for row in rows:
        row.person_id = kept
    await db.flush()
    return [str(row.id) for row in rows]


async def _fill(db: AsyncSession, kept: Person, merged: Person) -> None:
    """What the kept record lacks comes from the other. A second mailbox stays beside the first."""
    address, key = merged.address, merged.address_key
    merged.address = merged.address_key = None
    await db.flush()
    if key and kept.address_key:
        db.add(PersonAddress(project_id=kept.project_id, person_id=kept.id, address=str(address), address_key=key))
    elif key:
        kept.address, kept.address_key = address, key
    for name in _FILLED:
        if _is_unsaid(getattr(kept, name)) and not _is_unsaid(getattr(merged, name)):
            setattr(kept, name, getattr(merged, name))
    institution = await db.get(Institution, kept.institution_id) if kept.institution_id else None
    index_person(kept, institution)
    await db.flush()


async def _must_be_free(
    db: AsyncSession, kept: Person, before: Mapping[str, object], mailbox: Mapping[str, str | None]
) -> None:
    """The address of the record that was taken in goes back to it, unless it is somebody's own by now: of the record
    that was kept, which did not have it by the merge alone, or of a third one."""
    if not mailbox["address"]:
        return
    owner = await find_person_by_address(db, kept.project_id, mailbox["address"])
    is_own = owner is kept and kept.address_key == mailbox["address_key"] and before["address_key"]
    if owner and (owner is not kept or is_own):
        raise rules.MailboxHasOwner(address=mailbox["address"], name=owner.name)


def _is_unsaid(value: object) -> bool:
    return not value or value is Sex.unsaid


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


async def undo(db: AsyncSession, merge_id: UUID, caller: Caller, *, at: datetime) -> Merge:
    """Take the two apart again: what changed hands goes back, what was filled is emptied.

    Raises NothingToUndo, ForgottenSince, MailboxHasOwner where the address that goes back has become somebody's.
    """
    done = await db.get(Merge, merge_id)
    if done is None:
        raise NotFound()
    await get_person(db, done.kept_id, caller)
    kept, merged = await _locked(db, done.kept_id, done.merged_id)
    if done.undone_at or merged.merged_into_id != kept.id:
        raise rules.NothingToUndo()
    if not done.before:
        raise rules.ForgottenSince()
    before = json.loads(done.before)
    mailbox = before.pop("merged")
    await _must_be_free(db, kept, before, mailbox)
    for address in await db.exec(
        select(PersonAddress).where(
            PersonAddress.project_id == kept.project_id, PersonAddress.address_key == mailbox["address_key"]
        )
    ):
        await db.delete(address)
    filled = {name: getattr(merged, name) for name in _FILLED} | mailbox
    # A merge of a former version filled less.
    for name in [one for one in _FILLED if one in before]:
        was = Sex(before[name]) if name == "sex" else before[name]
        # Only what the merge filled in, and nobody has corrected since, is emptied again.
        if _is_unsaid(was) and getattr(kept, name) == filled[name]:
            setattr(kept, name, was)
    institution = await db.get(Institution, kept.institution_id) if kept.institution_id else None
    index_person(kept, institution)
    await db.flush()
    merged.address, merged.address_key = mailbox["address"], mailbox["address_key"]
    merged.merged_into_id, done.undone_at = None, at
    for reference in (*OWN, *REFERENCES):
        table: Any = reference.table
        ids = [UUID(id) for id in done.moved.get(str(reference.table.__tablename__), [])]
        if ids:
            await db.exec(
                update(table).where(col(table.id).in_(ids), table.person_id == kept.id).values(person_id=merged.id)
            )
    for id in (kept.id, merged.id):
        audit.record(db, "person.taken-apart", id, at=at, project_id=kept.project_id, **caller.signature)
    await db.flush()
    return done
