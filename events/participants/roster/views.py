"""The list of people as a screen, or a file, shows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.errors import N_
from core.i18n import Words, words
from core.zones import day_in
from directory.accounts.access import Caller
from directory.accounts.rules import Right
from directory.people.geography import provinces
from events.invitations.invitations.rules import CATEGORIES, INVITATION_STATUSES, ORIGINS, Category
from events.invitations.questionnaires.models import Question
from events.invitations.questionnaires.rules import shown
from events.invitations.questionnaires.service import answers_of, list_questions
from events.participants.roster.rules import COLUMNS, Column
from events.participants.roster.schemas import RosterFilter, RosterLine
from events.participants.roster.service import list_all
from events.programme.events.models import Event
from notifications.outbox.rules import STATE_NAMES, State


def cells(
    lines: Sequence[RosterLine],
    columns: Sequence[Column],
    say: Words,
    zone: str,
    shown_as: Mapping[Column, Mapping[object, object]] | None = None,
) -> list[list[object]]:
    """What these columns say of people, in the reader's language, days as they were in that zone. For a screen with
    `shown_as`, what stands for a text of a column: then days are written out, and a dash stands where nothing is."""
    by_column = _writers(say, zone)
    writers = [by_column[column] for column in columns]
    if shown_as is not None:
        writers = [
            _on_screen(write, say, shown_as.get(column, {})) for column, write in zip(columns, writers, strict=True)
        ]
    return [[write(line) for write in writers] for line in lines]


def _on_screen(
    write: Callable[[RosterLine], object], say: Words, known: Mapping[object, object]
) -> Callable[[RosterLine], object]:
    def shown(line: RosterLine) -> object:
        text = write(line)
        if isinstance(text, date):
            return say.day(text, "medium")
        return "–" if text == "" else known.get(text, text)

    return shown


def _writers(say: Words, zone: str) -> dict[Column, Callable[[RosterLine], object]]:
    """What each column says of a person; its words are looked up once for all of them."""

    def named(names: Mapping[Any, str]) -> dict[Any, str]:
        return {key: say.translate(name) for key, name in names.items()}

    places, is_english = provinces(), say.language == "en"
    categories, answers = named(CATEGORIES), named(INVITATION_STATUSES)
    origins, states = named(ORIGINS), named(STATE_NAMES)
    complete = named({True: N_("Complete"), False: N_("Missing")}) | {None: ""}
    return {
        Column.position: lambda line: line.title_in(say.language),
        Column.institution: lambda line: (line.institution_en if is_english else "") or line.institution or "",
        Column.province: lambda line: places.get(line.province, line.province),
        Column.address: lambda line: line.address or "",
        Column.category: lambda line: categories[line.category],
        Column.answer: lambda line: answers[line.status],
        Column.answered_at: lambda line: day_in(zone, at=line.answered_at) if line.answered_at else "",
        Column.origin: lambda line: origins[line.origin],
        Column.mail: lambda line: states[State(line.mail)] if line.mail else "",
        Column.opened: lambda line: day_in(zone, at=line.opened_at) if line.opened_at else "",
        Column.details: lambda line: complete[line.is_complete],
        Column.guests: lambda line: "" if line.guests is None else line.guests,
        Column.signed: lambda line: line.signed or 0,
        Column.reason: lambda line: line.reason or "",
    }


async def export_roster(
    db: AsyncSession,
    event: Event,
    wanted: RosterFilter,
    columns: Sequence[Column],
    caller: Caller,
    language: str,
    *,
    with_answers: bool,
    at: datetime,
) -> list[list[object]]:
    """The list as it is seen, whole, with a line of headings. With answers, one column for each question.

    Who took it out, and how long it was, is noted.
    """
    say = words(language)
    if not caller.may(Right.plan, event.project_id):
        # What people told is opened one by one, with a reason.
        columns, with_answers = [one for one in columns if one is not Column.reason], False
    lines = await list_all(db, event, wanted, columns)
    questions = await list_questions(db, event.id) if with_answers else []
    answers = await answers_of(db, [line.invitation_id for line in lines]) if questions else {}
    heads: list[object] = [say.translate("Name"), *(say.translate(COLUMNS[c]) for c in columns)]
    heads += [question.label_in(language) for question in questions]
    audit.record(
        db,
        "people.exported",
        event.id,
        at=at,
        project_id=event.project_id,
        **caller.signature,
        people=len(lines),
        with_answers=with_answers,
    )
    rows = [
        [line.name, *shown_of, *_said(questions, answers.get(line.invitation_id, {}), line.category, language)]
        for line, shown_of in zip(lines, cells(lines, columns, say, event.zone), strict=True)
    ]
    return [heads, *rows]


def _said(questions: Sequence[Question], answers: dict[UUID, Any], category: Category, language: str) -> list[str]:
    if not questions:
        return []
    visible = {asking.id for asking in shown([q.asking for q in questions], answers, category)}
    return [q.say(answers.get(q.id), language) if q.id in visible else "" for q in questions]
