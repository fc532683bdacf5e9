"""Accounts, their roles, and every kind of key that lets somebody in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from core.columns import choice, document, instant, secret
from core.ids import new_id
from directory.accounts.rules import Role


class Account(SQLModel, table=True):
    """Somebody of the project's staff. `totp_step` is the last code used, so that none serves twice."""

    __tablename__ = "account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=120)
    address: str = Field(max_length=254)
    address_key: str = Field(max_length=254, unique=True)
    language: str = Field(default="en", max_length=2)
    password: str | None = Field(default=None, max_length=200)
    totp_secret: str | None = secret(default=None, nullable=True)
    totp_step: int = 0


class Membership(SQLModel, table=True):
    """One role of one account in one project. `name` is what the project calls its holder: the name that an account has
    elsewhere is none of its business."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "project_id", "role"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    project_id: UUID = Field(foreign_key="project.id", index=True)
    role: Role = choice(Role)
    name: str = Field(default="", max_length=120)


class SignIn(SQLModel, table=True):
    """A signed-in browser. Incomplete until the second factor, where the account has one.

    `seen_at` is when it was last used, to the minute; `confirmed_at` when its user last showed who they are.
    """

    __tablename__ = "sign_in"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    is_complete: bool = True
    browser: str = Field(default="", max_length=60)
    started_at: datetime | None = instant(default=None, nullable=True)
    seen_at: datetime | None = instant(default=None, nullable=True)
    confirmed_at: datetime | None = instant(default=None, nullable=True)
    ends_at: datetime = instant()


class OneTimeLink(SQLModel, table=True):
    """A mailed link that signs in once."""

    __tablename__ = "one_time_link"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    ends_at: datetime = instant()
    used_at: datetime | None = instant(default=None, nullable=True)


class RecoveryCode(SQLModel, table=True):
    """Stands in once for the second factor whose device is lost."""

    __tablename__ = "recovery_code"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    used_at: datetime | None = instant(default=None, nullable=True)


class ApiToken(SQLModel, table=True):
    """A key for programs: a name, some of the account's rights, an end. `used_at` is right to the minute."""

    __tablename__ = "api_token"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    rights: list[str] = document()
    ends_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None, nullable=True)
    used_at: datetime | None = instant(default=None, nullable=True)
