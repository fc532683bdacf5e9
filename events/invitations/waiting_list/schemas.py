"""The waiting list as programs see it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from directory.people.models import Person
from events.invitations.registrations.models import Registration
from events.invitations.waiting_list.rules import Chance


class Filled(BaseModel):
    """How many of those who wait were given a place, or offered one."""

    moved: int


class Waits(BaseModel):
    """Somebody who waits, and what chance they have."""

    position: int
    invitation_id: UUID
    name: str
    since: datetime
    is_first: bool
    chance: Chance

    @classmethod
    def of(cls, position: int, registration: Registration, person: Person, chance: Chance) -> "Waits":
        return cls(
            position=position,
            invitation_id=registration.invitation_id,
            name=person.name,
            since=registration.registered_at,
            is_first=registration.priority > 0,
            chance=chance,
        )
