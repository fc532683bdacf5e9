"""Institutions as a tree, and people, who exist before their first event and without an account."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, event
from sqlmodel import Field, SQLModel, UniqueConstraint

from core.collation import sort_key
from core.columns import choice, document, folded, instant, secret
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
# What words of a name begin with. The first that is found decides: a police directorate is police.
_KIND_WORDS = (
    (InstitutionKind.prosecution, ("savcili", "bassavcili", "prosecut")),
    (InstitutionKind.court, ("mahkeme", "adliye", "yargitay", "danistay", "court")),
    (InstitutionKind.police, ("emniyet", "polis", "police")),
    (InstitutionKind.gendarmerie, ("jandarma", "gendarmerie")),
    (InstitutionKind.municipality, ("belediye", "municipality")),
    (InstitutionKind.university, ("universite", "university", "fakulte")),
    (InstitutionKind.civil_society, ("dernek", "dernegi", "vakfi", "vakif", "association", "foundation")),
    (InstitutionKind.international, ("birlesmis milletler", "united nations", "unhcr", "iom", "avrupa konseyi")),
    (InstitutionKind.directorate, ("mudurluk", "mudurlug", "directorate")),
    (InstitutionKind.presidency, ("baskanli", "presidency")),
    (InstitutionKind.ministry, ("bakanli", "ministry")),
)


def kind_of(name: str) -> InstitutionKind:
    """What sort of body it is, as far as its name says; `other` where it says nothing."""
    said = f" {folded(name)}"
    return next(
        (kind for kind, words in _KIND_WORDS if any(f" {word}" in said for word in words)), InstitutionKind.other
    )


class Institution(SQLModel, table=True):
    """A body that sends people, as one project knows it.

    `name` is the name in the project's own use, Turkish as a rule; `name_en` is empty where no English one is known.
    `search` and `search_en` are the two folded; `sort_key` and `sort_key_en` are what lists are sorted by. No two
    institutions of a project share a name, in either language.
    """

    __tablename__ = "institution"
    __table_args__ = (UniqueConstraint("project_id", "search"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    name: str = Field(max_length=200)
    search: str = Field(max_length=250)
    name_en: str = Field(default="", max_length=200)
    search_en: str = Field(default="", max_length=250, index=True)
    sort_key: str = Field(default="", max_length=700, index=True, sa_column_kwargs={"server_default": ""})
    sort_key_en: str = Field(default="", max_length=700, sa_column_kwargs={"server_default": ""})
    parent_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    kind: InstitutionKind = choice(InstitutionKind, default=InstitutionKind.other)
    country: str = Field(default="TR", max_length=2)
    province: str = Field(default="", max_length=6)
    address: str = Field(default="", max_length=300)
    letterhead_en: str = Field(default="", max_length=300)
    letterhead_tr: str = Field(default="", max_length=300)
    revision: int = 0

    def name_in(self, language: str) -> str:
        """The name in that language, or the one that the project uses."""
        return (self.name_en if language == "en" else "") or self.name


@event.listens_for(Institution, "before_insert")
@event.listens_for(Institution, "before_update")
def _sort_by_name(mapper: Any, connection: Any, institution: Institution) -> None:
    """Whoever writes a name, as erasing does to take somebody out of it, writes what it is sorted by."""
    institution.sort_key = sort_key(institution.name)
    institution.sort_key_en = sort_key(institution.name_en)


def name_of_institution(institution: "Institution | None", language: str) -> str:
    """What a list says in its column; nothing for whoever belongs to none."""
    return institution.name_in(language) if institution else ""


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
    two ways to write one name meet; `sort_key` and `surname_key` are what lists are sorted by.
    What only the journey needs is encrypted; `notes` are read by planners only.
    `title` is the position, in the language of where they work. `protocol_rank` says where they stand in the order of
    protocol, 1 before all others; none, and they stand after those who have one, by name.
    Somebody found to be another person points to them with `merged_into_id`.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("project_id", "address_key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id")
    name: str = Field(max_length=120)
    title: str = Field(default="", max_length=120)
    title_en: str = Field(default="", max_length=120, sa_column_kwargs={"server_default": ""})
    institution_id: UUID | None = Field(default=None, foreign_key="institution.id", index=True)
    province: str = Field(default="", max_length=6)
    sex: Sex = choice(Sex, default=Sex.unsaid)
    protocol_rank: int | None = Field(default=None)
    address: str | None = Field(default=None, max_length=254)
    address_key: str | None = Field(default=None, max_length=254, index=True)
    language: str = Field(default="tr", max_length=2)
    search: str = Field(max_length=700, index=True)
    name_key: str = Field(default="", max_length=160, index=True)
    sort_key: str = Field(default="", max_length=700, index=True, sa_column_kwargs={"server_default": ""})
    surname_key: str = Field(default="", max_length=700, sa_column_kwargs={"server_default": ""})
    passport_name: str = secret(default="")
    languages: list[str] = document(default_factory=list)
    phones: str = secret(default="")
    diet: str = secret(default="")
    accessibility: str = secret(default="")
    notes: str = secret(default="")
    merged_into_id: UUID | None = Field(default=None, foreign_key="person.id", index=True)
    revision: int = 0

    def title_in(self, language: str) -> str:
        """The position in that language, or the one it is known by."""
        return (self.title_en if language == "en" else "") or self.title


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


class InstitutionMerge(SQLModel, table=True):
    """One institution taken into another.

    The row of the merged one is gone, so that nothing can go on pointing to it: `merged` is what it was, `removed` are
    rows that would have stood there twice, `moved` names every row that changed hands, `before` what the kept one was.
    `search` and `search_en` still find the kept one under the other's names.
    """

    __tablename__ = "institution_merge"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    kept_id: UUID = Field(foreign_key="institution.id", index=True)
    merged_id: UUID = Field(index=True)
    search: str = Field(max_length=250)
    search_en: str = Field(default="", max_length=250)
    merged_at: datetime = instant()
    undone_at: datetime | None = instant(default=None, nullable=True)
    merged: dict[str, Any] = document(default_factory=dict)
    before: dict[str, Any] = document(default_factory=dict)
    moved: list[list[str | None]] = document(default_factory=list)
    removed: list[list[Any]] = document(default_factory=list)
