"""Subscribed calendars."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id


class Feed(SQLModel, table=True):
    """One subscription of one person, with its own secret address.

    `language` is empty where it follows the person's; `with_tentative` shows what is not certain too, `with_deadlines`
    until when an answer is awaited. `client` is the name that the program which fetched it last gives itself.
    """

    __tablename__ = "feed"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    as_days: bool = False
    alarm_minutes: int = 0
    language: str = Field(default="", max_length=2)
    with_tentative: bool = True
    with_deadlines: bool = False
    made_at: datetime = instant()
    fetched_at: datetime | None = instant(default=None, nullable=True)
    client: str = Field(default="", max_length=120)
    revoked_at: datetime | None = instant(default=None, nullable=True)
