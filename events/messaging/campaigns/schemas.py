"""What an organiser writes to many."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Blank, wrong
from events.invitations.invitations.rules import Category, InvitationStatus
from events.messaging.attachments.rules import AttachmentKind
from events.messaging.campaigns.models import Campaign
from events.messaging.campaigns.rules import CampaignProgress, CampaignState
from events.messaging.templates.schemas import Subject, Text
from events.participants.roster.rules import Mark
from notifications.outbox.rules import State


class Whom(BaseModel):
    """A filter of the roster."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[str, Field(max_length=200)] = ""
    status: Annotated[InvitationStatus | None, Blank] = None
    category: Annotated[Category | None, Blank] = None
    mark: Annotated[Mark | None, Blank] = None


class CampaignIn(BaseModel):
    """Subject and text, at least in one language; who reads the other one gets this."""

    model_config = ConfigDict(extra="forbid")

    subject_en: Subject = ""
    subject_tr: Subject = ""
    text_en: Text = ""
    text_tr: Text = ""
    wanted: Whom = Whom()
    materials: Annotated[list[UUID], Field(max_length=20)] = []
    attachments: Annotated[list[AttachmentKind], Field(max_length=3)] = []

    @model_validator(mode="after")
    def _says_something(self) -> "CampaignIn":
        if not ((self.subject_en and self.text_en) or (self.subject_tr and self.text_tr)):
            raise wrong(N_("Please write subject and text in at least one language."))
        return self


class CampaignOut(BaseModel):
    """A campaign and how far its messages are."""

    id: UUID
    subject_en: str
    subject_tr: str
    text_en: str
    text_tr: str
    attachments: list[AttachmentKind]
    state: CampaignState
    written_at: datetime | None
    released_at: datetime | None
    counts: dict[str, int]
    answered: int

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        progress: CampaignProgress,
        counts: Mapping[State, int] = MappingProxyType({}),
        answered: int = 0,
    ) -> "CampaignOut":
        """Without counts where nobody was written to, and in lists, where counting each would be slow."""
        by_state = {state.value: number for state, number in counts.items()}
        return cls.model_validate(
            {**campaign.model_dump(), **asdict(progress), "counts": by_state, "answered": answered}
        )


class SampleSent(BaseModel):
    """Where a sample went."""

    address: str
