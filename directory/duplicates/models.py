"""Merges of two people, and pairs that were looked at and are two."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.ids import new_id


class NotDuplicate(SQLModel, table=True):
    """Two people who look alike and are two. The smaller id first."""

    __tablename__ = "distinct_people"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    first_id: UUID = Field(foreign_key="person.id")
    second_id: UUID = Field(foreign_key="person.id", index=True)
