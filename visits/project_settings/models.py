"""What a project sets instead of the usual numbers."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document
from visits.travel_settings import DEFAULTS, TravelSettings


class ProjectTravelSettings(SQLModel, table=True):
    """The numbers of one project that differ from `travel_settings.DEFAULTS`, by their names."""

    __tablename__ = "project_travel_settings"

    project_id: UUID = Field(primary_key=True, foreign_key="project.id")
    own: dict[str, Any] = document(default_factory=dict)

    @property
    def settings(self) -> TravelSettings:
        """All numbers; one whose name is not known any more is left out."""
        known = {name: value for name, value in self.own.items() if hasattr(DEFAULTS, name)}
        return TravelSettings(**known)
