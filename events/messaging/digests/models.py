"""Who wants no digest, and which day's has been written."""

from datetime import date
from uuid import UUID

from sqlmodel import Field, SQLModel


class DigestRefusal(SQLModel, table=True):
    """An organiser who wants no digest of a project."""

    __tablename__ = "digest_refusal"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", primary_key=True)


class DigestDay(SQLModel, table=True):
    """The last day whose digest was written for a project."""

    __tablename__ = "digest_day"

    project_id: UUID = Field(foreign_key="project.id", primary_key=True)
    day: date
