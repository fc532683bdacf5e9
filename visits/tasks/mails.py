"""The mail that reminds somebody of their tasks."""

from collections.abc import Sequence
from datetime import date, datetime

from core.i18n import words
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from events.programme.events.mails import footer_of, subject_of
from events.programme.events.models import Event
from notifications.outbox.mails import Button, Facts, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message
from visits.tasks.models import VisitTask

TASKS = "visits/tasks"


def tasks_message(
    account: Account,
    project: Project,
    tasks: Sequence[tuple[VisitTask, Event]],
    settings: Settings,
    *,
    today: date,
    at: datetime,
) -> Message:
    """What is due of one person's tasks in a project, in one mail a day. What Heyet wrote down names
    nobody."""
    say = words(account.language)
    rows = [
        (say.day(task.due_on, "medium"), f"{task.title_in(say, is_naming=False)} · {subject_of(event, project, say)}")
        for task, event in tasks
    ]
    where = f"{settings.base_url}/events/{tasks[0][1].id}/tasks"
    blocks: list[Paragraph | Facts | Button] = [
        Paragraph(say.translate("These tasks are yours and are due soon:")),
        Facts(rows),
        Button(say.translate("Open the tasks"), where),
    ]
    subject = say.translate("Tasks due: %(project)s", project=project.acronym)
    return new_message(
        MailContent(subject, blocks, say.language, footer_of(project, say)),
        kind=TASKS,
        dedupe_key=f"{TASKS}:{account.id.hex}:{project.id.hex}:{today}",
        to_name=account.address_key,
        to_address=account.address,
        at=at,
        project_id=project.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
    )
