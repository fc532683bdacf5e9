"""Subscriptions to calendars that are not one person's registrations."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.calendars.shared_feeds.rules import FeedKind


class SharedFeed(SQLModel, table=True):
    """One secret address. `as_days` shows events as whole days instead of their sessions. `client` is the name that
    the program which fetched it last gives itself."""

    __tablename__ = "shared_feed"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: FeedKind = choice(FeedKind)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    component_id: UUID | None = Field(default=None, foreign_key="component.id")
    event_id: UUID | None = Field(default=None, foreign_key="event.id", index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    room: str = Field(default="", max_length=120)
    language: str = Field(default="tr", max_length=2)
    as_days: bool = False
    alarm_minutes: int = 0
    with_tentative: bool = True
    label: str = Field(default="", max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None, nullable=True)
    fetched_at: datetime | None = instant(default=None, nullable=True)
    client: str = Field(default="", max_length=120)
