"""What programs learn about the account that they work for."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel


class SignInSessionOut(BaseModel):
    """A browser that is signed in. `seen_at` is right to the minute."""

    id: UUID
    browser: str
    started_at: datetime | None
    seen_at: datetime | None
    ends_at: datetime


class TokenOut(BaseModel):
    """A token for programs, never the token itself. `used_at` is right to the minute; null: never used."""

    id: UUID
    name: str
    rights: list[str]
    ends_at: datetime
    used_at: datetime | None


class AccountOut(BaseModel):
    """The ways into an account, so that its owner can watch them."""

    name: str
    address: str
    language: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    sessions: list[SignInSessionOut]
    tokens: list[TokenOut]
