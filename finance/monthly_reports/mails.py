"""The mail of a month: sums by currency, and the link that stops it. No name of any participant."""

from datetime import datetime

from core.i18n import words
from directory.projects.models import Project
from events.programme.events.mails import footer_of
from finance.monthly_reports.models import ReportReader, ReportSent
from finance.monthly_reports.rules import MonthlyReport, ReportFormat
from notifications.outbox.mails import Facts, Link, MailContent, Paragraph
from notifications.outbox.models import Message
from notifications.outbox.service import new_message

MONTHLY = "finance/monthly-report"
# As references of attachments begin.
REPORT_FILE = "monthly-report"


def report_message(
    reader: ReportReader, sent: ReportSent, report: MonthlyReport, project: Project, stop_link: str, *, at: datetime
) -> Message:
    """To one reader in their language."""
    say = words(reader.language)
    month = say.month(report.month)
    blocks: list[Paragraph | Facts] = [
        Paragraph(say.translate("Dear %(name)s,", name=reader.name)),
        Paragraph(
            say.translate(
                "This is what was approved and paid for participants of %(project)s in %(month)s.",
                project=project.acronym,
                month=month,
            )
        ),
    ]
    for code, approved, paid in report.sums():
        facts = [
            (say.translate("Currency"), code),
            (say.translate("Approved"), say.money(approved)),
            (say.translate("Paid in the month"), say.money(paid)),
        ]
        blocks.append(Facts(facts))
    if not report.lines:
        blocks.append(Paragraph(say.translate("No per-diem sheet was submitted, decided on or paid in this month.")))
    elif reader.file_format is not ReportFormat.none:
        blocks.append(Paragraph(say.translate("The attached file has the amounts by event, component and state.")))
    why = say.translate("You get this because finance of the project put you on its list.")
    content = MailContent(
        say.translate("Per diems of %(project)s, %(month)s", project=project.acronym, month=month),
        blocks,
        say.language,
        footer_of(project, say, Link(why, say.translate("No more of these mails"), stop_link)),
    )
    return new_message(
        content,
        kind=MONTHLY,
        dedupe_key=f"{MONTHLY}:{reader.id.hex}:{report.month:%Y-%m}:{sent.key}",
        to_name=reader.name,
        to_address=reader.address,
        at=at,
        priority=7,
        project_id=project.id,
        about_id=sent.id,
        sender_name=project.acronym,
        sender_address=project.mail_from,
        reply_to=project.contact,
        attachments=[] if reader.file_format is ReportFormat.none else [f"{REPORT_FILE}:{sent.id}"],
    )
