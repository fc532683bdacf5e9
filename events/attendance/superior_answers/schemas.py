"""The form as a superior gets it."""

from collections.abc import Sequence

from events.attendance.evaluations.models import Evaluation
from events.attendance.evaluations.schemas import FormOut
from events.attendance.superiors.models import Superior


class SuperiorForm(FormOut):
    """The form for superiors with whom it is about."""

    people: list[str]

    @classmethod
    def about(cls, row: Evaluation, superior: Superior, people: Sequence[str], language: str) -> "SuperiorForm":
        form = FormOut.of(row, language, is_answered=superior.has_answered)
        return cls(**form.model_dump(), people=list(people))
