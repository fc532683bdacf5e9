"""The outbox: one row per message and recipient."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret
from core.ids import new_id
from notifications.outbox.rules import State

# As words, not as parameters: only so do both databases see that the index of what is due holds all of it.
UNDER_WAY = text("state IN ('queued', 'sending')")
DRAFTED = text("state = 'draft'")
# What leaves as mail; other channels are named where they are added.
MAIL = "mail"


class Message(SQLModel, table=True):
    """A message that is enqueued, a mail as a rule. Its id makes the Message-ID, so that a second copy is recognisable.

    `due_at` is when somebody has to look at it: while it is being sent, when the lease of who sends it ends.
    `dedupe_key` says what it is for: of two with one key only the first is kept. `priority` orders what is due, the
    lowest first: 1 codes and links that somebody waits for, 3 mails with something to do, 5 the rest, 7 digests.
    `attempts` counts tries for which somebody was there; `answer` holds the relay's last words, without tokens.
    `channel` says by which channel it leaves, `attachments` are references like `certificate:<id>`. Body and calendar
    are encrypted: they hold a personal link. `about_id` is the row of another package that the message is about. A bulk
    message is one that people may do without: it says how to end those of its `topic`. A draft belongs to a batch;
    `added` is what the organiser adds to this one mail, `told_before` which version of what it is about its reader knew
    before: whoever discards it puts that back.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_due",
            "priority",
            "due_at",
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        Index("ix_message_about_id_state", "about_id", "state"),
        # Counted and looked through without a row being read: texts make rows large. Mails of one thing share an entry.
        Index("ix_message_project_id_state", "project_id", "state", "channel", "about_id"),
        Index("ix_message_person_id_about_id", "person_id", "about_id"),
        Index("ix_message_sent_at", "sent_at"),
        Index("ix_message_draft", "batch_id", sqlite_where=DRAFTED, postgresql_where=DRAFTED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    dedupe_key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=64)
    channel: str = Field(default=MAIL, max_length=16)
    project_id: UUID | None = None
    about_id: UUID | None = None
    batch_id: UUID | None = Field(default=None, index=True)
    person_id: UUID | None = None
    state: State = choice(State, default=State.queued)
    is_bulk: bool = False
    topic: str = Field(default="news", max_length=16)
    priority: int = 5
    written_at: datetime = instant()
    due_at: datetime = instant()
    expires_at: datetime | None = instant(default=None, nullable=True)
    leased_until: datetime | None = instant(default=None, nullable=True)
    attempts: int = 0
    answer: str = Field(default="", max_length=500)
    sent_at: datetime | None = instant(default=None, nullable=True)
    language: str = Field(max_length=2)
    sender_name: str = Field(default="", max_length=200)
    sender_address: str = Field(default="", max_length=254)
    reply_to: str = Field(default="", max_length=254)
    to_name: str = Field(max_length=120)
    to_address: str = Field(max_length=254)
    subject: str = secret()
    plain: str = secret()
    html: str = secret()
    attachments: list[str] = document(default_factory=list)
    calendar: str | None = secret(default=None, nullable=True)
    calendar_method: str = Field(default="REQUEST", max_length=16)
    added: str = secret(default="")
    told_before: int | None = None
