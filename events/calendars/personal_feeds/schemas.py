"""How somebody likes their calendar."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.text import WholeNumber


class FeedWish(BaseModel):
    """Sessions or whole days, an alarm so many minutes before, and what else is shown; no language is the person's
    own."""

    model_config = ConfigDict(extra="forbid")

    as_days: bool = False
    alarm_minutes: Annotated[WholeNumber, Field(ge=0, le=10_080)] = 0
    language: Literal["", "en", "tr"] = ""
    with_tentative: bool = True
    with_deadlines: bool = False
