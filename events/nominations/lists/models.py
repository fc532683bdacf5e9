"""Uploaded nomination lists."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id


class ImportState(StrEnum):
    """What was done with a list."""

    unmapped = "unmapped"
    previewed = "previewed"
    applied = "applied"
    undone = "undone"


class NominationImport(SQLModel, table=True):
    """A list as it was read, with its verdicts; the rows are encrypted. An unmapped one holds its raw cells."""

    __tablename__ = "nomination_import"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    file_name: str = Field(max_length=200)
    state: ImportState = choice(ImportState, default=ImportState.previewed)
    rows: str = secret()
    uploaded_at: datetime = instant()
    named: int = 0


class RememberedHeading(SQLModel, table=True):
    """What a project's lists call a column, as somebody said once. `heading` is folded."""

    __tablename__ = "remembered_heading"
    __table_args__ = (UniqueConstraint("project_id", "heading"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    heading: str = Field(max_length=120)
    field: str = Field(max_length=20)
