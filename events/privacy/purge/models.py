"""How far an event, or a project’s evidence, is from being purged."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant


class Purge(SQLModel, table=True):
    """How far an event, or with the project's own id its evidence, is from being forgotten."""

    __tablename__ = "forgetting"

    about_id: UUID = Field(primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    announced_for: date | None = None
    forgotten_at: datetime | None = instant(default=None, nullable=True)
