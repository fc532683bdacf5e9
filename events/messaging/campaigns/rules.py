"""States of a campaign, and what hinders one. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import N_, Refusal


class CampaignState(StrEnum):
    """How far a campaign is."""

    draft = "draft"
    written = "written"
    released = "released"


@dataclass(frozen=True)
class CampaignProgress:
    """How far a campaign is; `released_at` is when the first of its mails was sent off."""

    state: CampaignState
    released_at: datetime | None = None

    @classmethod
    def of(cls, is_written: bool, released_at: datetime | None) -> "CampaignProgress":
        if released_at is not None:
            return cls(CampaignState.released, released_at)
        return cls(CampaignState.written if is_written else CampaignState.draft)


class CampaignWritten(Refusal):
    status = 409
    code = "campaign-written"
    title = N_("This has been written to people already. Please make another one.")


class NobodyToWriteTo(Refusal):
    status = 409
    code = "nobody-to-write-to"
    title = N_("Nobody with an address passes this filter.")


class ValueMissing(Refusal):
    """A placeholder has nothing to stand for: that stops the writing, not the sending."""

    status = 409
    code = "value-missing"
    title = N_("{%(placeholder)s} is empty for this event. Please fill it in, or take it out of the text.")


class NothingToSendAgain(Refusal):
    status = 409
    code = "nothing-to-send-again"
    title = N_("Nothing of this has failed.")
