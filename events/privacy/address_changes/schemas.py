"""What is asked and said about another address."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.text import Address
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.rules import AddressChangeState


class NewAddressIn(BaseModel):
    """Where somebody wants to be written to."""

    model_config = ConfigDict(extra="forbid")

    address: Address


class AddressToken(BaseModel):
    """The last part of a link from one of the two mails."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=16, max_length=64)]


class AddressChangeOut(BaseModel):
    """A request of one's own that waits for the mailboxes, or says that the address is written otherwise now."""

    address: str
    is_waiting: bool
    former_has_confirmed: bool = False
    new_has_confirmed: bool = False
    ends_at: datetime | None = None

    @classmethod
    def of(cls, change: AddressChange | None, address: str) -> "AddressChangeOut":
        if change is None:
            return cls(address=address, is_waiting=False)
        return cls(
            address=change.address,
            is_waiting=True,
            former_has_confirmed=change.former_confirmed_at is not None,
            new_has_confirmed=change.new_confirmed_at is not None,
            ends_at=change.ends_at,
        )


class AddressConfirmed(BaseModel):
    """What a confirmation brought: `asked` waits for the other mailbox."""

    state: AddressChangeState


class FormerAddress(BaseModel):
    """An address that somebody had before, or asked for while another record has it."""

    id: UUID
    state: AddressChangeState
    former: str
    address: str
    changed_at: datetime | None
