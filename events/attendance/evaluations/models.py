"""Forms, what people answered, and who has."""

from typing import Any
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, document, secret_document
from core.ids import new_id
from events.attendance.evaluations.rules import EvaluationKind, EvaluationState, FormItem

_ITEMS = TypeAdapter(list[FormItem])


# What the kinds of its mails begin with.
KIND = "events/evaluation"


class Evaluation(SQLModel, table=True):
    """A form of an event; `questions` are `rules.FormItem`s in their order."""

    __tablename__ = "evaluation"
    __table_args__ = (UniqueConstraint("event_id", "kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    kind: EvaluationKind = choice(EvaluationKind)
    is_anonymous: bool = True
    state: EvaluationState = choice(EvaluationState, default=EvaluationState.draft)
    questions: list[dict[str, Any]] = document(default_factory=list)

    @property
    def items(self) -> list[FormItem]:
        return _ITEMS.validate_python(self.questions)

    @property
    def mail_kind(self) -> str:
        """The kind of the mails that ask for it."""
        return f"{KIND}/{self.id}"

    def ask(self, items: list[FormItem]) -> None:
        self.questions = _ITEMS.dump_python(items, mode="json")


class EvaluationResponse(SQLModel, table=True):
    """One person's answers. Of an anonymous form there is no registration, no superior and no moment, and ids are
    random, so that neither order nor time tells who it was; `pair_hash` brings two tests together by a word that the
    person chose."""

    __tablename__ = "evaluation_response"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id", index=True)
    registration_id: UUID | None = Field(default=None, foreign_key="registration.id", index=True)
    superior_id: UUID | None = Field(default=None, foreign_key="superior.id", index=True)
    pair_hash: str = Field(default="", max_length=64)
    answers: dict[str, Any] = secret_document(default_factory=dict)


class EvaluationReceipt(SQLModel, table=True):
    """That somebody has answered, so that nobody answers twice and nobody is reminded in vain; without a moment."""

    __tablename__ = "evaluation_receipt"
    __table_args__ = (UniqueConstraint("evaluation_id", "registration_id"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    evaluation_id: UUID = Field(foreign_key="evaluation.id")
    registration_id: UUID = Field(foreign_key="registration.id", index=True)
