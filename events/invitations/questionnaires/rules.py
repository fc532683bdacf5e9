"""Questions that depend on other answers, and what may stand in an answer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from uuid import UUID

from core.errors import N_, Refusal
from core.i18n import country_codes
from core.text import clean_line, clean_prose
from events.invitations.invitations.rules import Category

YES, NO = "yes", "no"
LONGEST_LINE, LONGEST_PROSE = 300, 5000


class QuestionKind(StrEnum):
    """What an answer looks like."""

    text = "text"
    prose = "prose"
    choice = "choice"
    several = "several"
    yes_no = "yes-no"
    number = "number"
    date = "date"
    file = "file"
    country = "country"
    institution = "institution"


QUESTION_KINDS = {
    QuestionKind.text: N_("Short text"),
    QuestionKind.prose: N_("Long text"),
    QuestionKind.choice: N_("One of several"),
    QuestionKind.several: N_("Several of several"),
    QuestionKind.yes_no: N_("Yes or no"),
    QuestionKind.number: N_("Number"),
    QuestionKind.date: N_("Date"),
    QuestionKind.file: N_("File"),
    QuestionKind.country: N_("Country"),
    QuestionKind.institution: N_("Institution"),
}
CHOOSING = (QuestionKind.choice, QuestionKind.several)
DECIDING = (*CHOOSING, QuestionKind.yes_no)


class AskedOf(StrEnum):
    """Who answers: the participant, the organiser about them, or whoever sits at check-in."""

    participant = "participant"
    organiser = "organiser"
    desk = "desk"


ASKED_OF = {
    AskedOf.participant: N_("The participant"),
    AskedOf.organiser: N_("The organiser only"),
    AskedOf.desk: N_("Asked at check-in"),
}


class QuestionNotThere(Refusal):
    status = 422
    code = "question-not-there"
    title = N_("This question is not asked here.")


@dataclass(frozen=True)
class Asking:
    """One question as answers are judged by it. `depends_on` names an earlier question and what it has to say."""

    id: UUID
    kind: QuestionKind
    asked_of: AskedOf = AskedOf.participant
    is_required: bool = False
    category: Category | None = None
    options: frozenset[str] = frozenset()
    depends_on: UUID | None = None
    depends_value: str = ""


Answers = Mapping[UUID, Any]


def typed_options(lines: Iterable[str], known: Mapping[tuple[str, str], str]) -> list[dict[str, str]]:
    """Answers to choose as they are typed, one a line, "English | Türkçe"; those that are `known` keep their keys."""
    taken, options = set(known.values()), []
    for line in lines:
        en, _, tr = (part.strip() for part in line.partition("|"))
        key = known.get((en, tr)) or next(f"o{n}" for n in range(1, 1000) if f"o{n}" not in taken)
        taken.add(key)
        options.append({"key": key, "en": en, "tr": tr})
    return options


def shown(questions: Sequence[Asking], answers: Answers, category: Category) -> list[Asking]:
    """Questions that come up, in order: for this category, and whose condition holds among those that do."""
    visible: dict[UUID, Asking] = {}
    for question in questions:
        if question.category not in (None, category):
            continue
        if question.depends_on is not None:
            if question.depends_on not in visible:
                continue
            said = answers.get(question.depends_on)
            if question.depends_value not in (said if isinstance(said, list) else [said]):
                continue
        visible[question.id] = question
    return list(visible.values())


def missing(questions: Sequence[Asking], answers: Answers, category: Category) -> list[Asking]:
    """Required questions of the participant that come up and have no answer."""
    return [
        q
        for q in shown(questions, answers, category)
        if q.is_required and q.asked_of is AskedOf.participant and answers.get(q.id) in (None, "", [])
    ]


def wrong_answer(question: Asking, raw: Any) -> tuple[Any, str]:
    """The answer as it is kept, and what is wrong with it; an empty message means nothing is."""
    if raw in (None, "", []):
        return None, ""
    try:
        return _READERS[question.kind](question, raw), ""
    except _Wrong as wrong:
        return None, wrong.message
    except (ValueError, TypeError, InvalidOperation):
        return None, _MESSAGES[question.kind]


class _Wrong(Exception):
    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


_CHECK = N_("Please check this answer.")
_TOO_LONG = N_("This is longer than what fits.")
_MESSAGES = dict.fromkeys(QuestionKind, _CHECK) | {
    QuestionKind.number: N_("Please write a number."),
    QuestionKind.date: N_("Please write a date like 2026-03-14."),
    QuestionKind.yes_no: N_("Please answer yes or no."),
    QuestionKind.choice: N_("Please choose one of the answers."),
    QuestionKind.several: N_("Please choose among the answers."),
    QuestionKind.country: N_("Please choose a country."),
}


def _text(question: Asking, raw: Any) -> str:
    is_prose = question.kind is QuestionKind.prose
    text = (clean_prose if is_prose else clean_line)(_str(raw))
    if len(text) > (LONGEST_PROSE if is_prose else LONGEST_LINE):
        raise _Wrong(_TOO_LONG)
    return text


def _one(question: Asking, raw: Any) -> str:
    if _str(raw) not in question.options:
        raise ValueError
    return str(raw)


def _several(question: Asking, raw: Any) -> list[str]:
    chosen = list(dict.fromkeys(_str(one) for one in (raw if isinstance(raw, list) else [raw])))
    if not set(chosen) <= question.options:
        raise ValueError
    return sorted(chosen)


def _yes_or_no(_: Asking, raw: Any) -> str:
    if isinstance(raw, bool):
        return YES if raw else NO
    if raw not in (YES, NO):
        raise ValueError
    return str(raw)


def _number(_: Asking, raw: Any) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise ValueError
    number = Decimal(str(raw).strip().replace(",", "."))
    if not number.is_finite() or abs(number) >= 10**12 or "e" in str(raw).lower():
        raise ValueError
    return str(number)


def _date(_: Asking, raw: Any) -> str:
    day = date.fromisoformat(_str(raw).strip())
    if not 1900 <= day.year <= 2100:
        raise ValueError
    return day.isoformat()


def _country(_: Asking, raw: Any) -> str:
    if _str(raw) not in country_codes():
        raise ValueError
    return str(raw)


def _file(_: Asking, raw: Any) -> str:
    raise _Wrong(N_("Please send a file."))


def _str(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


_READERS = {
    QuestionKind.text: _text,
    QuestionKind.prose: _text,
    QuestionKind.institution: _text,
    QuestionKind.choice: _one,
    QuestionKind.several: _several,
    QuestionKind.yes_no: _yes_or_no,
    QuestionKind.number: _number,
    QuestionKind.date: _date,
    QuestionKind.country: _country,
    QuestionKind.file: _file,
}
