"""What programs learn about the account that they work for."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from directory.accounts.models import Account, ApiToken, SignIn


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

    @classmethod
    def of(
        cls, account: Account, sessions: Iterable[SignIn], tokens: Iterable[ApiToken], *, codes_left: int
    ) -> "AccountOut":
        return cls(
            name=account.name,
            address=account.address,
            language=account.language,
            has_password=account.password is not None,
            has_second_factor=account.totp_secret is not None,
            recovery_codes_left=codes_left,
            sessions=[SignInSessionOut.model_validate(one.model_dump()) for one in sessions],
            tokens=[TokenOut.model_validate(one.model_dump()) for one in tokens],
        )
