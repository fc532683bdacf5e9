"""Institutions as a tree, and people, who exist before their first event and without an account."""

from enum import StrEnum
from uuid import UUID

from sqlmodel import Field, SQLModel, UniqueConstraint

from core.columns import choice
from core.ids import new_id


class Sex(StrEnum):
    """For the donor's indicators; nobody has to say."""

    female = "female"
    male = "male"
    unsaid = "unsaid"


class Institution(SQLModel, table=True):
    """A body that sends people. `search` is its name folded."""

    __tablename__ = "institution"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=200)
    search: str = Field(max_length=250, unique=True)
    parent_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    province: str = Field(default="", max_length=6)


class Person(SQLModel, table=True):
    """A person, known once however many events there are. `address_key` is the mailbox, folded."""

    __tablename__ = "person"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=120)
    title: str = Field(default="", max_length=120)
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    province: str = Field(default="", max_length=6)
    sex: Sex = choice(Sex, default=Sex.unsaid)
    address: str | None = Field(default=None, max_length=254)
    address_key: str | None = Field(default=None, max_length=254, unique=True)
    language: str = Field(default="tr", max_length=2)
    search: str = Field(max_length=700, index=True)


class Acquaintance(SQLModel, table=True):
    """A project knows a person. Nobody sees the people of a project they have no part in."""

    __tablename__ = "acquaintance"
    __table_args__ = (UniqueConstraint("project_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
