"""Badge codes."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import secret
from core.ids import new_id


class BadgeCode(SQLModel, table=True):
    """The random code of one invitation: it stays when its person gives the place back and takes it again. Encrypted,
    to be shown and printed; looked up by its hash."""

    __tablename__ = "badge_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    invitation_id: UUID = Field(foreign_key="invitation.id", unique=True)
    code: str = secret()
    code_hash: str = Field(max_length=64, unique=True)
