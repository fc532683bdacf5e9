"""What may be said about events and sessions, and what is answered."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from core.codes import Country, Language, ZoneOrCountrys, zone_in
from core.errors import N_, Unacceptable
from core.text import (
    AddressOrNone,
    Blank,
    DayInSight,
    Line,
    PlainClockTime,
    Prose,
    Title,
    WebAddress,
    WholeNumber,
    domain_key,
    text_only,
    wrong,
)
from events.programme.events import rules
from events.programme.events.models import Event, Session
from events.programme.events.rules import Admission, Confidentiality, EventKind, EventState, SessionKind, Substitution


@contextmanager
def _as_wrong() -> Iterator[None]:
    """A rule's refusal as the message beside the field that is validated."""
    try:
        yield
    except Unacceptable as refusal:
        raise wrong(refusal.reason, **refusal.facts) from None


_DOMAIN = re.compile(r"(?=.{3,253}$)[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
OtherTitle = Annotated[Line, Field(max_length=200)]
Day = DayInSight
When = Annotated[datetime, BeforeValidator(text_only)]
Capacity = Annotated[WholeNumber, Field(ge=1, le=10_000)]
CapacityOrNone = Annotated[
    Capacity | None,
    Blank,
    AfterValidator(lambda said: rules.UNLIMITED if said is None else said),
    Field(description="Null where there is no limit."),
]
CapacityShown = Annotated[int | None, BeforeValidator(lambda kept: None if kept == rules.UNLIMITED else kept)]
SessionCapacity = Annotated[Annotated[WholeNumber, Field(ge=1, le=10_000)] | None, Blank]


class SessionIn(BaseModel):
    """An agenda item. Times without an offset are local times of the event's zone."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    title_en: OtherTitle = ""
    title_tr: OtherTitle = ""
    kind: SessionKind = SessionKind.content
    starts: When
    ends: When
    room: Annotated[Line, Field(max_length=120)] = ""
    capacity: SessionCapacity = None
    host_id: Annotated[UUID | None, Blank] = None


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
    zone: ZoneOrCountrys = ""
    start_time: Annotated[PlainClockTime, Field(description="On the first day, by the clock of the zone.")] = None
    end_time: Annotated[PlainClockTime, Field(description="On the last day.")] = None
    opens_on: Annotated[Day | None, Blank] = None
    answer_by: Annotated[Day | None, Blank] = None
    capacity: CapacityOrNone
    admission: Admission = Admission.by_list
    allowed_domains: Annotated[Prose, Field(max_length=2000)] = ""
    substitution: Substitution = Substitution.approval
    offer_hours: Annotated[WholeNumber, Field(ge=0, le=200)] = 0
    fills_late: bool = False
    guests_allowed: Annotated[WholeNumber, Field(ge=0, le=10)] = 0
    asks_guest_names: bool = False
    attendance_threshold: Annotated[WholeNumber, Field(ge=1, le=100)] = 80
    names_freeze_on: Annotated[Day | None, Blank] = None
    title_en: OtherTitle = ""
    title_tr: OtherTitle = ""
    description_en: Prose = ""
    description_tr: Prose = ""
    component_id: Annotated[UUID | None, Blank] = None
    budget_line: Annotated[Line, Field(max_length=80)] = ""
    target_group: Line = ""
    languages: Annotated[list[Language], Field(max_length=10)] = []
    interpretation: Annotated[Line, Field(max_length=200)] = ""
    confidentiality: Confidentiality = Confidentiality.by_link
    contact_name: Annotated[Line, Field(max_length=120)] = ""
    contact_address: AddressOrNone = ""
    online_url: WebAddress = ""
    map_url: WebAddress = ""

    @field_validator("last_day")
    @classmethod
    def _days_in_order(cls, last_day: date, others: ValidationInfo) -> date:
        with _as_wrong():
            rules.must_be_in_order(others.data.get("first_day") or last_day, last_day)
        return last_day

    @field_validator("zone")
    @classmethod
    def _zone_of_the_country(cls, zone: str, others: ValidationInfo) -> str:
        country = others.data.get("country")
        return zone_in(country) if not zone and country else zone

    @field_validator("start_time", "end_time")
    @classmethod
    def _is_on_the_clock(cls, clock: time | None, others: ValidationInfo) -> time | None:
        day, zone = others.data.get("first_day" if others.field_name == "start_time" else "last_day"), others.data
        if clock and day and zone.get("zone"):
            with _as_wrong():
                rules.must_exist(day, clock, zone["zone"])
        return clock

    @field_validator("end_time")
    @classmethod
    def _hours_in_order(cls, end_time: time | None, others: ValidationInfo) -> time | None:
        first_day, last_day = others.data.get("first_day"), others.data.get("last_day")
        if first_day and last_day and "start_time" in others.data:
            with _as_wrong():
                rules.must_be_hours(first_day, last_day, others.data["start_time"], end_time)
        return end_time

    @field_validator("answer_by")
    @classmethod
    def _opens_first(cls, answer_by: date | None, others: ValidationInfo) -> date | None:
        opens_on = others.data.get("opens_on")
        if answer_by and opens_on and answer_by < opens_on:
            raise wrong(N_("The RSVP deadline is before the RSVP opens."))
        return answer_by

    @field_validator("opens_on", "answer_by", "names_freeze_on")
    @classmethod
    def _not_after_the_start(cls, day: date | None, others: ValidationInfo) -> date | None:
        first_day = others.data.get("first_day")
        if day and first_day:
            with _as_wrong():
                rules.must_precede_start(day, first_day)
        return day

    @field_validator("allowed_domains")
    @classmethod
    def _each_a_domain(cls, text: str) -> str:
        """One a line, or with commas, as people type them: with an @ or in capitals too."""
        found = [domain_key(f"@{one.lstrip('@*.')}") for one in re.split(r"[\s,;]+", text) if one]
        for one in found:
            if not _DOMAIN.fullmatch(one):
                raise wrong(N_("“%(text)s” is no domain. Example: adalet.gov.tr."), text=one)
        return "\n".join(dict.fromkeys(found))


class EventIn(EventChange):
    """A new event with its agenda."""

    project_id: UUID
    sessions: Annotated[list[SessionIn], Field(max_length=300)] = []

    def describes(self, event: Event) -> bool:
        """Whether an event that is there is as this one says, apart from its agenda."""
        return all(getattr(event, name) == said for name, said in self.model_dump(exclude={"sessions"}).items())


class Reason(BaseModel):
    """Why something is called off, or takes place after all; kept in the history."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(min_length=1, max_length=500)]


class SessionForm(BaseModel):
    """An agenda item as the page's form sends it: a day and two times."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    title_en: OtherTitle = ""
    title_tr: OtherTitle = ""
    kind: SessionKind = SessionKind.content
    day: Day
    starts: Annotated[str, Field(min_length=1, max_length=20)]
    ends: Annotated[str, Field(min_length=1, max_length=20)]
    room: Annotated[Line, Field(max_length=120)] = ""
    capacity: SessionCapacity = None
    host: Annotated[Line, Field(max_length=200)] = ""

    def to_session(self, host_id: UUID | None = None) -> SessionIn:
        return SessionIn(
            title=self.title,
            title_en=self.title_en,
            title_tr=self.title_tr,
            kind=self.kind,
            room=self.room,
            capacity=self.capacity,
            host_id=host_id,
            starts=rules.wall_time(self.day, self.starts, "starts"),
            ends=rules.wall_time(self.day, self.ends, "ends"),
        )


class SessionOut(BaseModel):
    """An agenda item; times in UTC."""

    id: UUID
    title: str
    title_en: str
    title_tr: str
    kind: SessionKind
    starts_at: datetime
    ends_at: datetime
    room: str
    capacity: int | None
    host_id: UUID | None
    revision: int


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
    start_time: time | None
    end_time: time | None
    opens_on: date | None
    answer_by: date | None
    title_en: str
    title_tr: str
    component_id: UUID | None
    budget_line: str
    target_group: str
    languages: list[str]
    interpretation: str
    confidentiality: Confidentiality
    contact_name: str
    contact_address: str
    online_url: str
    map_url: str
    series_id: UUID | None
    admission: Admission
    allowed_domains: str
    substitution: Substitution
    offer_hours: int
    fills_late: bool
    guests_allowed: int
    asks_guest_names: bool
    attendance_threshold: int
    names_freeze_on: date | None
    capacity: CapacityShown
    taken: int
    sequence: int


class EventDetail(EventOut):
    """An event with its agenda, and what looks like a slip about its days, in the caller's language."""

    sessions: list[SessionOut]
    warnings: list[str]

    @classmethod
    def of(cls, event: Event, sessions: Iterable[Session], warnings: Iterable[str]) -> "EventDetail":
        shown = {"sessions": [one.model_dump() for one in sessions], "warnings": list(warnings)}
        return cls.model_validate({**event.model_dump(), **shown})


Sort = Literal["first_day", "-first_day", "title", "-title", "capacity", "-capacity"]


@dataclass(frozen=True)
class EventFilter:
    """Which events, and in which order. A field that is none does not filter."""

    q: str = ""
    kind: EventKind | None = None
    state: EventState | None = None
    project_id: UUID | None = None
    component_id: UUID | None = None
    series_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    sort: Sort = "first_day"


def event_filter(
    q: Annotated[
        str, Query(max_length=200, description="Words of title and place; Turkish letters may be plain.")
    ] = "",
    kind: Annotated[EventKind | None, Blank, Query()] = None,
    state: Annotated[EventState | None, Blank, Query()] = None,
    project: Annotated[UUID | None, Blank, Query()] = None,
    component: Annotated[UUID | None, Blank, Query(description="With its activities.")] = None,
    series: Annotated[UUID | None, Blank, Query()] = None,
    since: Annotated[Day | None, Blank, Query(description="Not over before this day.")] = None,
    until: Annotated[Day | None, Blank, Query(description="Begun by this day.")] = None,
    sort: Annotated[Sort, Query()] = "first_day",
) -> EventFilter:
    """The filter of a list of events, from its address."""
    return EventFilter(q, kind, state, project, component, series, since, until, sort)


Filtered = Annotated[EventFilter, Depends(event_filter)]
