"""What was announced and forgotten, what is on hold, and which day has been looked through."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class Hold(SQLModel, table=True):
    """Nothing of an event, or of a whole project, is forgotten or erased until this is released."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "uq_hold_open",
            "about_id",
            unique=True,
            sqlite_where=text("released_at IS NULL"),
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    about_id: UUID
    project_id: UUID = Field(foreign_key="project.id", index=True)
    reason: str = secret()
    held_by: UUID
    held_at: datetime = instant()
    released_at: datetime | None = instant(default=None, nullable=True)


class RetentionDay(SQLModel, table=True):
    """The last day on which a project was looked through; with the id of nobody, what belongs to no project."""

    __tablename__ = "retention_day"

    project_id: UUID = Field(primary_key=True)
    day: date
