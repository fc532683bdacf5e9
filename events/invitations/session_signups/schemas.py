"""Who has a place in a session of their own choice, as programs see it."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from events.invitations.session_signups.rules import SignupLine, SignupState


class SignupOut(BaseModel):
    """Somebody who chose a session; `position` counts those who wait, from 1, `until` says how long a place is kept,
    `clashes_with` which sessions at the same time they have chosen as well: one of the two was moved since."""

    invitation_id: UUID
    name: str
    institution: str
    state: SignupState
    position: int | None
    since: datetime
    until: datetime | None
    clashes_with: list[str]

    @classmethod
    def of(cls, line: SignupLine) -> "SignupOut":
        return cls(
            invitation_id=line.invitation_id,
            name=line.name,
            institution=line.institution,
            state=line.state,
            position=line.position,
            since=line.since,
            until=line.until,
            clashes_with=list(line.clashes_with),
        )
