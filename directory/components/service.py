"""Keeping the parts of a project in order."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_, InUse, NotFound, Unacceptable
from core.ids import new_id
from core.web import must_match
from directory.accounts.access import Caller
from directory.components.models import Component
from directory.components.schemas import ComponentIn
from directory.projects.service import get_project, must_reach

# Packages above say here what hangs on a component; it is not removed from under them.
Uses = Callable[[AsyncSession, UUID], Awaitable[bool]]
USES: list[Uses] = []


async def list_components(db: AsyncSession, project_ids: frozenset[UUID]) -> list[Component]:
    """Components of these projects, each followed by its activities."""
    found = await db.exec(select(Component).where(col(Component.project_id).in_(project_ids)).order_by(Component.code))
    rows = list(found.all())
    tops = [c for c in rows if c.parent_id is None]
    return [one for top in tops for one in (top, *(a for a in rows if a.parent_id == top.id))]


async def get_component(db: AsyncSession, component_id: UUID, caller: Caller) -> Component:
    component = await db.get(Component, component_id)
    if component is None:
        raise NotFound()
    must_reach(component.project_id, "component", component.id, caller)
    return component


async def add_component(
    db: AsyncSession, project_id: UUID, given: ComponentIn, caller: Caller, *, at: datetime, key: UUID | None = None
) -> Component:
    """A new component or activity. The same key gives the one there is. Raises Unacceptable for a code that is taken or
    a parent that is none."""
    await get_project(db, project_id, caller)
    there = await db.get(Component, key) if key else None
    if there and there.project_id == project_id:
        return there
    await _must_fit(db, project_id, given, None)
    component = Component(id=key or new_id(), project_id=project_id, **given.model_dump())
    db.add(component)
    audit.record(
        db,
        "component.added",
        project_id,
        at=at,
        project_id=project_id,
        **caller.signature,
        component=component.id,
    )
    await db.flush()
    return component


async def change_component(
    db: AsyncSession,
    component_id: UUID,
    given: ComponentIn,
    caller: Caller,
    *,
    at: datetime,
    expected: int | None = None,
) -> Component:
    """Other words, targets or another place in the plan. Raises Unacceptable, and LostUpdate where the caller saw
    another revision."""
    component = await get_component(db, component_id, caller)
    must_match(component.revision, expected)
    await _must_fit(db, component.project_id, given, component)
    for name, value in given.model_dump().items():
        setattr(component, name, value)
    component.revision += 1
    audit.record(
        db,
        "component.changed",
        component.project_id,
        at=at,
        project_id=component.project_id,
        **caller.signature,
        component=component.id,
    )
    await db.flush()
    return component


async def remove_component(db: AsyncSession, component_id: UUID, caller: Caller, *, at: datetime) -> UUID:
    """Take it out of the plan. Raises InUse where activities or events hang on it. Returns the project."""
    component = await get_component(db, component_id, caller)
    children = await db.exec(select(Component.id).where(Component.parent_id == component_id).limit(1))
    if children.first() or any([await uses(db, component_id) for uses in USES]):
        raise InUse()
    audit.record(
        db,
        "component.removed",
        component.project_id,
        at=at,
        project_id=component.project_id,
        **caller.signature,
        component=component.id,
    )
    await db.delete(component)
    await db.flush()
    return component.project_id


async def _must_fit(db: AsyncSession, project_id: UUID, given: ComponentIn, own: Component | None) -> None:
    same = await db.exec(select(Component).where(Component.project_id == project_id, Component.code == given.code))
    taken = same.first()
    if taken is not None and taken is not own:
        raise Unacceptable("code", N_("This code is taken in the project."))
    if given.parent_id is None:
        return
    parent = await db.get(Component, given.parent_id)
    if parent is None or parent.project_id != project_id or parent.parent_id is not None or parent is own:
        raise Unacceptable("parent_id", N_("Activities hang on a component of the same project."))
    if own is not None:
        children = await db.exec(select(Component.id).where(Component.parent_id == own.id).limit(1))
        if children.first():
            raise Unacceptable("parent_id", N_("This component has activities of its own; move them first."))
