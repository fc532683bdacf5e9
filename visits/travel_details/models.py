"""What one traveller tells; everything is encrypted at rest."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant, secret, secret_document
from core.ids import new_id


class TravelDetails(SQLModel, table=True):
    """Of one person for one visit. Passport, visa and insurance are documents of their schemas, empty
    where nothing was told; `page_hash` is the sealed file of the passport's page, which no program reads. All is
    deleted some weeks after the visit (`visits/travel_details/rules.py`)."""

    __tablename__ = "travel_details"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", unique=True)
    home: str = secret(default="")
    wishes: str = secret(default="")
    room: dict[str, Any] = secret_document(default_factory=dict)
    passport: dict[str, Any] = secret_document(default_factory=dict)
    visa: dict[str, Any] = secret_document(default_factory=dict)
    insurance: dict[str, Any] = secret_document(default_factory=dict)
    page_name: str = secret(default="")
    page_hash: str = Field(default="", max_length=64)
    changed_at: datetime = instant()
