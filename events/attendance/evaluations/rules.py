"""Questions of an evaluation, what may stand in an answer, and the figures that come of them. Pure.

Levels are those of Kirkpatrick: 1 how people liked it, 2 what they learned, 3 what they do otherwise, 4 what came of
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from statistics import mean, median
from typing import Any

from core.errors import N_, Refusal
from core.i18n import either
from core.text import clean_prose
from events.attendance.superiors.rules import ABOUT_STAFF

SCALE = (1, 2, 3, 4, 5)
NOT_APPLICABLE = "na"
YES_NO = ("yes", "no")
LONGEST = 3000
# Of an anonymous evaluation, figures are shown from so many answers on, and what people wrote from so many.
FEWEST_FIGURES, FEWEST_TEXTS = 3, 5


class EvaluationKind(StrEnum):
    """What a form is for; an event has at most one of each."""

    evaluation = "evaluation"
    needs = "needs"
    pre_test = "pre-test"
    post_test = "post-test"
    follow_up = "follow-up"
    superiors = "superiors"


EVALUATION_KINDS = {
    EvaluationKind.evaluation: N_("Evaluation by participants"),
    EvaluationKind.needs: N_("Needs assessment"),
    EvaluationKind.pre_test: N_("Test before the training"),
    EvaluationKind.post_test: N_("Test after the training"),
    EvaluationKind.follow_up: N_("Follow-up after some months"),
    EvaluationKind.superiors: N_("Evaluation by superiors after some months"),
}
# Those who have a place are asked these; the others go to those who attended, or to their superiors.
BEFORE_EVENT = frozenset({EvaluationKind.needs, EvaluationKind.pre_test})
TESTS = frozenset({EvaluationKind.pre_test, EvaluationKind.post_test})


class EvaluationState(StrEnum):
    """A draft may be changed; while it is open people answer; once closed its figures stay."""

    draft = "draft"
    open = "open"
    closed = "closed"


EVALUATION_STATES = {
    EvaluationState.draft: N_("Draft"),
    EvaluationState.open: N_("Open"),
    EvaluationState.closed: N_("Closed"),
}


class ItemKind(StrEnum):
    """What an answer looks like."""

    scale = "scale"
    matrix = "matrix"
    yes_no = "yes-no"
    choice = "choice"
    several = "several"
    number = "number"
    text = "text"
    test = "test"


ITEM_KINDS = {
    ItemKind.scale: N_("From 1 to 5"),
    ItemKind.matrix: N_("From 1 to 5, for each of several"),
    ItemKind.yes_no: N_("Yes or no"),
    ItemKind.choice: N_("One of several"),
    ItemKind.several: N_("Several of several"),
    ItemKind.number: N_("Number"),
    ItemKind.text: N_("Text"),
    ItemKind.test: N_("Test question with a right answer"),
}
WITH_OPTIONS = frozenset({ItemKind.choice, ItemKind.several, ItemKind.test, ItemKind.matrix})


class AlreadyAnswered(Refusal):
    """One answer a person: of an anonymous one nobody knows which it was, so that it cannot be changed."""

    status, code, title = 409, "evaluation-answered", N_("You have answered this already. Thank you.")


class EvaluationNotOpen(Refusal):
    status, code, title = 409, "evaluation-not-open", N_("This form is not open for answers.")


class EvaluationNotDraft(Refusal):
    status, code, title = (
        409,
        "evaluation-not-draft",
        N_("People answer this form or have answered it: it cannot be changed any more."),
    )


class EvaluationThere(Refusal):
    status, code, title = 409, "evaluation-there", N_("The event has a form of this kind already.")


class NothingAsked(Refusal):
    status, code, title = 409, "nothing-asked", N_("The form has no question yet: add one first.")


class NobodyToAsk(Refusal):
    status = 409
    code = "nobody-to-ask"
    title = N_("Nobody is left to ask: everybody has been written to, or the attendance is not recorded yet.")


@dataclass(frozen=True)
class Option:
    """One answer to choose, or one line of a matrix."""

    key: str
    en: str = ""
    tr: str = ""
    is_right: bool = False

    def label_in(self, language: str) -> str:
        return either(language, en=self.en, tr=self.tr)


@dataclass(frozen=True)
class FormItem:
    """One question."""

    key: str
    kind: ItemKind
    label_en: str = ""
    label_tr: str = ""
    options: Sequence[Option] = ()
    is_required: bool = False
    level: int = 1

    def label_in(self, language: str) -> str:
        return either(language, en=self.label_en, tr=self.label_tr)

    def has(self, key: object) -> bool:
        return any(option.key == key for option in self.options)


def read_answers(items: Sequence[FormItem], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is kept of what was answered, and what is wrong, by the item's key.

    A scale holds 1 to 5 or "na", a matrix {line: scale}, choices hold keys, a number is decimal text.
    """
    answers: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for item in items:
        value = raw.get(item.key)
        if value in (None, "", [], {}):
            if item.is_required:
                wrong[item.key] = N_("Please answer this question.")
            continue
        try:
            answers[item.key] = _READERS[item.kind](item, value)
        except (ValueError, TypeError, InvalidOperation):
            wrong[item.key] = N_("Please check this answer.")
    return answers, wrong


def _scale(_: FormItem, value: Any) -> int | str:
    if value == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if isinstance(value, bool) or int(value) not in SCALE or str(int(value)) != str(value).strip():
        raise ValueError
    return int(value)


def _matrix(item: FormItem, value: Any) -> dict[str, int | str]:
    if not isinstance(value, Mapping) or not all(item.has(key) for key in value):
        raise ValueError
    return {key: _scale(item, one) for key, one in value.items() if one not in (None, "")}


def _yes_no(_: FormItem, value: Any) -> str:
    if value not in YES_NO:
        raise ValueError
    return str(value)


def _choice(item: FormItem, value: Any) -> str:
    if not item.has(value):
        raise ValueError
    return str(value)


def _several(item: FormItem, value: Any) -> list[str]:
    chosen = value if isinstance(value, list) else [value]
    return sorted({_choice(item, one) for one in chosen})


def _number(_: FormItem, value: Any) -> str:
    number = Decimal(str(value).strip().replace(",", "."))
    if isinstance(value, bool) or not number.is_finite() or abs(number) >= 10**12:
        raise ValueError
    return f"{number:f}"


def _text(_: FormItem, value: Any) -> str:
    text = clean_prose(value).strip() if isinstance(value, str) else ""
    if not text or len(text) > LONGEST:
        raise ValueError
    return text


_READERS = {
    ItemKind.scale: _scale,
    ItemKind.matrix: _matrix,
    ItemKind.yes_no: _yes_no,
    ItemKind.choice: _choice,
    ItemKind.several: _several,
    ItemKind.number: _number,
    ItemKind.text: _text,
    ItemKind.test: _choice,
}


@dataclass(frozen=True)
class Figures:
    """What was answered to a question, or to one line of a matrix: `count` people. Of a scale `average`, `middle` and
    the percentage that chose 4 or 5, without those to whom it did not apply."""

    item: FormItem
    line: Option | None
    count: int
    counts: Sequence[tuple[str, int]] = ()
    average: Decimal | None = None
    middle: Decimal | None = None
    high_percent: int | None = None
    texts: Sequence[str] = ()


def figures_of(items: Sequence[FormItem], answers: Sequence[Mapping[str, Any]]) -> list[Figures]:
    """Of each question in order; a matrix gives one for each line."""
    figures: list[Figures] = []
    for item in items:
        given = [one[item.key] for one in answers if item.key in one]
        if item.kind is ItemKind.matrix:
            figures += [
                _of_scale(item, line, [one[line.key] for one in given if line.key in one]) for line in item.options
            ]
        elif item.kind is ItemKind.scale:
            figures.append(_of_scale(item, None, given))
        elif item.kind is ItemKind.text:
            figures.append(Figures(item, None, len(given), texts=sorted(given)))
        elif item.kind is ItemKind.number:
            numbers = [Decimal(one) for one in given]
            figures.append(
                Figures(item, None, len(given), average=_rounded(numbers, mean), middle=_rounded(numbers, median))
            )
        else:
            figures.append(_of_choices(item, given))
    return figures


def _of_scale(item: FormItem, line: Option | None, given: Sequence[int | str]) -> Figures:
    marks = [Decimal(one) for one in given if one != NOT_APPLICABLE]
    counts = [(str(step), sum(one == step for one in given)) for step in SCALE]
    if not_applicable := len(given) - len(marks):
        counts.append((NOT_APPLICABLE, not_applicable))
    high = sum(one >= 4 for one in marks)
    percent = 100 * high // len(marks) if marks else None
    return Figures(item, line, len(given), counts, _rounded(marks, mean), _rounded(marks, median), percent)


def _of_choices(item: FormItem, given: Sequence[Any]) -> Figures:
    keys = YES_NO if item.kind is ItemKind.yes_no else [option.key for option in item.options]
    chosen = [key for one in given for key in (one if isinstance(one, list) else [one])]
    return Figures(item, None, len(given), [(key, chosen.count(key)) for key in keys])


def _rounded(values: Sequence[Decimal], of: Any) -> Decimal | None:
    return Decimal(of(values)).quantize(Decimal("0.01")) if values else None


def points(items: Sequence[FormItem], answers: Mapping[str, Any]) -> int:
    """How many test questions were answered rightly: one point each."""
    tests = [item for item in items if item.kind is ItemKind.test]
    return sum(any(o.is_right and o.key == answers.get(item.key) for o in item.options) for item in tests)


@dataclass(frozen=True)
class Gain:
    """What was learned, of those alone who took both tests; means are in points of `most`.

    `normalised` is (after − before) / (most − before), the mean of the persons who did not know everything before
    (Hake 1998).
    """

    paired: int
    unpaired: int
    most: int
    before: Decimal | None
    after: Decimal | None
    normalised: Decimal | None


def gain_of(before: Mapping[str, int], after: Mapping[str, int], most: int) -> Gain:
    """Points of both tests by who took them."""
    both = sorted(set(before) & set(after))
    shares = [Decimal(after[one] - before[one]) / (most - before[one]) for one in both if before[one] < most]
    return Gain(
        paired=len(both),
        unpaired=len(set(before) ^ set(after)),
        most=most,
        before=_rounded([Decimal(before[one]) for one in both], mean),
        after=_rounded([Decimal(after[one]) for one in both], mean),
        normalised=_rounded(shares, mean),
    )


@dataclass(frozen=True)
class Results:
    """Figures of a form, or why there are none yet. `answered` of those who are to be asked, `responses` of all."""

    to_ask: int
    answered: int
    responses: int
    why_hidden: str
    figures: Sequence[Figures]
    gain: Gain | None
    # Of superiors: what participants said themselves to the question of the same key, in the order of `figures`.
    beside: Sequence[Figures | None] = ()

    @property
    def response_percent(self) -> int | None:
        """Of those who attended, or have a place where the form comes before the event; rounded down."""
        return 100 * self.answered // self.to_ask if self.to_ask else None


@dataclass(frozen=True)
class EvaluationSummary:
    """How participants judged an event: how many answered of those who attended, and the mean of all scales."""

    answered: int
    attended: int
    mean: Decimal | None

    @property
    def response_percent(self) -> int | None:
        return min(100, 100 * self.answered // self.attended) if self.attended else None


def mean_of_scales(figures: Sequence[Figures]) -> Decimal | None:
    """Of the means of all questions from 1 to 5, each as much as the other."""
    scales = (ItemKind.scale, ItemKind.matrix)
    return _rounded([one.average for one in figures if one.item.kind in scales and one.average is not None], mean)


_SCALES = (
    N_("The content was relevant to my work."),
    N_("The speakers explained well and answered questions."),
    N_("There was enough time for discussion."),
    N_("Interpretation was clear."),
    N_("Venue, travel and organisation were good."),
    N_("I would recommend it to colleagues."),
)
_MOST_USEFUL, _BETTER = N_("What was most useful to you?"), N_("What should we do better next time?")
_FOLLOW_UP = [
    (ItemKind.scale, 3, N_("I use in my work what I learned.")),
    (ItemKind.yes_no, 3, N_("Have you passed on what you learned to colleagues?")),
    (ItemKind.text, 3, N_("What do you do otherwise since then?")),
    (ItemKind.text, 4, N_("What has come of it?")),
]
# What a new form asks until somebody changes it: (kind, level, words).
STANDARD: Mapping[EvaluationKind, Sequence[tuple[ItemKind, int, str]]] = {
    EvaluationKind.evaluation: [
        *((ItemKind.scale, 1, words) for words in _SCALES),
        (ItemKind.scale, 2, N_("I learned what I will need.")),
        (ItemKind.text, 1, _MOST_USEFUL),
        (ItemKind.text, 1, _BETTER),
    ],
    EvaluationKind.needs: [
        (ItemKind.number, 2, N_("For how many years have you worked in this field?")),
        (ItemKind.scale, 2, N_("How well do you know the subject today?")),
        (ItemKind.text, 2, N_("Which questions from your work should be answered?")),
    ],
    EvaluationKind.follow_up: _FOLLOW_UP,
    # With the keys and kinds of the follow-up, whose figures stand beside.
    EvaluationKind.superiors: [
        (kind, level, words) for (kind, level, _), words in zip(_FOLLOW_UP, ABOUT_STAFF, strict=True)
    ],
    EvaluationKind.pre_test: [],
    EvaluationKind.post_test: [],
}
