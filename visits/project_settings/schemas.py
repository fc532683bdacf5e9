"""The numbers as they go in and out."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from core.text import Blank, WholeNumber
from visits.project_settings.rules import MOST, NAMES

_Number = Annotated[Annotated[WholeNumber, Field(ge=0, le=MOST)] | None, Blank]
_IN: dict[str, Any] = {name: (_Number, None) for name in NAMES}
_OUT: dict[str, Any] = {name: (int, ...) for name in NAMES}


class _Strict(BaseModel):
    """Nothing but these numbers."""

    model_config = ConfigDict(extra="forbid")


TravelSettingsIn = create_model("TravelSettingsIn", __base__=_Strict, __doc__="What is left out is the usual.", **_IN)
TravelSettingsOut = create_model("TravelSettingsOut", __doc__="All numbers of a project, usual ones too.", **_OUT)
