"""What is typed at one's own account."""

from typing import Annotated

from pydantic import BaseModel, Field

from core.columns import room
from core.text import Name, WholeNumber
from directory.accounts.models import ApiToken
from directory.accounts.rules import TOKEN_LIFE_DAYS, Right


class TokenForm(BaseModel):
    """What a key for programs is asked for with."""

    name: Annotated[Name, Field(max_length=room(ApiToken, "name"))]
    days: Annotated[WholeNumber, Field(ge=1, le=TOKEN_LIFE_DAYS)] = 90
    rights: Annotated[list[Right], Field(alias="rights[]", min_length=1)]
