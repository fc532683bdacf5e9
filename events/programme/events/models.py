"""Events and sessions."""

from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import query_expression, with_expression
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Field, SQLModel, col

from core.columns import choice, document, instant
from core.ids import new_code, new_id
from core.zones import local
from events.programme.events.rules import (
    CLOSED,
    UNLIMITED,
    Admission,
    Clock,
    ClockFinding,
    Confidentiality,
    EventKind,
    EventState,
    SessionKind,
    Substitution,
    clock_by,
    clock_findings,
)


class Event(SQLModel, table=True):
    """A meeting or visit. `taken` counts confirmed people and is changed under the row's lock only.

    `offer_hours` are the working hours for which a place that became free is kept for the first who waits;
    0 gives it to them at once, `fills_late` does so after the deadline too; `guests_allowed` is how many each person
    may bring, each on a place of the event, named where `asks_guest_names`. `attendance_threshold` is the least share
    of half-days, in percent, that counts as attended.
    `texts` are its own words for some of its mails, before those of the project.
    `allowed_domains`, one a line, are those of whom the public page takes an address; none lets all in.
    `start_time` on the first day and `end_time` on the last are times of the clock in its zone.
    `substitution` says whether those invited may send somebody else, `names_freeze_on` is the last day for it.
    `programme_from` and `programme_until` are when its first session begins and its last one ends, known where it was
    read with `with_programme`.
    `cancelled_from` is the state it had when it was called off, and has again when it takes place after all. `sequence`
    rises when time or place change (iCalendar), `revision` whenever a feed shows something else.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("taken >= 0 AND (taken <= places OR is_overbooked)", name="places_not_oversold"),
        CheckConstraint("last_day >= first_day", name="days_in_order"),
        Index(
            "uq_event_same_again",
            "project_id",
            "title",
            "first_day",
            "last_day",
            unique=True,
            sqlite_where=text("state NOT IN ('cancelled', 'archived')"),
            postgresql_where=text("state NOT IN ('cancelled', 'archived')"),
        ),
        Index("ix_event_project_id_first_day", "project_id", "first_day"),
    )

    programme_from: ClassVar[Any]
    programme_until: ClassVar[Any]

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    code: str = Field(default_factory=new_code, max_length=12, unique=True)
    title: str = Field(max_length=200)
    search: str = Field(max_length=700)
    kind: EventKind = choice(EventKind)
    state: EventState = choice(EventState, default=EventState.draft)
    description: str = ""
    title_en: str = Field(default="", max_length=200)
    title_tr: str = Field(default="", max_length=200)
    description_en: str = ""
    description_tr: str = ""
    component_id: UUID | None = Field(default=None, foreign_key="component.id", index=True)
    budget_line: str = Field(default="", max_length=80)
    target_group: str = Field(default="", max_length=300)
    languages: list[str] = document(default_factory=list)
    interpretation: str = Field(default="", max_length=200)
    texts: dict[str, dict[str, str]] = document(default_factory=dict)
    confidentiality: Confidentiality = choice(Confidentiality, default=Confidentiality.by_link)
    contact_name: str = Field(default="", max_length=120)
    contact_address: str = Field(default="", max_length=254)
    online_url: str = Field(default="", max_length=500)
    map_url: str = Field(default="", max_length=500)
    opens_on: date | None = None
    series_id: UUID | None = Field(default=None, index=True)
    venue: str = Field(default="", max_length=300)
    country: str = Field(default="TR", max_length=2)
    first_day: date
    last_day: date
    start_time: time | None = None
    end_time: time | None = None
    zone: str = Field(max_length=64)
    answer_by: date | None = None
    admission: Admission = choice(Admission, default=Admission.by_list)
    allowed_domains: str = Field(default="", max_length=2000, sa_column_kwargs={"server_default": ""})
    substitution: Substitution = choice(
        Substitution, default=Substitution.approval, sa_column_kwargs={"server_default": Substitution.free}
    )
    offer_hours: int = 0
    fills_late: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    names_freeze_on: date | None = None
    guests_allowed: int = 0
    asks_guest_names: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    attendance_threshold: int = Field(default=80, sa_column_kwargs={"server_default": "80"})
    capacity: int = Field(sa_column_kwargs={"name": "places"})
    taken: int = 0
    is_overbooked: bool = False
    cancelled_from: EventState | None = choice(EventState, default=None, nullable=True)
    sequence: int = 0
    revision: int = 0
    created_at: datetime = instant()
    changed_at: datetime = instant()

    @property
    def limit(self) -> int | None:
        """How many places there are, for people to read; none where there is no limit."""
        return None if self.capacity >= UNLIMITED else self.capacity

    @property
    def is_on(self) -> bool:
        """Whether anything about it may still change."""
        return self.state not in CLOSED

    @property
    def hours(self) -> tuple[datetime, datetime] | None:
        """When an event of one day starts and ends, as moments; none where it lasts longer or either is not said."""
        if self.start_time is None or self.end_time is None or self.first_day != self.last_day:
            return None
        zone = ZoneInfo(self.zone)
        return (
            datetime.combine(self.first_day, self.start_time, zone).astimezone(UTC),
            datetime.combine(self.last_day, self.end_time, zone).astimezone(UTC),
        )

    @property
    def clock(self) -> Clock:
        """When it begins on its first day and ends on its last, as people are told."""
        return clock_by((self.first_day, self.last_day), (self.start_time, self.end_time), self._held)

    @property
    def clock_findings(self) -> list[ClockFinding]:
        """Where its programme begins or ends at another time than was entered."""
        return clock_findings((self.start_time, self.end_time), self.clock)

    @property
    def _held(self) -> tuple[datetime, datetime] | None:
        """From when to when its programme lasts, by the clock there."""
        if self.programme_from is None:
            return None
        return local(self.programme_from, self.zone), local(self.programme_until, self.zone)

    def title_in(self, language: str) -> str:
        """The title in that language, or the one it was planned with."""
        return {"en": self.title_en, "tr": self.title_tr}.get(language) or self.title

    def description_in(self, language: str) -> str:
        return {"en": self.description_en, "tr": self.description_tr}.get(language) or self.description

    @property
    def answers_until(self) -> date:
        """The last day on which a yes or no is taken: the deadline, or while there is none the event's own end."""
        return self.answer_by or self.last_day


def event_title(language: str) -> sa.ColumnElement[str]:
    """The title in that language as part of a query, or the one it was planned with."""
    own: Any = {"en": Event.title_en, "tr": Event.title_tr}.get(language, "")
    return sa.func.coalesce(sa.func.nullif(own, ""), Event.title)


class Session(SQLModel, table=True):
    """An agenda item. A removed one stays, so that feeds can say that it is off. With `places` of its own, people
    choose it; without, everybody takes part. Sessions of one `pasted_id` were pasted together."""

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="takes_time"),
        Index("ix_session_event_id_starts_at", "event_id", "starts_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    title: str = Field(max_length=200)
    kind: SessionKind = choice(SessionKind)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    title_en: str = Field(default="", max_length=200)
    title_tr: str = Field(default="", max_length=200)
    room: str = Field(default="", max_length=120)
    capacity: int | None = Field(default=None, sa_column_kwargs={"name": "places"})
    host_id: UUID | None = Field(default=None, foreign_key="institution.id")
    pasted_id: UUID | None = None
    sequence: int = 0
    revision: int = 0
    removed_at: datetime | None = instant(default=None, nullable=True)
    created_at: datetime = instant()
    changed_at: datetime = instant()

    def title_in(self, language: str) -> str:
        return {"en": self.title_en, "tr": self.title_tr}.get(language) or self.title


Event.programme_from, Event.programme_until = query_expression(), query_expression()


@cache
def with_programme() -> tuple[ORMOption, ...]:
    """Has an event read together with from when to when its programme lasts, in one statement."""

    def of(moment: Any) -> Any:
        return (
            sa.select(moment)
            .where(col(Session.event_id) == Event.id, col(Session.removed_at).is_(None))
            .correlate(Event)
            .scalar_subquery()
        )

    return (
        with_expression(Event.programme_from, of(sa.func.min(Session.starts_at))),
        with_expression(Event.programme_until, of(sa.func.max(Session.ends_at))),
    )
