"""What people say of a sheet while it is on its way."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class SheetComment(SQLModel, table=True):
    """One remark of staff on a sheet, of one line of it where `registration_id` says of whose. Never changed."""

    __tablename__ = "sheet_comment"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id", index=True)
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id")
    account_id: UUID
    text: str = secret()
    written_at: datetime = instant()
