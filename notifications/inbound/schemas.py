"""What programs learn of mail that came in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel

from core.paging import Paging, sorting
from notifications.inbound.models import InboundMail
from notifications.inbound.rules import Kind
from notifications.outbox.redaction import without_tokens

# What the inbox may stand by.
InboxPaging = Annotated[Paging, sorting("kind", "when")]


class InboundOut(BaseModel):
    """One mail that waits in the inbox. What it says is opened with a reason."""

    id: UUID
    kind: Kind
    person_id: UUID | None
    message_id: UUID | None
    about_id: UUID | None
    received_at: datetime


class InboundText(InboundOut):
    """What came in, as far as its text is still kept."""

    sender: str
    subject: str
    note: str
    text: str

    @classmethod
    def of(cls, mail: InboundMail, text: str) -> "InboundText":
        known = InboundOut.model_validate(mail, from_attributes=True).model_dump()
        subject, note = without_tokens(mail.subject), without_tokens(mail.note)
        return cls(**known, sender=mail.sender, subject=subject, note=note, text=text)
