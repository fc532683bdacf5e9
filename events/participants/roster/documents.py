"""The list of participants that is handed out: who takes part, and nothing by which anybody is reached."""

from collections.abc import Sequence
from datetime import datetime

from core.documents.pdf import Picture
from core.i18n import words
from directory.people.geography import provinces
from directory.people.models import Institution, Person, name_of_institution
from directory.projects.models import Project
from events.programme.events.models import Event
from events.reporting.reports.documents import Cell, ReportContent, ReportTable, report_pdf


def participants_pdf(
    event: Event,
    project: Project,
    people: Sequence[tuple[Person, Institution | None]],
    pictures: Sequence[Picture],
    language: str,
    *,
    with_institution: bool,
    at: datetime,
) -> bytes:
    """Numbered, in the order given. Where being there tells something of people, institutions are left out."""
    say, place = words(language), provinces(language)
    heads = [say.translate("No."), say.translate("Name")]
    if with_institution:
        heads += [say.translate("Title"), say.translate("Institution"), say.translate("Province")]
    lines: list[list[Cell]] = []
    for number, (person, institution) in enumerate(people, start=1):
        line: list[Cell] = [str(number), person.name]
        if with_institution:
            province = place.get(person.province, "")
            line += [person.title_in(language), name_of_institution(institution, language), province]
        lines.append(line)
    content = ReportContent(
        title=event.title_in(language),
        period=" · ".join(filter(None, [say.days(event.first_day, event.last_day), event.venue])),
        project=project.title_in(language),
        contract=project.contract_number,
        statement=project.funding_statement(language),
        emblem=project.emblem.value,
        tables=[ReportTable(say.translate("List of participants"), heads, lines)],
        made_at=at,
        language=language,
        logos=pictures,
    )
    return report_pdf(content, say)
