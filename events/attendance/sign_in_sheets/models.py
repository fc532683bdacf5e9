"""Sheets as they were made."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import document, instant, secret_document
from core.ids import new_id


class SheetVersion(SQLModel, table=True):
    """A sign-in sheet as it was made, which no later change of people or programme touches.

    `sheet` is the number that its code carries, the same for all versions of an event's sheet; `layout` says where its
    cells are (`layout.SheetLayout`), `content` what it shows (`composition.SignInSheet` without its pictures), and
    `file_digest` is the SHA-256 of the file.
    """

    __tablename__ = "sheet_version"
    __table_args__ = (UniqueConstraint("sheet", "version"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    sheet: str = Field(max_length=13)
    version: int
    language: str = Field(max_length=2)
    people: int
    content: dict[str, Any] = secret_document(default_factory=dict)
    layout: dict[str, Any] = document(default_factory=dict)
    file_digest: str = Field(max_length=64)
    made_at: datetime = instant()
