"""What is said of batches, and what is added to mails that wait."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.errors import N_
from core.paging import Paging, sorting
from core.placeholders import used_placeholders
from core.text import Line, Prose, wrong
from notifications.batches.models import MessageBatch
from notifications.batches.rules import BatchStatus, status_of
from notifications.batches.service import kind_of
from notifications.outbox.rules import State

# What batches may stand by.
BatchPaging = Annotated[Paging, sorting("kind", "when")]
# What the mails of a batch may stand by.
RecipientPaging = Annotated[Paging, sorting("to", "state")]


class BatchSummary(BaseModel):
    """A batch: its kind in words, what it is about, why it was written, and how many mails are in which state; those
    that were discarded are `cancelled`."""

    id: UUID
    kind: str
    name: str
    about_id: UUID
    about: str
    project_id: UUID
    reasons: list[str]
    status: BatchStatus
    counts: dict[State, int]
    written_at: datetime
    written_by: str
    sent_at: datetime | None
    sent_by: str

    @property
    def total(self) -> int:
        """How many mails there are of it, without those that were discarded."""
        return sum(self.counts.values()) - self.discarded

    @property
    def discarded(self) -> int:
        """How many mails were given up."""
        return self.counts.get(State.cancelled, 0)

    @classmethod
    def of(cls, batch: MessageBatch, counts: Mapping[State, int], about: str) -> "BatchSummary":
        return cls(
            **batch.model_dump(
                include={
                    "id",
                    "kind",
                    "about_id",
                    "project_id",
                    "reasons",
                    "written_at",
                    "written_by",
                    "sent_at",
                    "sent_by",
                }
            ),
            name=kind_of(batch.kind).name,
            about=about,
            status=status_of({str(state): count for state, count in counts.items()}),
            counts=dict(counts),
        )


def literal(text: str) -> str:
    """Refuses names in braces, as templates of mails have them: words of one's own are sent as they stand."""
    found = sorted(used_placeholders(text))
    if found:
        raise wrong(N_("Nothing is filled in here: {%(names)s} would be sent as it stands."), names=", ".join(found))
    return text


class AddedWords(BaseModel):
    """What each mail of a batch says after its greeting, in the reader's language; empty lines part paragraphs."""

    model_config = ConfigDict(extra="forbid")

    added_en: Annotated[Prose, Field(max_length=4000), AfterValidator(literal)] = ""
    added_tr: Annotated[Prose, Field(max_length=4000), AfterValidator(literal)] = ""


class DraftIn(BaseModel):
    """What may be changed in one mail that waits."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[Line, Field(min_length=1, max_length=200), AfterValidator(literal)]
    added: Annotated[Prose, Field(max_length=4000), AfterValidator(literal)] = ""


class SendIn(BaseModel):
    """How many mails the sender was told: where there are others by now, none is sent."""

    model_config = ConfigDict(extra="forbid")

    count: Annotated[int | None, Field(ge=0, le=1_000_000)] = None


class MailCount(BaseModel):
    """How many mails a step concerned."""

    mails: int
