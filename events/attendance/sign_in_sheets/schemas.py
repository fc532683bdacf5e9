"""What a sheet is asked for."""

from typing import Literal

Order = Literal["name", "institution"]
