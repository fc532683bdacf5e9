"""What goes in and out of imports: how a list is read, its lines, and the result."""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.documents.pasted_lists import MOST_LETTERS
from core.errors import N_
from core.i18n import Words
from core.paging import Paging, sorting
from core.text import Line, WholeNumber, must_hold_letters
from directory.import_memory.models import ImportMemory
from directory.imports.documents import sentence, unpacked
from directory.imports.models import ListImport
from directory.imports.rules import ImportRow, ImportState, Note, Verdict
from directory.list_repairs.rules import Repair

# What imported lists may stand by.
ImportPaging = Annotated[Paging, sorting("file", "list", "when", "state", "added", "left")]


# What a list that was pasted is called in place of its file.
PASTED = N_("Pasted text")


class PastedListIn(BaseModel):
    """A list as text: cells of a spreadsheet, recipients of a mail, or a person on each line."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(max_length=MOST_LETTERS), AfterValidator(must_hold_letters)]


class Choices(BaseModel):
    """How a person wants a list read. `heading` is the number of the line of headings, 0 for none; `cells` are
    corrections by line and field, `left` and `taken` lines that are left out or taken against their verdict,
    `institutions` what a text stands for: an institution's id, "new" or "none"."""

    model_config = ConfigDict(extra="forbid")

    sheet: Annotated[int, Field(ge=0, le=200)] = 0
    encoding: Annotated[str, Field(max_length=20)] = ""
    heading: Annotated[int, Field(ge=0, le=100_000)] = 0
    columns: dict[Annotated[int, Field(ge=0, le=60)], Annotated[str, Field(max_length=20)]] = {}
    off: list[Repair] = []
    take_over: bool = False
    cells: dict[int, dict[str, str]] = {}
    left: list[int] = []
    taken: list[int] = []
    institutions: dict[str, str] = {}

    @classmethod
    def of(cls, upload: ListImport) -> "Choices":
        return cls.model_validate_json(upload.choices or "{}")


class Match(BaseModel):
    """An institution that a list names and the project does not know by that name, with what it may be."""

    key: str
    text: str
    lines: int
    chosen: str
    proposed: list[tuple[str, str]] = []


class Reading(BaseModel):
    """What was made of a list: its lines, what is to be said about all of it, institutions to match."""

    rows: list[ImportRow] = []
    notes: list[Note] = []
    matches: list[Match] = []

    @classmethod
    def of(cls, upload: ListImport) -> "Reading":
        """What was made of the list when it was read last; after its import, the lines that were left out."""
        return cls.model_validate_json(upload.rows or "{}")


class ReadingIn(BaseModel):
    """Read the list another way. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    sheet: Annotated[WholeNumber | None, Field(ge=0, le=200)] = None
    encoding: Annotated[str | None, Field(max_length=20)] = None
    heading: Annotated[WholeNumber | None, Field(ge=0, le=100_000)] = None
    columns: dict[Annotated[str, Field(max_length=20)], Annotated[WholeNumber, Field(ge=0, le=60)]] | None = None
    off: list[Repair] | None = None
    take_over: bool | None = None
    institutions: Annotated[dict[str, Annotated[str, Field(max_length=40)]] | None, Field(max_length=2000)] = None


class CorrectionIn(BaseModel):
    """One line corrected. `leave_out` leaves it out, or takes it in against its verdict."""

    model_config = ConfigDict(extra="forbid")

    values: Annotated[dict[str, Annotated[str, Field(max_length=500)]], Field(max_length=20)] = {}
    leave_out: bool | None = None


class ChosenRows(BaseModel):
    """Lines to import, by their number in the file; none named means all that can be."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[int] | None, Field(max_length=20_000)] = None


class RowOut(BaseModel):
    """A line with its verdict, and sentences about it in the caller's language."""

    number: int
    values: dict[str, str]
    was: dict[str, str]
    known: dict[str, str]
    verdict: Verdict
    notes: list[str]

    @classmethod
    def of(cls, row: ImportRow, say: Words) -> "RowOut":
        return cls(
            number=row.number,
            values=row.values,
            was=row.was,
            known=row.known,
            verdict=row.verdict,
            notes=_sentences(row.notes, say),
        )


class ImportOut(BaseModel):
    """A list with the verdict on each line. Once it is imported, only the lines that were left out are kept."""

    id: UUID
    purpose: str
    about_id: UUID
    file_name: str
    state: ImportState
    sheets: list[str]
    encoding: str
    columns: dict[str, int]
    notes: list[str]
    institutions: dict[str, Any]
    added: int
    changed: int
    left_out: int
    rows: list[RowOut]

    @classmethod
    def of(cls, upload: ListImport, say: Words) -> "ImportOut":
        """In the words of the caller's language."""
        reading, choices = Reading.of(upload), Choices.of(upload)
        made = {
            "sheets": [sheet.name for sheet in unpacked(upload.content)],
            "encoding": choices.encoding,
            "columns": {name: index for index, name in choices.columns.items()},
            "notes": _sentences(reading.notes, say),
            "institutions": {match.key: match.chosen for match in reading.matches},
            "rows": [RowOut.of(row, say) for row in reading.rows],
        }
        return cls.model_validate({**upload.model_dump(exclude={"rows"}), **made})


def _sentences(notes: Iterable[Note], say: Words) -> list[str]:
    return [sentence(note.text, note.facts, say) for note in notes]


class MemoryIn(BaseModel):
    """The field that a heading means."""

    model_config = ConfigDict(extra="forbid")

    value: Annotated[Line, Field(min_length=1, max_length=40)]


class MemoryOut(BaseModel):
    """What a heading or a text of lists means: the name of a field, or an institution."""

    id: UUID
    purpose: str
    kind: str
    text: str
    value: str
    institution: str

    @classmethod
    def of(cls, memory: ImportMemory, institution: str) -> "MemoryOut":
        return cls(**memory.model_dump(exclude={"project_id"}), institution=institution)
