"""Mail that came in and waits for somebody to look."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret
from core.ids import new_id
from notifications.inbound.rules import Kind


class InboundMail(SQLModel, table=True):
    """One mail as it came, encrypted. `digest` tells the same mail delivered twice; `note` is what became of it.

    `message_id` is our message that it is about, `about_id` what that one was about. The raw text goes after some days,
    the rest stays with the person.
    """

    __tablename__ = "inbound_mail"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    digest: str = Field(max_length=64, unique=True)
    kind: Kind = choice(Kind)
    project_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = Field(default=None, index=True)
    about_id: UUID | None = None
    message_id: UUID | None = Field(default=None, index=True)
    subject: str = secret(default="")
    sender: str = secret(default="")
    raw: str = secret(default="")
    note: str = secret(default="")
    is_open: bool = True
    received_at: datetime = instant()
