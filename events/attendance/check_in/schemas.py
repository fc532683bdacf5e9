"""What desks send and are told."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Line, WholeNumber, wrong
from events.attendance.badge_codes.rules import code_digest
from events.attendance.check_in.models import DeskScan
from events.attendance.check_in.rules import MOST_SCANS, BadgeScanState, Passage, Presence, ScanKind
from events.attendance.desk_links.rules import DeskRole
from events.attendance.walk_ins.schemas import WalkInData
from events.invitations.invitations.rules import Category
from events.programme.events.models import Event, Session

_TEN_YEARS_MS = 10 * 366 * 86_400_000


class ScanIn(BaseModel):
    """One scan. Somebody is named by the `code` that was read, by its SHA-256 (`digest`), or as a `walk_in`; an undo
    names the scan that it `undoes`. `at` is the device's clock, `offset` by how many milliseconds the server's was
    ahead of it when they last spoke; none where they never did."""

    model_config = ConfigDict(extra="forbid")

    nonce: UUID
    kind: ScanKind = ScanKind.entry
    at: Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC))]
    offset: Annotated[WholeNumber, Field(ge=-_TEN_YEARS_MS, le=_TEN_YEARS_MS)] | None = None
    gate: Annotated[Line, Field(max_length=60)] = ""
    code: Annotated[str, Field(max_length=5000)] | None = None
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None = None
    session_id: UUID | None = None
    walk_in: WalkInData | None = None
    undoes: UUID | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> "ScanIn":
        named = [one for one in (self.code, self.digest, self.walk_in, self.undoes) if one is not None]
        if len(named) != 1 or (self.kind is ScanKind.undo) != (self.undoes is not None):
            raise wrong(N_("A scan names one code, digest, walk-in or scan to undo."))
        return self

    @property
    def whose(self) -> str | None:
        """What the person is looked up by."""
        return self.digest or (code_digest(self.code) if self.code is not None else None)


class UnreadableScan(BaseModel):
    """What is no scan but has a nonce: it is answered as unknown, and the others are taken."""

    nonce: Annotated[str, Field(max_length=100)]


class ScansIn(BaseModel):
    """A device's queue, in whichever order."""

    model_config = ConfigDict(extra="forbid")

    scans: Annotated[
        list[Annotated[ScanIn | UnreadableScan, Field(union_mode="left_to_right")]], Field(max_length=MOST_SCANS)
    ]


class BadgeScanOut(BaseModel):
    """What became of one scan. `at` is when it happened; one that repeats another says `since` when and at which
    `gate`. `undone`: it counts no more."""

    nonce: str
    state: BadgeScanState
    name: str = ""
    category: Category | None = None
    digest: str = ""
    at: datetime | None = None
    is_time_unsure: bool = False
    since: datetime | None = None
    gate: str = ""
    undone: bool = False

    @classmethod
    def of(
        cls, nonce: str, scan: DeskScan, who: tuple[str, Category, str] | None, repeats: Passage | None
    ) -> "BadgeScanOut":
        state = scan.refusal or (BadgeScanState.again if repeats else BadgeScanState.taken)
        name, category, digest = who or ("", None, "")
        return cls(
            nonce=nonce,
            state=state,
            name=name,
            category=category,
            digest=digest,
            at=scan.happened_at,
            is_time_unsure=scan.is_time_unsure,
            since=repeats.happened_at if repeats else None,
            gate=repeats.gate if repeats else scan.gate,
            undone=scan.undone_at is not None,
        )


class ScansOut(BaseModel):
    """An answer for each scan, in the order in which they came, and the server's clock."""

    now: datetime
    scans: list[BadgeScanOut]


class DeskPerson(BaseModel):
    """One person as a desk knows them: no contact, no note, nothing else that they told."""

    digest: str
    name: str
    institution: str
    category: Category
    state: Presence
    since: datetime | None = None
    gate: str = ""


class BadgeOut(BaseModel):
    """What is printed on a badge; the code goes into a QR code of version 3, at least 25 mm wide."""

    name: str
    institution: str
    category: Category
    code: str


class DeskSession(BaseModel):
    """A session that people may be checked into."""

    id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, session: Session, language: str) -> "DeskSession":
        return cls(
            id=session.id,
            title=session.title_in(language),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
        )


class DeskList(BaseModel):
    """The list that a device keeps, encrypted. States are those of the half-day that ends at `turns_at`; `now` is the
    server's clock."""

    event_id: UUID
    event: str
    zone: str
    role: DeskRole
    now: datetime
    turns_at: datetime
    ends_at: datetime
    sessions: list[DeskSession]
    people: list[DeskPerson]

    @classmethod
    def of(cls, event: Event, **beside: Any) -> "DeskList":
        return cls(event_id=event.id, event=event.title, zone=event.zone, **beside)
