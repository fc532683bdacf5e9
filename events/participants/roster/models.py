"""Which columns somebody likes to see."""

from uuid import UUID

from sqlmodel import Field, SQLModel

from core.columns import document


class RosterColumns(SQLModel, table=True):
    """The columns of rosters as one account chose them last."""

    __tablename__ = "roster_columns"

    account_id: UUID = Field(foreign_key="account.id", primary_key=True)
    columns: list[str] = document(default_factory=list)
