"""Codes that were mailed, and browsers and programs that may see what was told under a link."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import instant
from core.ids import new_id


class LinkCode(SQLModel, table=True):
    """The code that was mailed last for a link."""

    __tablename__ = "link_code"

    link_id: UUID = Field(primary_key=True)
    code_hash: str = Field(max_length=64)
    ends_at: datetime = instant()


class LinkSession(SQLModel, table=True):
    """A browser or a program that may see what was told under a link, personal or an institution's.

    Confirmed by a code from the owner's mailbox; or not, and then it sees only because it told all there is itself.
    """

    __tablename__ = "link_session"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    link_id: UUID
    # The invitation or the call: it may have several links, one in each mail.
    about_id: UUID = Field(index=True)
    token_hash: str = Field(max_length=64, unique=True)
    is_confirmed: bool
    ends_at: datetime = instant()
