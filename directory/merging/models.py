"""Merges of two people, and pairs that were looked at and are two."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import document, instant, secret
from core.ids import new_id


class Merge(SQLModel, table=True):
    """One record taken into another. `moved` names every row that changed hands, `before` what the kept one was."""

    __tablename__ = "merge"
    __table_args__ = (CheckConstraint("kept_id <> merged_id", name="two_people"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kept_id: UUID = Field(foreign_key="person.id", index=True)
    merged_id: UUID = Field(foreign_key="person.id", index=True)
    merged_at: datetime = instant()
    undone_at: datetime | None = instant(default=None, nullable=True)
    moved: dict[str, Any] = document(default_factory=dict)
    before: str = secret(default="{}")


class Distinct(SQLModel, table=True):
    """Two people who look alike and are two. The smaller id first."""

    __tablename__ = "distinct_people"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    first_id: UUID = Field(foreign_key="person.id")
    second_id: UUID = Field(foreign_key="person.id", index=True)
