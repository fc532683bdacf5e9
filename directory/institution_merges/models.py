"""Pairs of institutions that were looked at and are two."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.ids import new_id


class NotOneInstitution(SQLModel, table=True):
    """Two institutions that look alike and are two, the smaller id first. Ids alone: an institution that was merged
    is no row, and when it is one again, this still holds."""

    __tablename__ = "distinct_institutions"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    first_id: UUID
    second_id: UUID
