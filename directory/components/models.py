"""Components and activities: what an event reports to, and their targets."""

from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.ids import new_id


class Component(SQLModel, table=True):
    """A component of a project; with `parent_id`, an activity of one. Targets of 0 are not set."""

    __tablename__ = "component"
    __table_args__ = (
        UniqueConstraint("project_id", "code"),
        CheckConstraint("target_women BETWEEN 0 AND 100", name="share_of_women"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    parent_id: UUID | None = Field(default=None, foreign_key="component.id", index=True)
    code: str = Field(max_length=20)
    title: str = Field(max_length=200)
    title_tr: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": ""})
    target_events: int = 0
    target_participants: int = 0
    target_women: int = 0
    revision: int = 0

    def title_in(self, language: str) -> str:
        """The title in that language, or as the grant has it."""
        return (self.title_tr if language == "tr" else "") or self.title
