"""Filters that somebody keeps for themself."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.ids import new_id


class SavedFilter(SQLModel, table=True):
    """A list of events as one account likes to see it: the query of its address."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    name: str = Field(max_length=60)
    query: str = Field(max_length=500)
