"""A file of letters as programs see it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from core.errors import N_
from events.participants.letter_files.models import LetterFile
from events.participants.letter_files.rules import LetterFileKind

LetterEnding = Literal["pdf", "zip"]
FORMS_OF_FILE = {"pdf": N_("One PDF"), "zip": N_("A zip with a file for each")}


class LetterFileOut(BaseModel):
    """What it holds, in bytes, and when it was made; it is kept for seven days."""

    kind: LetterFileKind
    ending: LetterEnding
    letters: int
    size: int
    made_at: datetime

    @classmethod
    def of(cls, row: LetterFile) -> "LetterFileOut":
        return cls(**row.model_dump(exclude={"id", "event_id", "file_hash"}))
