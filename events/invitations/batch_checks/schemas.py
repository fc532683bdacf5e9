"""What to look at before people are invited, as it goes out."""

from pydantic import BaseModel


class PreflightOut(BaseModel):
    """One thing to look at, in the caller's language; `code` says which."""

    code: str
    text: str
