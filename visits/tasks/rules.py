"""Phases, states and the usual tasks of a visit. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from core.errors import N_
from core.i18n import LANGUAGES, Words, words

# Of one event.
MOST = 200
# Days before its day on which whoever a task belongs to is reminded, unless the task says otherwise.
REMIND_BEFORE = 3


class VisitPhase(StrEnum):
    """When in a visit something is done."""

    preparation = "preparation"
    travel = "travel"
    programme = "programme"
    follow_up = "follow-up"


VISIT_PHASES: Mapping[VisitPhase, str] = {
    VisitPhase.preparation: N_("Preparation"),
    VisitPhase.travel: N_("Travel"),
    VisitPhase.programme: N_("Programme"),
    VisitPhase.follow_up: N_("Follow-up"),
}


class TaskState(StrEnum):
    """`not_needed` is what somebody decided; it is not done."""

    open = "open"
    done = "done"
    not_needed = "not-needed"


TASK_STATES: Mapping[TaskState, str] = {
    TaskState.open: N_("Open"),
    TaskState.done: N_("Done"),
    TaskState.not_needed: N_("Not needed"),
}


@dataclass(frozen=True)
class UsualTask:
    """A task that visits have as a rule: so many `days` after the first day of the visit (before it, below zero), or
    after its last one. `key` tells it from the others; those of journeys abroad are left out at home."""

    key: str
    phase: VisitPhase
    title: str
    days: int
    from_last_day: bool = False
    is_abroad: bool = False

    def due(self, first_day: date, last_day: date) -> date:
        return (last_day if self.from_last_day else first_day) + timedelta(days=self.days)


# Ours, from what organisers of delegations do; dates are a proposal that is changed in place.
USUAL_TASKS = (
    UsualTask("host", VisitPhase.preparation, N_("Agree purpose, dates and programme with the host"), -75),
    UsualTask("nominations", VisitPhase.preparation, N_("Ask institutions for nominations"), -65),
    UsualTask(
        "passports", VisitPhase.preparation, N_("Collect passports and check their validity"), -50, is_abroad=True
    ),
    UsualTask("letters", VisitPhase.preparation, N_("Send visa support letters"), -45, is_abroad=True),
    UsualTask("hotel", VisitPhase.preparation, N_("Book hotel rooms"), -40),
    UsualTask("tickets", VisitPhase.travel, N_("Buy tickets"), -30),
    UsualTask("visas", VisitPhase.travel, N_("All visas granted"), -14, is_abroad=True),
    UsualTask("insurance", VisitPhase.travel, N_("Travel insurance for everybody"), -14, is_abroad=True),
    UsualTask("rooming-list", VisitPhase.travel, N_("Send the rooming list to the hotel"), -14),
    UsualTask("transfers", VisitPhase.travel, N_("Order transfers"), -10),
    UsualTask("interpreters", VisitPhase.programme, N_("Book interpreters"), -30),
    UsualTask("briefing", VisitPhase.programme, N_("Brief the delegation and hand out the booklet"), -5),
    UsualTask("manifest", VisitPhase.programme, N_("Send the list of the delegation to the host"), -7),
    UsualTask("evaluation", VisitPhase.follow_up, N_("Ask for evaluations"), 1, from_last_day=True),
    UsualTask(
        "per-diems", VisitPhase.follow_up, N_("Collect boarding passes and pay per diems"), 14, from_last_day=True
    ),
    UsualTask("report", VisitPhase.follow_up, N_("Report on the visit and its outcomes"), 30, from_last_day=True),
)


@cache
def usual_titles() -> Mapping[str, str]:
    """A usual task's title in each language that it may have been written in -> the one in the code. Made when a task
    is first read: catalogues take a tenth of a second to load."""
    return {words(language).translate(one.title): one.title for language in LANGUAGES for one in USUAL_TASKS}


# As many letters as a title has.
MOST_LETTERS = 200


@dataclass(frozen=True)
class TaskWording:
    """A task that Heyet wrote down about somebody, so that each reader gets it in their language: whom it is about, and
    a sentence with its facts. A fact is a text, days as ISO writes them, or a country as {"country": code}."""

    about: str
    text: str
    facts: Mapping[str, str | Sequence[str] | Mapping[str, str]]

    def said(self, say: Words) -> str:
        return f"{self.about}: {self.line(say)}"[:MOST_LETTERS]

    def line(self, say: Words) -> str:
        """Without whom it is about."""
        return say.translate(self.text, **{name: self._fact(fact, say) for name, fact in self.facts.items()})

    @staticmethod
    def _fact(fact: str | Sequence[str] | Mapping[str, str], say: Words) -> str:
        if isinstance(fact, str):
            return fact
        if isinstance(fact, Mapping):
            return say.country(fact["country"])
        first, *others = map(date.fromisoformat, fact)
        return say.days(first, *others) if others else say.day(first, "medium")


def usual_tasks(*, is_abroad: bool) -> list[UsualTask]:
    """Those of a visit abroad or at home."""
    return [one for one in USUAL_TASKS if is_abroad or not one.is_abroad]


def is_to_remind(due_on: date, remind_before: int, *, today: date) -> bool:
    """Whether somebody has to be reminded by now: so many days before, and not weeks after."""
    return due_on - timedelta(days=remind_before) <= today <= due_on + timedelta(days=14)
