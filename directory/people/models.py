"""Institutions as a tree, and people, who exist before their first event and without an account."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel, UniqueConstraint

from core.columns import choice, document, instant, secret
from core.errors import N_
from core.ids import new_id


class Sex(StrEnum):
    """For the donor's indicators; nobody has to say."""

    female = "female"
    male = "male"
    unsaid = "unsaid"


class InstitutionKind(StrEnum):
    """What sort of body it is."""

    ministry = "ministry"
    presidency = "presidency"
    directorate = "directorate"
    court = "court"
    prosecution = "prosecution"
    police = "police"
    gendarmerie = "gendarmerie"
    municipality = "municipality"
    university = "university"
    civil_society = "civil-society"
    international = "international"
    other = "other"


INSTITUTION_KINDS = {
    InstitutionKind.ministry: N_("Ministry"),
    InstitutionKind.presidency: N_("Presidency"),
    InstitutionKind.directorate: N_("Directorate"),
    InstitutionKind.court: N_("Court"),
    InstitutionKind.prosecution: N_("Prosecutor’s office"),
    InstitutionKind.police: N_("Police"),
    InstitutionKind.gendarmerie: N_("Gendarmerie"),
    InstitutionKind.municipality: N_("Municipality"),
    InstitutionKind.university: N_("University"),
    InstitutionKind.civil_society: N_("Civil society"),
    InstitutionKind.international: N_("International organisation"),
    InstitutionKind.other: N_("Other"),
}
SEXES = {Sex.female: N_("Female"), Sex.male: N_("Male"), Sex.unsaid: N_("Not said")}


class Institution(SQLModel, table=True):
    """A body that sends people, as one project knows it. `search` is its name folded."""

    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("project_id", "search"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    name: str = Field(max_length=200)
    search: str = Field(max_length=250)
    parent_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    kind: InstitutionKind = choice(InstitutionKind, default=InstitutionKind.other)
    country: str = Field(default="TR", max_length=2)
    province: str = Field(default="", max_length=6)
    address: str = Field(default="", max_length=300)
    letterhead_en: str = Field(default="", max_length=300)
    letterhead_tr: str = Field(default="", max_length=300)
    revision: int = 0


class FocalPoint(SQLModel, table=True):
    """Who names people for an institution."""

    __tablename__ = "focal_point"
    __table_args__ = (UniqueConstraint("institution_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    institution_id: UUID = Field(foreign_key="institution.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)


class Person(SQLModel, table=True):
    """A person as one project knows them, once however many events there are.

    Another project that knows the same person has a record of its own: neither can change, read or notice the other's.
    `address_key` is the primary mailbox, folded; `name_key` the words of the name, folded and sorted, so that
    two ways to write one name meet. What only the journey needs is encrypted; `notes` are read by planners only.
    Somebody found to be another person points to them with `merged_into_id`.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("project_id", "address_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    name: str = Field(max_length=120)
    title: str = Field(default="", max_length=120)
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    province: str = Field(default="", max_length=6)
    sex: Sex = choice(Sex, default=Sex.unsaid)
    address: str | None = Field(default=None, max_length=254)
    address_key: str | None = Field(default=None, max_length=254, index=True)
    language: str = Field(default="tr", max_length=2)
    search: str = Field(max_length=700, index=True)
    name_key: str = Field(default="", max_length=160, index=True)
    passport_name: str = secret(default="")
    languages: list[str] = document(default_factory=list)
    phones: str = secret(default="")
    diet: str = secret(default="")
    accessibility: str = secret(default="")
    notes: str = secret(default="")
    merged_into_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    revision: int = 0


class PersonAddress(SQLModel, table=True):
    """Another mailbox of a person, beside the primary one."""

    __tablename__ = "person_address"
    __table_args__ = (UniqueConstraint("project_id", "address_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    person_id: UUID = Field(foreign_key="person.id", index=True)
    address: str = Field(max_length=254)
    address_key: str = Field(max_length=254, index=True)


class Merge(SQLModel, table=True):
    """One record taken into another. `moved` names every row that changed hands, `before` what the kept one was."""

    __tablename__ = "merge"
    __table_args__ = (CheckConstraint("kept_id <> merged_id", name="two_people"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kept_id: UUID = Field(foreign_key="person.id", index=True)
    merged_id: UUID = Field(foreign_key="person.id", index=True)
    merged_at: datetime = instant()
    undone_at: datetime | None = instant(default=None, nullable=True)
    moved: dict[str, list[str]] = document(default_factory=dict)
    before: str = secret(default="{}")
