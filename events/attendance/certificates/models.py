"""Certificates as they were issued."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, instant, secret, secret_document
from core.ids import new_id
from events.attendance.certificates.rules import CertificateState


class Certificate(SQLModel, table=True):
    """One certificate. `content` is what it says (`documents.CertificateContent`), the file lies under its hash, which
    is the SHA-256 that the verification page shows. The code that opens that page stands in
    `content.address` and is looked up by its hash."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("project_id", "year", "serial", "issue"),
        UniqueConstraint("code_hash"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    event_id: UUID = Field(foreign_key="event.id", index=True)
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
    year: int
    serial: int
    issue: int = 1
    number: str = Field(max_length=60)
    code_hash: str = Field(max_length=64)
    content: dict[str, Any] = secret_document(default_factory=dict)
    file_hash: str = Field(max_length=64)
    state: CertificateState = choice(CertificateState, default=CertificateState.valid)
    reason: str = secret(default="")
    issued_at: datetime = instant()
    ended_at: datetime | None = instant(default=None, nullable=True)
