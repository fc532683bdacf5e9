"""Headings and institutions, as the lists of a project call them."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.ids import new_id


class ImportMemory(SQLModel, table=True):
    """What somebody said once about the lists of a project: that a heading means a field, or that a text means an
    institution. `text` is as it is looked up, `value` the name of the field or the institution's id."""

    __tablename__ = "import_memory"
    __table_args__ = (UniqueConstraint("project_id", "purpose", "kind", "text"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    purpose: str = Field(max_length=20)
    kind: str = Field(max_length=20)
    text: str = Field(max_length=250)
    value: str = Field(max_length=40)
