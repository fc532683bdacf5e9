"""What programs learn about messages: their fate, never their content."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel

from notifications.outbox.redaction import without_tokens
from notifications.outbox.rules import State


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
