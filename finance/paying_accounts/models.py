"""The account that a project pays from."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document, secret


class PayingAccount(SQLModel, table=True):
    """From where a project pays, the columns of its bank list, and the accounts of its books by what is paid."""

    __tablename__ = "paying_account"

    project_id: UUID = Field(primary_key=True, foreign_key="project.id")
    holder: str = secret(default="")
    iban: str = secret(default="")
    bic: str = secret(default="")
    columns: list[str] = document(default_factory=list)
    explanation: str = Field(default="", max_length=60)
    books: dict[str, Any] = document(default_factory=dict)
