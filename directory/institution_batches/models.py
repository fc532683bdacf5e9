"""Which institutions were added together."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document, instant
from core.ids import new_id


class InstitutionBatch(SQLModel, table=True):
    """Institutions added in one step, `added` by id; `skipped` were there already."""

    __tablename__ = "institution_batch"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    made_at: datetime = instant()
    undone_at: datetime | None = instant(default=None, nullable=True)
    added: list[str] = document(default_factory=list)
    skipped: int = 0
