"""What programs learn about messages: their fate, and their content with a reason only."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.text import Prose
from notifications.outbox.models import Message
from notifications.outbox.redaction import CODE_KINDS, unfolded_without_tokens, without_codes, without_tokens
from notifications.outbox.rules import State

# What a list of mails is ordered by: when they were written, or their recipient; from its end with a minus.
MessageSort = Literal["when", "-when", "to", "-to"]


class MessageOut(BaseModel):
    """One message of the outbox."""

    id: UUID
    kind: str
    about_id: UUID | None
    person_id: UUID | None
    state: State
    attempts: int
    answer: Annotated[str, AfterValidator(without_tokens)]
    written_at: datetime
    sent_at: datetime | None


class ReasonToRead(BaseModel):
    """Why a text is opened: it is kept in the history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=3, max_length=500)]


class MessageText(BaseModel):
    """What a message says, without what opens something: links lose their tokens, codes their figures."""

    id: UUID
    to_name: str
    to_address: str
    subject: str
    plain: str
    calendar: str

    @classmethod
    def of(cls, message: Message) -> "MessageText":
        hide = without_codes if message.kind in CODE_KINDS else without_tokens
        return cls(
            id=message.id,
            to_name=message.to_name,
            to_address=message.to_address,
            subject=hide(message.subject),
            plain=hide(message.plain),
            calendar=unfolded_without_tokens(message.calendar or ""),
        )
