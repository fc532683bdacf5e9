"""Signatures given on a screen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id
from core.money import Money


class SignedReceipt(SQLModel, table=True):
    """What one person signed of one sheet: the amount, the digest of the whole statement, and the picture that was
    drawn (sealed, with its digest) or the name that was typed. Written once, never changed."""

    __tablename__ = "signed_receipt"
    __table_args__ = (UniqueConstraint("sheet_id", "registration_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet_id: UUID = Field(foreign_key="per_diem_sheet.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    file_hash: str = Field(default="", max_length=64)
    picture_digest: str = Field(default="", max_length=64)
    typed_name: str = secret(default="")
    statement_digest: str = Field(max_length=64)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    signed_at: datetime = instant()

    @property
    def amount(self) -> Money:
        return Money.of_minor(self.amount_minor, self.currency)
