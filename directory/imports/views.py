"""Which institutions of a project the texts of a list mean, and what they are called who are new."""

from collections.abc import Callable, Mapping, Sequence

from pydantic_core import PydanticCustomError
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import folded
from directory.import_memory.service import INSTITUTION, remembered_for
from directory.imports.models import ListImport
from directory.imports.rules import ImportRow, Note, Verdict
from directory.imports.schemas import Choices, Match, Reading
from directory.institutions.rules import Known, best_match
from directory.people.geography import phone_number, provinces_named
from directory.people.models import Institution
from directory.people.service import institutions_known

# From here on what is proposed is also chosen, until somebody says otherwise.
SURE = 0.85
NEW, NONE = "new", "none"


async def match_institutions(db: AsyncSession, upload: ListImport, choices: Choices, reading: Reading) -> None:
    """Write into the lines the names of the institutions that are meant: what a person chose, what the project
    remembers, one of that name, or what is likely. Texts that are no name of the project's are put among the reading's
    matches, for confirmation."""
    lines: dict[str, list[ImportRow]] = {}
    for row in reading.rows:
        if row.verdict is not Verdict.skipped and row.values.get("institution"):
            lines.setdefault(text_key(row.values["institution"]), []).append(row)
    named = await institutions_known(db, upload.project_id, [rows[0].values["institution"] for rows in lines.values()])
    unknown = {key: rows for key, rows in lines.items() if key not in named}
    found = {key: one.name for key, one in named.items()}
    if unknown:
        found |= await _unknown(db, upload, choices, reading, unknown)
    for key, rows in lines.items():
        _write(rows, found[key])


async def _unknown(
    db: AsyncSession,
    upload: ListImport,
    choices: Choices,
    reading: Reading,
    unknown: Mapping[str, Sequence[ImportRow]],
) -> dict[str, str]:
    """By the key of each text the name that is meant; empty where it is to be left empty."""
    there = (await db.exec(select(Institution).where(Institution.project_id == upload.project_id))).all()
    names = {str(one.id): one.name for one in there}
    known = [Known(one.id, tuple(filter(None, (one.name, one.name_en))), one.province) for one in there]
    remembered = await remembered_for(db, upload.project_id, upload.purpose, INSTITUTION)
    found: dict[str, str] = {}
    for key, rows in unknown.items():
        text = rows[0].values["institution"]
        likely = best_match(text, known, province=rows[0].values.get("province", ""))
        chosen = choices.institutions.get(key) or remembered.get(key[:250], "")
        if chosen not in (NEW, NONE, *names):
            chosen = str(likely[0].id) if likely and likely[1] >= SURE else NEW
        proposed = [(str(likely[0].id), names[str(likely[0].id)])] if likely else []
        if chosen in names and chosen not in dict(proposed):
            proposed.append((chosen, names[chosen]))
        reading.matches.append(Match(key=key, text=text, lines=len(rows), chosen=chosen, proposed=proposed))
        found[key] = "" if chosen == NONE else names.get(chosen, text)
    return found


def _write(rows: Sequence[ImportRow], name: str) -> None:
    for row in rows:
        text = row.values["institution"]
        if name != text:
            row.was.setdefault("institution", text)
            row.values["institution"] = name


def write_code(row: ImportRow, name: str, sentence: str, meant: Callable[[str], str | None]) -> None:
    """The code of what was written; what has none is left out, with a sentence, and the line is imported all the
    same."""
    text = row.values.get(name)
    if not text:
        return
    code = meant(text)
    if code is None:
        row.notes.append(Note(field=name, text=sentence, facts={"text": text}))
        row.was.setdefault(name, text)
    row.values[name] = code or ""


def phone_meant(text: str) -> str | None:
    """A telephone number in the international form, a Turkish one where no country is said; None for what is none."""
    try:
        return phone_number(text, "TR")
    except PydanticCustomError:
        return None


def text_key(text: str) -> str:
    """What two spellings of one text in a list have in common."""
    return folded(text)


def province_in(name: str) -> str:
    """The code of the province that the name of a new institution holds; nothing where it holds none, or several."""
    provinces = provinces_named(folded(name))[1]
    return next(iter(provinces)) if len(provinces) == 1 else ""
