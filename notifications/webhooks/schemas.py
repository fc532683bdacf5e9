"""What a webhook is asked to be, and what is shown of it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.paging import Paging, sorting
from core.text import Line
from notifications.outbox.models import Message
from notifications.outbox.redaction import without_tokens
from notifications.outbox.rules import State
from notifications.webhooks.models import Webhook
from notifications.webhooks.rules import WebhookTopic

# What calls may stand by.
CallPaging = Annotated[Paging, sorting("what", "when", "state")]


class WebhookIn(BaseModel):
    """Where to tell, and what about; without topics, about everything."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[Line, Field(min_length=1, max_length=254)]
    label: Annotated[Line, Field(max_length=120)] = ""
    topics: list[WebhookTopic] = []


class WebhookOut(BaseModel):
    """A webhook, without its secret: that is shown once, when it is made."""

    id: UUID
    project_id: UUID
    url: str
    label: str
    topics: list[WebhookTopic]
    made_at: datetime
    paused_at: datetime | None


class WebhookMade(WebhookOut):
    """With the secret that its calls are signed with, this once."""

    secret: str

    @classmethod
    def of(cls, row: Webhook, secret: str) -> "WebhookMade":
        return cls(secret=secret, **row.model_dump(include=set(WebhookOut.model_fields)))


class WebhookCallOut(BaseModel):
    """One call of a webhook and what became of it. `type` is what happened."""

    id: UUID
    type: str
    state: State
    attempts: int
    answer: Annotated[str, AfterValidator(without_tokens)]
    written_at: datetime
    due_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, call: Message) -> "WebhookCallOut":
        return cls(type=call.subject, **call.model_dump(include=set(cls.model_fields) - {"type"}))
