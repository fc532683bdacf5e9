"""What may be said about events and sessions, and what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from core.errors import N_, Unacceptable
from core.i18n import country_codes
from core.text import Blank, Line, Prose, Title, WholeNumber, wrong
from core.zones import zone_names
from events.programme import rules
from events.programme.rules import EventKind, EventState, SessionKind


def _known_zone(name: str) -> str:
    if name not in zone_names():
        raise wrong(N_("“%(zone)s” is not a time zone. Example: Europe/Istanbul."), zone=name)
    return name


def _known_country(code: str) -> str:
    if code not in country_codes():
        raise wrong(N_("“%(code)s” is not a country code. Example: TR."), code=code)
    return code


def _year_in_sight(day: date) -> date:
    if not 2000 <= day.year <= 2100:
        raise wrong(N_("Please check the year."))
    return day


def _text_only(value: object) -> object:
    # A number would be read as seconds since 1970.
    if isinstance(value, int | float):
        raise wrong(N_("Please write a date like 2026-03-14."))
    return value


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
Country = Annotated[str, Field(max_length=2), AfterValidator(_known_country)]
Day = Annotated[date, BeforeValidator(_text_only), AfterValidator(_year_in_sight)]
When = Annotated[datetime, BeforeValidator(_text_only)]
Places = Annotated[WholeNumber, Field(ge=0, le=10_000)]


class SessionIn(BaseModel):
    """An agenda item. Times without an offset are local times of the event's zone."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    kind: SessionKind = SessionKind.content
    starts: When
    ends: When
    room: Annotated[Line, Field(max_length=120)] = ""


class EventChange(BaseModel):
    """All that an organiser decides about an event."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    kind: EventKind
    description: Prose = ""
    venue: Line = ""
    country: Country = "TR"
    first_day: Day
    last_day: Day
    zone: Zone = "Europe/Istanbul"
    answer_by: Annotated[Day | None, Blank] = None
    places: Places

    @field_validator("last_day")
    @classmethod
    def _days_in_order(cls, last_day: date, others: ValidationInfo) -> date:
        first_day = others.data.get("first_day")
        try:
            rules.must_be_in_order(first_day or last_day, last_day)
        except Unacceptable as refusal:
            raise wrong(refusal.reason, **refusal.facts) from None
        return last_day


class EventIn(EventChange):
    """A new event with its agenda."""

    project_id: UUID
    sessions: Annotated[list[SessionIn], Field(max_length=300)] = []


class Reason(BaseModel):
    """Why something is called off; kept in the history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class SessionForm(BaseModel):
    """An agenda item as the page's form sends it: a day and two times."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    kind: SessionKind = SessionKind.content
    day: Day
    starts: Annotated[str, Field(min_length=1, max_length=20)]
    ends: Annotated[str, Field(min_length=1, max_length=20)]
    room: Annotated[Line, Field(max_length=120)] = ""

    def to_session(self) -> SessionIn:
        return SessionIn(
            title=self.title, kind=self.kind, room=self.room,
            starts=rules.wall_time(self.day, self.starts, "starts"),
            ends=rules.wall_time(self.day, self.ends, "ends"),
        )  # fmt: skip


class SessionOut(BaseModel):
    """An agenda item; times in UTC."""

    id: UUID
    title: str
    kind: SessionKind
    starts_at: datetime
    ends_at: datetime
    room: str


class EventOut(BaseModel):
    """An event without its people."""

    id: UUID
    project_id: UUID
    code: str
    title: str
    kind: EventKind
    state: EventState
    description: str
    venue: str
    country: str
    first_day: date
    last_day: date
    zone: str
    answer_by: date | None
    places: int
    taken: int
    sequence: int


class EventDetail(EventOut):
    """An event with its agenda."""

    sessions: list[SessionOut]
