"""What an organiser may ask."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.ids import new_id
from core.text import Blank, Line, wrong
from core.web import checked
from events.invitations.invitations.rules import Category
from events.invitations.questionnaires.rules import CHOOSING, DECIDING, NO, YES, AskedOf, QuestionKind

MOST_QUESTIONS = 60
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]


class OptionIn(BaseModel):
    """One answer to choose; the key stays when the words change."""

    model_config = ConfigDict(extra="forbid")

    key: Key
    en: Annotated[Line, Field(max_length=200)] = ""
    tr: Annotated[Line, Field(max_length=200)] = ""


class QuestionIn(BaseModel):
    """One question; at least one language has its words."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(default_factory=new_id)
    kind: QuestionKind
    asked_of: AskedOf = AskedOf.participant
    category: Annotated[Category | None, Blank] = None
    label_en: Line = ""
    label_tr: Line = ""
    hint_en: Line = ""
    hint_tr: Line = ""
    options: Annotated[list[OptionIn], Field(max_length=60)] = []
    is_required: bool = False
    depends_on_id: Annotated[UUID | None, Blank] = None
    depends_value: Annotated[Line, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _makes_sense(self) -> "QuestionIn":
        if not (self.label_en or self.label_tr):
            raise wrong(N_("Please write the question in at least one language."))
        if (self.kind in CHOOSING) != (len(self.options) >= 2):
            raise wrong(N_("Questions with answers to choose need at least two, others none."))
        if len({option.key for option in self.options}) < len(self.options):
            raise wrong(N_("Two answers have the same key."))
        if self.is_required and self.asked_of is not AskedOf.participant:
            raise wrong(N_("Only what participants are asked can be required."))
        return self

    def answers_to_depend_on(self) -> set[str]:
        """What another question can wait for."""
        if self.kind is QuestionKind.yes_no:
            return {YES, NO}
        return {option.key for option in self.options} if self.kind in DECIDING else set()


class QuestionsIn(BaseModel):
    """All questions of an event in their order. A condition names an earlier one."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[QuestionIn], Field(max_length=MOST_QUESTIONS)]

    @model_validator(mode="after")
    def _depend_on_earlier_ones(self) -> "QuestionsIn":
        earlier: dict[UUID, QuestionIn] = {}
        for question in self.questions:
            if question.id in earlier:
                raise wrong(N_("The same question stands there twice."))
            if question.depends_on_id is not None:
                asked = earlier.get(question.depends_on_id)
                if asked is None or question.depends_value not in asked.answers_to_depend_on():
                    raise wrong(N_("A condition needs an earlier question and one of its answers."))
            earlier[question.id] = question
        return self


class QuestionOut(BaseModel):
    """A question as it is asked."""

    id: UUID
    kind: QuestionKind
    asked_of: AskedOf
    category: Category | None
    label_en: str
    label_tr: str
    hint_en: str
    hint_tr: str
    options: list[dict[str, str]]
    is_required: bool
    depends_on_id: UUID | None
    depends_value: str


class AnswersIn(BaseModel):
    """Answers by question. One left out stays as it is; an empty one is taken back."""

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[dict[UUID, Any], Field(max_length=MOST_QUESTIONS)]


class AnswersOut(BaseModel):
    """What was answered, and which required questions wait for an answer."""

    answers: dict[UUID, Any]
    missing: list[UUID]


def answers_in(typed: Mapping[str, Any]) -> dict[UUID, Any]:
    """Answers of a form by question; a list comes with an empty entry, so that none ticked is an answer too."""
    return {
        checked(UUID, name.removeprefix("q-").removesuffix("[]")): [v for v in value if v]
        if isinstance(value, list)
        else value
        for name, value in typed.items()
        if name.startswith("q-") and isinstance(value, str | list)
    }
