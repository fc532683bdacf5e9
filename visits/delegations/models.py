"""A visit's plan, and the institutions that receive it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant, secret
from core.ids import new_id


class VisitPlan(SQLModel, table=True):
    """What a visit is for. `head_id` is the registration of the head of the delegation; the host country is the
    event's."""

    __tablename__ = "visit_plan"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", unique=True)
    sending_country: str = Field(default="TR", max_length=2)
    purpose: str = secret(default="")
    goals: str = secret(default="")
    head_id: UUID | None = Field(default=None, foreign_key="registration.id")
    changed_at: datetime = instant()


class HostMeeting(SQLModel, table=True):
    """An institution that receives the delegation, when, where, by whom and with which interpreter. `session_id` is the
    session of the programme that takes place there, if it is one."""

    __tablename__ = "host_meeting"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    session_id: UUID | None = Field(default=None, foreign_key="session.id")
    institution: str = Field(max_length=200)
    address: str = Field(default="", max_length=300)
    map_url: str = Field(default="", max_length=500)
    contact_name: str = secret(default="")
    contact_phone: str = secret(default="")
    contact_address: str = secret(default="")
    interpreter: str = secret(default="")
    note: str = secret(default="")
    changed_at: datetime = instant()
