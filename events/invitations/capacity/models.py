"""Quotas: places for a category, an institution, or both."""

from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice
from core.ids import new_id
from events.invitations.invitations.rules import Category


class Quota(SQLModel, table=True):
    """At most so many people of a category, of an institution with all that stand under it, or of both."""

    __tablename__ = "quota"
    __table_args__ = (
        CheckConstraint("places >= 0", name="not_negative"),
        # That none stands there twice `set_quotas` sees to: for a unique constraint two NULLs are not the same.
        CheckConstraint("category IS NOT NULL OR institution_id IS NOT NULL", name="of_something"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    category: Category | None = choice(Category, default=None, nullable=True)
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    capacity: int = Field(sa_column_kwargs={"name": "places"})
