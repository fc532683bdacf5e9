"""Where personal data lie: every column and file of every table, registered by the package that owns the table.

Erasure, the copy that people take along, retention and the test that plants strings walk this registry. A column with
text that holds none is named too, with the reason, so that a new column cannot be forgotten: see `unregistered`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from core.mentions import Mention

Table = type[SQLModel]


class Erasing(StrEnum):
    """What erasing a person does to a column."""

    blank = "blank"
    """emptied in the person's rows"""
    delete = "delete"
    """the person's rows go"""
    redact = "redact"
    """others wrote it: the person is taken out of the text, wherever it stands"""
    keep = "keep"
    """stays, for a reason that is given"""


class Keeping(StrEnum):
    """How long a column is kept, by what it is for."""

    told = "told"
    """what people told for an event, and the mails about it: the project's `forget_months` after the event"""
    known = "known"
    """who somebody is: until the project's evidence is no longer kept"""
    evidence = "evidence"
    """what an audit needs: the project's `keep_years` after its end"""
    passing = "passing"
    """needed until something is done; goes by itself"""
    staff = "staff"
    """about those who work here: as long as they do"""


@dataclass(frozen=True)
class Subject:
    """One person, by everything that their rows are found by: ids of the rows that stand for them, by table
    (`person` with all records merged into one, `invitation`, `registration`), and the words that name them."""

    ids: Mapping[str, Collection[UUID]]
    names: Collection[str]
    addresses: Collection[str]
    projects: Collection[UUID]

    @property
    def mention(self) -> Mention:
        return Mention(self.names, self.addresses)


# Which rows of a table are meant: the person's own, or for redacting those in which others may have named them.
Whose = Callable[[Table, Subject], sa.ColumnElement[bool]]
Redactor = Callable[[Any, Mention], Any]


def taken_out(content: Any, mention: Mention) -> Any:
    return mention.taken_out(content)


@dataclass(frozen=True)
class PersonalData:
    """Columns of one table that are found, erased and kept alike.

    `reason` says why something is kept. `is_shown` puts it into the copy that people take along, `is_file` says that
    the column names a file by its hash. `is_one` empties all of these columns as soon as one of them mentions the
    person.
    """

    table: Table
    columns: tuple[str, ...]
    whose: Whose
    erasing: Erasing
    keeping: Keeping
    reason: str = ""
    is_shown: bool = True
    is_file: bool = False
    is_one: bool = False
    redact: Redactor = field(default=taken_out)

    @property
    def name(self) -> str:
        return str(self.table.__tablename__)


# Filled by the application from what every package says of its tables.
REGISTRY: list[PersonalData] = []
# Table and column -> why it holds nothing about anybody.
IMPERSONAL: dict[tuple[str, str], str] = {}


def by(column: str, of: str = "person") -> Whose:
    """Rows whose column points to a row that stands for the person."""

    def whose(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
        found: sa.ColumnElement[bool] = column_of(table, column).in_(subject.ids.get(of, ()))
        return found

    return whose


def by_address(column: str) -> Whose:
    """Rows of an address of theirs."""

    def whose(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
        return sa.func.lower(column_of(table, column)).in_([a.lower() for a in subject.addresses])

    return whose


def in_projects(column: str = "project_id") -> Whose:
    """Texts of the person's projects. What is of no project is the installation's: no project changes that."""

    def whose(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
        found: sa.ColumnElement[bool] = column_of(table, column).in_(subject.projects)
        return found

    return whose


def nobodys(table: Table, subject: Subject) -> sa.ColumnElement[bool]:
    """Rows about staff: no participant's."""
    return sa.false()


def impersonal(table: Table, columns: str, reason: str) -> dict[tuple[str, str], str]:
    """Columns, their names with spaces between, that hold nothing about anybody."""
    return {(str(table.__tablename__), column): reason for column in columns.split()}


def column_of(table: Table, name: str) -> Any:
    return getattr(table, name)


def emptied(table: Table, name: str) -> Any:
    """What an erased column holds: nothing, or an empty text, list or document; in clear, for there is nothing to
    hide."""
    column = sa.inspect(table).columns[name]
    if column.nullable:
        return None
    if isinstance(column.type, sa.JSON):
        is_list = str(table.model_fields[name].annotation).startswith("list")
        return [] if is_list else {}
    return sa.literal("", sa.Text())


def files_named(entries: Sequence[PersonalData]) -> Iterator[PersonalData]:
    return (entry for entry in entries if entry.is_file)


_NEVER_TEXT = (sa.Enum, sa.Uuid, sa.Boolean, sa.Integer, sa.Date, sa.DateTime, sa.Numeric, UTCDateTime)


def texts_of(metadata: sa.MetaData) -> Iterator[tuple[str, str]]:
    """Every column of every table that can hold text, a document or bytes."""
    for table in metadata.sorted_tables:
        yield from ((table.name, c.name) for c in table.columns if not isinstance(c.type, _NEVER_TEXT))


def unregistered(metadata: sa.MetaData) -> list[tuple[str, str]]:
    """Columns of which nobody has said whether they hold personal data. Has to be empty."""
    known = {(entry.name, column) for entry in REGISTRY for column in entry.columns} | IMPERSONAL.keys()
    return [column for column in texts_of(metadata) if column not in known]
