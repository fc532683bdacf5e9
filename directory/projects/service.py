"""Finding projects that a caller has a part in, and changing their papers."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import Conflict, NotFound, OutOfScope
from directory.accounts.access import Caller
from directory.projects.models import Project
from directory.projects.schemas import ProjectIn


async def create_project(
    db: AsyncSession, acronym: str, given: ProjectIn, *, actor: str, at: datetime
) -> Project:
    """A new grant, without any member yet. Raises Conflict where the acronym is taken."""
    if (await db.exec(select(Project.id).where(Project.acronym == acronym))).first():
        raise Conflict("acronym")
    project = Project(acronym=acronym, **given.model_dump())
    db.add(project)
    await db.flush()
    audit.record(db, "project.created", project.id, at=at, project_id=project.id, actor=actor)
    return project


async def list_projects(db: AsyncSession, caller: Caller) -> list[Project]:
    """Projects in which the caller holds the right that the door asked for."""
    found = await db.exec(
        select(Project).where(col(Project.id).in_(caller.projects)).order_by(Project.acronym)
    )
    return list(found.all())


async def get_project(db: AsyncSession, project_id: UUID, caller: Caller) -> Project:
    project = await db.get(Project, project_id)
    if project is None:
        raise NotFound()
    must_reach(project.id, "project", project.id, caller)
    return project


async def change_project(
    db: AsyncSession, project_id: UUID, given: ProjectIn, caller: Caller, *, at: datetime
) -> Project:
    """Correct the papers of a project; what is printed later shows them."""
    project = await get_project(db, project_id, caller)
    changed = [name for name, value in given.model_dump().items() if getattr(project, name) != value]
    for name in changed:
        setattr(project, name, getattr(given, name))
    if changed:
        audit.record(
            db,
            "project.changed",
            project.id,
            at=at,
            project_id=project.id,
            **caller.signature,
            fields=changed,
        )
    return project


def must_reach(project_id: UUID, kind: str, id: UUID, caller: Caller) -> None:
    """Another project's row answers like one that is not there, and the attempt is audited."""
    if project_id not in caller.projects:
        raise OutOfScope(kind, id, caller)
