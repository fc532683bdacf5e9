"""How letters are to be printed."""

from pydantic import BaseModel, ConfigDict

from events.participants.letter_files.schemas import LetterEnding


class PrintIn(BaseModel):
    """One PDF, or a zip with a file for each institution."""

    model_config = ConfigDict(extra="forbid")

    ending: LetterEnding = "pdf"
