"""Lists that were uploaded."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel, col, func

from core.columns import choice, instant, secret
from core.ids import new_id
from directory.imports.rules import ImportState


class ListImport(SQLModel, table=True):
    """One uploaded list. `purpose` says what it is a list of, `about_id` of which event or project.

    `content` is the file as it was read, `choices` how a person wants it read, `rows` what each line will lead to; all
    three are JSON and encrypted. Once it is imported only the lines that were left out stay in `rows`, and `made` holds
    what undoing needs.
    """

    __tablename__ = "list_import"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    project_id: UUID = Field(foreign_key="project.id", index=True)
    purpose: str = Field(max_length=20)
    about_id: UUID = Field(index=True)
    file_name: str = Field(max_length=200)
    state: ImportState = choice(ImportState, default=ImportState.unmapped)
    content: str = secret(default="")
    choices: str = secret(default="{}")
    rows: str = secret(default="{}")
    made: str = secret(default="{}")
    uploaded_at: datetime = instant()
    added: int = 0
    changed: int = 0
    left_out: int = 0
    revision: int = 0


# What a list of them is ordered by.
IMPORT_SORTS = {
    "file": func.lower(col(ListImport.file_name)),
    "list": col(ListImport.purpose),
    "when": col(ListImport.id),
    "state": col(ListImport.state),
    "added": col(ListImport.added),
    "left": col(ListImport.left_out),
}
