"""Forms and answers as they go in and out."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import N_
from core.text import Line, wrong
from events.attendance.evaluations.models import Evaluation
from events.attendance.evaluations.rules import (
    WITH_OPTIONS,
    EvaluationKind,
    EvaluationState,
    Figures,
    FormItem,
    Gain,
    ItemKind,
    Option,
    Results,
)
from events.invitations.questionnaires.schemas import Key, OptionIn

MOST_ITEMS, MOST_OPTIONS = 60, 30


class EvaluationIn(BaseModel):
    """A new form. It begins with the questions usual for its kind; a test after the training asks what the one before
    it asked."""

    model_config = ConfigDict(extra="forbid")

    kind: EvaluationKind = EvaluationKind.evaluation
    is_anonymous: bool = True


class EvaluationOption(OptionIn):
    """One answer to choose, or one line of a matrix."""

    is_right: bool = False


class EvaluationItem(BaseModel):
    """One question; at least one language has its words. `level` is Kirkpatrick's, 1 to 4."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    key: Key
    kind: ItemKind = ItemKind.scale
    label_en: Line = ""
    label_tr: Line = ""
    options: Annotated[list[EvaluationOption], Field(max_length=MOST_OPTIONS)] = []
    is_required: bool = False
    level: Annotated[int, Field(ge=1, le=4)] = 1

    @model_validator(mode="after")
    def _makes_sense(self) -> "EvaluationItem":
        if not (self.label_en or self.label_tr):
            raise wrong(N_("Please write the question in at least one language."))
        if (self.kind in WITH_OPTIONS) != (len(self.options) >= 2):
            raise wrong(N_("Questions with answers to choose need at least two, others none."))
        if not all(option.en or option.tr for option in self.options):
            raise wrong(N_("Please write each answer in at least one language."))
        if len({option.key for option in self.options}) < len(self.options):
            raise wrong(N_("Two answers have the same key."))
        if self.kind is ItemKind.test and not any(option.is_right for option in self.options):
            raise wrong(N_("A test question needs a right answer: put an asterisk before it."))
        return self

    @classmethod
    def of(cls, item: FormItem) -> "EvaluationItem":
        options = [EvaluationOption(**vars(option)) for option in item.options]
        return cls(**{**vars(item), "options": options})

    def item(self) -> FormItem:
        return FormItem(**{**self.model_dump(), "options": [Option(**one.model_dump()) for one in self.options]})


class EvaluationItems(BaseModel):
    """All questions of a form in their order."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[EvaluationItem], Field(max_length=MOST_ITEMS)]

    @model_validator(mode="after")
    def _have_keys_of_their_own(self) -> "EvaluationItems":
        if len({item.key for item in self.items}) < len(self.items):
            raise wrong(N_("The same question stands there twice."))
        return self


class EvaluationOut(BaseModel):
    """A form as staff see it, with the right answers of tests."""

    id: UUID
    event_id: UUID
    kind: EvaluationKind
    is_anonymous: bool
    state: EvaluationState
    items: list[EvaluationItem]

    @classmethod
    def of(cls, row: Evaluation) -> "EvaluationOut":
        plain = {name: getattr(row, name) for name in ("id", "event_id", "kind", "is_anonymous", "state")}
        return cls(**plain, items=[EvaluationItem.of(item) for item in row.items])


class FormOption(BaseModel):
    key: str
    label: str


class FormItemOut(BaseModel):
    """A question as people are asked it, in their language: nothing tells the right answer."""

    key: str
    kind: ItemKind
    label: str
    options: list[FormOption]
    is_required: bool


class FormOut(BaseModel):
    """A form as participants get it."""

    id: UUID
    kind: EvaluationKind
    is_anonymous: bool
    is_answered: bool
    items: list[FormItemOut]

    @classmethod
    def of(cls, row: Evaluation, language: str, *, is_answered: bool) -> "FormOut":
        items = [
            FormItemOut(
                key=item.key,
                kind=item.kind,
                label=item.label_in(language),
                options=[FormOption(key=one.key, label=one.label_in(language)) for one in item.options],
                is_required=item.is_required,
            )
            for item in row.items
        ]
        return cls(id=row.id, kind=row.kind, is_anonymous=row.is_anonymous, is_answered=is_answered, items=items)


class EvaluationAnswers(BaseModel):
    """What somebody answers, by the question's key: a scale is 1 to 5 or "na", a matrix {line: scale}. `pair_code` is a
    word of their own that brings the test after together with the one before, without a name."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[Key, Any]
    pair_code: Annotated[Line, Field(max_length=60)] = ""


class FiguresOut(BaseModel):
    """Of one question, or one line of a matrix."""

    key: str
    line: str = ""
    kind: ItemKind
    label_en: str
    label_tr: str
    level: int
    count: int
    counts: dict[str, int]
    average: str | None
    middle: str | None
    high_percent: int | None
    texts: list[str]

    @classmethod
    def of(cls, one: Figures) -> "FiguresOut":
        item, line = one.item, one.line
        return cls(
            key=item.key,
            line=line.key if line else "",
            kind=item.kind,
            label_en=item.label_en,
            label_tr=item.label_tr,
            level=item.level,
            count=one.count,
            counts=dict(one.counts),
            average=_text(one.average),
            middle=_text(one.middle),
            high_percent=one.high_percent,
            texts=list(one.texts),
        )


class GainOut(BaseModel):
    """What was learned, of those who took both tests."""

    paired: int
    unpaired: int
    most: int
    before: str | None
    after: str | None
    normalised: str | None

    @classmethod
    def of(cls, gain: Gain) -> "GainOut":
        decimals = {name: _text(getattr(gain, name)) for name in ("before", "after", "normalised")}
        return cls(paired=gain.paired, unpaired=gain.unpaired, most=gain.most, **decimals)


class ResultsOut(BaseModel):
    """What came of a form. `why_hidden` says why there are no figures yet; `beside` holds for superiors what
    participants said themselves to the same questions."""

    to_ask: int
    answered: int
    response_percent: int | None
    why_hidden: str
    figures: list[FiguresOut]
    gain: GainOut | None
    beside: list[FiguresOut | None]

    @classmethod
    def of(cls, results: Results) -> "ResultsOut":
        plain = {name: getattr(results, name) for name in ("to_ask", "answered", "response_percent", "why_hidden")}
        gain = GainOut.of(results.gain) if results.gain else None
        figures = [FiguresOut.of(one) for one in results.figures]
        beside = [FiguresOut.of(one) if one else None for one in results.beside]
        return cls(**plain, figures=figures, gain=gain, beside=beside)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
