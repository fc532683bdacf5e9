"""A signature as staff see it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from core.paging import Paging, sorting
from finance.signed_receipts.models import SignedReceipt

# What signatures may stand by.
SignaturePaging = Annotated[Paging, sorting("name", "amount", "signed")]


class SignedReceiptOut(BaseModel):
    """When it was given, for what; `fits` says whether the sheet still says what was signed."""

    id: UUID
    registration_id: UUID
    amount: str
    currency: str
    typed_name: str
    picture_digest: str
    statement_digest: str
    signed_at: datetime
    fits: bool

    @classmethod
    def of(cls, one: SignedReceipt, *, fits: bool) -> "SignedReceiptOut":
        kept = one.model_dump(exclude={"event_id", "sheet_id", "file_hash", "amount_minor"})
        return cls(**kept, amount=str(one.amount.amount), fits=fits)
