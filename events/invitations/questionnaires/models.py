"""Questions of an event, and what each person answered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from core.columns import choice, document, instant, secret
from core.i18n import either
from core.ids import new_id
from events.invitations.invitations.rules import Category
from events.invitations.questionnaires.rules import AskedOf, Asking, QuestionKind


class Question(SQLModel, table=True):
    """Something that an organiser asks. Options are {key, en, tr}; a removed question keeps its answers."""

    __tablename__ = "question"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id", index=True)
    position: int
    kind: QuestionKind = choice(QuestionKind)
    asked_of: AskedOf = choice(AskedOf, default=AskedOf.participant)
    category: Category | None = choice(Category, default=None, nullable=True)
    label_en: str = Field(default="", max_length=300)
    label_tr: str = Field(default="", max_length=300)
    hint_en: str = Field(default="", max_length=300)
    hint_tr: str = Field(default="", max_length=300)
    options: list[dict[str, str]] = document(default_factory=list)
    is_required: bool = False
    depends_on_id: UUID | None = Field(default=None, foreign_key="question.id")
    depends_value: str = Field(default="", max_length=40)
    removed_at: datetime | None = instant(default=None, nullable=True)

    def label_in(self, language: str) -> str:
        return either(language, en=self.label_en, tr=self.label_tr)

    def hint_in(self, language: str) -> str:
        return either(language, en=self.hint_en, tr=self.hint_tr)

    def options_in(self, language: str) -> list[tuple[str, str]]:
        """Key and label of each option."""
        return [(o["key"], o.get(language) or o.get("en") or o.get("tr") or o["key"]) for o in self.options]

    def say(self, value: Any, language: str) -> str:
        """An answer as people read it."""
        labels = dict(self.options_in(language))
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(labels.get(one, one)) for one in values if one not in (None, ""))

    @property
    def asking(self) -> Asking:
        return Asking(
            self.id,
            self.kind,
            self.asked_of,
            self.is_required,
            self.category,
            frozenset(option["key"] for option in self.options),
            self.depends_on_id,
            self.depends_value,
        )


class QuestionAnswer(SQLModel, table=True):
    """One person's answer, encrypted JSON. A file lies encrypted in the files, by the hash of what is stored."""

    __tablename__ = "question_answer"
    __table_args__ = (UniqueConstraint("invitation_id", "question_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    invitation_id: UUID = Field(foreign_key="invitation.id")
    question_id: UUID = Field(foreign_key="question.id", index=True)
    value: str = secret()
    file_hash: str = Field(default="", max_length=64)
    media_type: str = Field(default="", max_length=120)
    answered_at: datetime = instant()
