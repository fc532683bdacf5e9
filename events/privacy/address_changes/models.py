"""Requests to be written to at another address, and the addresses that people had before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from core.columns import choice, instant
from core.ids import new_id
from events.privacy.address_changes.rules import AddressChangeState


class AddressChange(SQLModel, table=True):
    """From `former` to `address`. One that is refused, replaced or not confirmed in time leaves no row: the address may
    be a stranger's. What was changed stays, as the address that the person had before."""

    __tablename__ = "address_change"
    __table_args__ = (
        Index(
            "ix_address_change_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    person_id: UUID = Field(foreign_key="person.id", index=True)
    former: str = Field(max_length=254)
    address: str = Field(max_length=254)
    former_token_hash: str = Field(max_length=64, unique=True)
    new_token_hash: str = Field(max_length=64, unique=True)
    state: AddressChangeState = choice(AddressChangeState, default=AddressChangeState.asked)
    asked_at: datetime = instant()
    ends_at: datetime = instant()
    former_confirmed_at: datetime | None = instant(default=None, nullable=True)
    new_confirmed_at: datetime | None = instant(default=None, nullable=True)
    changed_at: datetime | None = instant(default=None, nullable=True)
