"""Who gets the monthly report of a project, and which went."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from finance.monthly_reports.rules import ReportFormat


class ReportReader(SQLModel, table=True):
    """Somebody whom it goes to, with no account. `address_key` is a keyed digest, by which one address is kept once.

    `last_for` is the month whose report was written last by itself. Stopped by themselves or by staff, the row stays
    without name and address, for the history of what went.
    """

    __tablename__ = "report_reader"
    __table_args__ = (UniqueConstraint("project_id", "address_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    name: str = secret()
    address: str = secret()
    address_key: str = Field(max_length=64)
    language: str = Field(default="en", max_length=2)
    file_format: ReportFormat = choice(ReportFormat, default=ReportFormat.xlsx)
    added_at: datetime = instant()
    added_by: UUID
    last_for: date | None = None
    stopped_at: datetime | None = instant(default=None, nullable=True)
    is_stopped_by_reader: bool = False


class ReportSent(SQLModel, table=True):
    """One report to one reader; with a `key` it was sent by hand. The file of the mail is made from it."""

    __tablename__ = "report_sent"
    __table_args__ = (UniqueConstraint("reader_id", "month", "key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    reader_id: UUID = Field(foreign_key="report_reader.id")
    month: date
    key: str = Field(default="", max_length=36)
    written_at: datetime = instant()
