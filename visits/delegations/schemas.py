"""A visit's plan as it goes in and out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.codes import Country
from core.paging import sort_by
from core.text import AddressOrNone, Blank, Line, Prose, Telephone, WebAddress
from visits.delegations.models import HostMeeting, VisitPlan
from visits.delegations.rules import DelegationList

MeetingSort = Annotated[str, sort_by("institution", "when", "address", "contact", "interpreter")]


class PlanIn(BaseModel):
    """What the visit is for; `head_id` is the registration of somebody with a place."""

    model_config = ConfigDict(extra="forbid")

    sending_country: Country = "TR"
    purpose: Annotated[Prose, Field(max_length=2000)] = ""
    goals: Annotated[Prose, Field(max_length=4000)] = ""
    head_id: Annotated[UUID | None, Blank] = None

    @classmethod
    def fields_of(cls, plan: VisitPlan) -> dict[str, Any]:
        return plan.model_dump(mode="json", include=set(cls.model_fields)) | {"head_id": str(plan.head_id or "")}


class MeetingIn(BaseModel):
    """An institution that receives the delegation."""

    model_config = ConfigDict(extra="forbid")

    institution: Annotated[Line, Field(min_length=1, max_length=200)]
    session_id: Annotated[UUID | None, Blank] = None
    address: Annotated[Line, Field(max_length=300)] = ""
    map_url: WebAddress = ""
    contact_name: Annotated[Line, Field(max_length=120)] = ""
    contact_phone: Telephone = ""
    contact_address: AddressOrNone = ""
    interpreter: Annotated[Line, Field(max_length=120)] = ""
    note: Annotated[Prose, Field(max_length=1000)] = ""

    @classmethod
    def fields_of(cls, meeting: HostMeeting) -> dict[str, Any]:
        shown = meeting.model_dump(mode="json", include=set(cls.model_fields))
        return shown | {"session_id": str(meeting.session_id or "")}


class MeetingOut(MeetingIn):
    """A meeting with its id."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    changed_at: datetime


class PlanOut(PlanIn):
    """A visit's plan with the institutions that receive it."""

    host_country: str
    meetings: list[MeetingOut]

    @classmethod
    def of(cls, plan: VisitPlan, host_country: str, meetings: Sequence[HostMeeting]) -> "PlanOut":
        shown = plan.model_dump(include=set(PlanIn.model_fields))
        return cls(host_country=host_country, meetings=[MeetingOut.model_validate(one) for one in meetings], **shown)


class ListIn(BaseModel):
    """Which list, for whom: it stands on every page and in the history."""

    model_config = ConfigDict(extra="forbid")

    kind: DelegationList = DelegationList.host
    recipient: Annotated[Line, Field(min_length=3, max_length=150)]
    ending: Literal["pdf", "xlsx", "csv"] = "pdf"
