"""Finding two records of one institution, merging them with everything that points to them, and undoing that."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import NotFound
from directory.accounts.access import Caller
from directory.institution_merges import rules
from directory.institution_merges.models import NotOneInstitution
from directory.institution_merges.rules import Candidate
from directory.institutions.rules import Known
from directory.institutions.service import OWN, REFERENCES, InstitutionReference, get_institution, path_of
from directory.people.models import Institution, InstitutionKind, InstitutionMerge, Person
from directory.people.service import index_institution, index_people_of
from directory.projects.service import must_reach

MOST_PAIRS = 100
# What the kept one lacks comes from the other.
_FILLED = ("name_en", "parent_id", "province", "address", "letterhead_en", "letterhead_tr")
Described = tuple[Institution, int]


async def possible_duplicates(db: AsyncSession, caller: Caller) -> list[tuple[Described, Described]]:
    """Pairs of institutions of the caller's projects that may be one, each with how many people work there. The
    first hundred."""
    columns = (Institution.id, Institution.project_id, Institution.name, Institution.name_en)
    found = await db.exec(
        sa.select(*columns, Institution.kind, Institution.province).where(  # type: ignore[call-overload]
            col(Institution.project_id).in_(caller.projects)
        )
    )
    candidates = [
        Candidate(Known(id, tuple(filter(None, (name, name_en))), province), project_id, kind)
        for id, project_id, name, name_en, kind, province in found
    ]
    # In a thread: comparing thousands of names would let every other request wait.
    pairs = await asyncio.to_thread(rules.are_alike, candidates)
    apart = await db.exec(select(NotOneInstitution).where(col(NotOneInstitution.project_id).in_(caller.projects)))
    seen = {(one.first_id, one.second_id) for one in apart}
    pairs = [pair for pair in pairs if pair not in seen][:MOST_PAIRS]
    described = await _described(db, {id for pair in pairs for id in pair})
    return [(described[a], described[b]) for a, b in pairs]


async def _described(db: AsyncSession, ids: set[UUID]) -> dict[UUID, Described]:
    people = (
        select(sa.func.count())
        .where(col(Person.institution_id) == Institution.id, col(Person.merged_into_id).is_(None))
        .scalar_subquery()
    )
    found = await db.exec(select(Institution, people).where(col(Institution.id).in_(ids)))
    return {institution.id: (institution, count) for institution, count in found}


async def keep_apart(db: AsyncSession, first_id: UUID, second_id: UUID, caller: Caller, *, at: datetime) -> None:
    """They are two; the pair is not shown again. Raises SameInstitutionTwice, OfTwoProjects, NotFound."""
    project_id = await _project_of(db, first_id, second_id, caller)
    first, second = sorted([first_id, second_id])
    pair = NotOneInstitution.first_id == first, NotOneInstitution.second_id == second
    if (await db.exec(select(NotOneInstitution.id).where(*pair))).first() is None:
        db.add(NotOneInstitution(project_id=project_id, first_id=first, second_id=second))
        audit.record(
            db, "institution.kept-apart", first, at=at, project_id=project_id, **caller.signature, other=second
        )
    await db.flush()


async def merge(db: AsyncSession, kept_id: UUID, merged_id: UUID, caller: Caller, *, at: datetime) -> InstitutionMerge:
    """Take one institution into the other: every reference follows, gaps are filled, its names go on finding the kept
    one. Raises SameInstitutionTwice, OfTwoProjects, NotFound."""
    project_id = await _project_of(db, kept_id, merged_id, caller)
    kept, merged = await _locked(db, kept_id, merged_id)
    done = InstitutionMerge(
        project_id=project_id,
        kept_id=kept.id,
        merged_id=merged.id,
        search=merged.search,
        search_en=merged.search_en,
        merged_at=at,
        # Not what it is sorted by: erasing finds no name in that, and it is made anew of the name.
        merged=merged.model_dump(mode="json", exclude={"sort_key", "sort_key_en"}),
        before={"kept": str(kept.id), **_plain(kept, (*_FILLED, "kind"))},
    )
    if merged.id in {above.id for above in await path_of(db, kept)}:
        # It goes up to where the other one stood: what is between the two comes to stand under it.
        done.moved.append(
            ["institution", "parent_id", str(kept.id), done.before["parent_id"], done.merged["parent_id"]]
        )
        kept.parent_id = merged.parent_id
        await db.flush()
    for reference in (*OWN, *REFERENCES):
        await _move(db, reference, done)
    stands_under_kept = kept.id in {above.id for above in await path_of(db, merged)}
    for name in _FILLED:
        if not getattr(kept, name) and not (name == "parent_id" and stands_under_kept):
            setattr(kept, name, getattr(merged, name))
    if kept.kind is InstitutionKind.other:
        kept.kind = merged.kind
    kept.revision += 1
    await db.delete(merged)
    await db.flush()
    await _index(db, kept)
    db.add(done)
    for id in (kept.id, done.merged_id):
        audit.record(
            db,
            "institution.merged",
            id,
            at=at,
            project_id=project_id,
            **caller.signature,
            kept=kept.id,
            merged=done.merged_id,
        )
    await db.flush()
    return done


async def _project_of(db: AsyncSession, one_id: UUID, other_id: UUID, caller: Caller) -> UUID:
    if one_id == other_id:
        raise rules.SameInstitutionTwice()
    one, other = [await get_institution(db, id, caller) for id in (one_id, other_id)]
    if one.project_id != other.project_id:
        raise rules.OfTwoProjects()
    return one.project_id


async def _locked(db: AsyncSession, *ids: UUID) -> list[Institution]:
    """Raises NotFound where one of them was merged while we waited."""
    found = await db.exec(
        select(Institution)
        .where(col(Institution.id).in_(ids))
        .order_by(col(Institution.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    by_id = {institution.id: institution for institution in found}
    if len(by_id) < len(ids):
        raise NotFound()
    return [by_id[id] for id in ids]


async def _move(db: AsyncSession, reference: InstitutionReference, done: InstitutionMerge) -> None:
    """Point the rows of one column to the kept institution, and note which they are."""
    table, column = reference.table, reference.column
    rows: list[Any] = list((await db.exec(select(table).where(reference.points_to([done.merged_id])))).all())
    if reference.once_in and rows:
        rows = await _without_doubles(db, reference, rows, done)
    for row in rows:
        setattr(row, column, reference.key(done.kept_id))
        done.moved.append([str(table.__tablename__), column, str(row.id), str(done.merged_id), str(done.kept_id)])
    await db.flush()


async def _without_doubles(
    db: AsyncSession, reference: InstitutionReference, rows: Sequence[Any], done: InstitutionMerge
) -> list[Any]:
    """Rows that may stand at the kept institution. Of two that may stand there only once, one is taken out, and what
    hung on it moves to the other."""
    present: dict[Any, Any] = {
        _key(reference, row): row
        for row in await db.exec(select(reference.table).where(reference.points_to([done.kept_id])))
    }
    moving = []
    for row in rows:
        other = present.get(_key(reference, row))
        if other is None:
            moving.append(row)
            continue
        gone, stays = (other, row) if reference.is_over(other) and not reference.is_over(row) else (row, other)
        hung = [await _rehang(db, table, column, gone.id, stays.id) for table, column in reference.hanging]
        done.removed.append([str(reference.table.__tablename__), gone.model_dump(mode="json"), hung])
        await db.delete(gone)
        if stays is row:
            moving.append(row)
    await db.flush()
    return moving


def _key(reference: InstitutionReference, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in reference.once_in)


async def _rehang(db: AsyncSession, table: type[SQLModel], column: str, gone: UUID, stays: UUID) -> list[Any]:
    rows: list[Any] = list((await db.exec(select(table).where(col(getattr(table, column)) == gone))).all())
    for row in rows:
        setattr(row, column, stays)
    await db.flush()
    return [str(table.__tablename__), column, [str(row.id) for row in rows], str(stays)]


def _plain(institution: Institution, names: Sequence[str]) -> dict[str, Any]:
    return institution.model_dump(mode="json", include=set(names))


async def _index(db: AsyncSession, *institutions: Institution) -> None:
    for institution in institutions:
        index_institution(institution)
    await index_people_of(db, institutions)


async def undo(db: AsyncSession, merge_id: UUID, caller: Caller, *, at: datetime) -> InstitutionMerge:
    """Take the two apart again: the merged one is there with its former id, what changed hands goes back, what was
    filled is emptied. Raises NotUndoable, NameTaken, NotFound."""
    done = await db.get(InstitutionMerge, merge_id)
    if done is None:
        raise NotFound()
    must_reach(done.project_id, "institution_merge", merge_id, caller)
    (kept,) = await _locked(db, done.kept_id)
    await db.refresh(done)
    if done.undone_at or done.before["kept"] != str(kept.id):
        raise rules.NotUndoable()
    merged = Institution.model_validate(done.merged)
    parent_id, merged.parent_id = merged.parent_id, None
    taken = select(Institution.id).where(Institution.project_id == done.project_id, Institution.search == done.search)
    if (await db.exec(taken)).first():
        raise rules.NameTaken()
    for name in _FILLED:
        # Only what the merge filled in, and nobody has corrected since, is emptied again.
        if not done.before[name] and _plain(kept, [name])[name] == done.merged[name]:
            setattr(kept, name, None if name == "parent_id" else "")
    if kept.kind is merged.kind:
        kept.kind = InstitutionKind(done.before["kind"])
    kept.revision += 1
    db.add(merged)
    done.undone_at = at
    await db.flush()
    await _move_back(db, done)
    await _stand_again(db, merged, parent_id)
    await _index(db, kept, merged)
    for id in (kept.id, merged.id):
        audit.record(db, "institution.taken-apart", id, at=at, project_id=done.project_id, **caller.signature)
    await db.flush()
    return done


async def _move_back(db: AsyncSession, done: InstitutionMerge) -> None:
    """First what moved, then the rows that were taken out, whose place is free then, and what hung on them."""
    tables = _tables()
    alike: dict[tuple[Any, ...], list[str]] = {}
    for table, column, id, former, now in done.moved:
        alike.setdefault((table, column, former, now), []).append(str(id))
    for (table, column, former, now), ids in alike.items():
        await _point(db, tables[table], column, ids, now=now, to=former)
    for table, row, hung in done.removed:
        db.add(tables[table].model_validate(row))
        await db.flush()
        for hanging, column, ids, now in hung:
            await _point(db, tables[hanging], column, ids, now=now, to=row["id"])


def _tables() -> dict[str, type[SQLModel]]:
    known = [table for one in (*OWN, *REFERENCES) for table in (one.table, *(hanging for hanging, _ in one.hanging))]
    return {str(table.__tablename__): table for table in known}


async def _point(
    db: AsyncSession, table: Any, column: str, ids: Sequence[str], *, now: str | None, to: str | None
) -> None:
    """Point these rows elsewhere, but for those that somebody has pointed elsewhere since."""
    pointing = getattr(table, column)
    held = UUID if isinstance(sa.inspect(table).columns[column].type, sa.Uuid) else str
    is_so_still = pointing == held(now) if now else pointing.is_(None)
    await db.exec(
        update(table)
        .where(table.id.in_([UUID(id) for id in ids]), is_so_still)
        .values({column: held(to) if to else None})
    )


async def _stand_again(db: AsyncSession, merged: Institution, parent_id: UUID | None) -> None:
    """Under its former parent, unless that is gone or stands under it by now."""
    parent = await db.get(Institution, parent_id) if parent_id else None
    if parent and merged.id not in {above.id for above in await path_of(db, parent)}:
        merged.parent_id = parent.id
    await db.flush()
