"""A project's table of visas."""

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice
from core.ids import new_id
from visits.passports.rules import PassportKind, VisaNeed


class VisaRule(SQLModel, table=True):
    """Whether holders of a kind of passport need a visa for a country. `free_days` are those without one, where it is
    not needed."""

    __tablename__ = "visa_rule"
    __table_args__ = (UniqueConstraint("project_id", "nationality", "kind", "country"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    nationality: str = Field(max_length=2)
    kind: PassportKind = choice(PassportKind)
    country: str = Field(max_length=2)
    is_needed: bool
    free_days: int | None = None
    source: str = Field(max_length=200)
    stated_on: date

    @property
    def need(self) -> VisaNeed:
        """As the rules know it."""
        return VisaNeed(
            self.nationality, self.kind, self.country, self.is_needed, self.free_days, self.source, self.stated_on
        )
