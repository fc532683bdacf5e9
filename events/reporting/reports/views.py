"""A report as tables of words and numbers, the same on the page, in the spreadsheet and in the PDF."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from core.documents.pdf import PDF, Picture
from core.documents.sheets import XLSX
from core.i18n import Words, words
from core.settings import Settings
from directory.accounts.access import Caller
from directory.projects.service import pictures_of
from events.reporting.outcomes.rules import OUTCOME_KINDS, OUTCOME_STATES, OutcomeKind
from events.reporting.reports.documents import Cell, ReportContent, ReportTable, report_pdf, report_xlsx
from events.reporting.reports.rules import DIMENSIONS, SEX_NAMES, SEXES, Crosstab, CrosstabLine, Dimension
from events.reporting.reports.service import Report, component_label, event_label, note_export


def content_of(report: Report, pictures: Sequence[Picture] = (), *, at: datetime) -> ReportContent:
    """All tables that have a line. Targets are of the whole project: they stand in a report of everything only."""
    say, project, wanted = words(report.language), report.project, report.wanted
    tables = [_summary(report, say)]
    if not any((wanted.since, wanted.until, wanted.component_id, wanted.event_id)):
        tables.append(_targets(report, say))
    tables += [_crosstab(table, say, wanted.fewest) for table in report.tables.values()]
    tables += [_evaluations(report, say), _outcomes(report, say)]
    return ReportContent(
        title=say.translate("Report: %(project)s", project=project.acronym),
        period=_period(report, say),
        project=project.title_in(report.language),
        contract=project.contract_number,
        statement=project.funding_statement(report.language),
        emblem=project.emblem.value,
        tables=[table for table in tables if table.lines],
        made_at=at,
        language=report.language,
        logos=pictures,
    )


def _period(report: Report, say: Words) -> str:
    if not report.events:
        return say.translate("No event")
    first = report.wanted.since or min(event.first_day for event in report.events)
    last = report.wanted.until or max(event.last_day for event in report.events)
    return say.days(first, last)


def _summary(report: Report, say: Words) -> ReportTable:
    totals = report.totals
    lines: list[tuple[str, Cell]] = [
        (say.translate("Events held"), totals.events),
        (say.translate("Different people who attended"), totals.people),
        (say.translate("Participations (a person at an event)"), totals.participations),
        (say.translate("Person-days"), totals.person_days),
        (say.translate("Women among the people (percent)"), totals.women_percent),
        (say.translate("Invited"), totals.invited),
        (say.translate("With a place"), totals.confirmed),
        (say.translate("Accepted of the invited (percent)"), totals.accepted_percent),
        (say.translate("Attended of those with a place (percent)"), totals.attended_percent),
    ]
    return ReportTable(say.translate("Summary"), [say.translate("Figure"), say.translate("Number")], lines)


def _targets(report: Report, say: Words) -> ReportTable:
    fewest = report.wanted.fewest
    # A share of few people is their number.
    hides_women = report.tables[Dimension.component].is_hidden
    heads = [
        say.translate("Component"),
        say.translate("Events held"),
        say.translate("Target"),
        say.translate("Participants"),
        say.translate("Target"),
        say.translate("Women (percent)"),
        say.translate("Target"),
    ]
    lines: list[list[Cell]] = []
    without = _components_without_number(report)
    for one in report.targets:
        component, has_number = one.component, one.component.id not in without
        is_hidden = not has_number or any(0 < n < fewest for n in (one.women, one.people - one.women)) or hides_women
        lines.append(
            [
                component_label(component, report.language),
                one.held,
                component.target_events or "–",
                one.people if has_number else None,
                component.target_participants or "–",
                None if is_hidden else 100 * one.women // max(one.people, 1),
                component.target_women or "–",
            ]
        )
    return ReportTable(say.translate("Targets"), heads, lines, note=_note(lines, say, fewest))


def _components_without_number(report: Report) -> set[UUID]:
    """Components of which, or of an activity of which, it is hidden how many people came: one would tell the other."""
    hidden = _hidden_lines(report, Dimension.component)
    few = {
        one.component.id
        for one in report.targets
        if 0 < one.people < report.wanted.fewest or component_label(one.component, report.language) in hidden
    }
    return few | {one.parent_id for one in report.components if one.parent_id and one.id in few}


def _note(lines: Iterable[Sequence[Cell]], say: Words, fewest: int) -> str:
    """What hidden numbers are, where there is one."""
    if not any(None in line for line in lines):
        return ""
    return say.translate("c: hidden, since it would tell of fewer than %(count)s people.", count=fewest)


def _crosstab(table: Crosstab, say: Words, fewest: int) -> ReportTable:
    heads = [
        say.translate(DIMENSIONS[table.dimension]),
        *(say.translate(SEX_NAMES[sex]) for sex in SEXES),
        say.translate("Participations"),
        say.translate("Person-days"),
    ]
    lines = [_line(one) for one in table.lines]
    if lines:
        lines.append([say.translate("Total"), *_line(table.total)[1:]])
    title = say.translate("Participations: %(what)s", what=say.translate(DIMENSIONS[table.dimension]))
    return ReportTable(title, heads, lines, has_total=True, note=_note(lines, say, fewest))


def _line(line: CrosstabLine) -> list[Cell]:
    return [line.label, *line.cells, line.total, line.person_days]


def _evaluations(report: Report, say: Words) -> ReportTable:
    heads = [
        say.translate("Event"),
        say.translate("Answers"),
        say.translate("Answered (percent)"),
        say.translate("Mean, 1 to 5"),
    ]
    lines: list[list[Cell]] = []
    fewest, hidden = report.wanted.fewest, _hidden_lines(report, Dimension.event)
    for event in report.events:
        if one := report.evaluations.get(event.id):
            is_few = 0 < one.answered < fewest
            # How many answered, and of how many, tells who was there.
            has_numbers = not is_few and event_label(event, report.language) not in hidden
            percent: Cell = "–" if one.response_percent is None else one.response_percent
            numbers: list[Cell] = [one.answered, percent] if has_numbers else [None, None]
            lines.append([event.title_in(report.language), *numbers, None if is_few else one.mean or "–"])
    title = say.translate("Evaluations by participants")
    return ReportTable(title, heads, lines, note=_note(lines, say, fewest))


def _hidden_lines(report: Report, by: Dimension) -> set[str]:
    """Lines of a table of which the number is hidden."""
    return {line.label for line in report.tables[by].lines if line.total is None}


def _outcomes(report: Report, say: Words) -> ReportTable:
    heads = [say.translate(name) for name in ("What it is", "Event", "What", "Who", "Until", "State")]
    titles = {event.id: event.title_in(report.language) for event in report.events}
    lines: list[list[Cell]] = [
        [
            say.translate(OUTCOME_KINDS[one.kind]),
            titles[one.event_id],
            one.text,
            one.owner,
            one.due_on or "",
            say.translate(OUTCOME_STATES[one.state]) if one.kind is OutcomeKind.action_point else "",
        ]
        for one in report.outcomes
    ]
    return ReportTable(say.translate("Outcomes"), heads, lines)


async def file_of(
    db: AsyncSession, found: Report, ending: Literal["xlsx", "pdf"], caller: Caller, settings: Settings, *, at: datetime
) -> tuple[bytes, str, str]:
    """A report as a file: content, media type and name. That it was given out is noted, so that the next one warns
    where both tell too much."""
    content = content_of(found, await pictures_of(db, found.project.id, settings.files), at=at)
    await note_export(db, found, caller, at=at)
    name = f"report-{found.project.acronym}-{at:%Y-%m-%d}.{ending}"
    if ending == "xlsx":
        return await asyncio.to_thread(report_xlsx, content), XLSX, name
    return await asyncio.to_thread(report_pdf, content, words(found.language)), PDF, name
