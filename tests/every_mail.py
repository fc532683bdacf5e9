"""Every kind of mail that Heyet writes, in both languages, with contents as long as they come and links that open."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from inspect import isfunction
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

import events
import finance
import notifications
import visits
from core.i18n import words
from core.ids import new_id
from core.money import Money
from core.security import new_token
from core.settings import Settings
from directory.accounts.models import Account
from directory.accounts.rules import AccountChange, Role
from directory.people.models import Institution, Person
from directory.projects.service import NewMember
from events.attendance.evaluations import mails as evaluations
from events.attendance.evaluations.models import Evaluation
from events.attendance.evaluations.rules import EvaluationKind
from events.attendance.superiors import service as superiors
from events.attendance.superiors.models import Superior
from events.calendars.replies import mails as replies
from events.invitations.invitations import mails as invitations
from events.invitations.invitations.mails import MailContext
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import ANSWER_WORDS, InvitationStatus
from events.invitations.invitations.service import load_mail_contexts
from events.invitations.link_sessions import mails as codes
from events.invitations.questionnaires.mails import missing_message
from events.invitations.session_signups import mails as session_signups
from events.invitations.session_signups.rules import SessionNews
from events.invitations.substitutions import mails as substitutions
from events.messaging.campaigns import mails as campaigns
from events.messaging.digests import mails as digests
from events.messaging.digests.rules import EventNews, News
from events.messaging.reminders import mails as reminders
from events.nominations.public_registration import mails as registrations
from events.nominations.public_registration.rules import STATUS_WORDS
from events.nominations.requests import mails as requests
from events.nominations.requests.mails import Addressed
from events.nominations.requests.models import NominationRequest
from events.participants.roster.rules import Mark
from events.participants.scheduled_exports import mails as exports
from events.participants.scheduled_exports.models import ScheduledExport
from events.participants.scheduled_exports.rules import ExportEnd, Rhythm
from events.privacy.address_changes import mails as addresses
from events.privacy.address_changes.models import AddressChange
from events.privacy.data_requests import mails as data_requests
from events.privacy.erasure.models import ErasureRequest
from events.privacy.retention import mails as retention
from events.programme.events.models import Event
from events.programme.events.rules import EventState
from events.programme.speaker_notices import mails as speakers
from events.programme.speaker_notices.rules import NoticeContent
from finance.approvals import mails as approvals
from finance.monthly_reports import mails as monthly_reports
from finance.monthly_reports.models import ReportReader, ReportSent
from finance.monthly_reports.rules import MonthlyReport, ReportLine
from finance.monthly_reports.service import stop_link
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import SheetState
from notifications.outbox.models import Message
from notifications.sign_in import mails as sign_in
from tests.people import App, names
from visits.hotels.models import Hotel
from visits.rooming_lists import mails as rooming_lists
from visits.rooming_lists.models import RoomingList
from visits.tasks import mails as visit_tasks
from visits.tasks.models import VisitTask
from visits.travel_notices import mails as travel_notices
from visits.travel_notices.rules import JourneyItem, JourneyItemKind, changes_between

TEXT = (
    "We thank you for your part in the meeting. The summary of the discussions and the list of recommendations are on "
    "your page; please tell us by the end of the month what should be corrected.",
    "The next meeting takes place in autumn.",
)
PLAN: dict[str, Any] = {
    "title": "Coordination meeting on cross-border judicial cooperation in civil and commercial matters",
    "title_tr": "Hukuki ve ticari konularda sınır ötesi adli iş birliğine ilişkin koordinasyon toplantısı",
    "venue": "Türkiye Adalet Akademisi Ahlatlıbel Yerleşkesi, Konferans Salonu, Çankaya/Ankara",
    "map_url": "https://maps.agency.gov.tr/place/Turkiye+Adalet+Akademisi/@39.8121,32.8123,17z/data=" + "3m1!4b1!" * 12,
    "online_url": "https://video.agency.gov.tr/j/98765432101?pwd=" + "a1B2c3D4" * 8,
    "contact_name": "Elif Karaca",
    "contact_address": "koordinasyon.toplantisi.sekretaryasi@adaletakademisi.agency.gov.tr",
    "answer_by": "2026-03-20",
    "sessions": [
        {"title": "Opening", "title_tr": "Açılış", "starts": "2026-04-14T09:30", "ends": "2026-04-14T10:30"},
        {
            "title": "Recognition and enforcement",
            "title_tr": "Tanıma ve tenfiz",
            "starts": "2026-04-14T11:00",
            "ends": "2026-04-14T12:30",
        },
    ],
}


@dataclass(frozen=True)
class Reader:
    """Somebody who gets each of them. `other` takes their place, `account` is who organises in their language."""

    mail: MailContext
    other: MailContext
    call: Addressed
    account: Account
    settings: Settings
    at: datetime


def _answers(r: Reader) -> Iterator[Message]:
    for status in ANSWER_WORDS:
        yield invitations.answer_message(_as(r.mail, status), at=r.at, until=r.at + timedelta(hours=30))


def _as(mail: MailContext, status: InvitationStatus, *, reason: str = "") -> MailContext:
    invitation = Invitation(**{**mail.invitation.model_dump(), "status": status, "reason": reason})
    return replace(mail, invitation=invitation)


def _cancellations(r: Reader) -> Iterator[Message]:
    off = Event(**{**r.mail.event.model_dump(), "state": EventState.cancelled})
    yield invitations.cancellation_message(replace(r.mail, event=off), at=r.at)
    yield invitations.cancellation_message(r.mail, at=r.at)


def _updates(r: Reader) -> Iterator[Message]:
    say = words(r.mail.person.language).translate
    postponed = say("The event is postponed. As soon as there is a new date, you hear from us.")
    yield invitations.update_message(replace(r.mail, changes=[postponed]), at=r.at)
    yield invitations.update_message(r.mail, at=r.at)


def _speakers(r: Reader) -> Iterator[Message]:
    titles = {"en": "Recognition and enforcement", "tr": "Tanıma ve tenfiz"}
    now = NoticeContent(
        "2026-04-14T11:00", "2026-04-14T12:30", "Europe/Istanbul", str(PLAN["venue"]), titles, ["speaker"]
    )
    before = replace(now, starts="2026-04-14T09:00", venue="İzmir")
    for old, is_over in ((None, False), (before, False), (now, True)):
        yield speakers.notice_message(
            r.mail.person,
            r.mail.event,
            r.mail.project,
            new_id(),
            now,
            r.settings,
            at=r.at,
            round=1,
            before=old,
            is_over=is_over,
        )


def _digest(r: Reader) -> Message:
    counts = {InvitationStatus.accepted: 12, InvitationStatus.declined: 3}
    title, day = r.mail.event.title_in(r.account.language), date(2026, 4, 14)
    one = EventNews(new_id(), title, day, counts, 1, 4, 2, 5, 17, date(2026, 3, 20), 31)
    news = News(r.at - timedelta(days=1), r.at, [one], 2)
    waiting = [(title, "12 mails are written and not sent.")]
    return digests.digest_message(r.account, r.mail.project, news, waiting, r.settings, f"digest:{new_id()}", at=r.at)


def _forgetting(r: Reader) -> Message:
    lines = [(r.mail.event.title_in(r.account.language), date(2026, 10, 14)), ("", date(2031, 4, 14))]
    return retention.purge_message(r.account, r.mail.project, lines, r.settings, r.at.date(), at=r.at)


def _campaign(r: Reader) -> Message:
    materials = [("Recommendations", f"{r.mail.link}/materials/{new_id()}")]
    return campaigns.campaign_message(
        r.mail, "events/campaign", at=r.at, subject="After the meeting", paragraphs=TEXT, materials=materials
    )


def _superiors(r: Reader) -> Iterable[Message]:
    people = [f"{r.other.person.name} {n}" for n in range(12)]
    superior = Superior(
        event_id=r.mail.event.id,
        name=r.mail.person.name,
        address=str(r.mail.person.address),
        language=r.mail.person.language,
    )
    link = superiors.link_of(superior.id, r.settings)
    for shown in (people[:1], people):
        to = evaluations.ToSuperior(superior, shown, r.mail.event, r.mail.project, link)
        form = Evaluation(event_id=r.mail.event.id, kind=EvaluationKind.superiors)
        yield evaluations.superior_message(to, form, str(len(shown)), at=r.at)


def _evaluations(r: Reader) -> Iterable[Message]:
    for kind in set(EvaluationKind) - {EvaluationKind.superiors}:
        yield evaluations.evaluation_message(r.mail, Evaluation(event_id=r.mail.event.id, kind=kind), "1", at=r.at)


def _journeys(r: Reader) -> Iterable[Message]:
    there = JourneyItem(
        JourneyItemKind.leg,
        "1",
        "TK 1887",
        "2026-04-13",
        time="10:05",
        until_day="2026-04-13",
        until_time="11:40",
        origin="Istanbul (IST) T1",
        destination="Vienna (VIE) T3",
    )
    nights = JourneyItem(JourneyItemKind.stay, "2", "Vienna", "2026-04-13", until_day="2026-04-16")
    ride = JourneyItem(JourneyItemKind.transfer, "3", "Minibus", "2026-04-13", time="12:30", destination="Hotel")
    changes = changes_between([replace(there, time="", until_day=""), nights], [there, ride])
    yield travel_notices.journey_message(r.mail, changes, [there, ride], 2, at=r.at)
    yield travel_notices.journey_message(r.mail, [], [there, nights], 1, at=r.at)


def _tasks(r: Reader) -> Message:
    task = VisitTask(event_id=r.mail.event.id, phase="travel", title="Buy tickets", due_on=r.at.date(), created_at=r.at)
    tasks = [(task, r.mail.event)]
    return visit_tasks.tasks_message(r.account, r.mail.project, tasks, r.settings, today=r.at.date(), at=r.at)


def _kept(r: Reader) -> Message:
    asked = ErasureRequest(person_id=r.mail.person.id, project_id=r.mail.project.id, asked_at=r.at)
    return data_requests.kept_message(r.mail.person, r.mail.project, asked, "Your nights were paid for.", at=r.at)


def _change(r: Reader) -> AddressChange:
    return AddressChange(
        project_id=r.mail.project.id,
        person_id=r.mail.person.id,
        former=str(r.mail.person.address),
        address="yeni.adres.uzun@adaletakademisi.agency.gov.tr",
        former_token_hash="1",
        new_token_hash="2",
        asked_at=r.at,
        ends_at=r.at + timedelta(hours=48),
    )


def _to(r: Reader) -> str:
    return f"{r.settings.base_url}/address/{new_token()}"


def _export(r: Reader, end: ExportEnd | None = None) -> ScheduledExport:
    return ScheduledExport(
        event_id=r.mail.event.id,
        account_id=r.account.id,
        rhythm=Rhythm.daily,
        ends_on=date(2026, 4, 15),
        mark=Mark.missing,
        made_at=r.at,
        end=end,
    )


def _lists(r: Reader) -> Message:
    mail = r.mail
    day = date(2026, 4, 1)
    return exports.list_message(r.account, _export(r), mail.event, mail.project, day, r.settings, at=r.at)


def _returned(r: Reader) -> Message:
    event, project = r.mail.event, r.mail.project
    days = {"first_day": event.first_day, "last_day": event.last_day}
    of = {"project_id": project.id, "event_id": event.id, "submitted_at": r.at, "submitted_by": r.account.id}
    sheet = PerDiemSheet(currency="EUR", version=3, number=3, total_minor=36480, reason=TEXT[0], **days, **of)
    return approvals.returned_message(sheet, event, r.account, project, r.settings, at=r.at)


def _monthly(r: Reader) -> Message:
    project = r.mail.project
    of = {"project_id": project.id, "added_at": r.at, "added_by": r.account.id}
    reader = ReportReader(name="Aylin Kaya", address="aylin.kaya@donor.example", address_key="", **of)
    reader.language = r.account.language
    sent = ReportSent(project_id=project.id, reader_id=reader.id, month=date(2026, 4, 1), written_at=r.at)
    many = [Money(Decimal("61234.80"), code) for code in ("EUR", "TRY", "USD")]
    lines = [ReportLine(PLAN["title"], "1 Coordination", SheetState.approved, 3, one, one) for one in many]
    report = MonthlyReport(sent.month, lines)
    return monthly_reports.report_message(reader, sent, report, project, stop_link(reader.id, r.settings), at=r.at)


def _rooming_list(r: Reader) -> Message:
    hotel = Hotel(event_id=r.mail.event.id, name="Hotel Regina", country="AT", email="groups@regina.example")
    one = RoomingList(event_id=hotel.event_id, hotel_id=hotel.id, version=2, account_id=r.account.id, made_at=r.at)
    return rooming_lists.rooming_list_message(one, hotel, r.mail.event, r.mail.project, 3, at=r.at)


# How each is written: a test finds one that is not here.
WRITTEN: dict[Callable[..., Any], Callable[[Reader], Message | Iterable[Message]]] = {
    invitations.invitation_message: lambda r: invitations.invitation_message(r.mail, at=r.at),
    invitations.update_message: _updates,
    invitations.cancellation_message: _cancellations,
    invitations.answer_message: _answers,
    invitations.reminder_message: lambda r: invitations.reminder_message(r.mail, "1", at=r.at),
    missing_message: lambda r: missing_message(r.mail, ["Name as in passport"], "1", at=r.at),
    substitutions.substitution_messages: lambda r: substitutions.substitution_messages(r.mail, r.other, at=r.at),
    substitutions.return_messages: lambda r: substitutions.return_messages(r.mail, r.other, at=r.at),
    substitutions.not_approved_message: lambda r: substitutions.not_approved_message(
        r.mail, "1", "The meeting is for judges.", at=r.at
    ),
    session_signups.session_message: lambda r: [
        session_signups.session_message(r.mail, r.mail.sessions[0], new_id(), news, until=r.at, at=r.at)
        for news in SessionNews
    ],
    codes.code_message: lambda r: codes.code_message(r.mail.person, r.mail.project, r.mail.event.id, "482913", at=r.at),
    replies.not_taken_message: lambda r: replies.not_taken_message(r.mail, TEXT[1], again=True, at=r.at),
    replies.refresh_message: lambda r: replies.refresh_message(r.mail, at=r.at),
    registrations.application_message: lambda r: registrations.application_message(r.mail, at=r.at),
    registrations.link_message: lambda r: registrations.link_message(r.mail, at=r.at),
    registrations.status_message: lambda r: [
        registrations.status_message(_as(r.mail, status), at=r.at) for status in STATUS_WORDS
    ],
    registrations.nothing_message: lambda r: registrations.nothing_message(r.mail.person, r.mail.project, "", at=r.at),
    requests.call_message: lambda r: requests.call_message(r.call, at=r.at),
    requests.reminder_message: lambda r: requests.reminder_message(r.call, at=r.at),
    requests.return_message: lambda r: requests.return_message(r.call, at=r.at),
    requests.link_message: lambda r: requests.link_message(r.call, at=r.at),
    reminders.scheduled_message: lambda r: [
        reminders.scheduled_message(r.mail, purpose, purpose, r.at, at=r.at)
        for purpose in ("unanswered", "missing", "before", "after")
    ],
    campaigns.campaign_message: _campaign,
    evaluations.evaluation_message: _evaluations,
    evaluations.superior_message: _superiors,
    digests.digest_message: _digest,
    travel_notices.journey_message: _journeys,
    visit_tasks.tasks_message: _tasks,
    retention.purge_message: _forgetting,
    speakers.notice_message: _speakers,
    rooming_lists.rooming_list_message: _rooming_list,
    data_requests.kept_message: _kept,
    exports.list_message: _lists,
    approvals.returned_message: _returned,
    monthly_reports.report_message: _monthly,
    exports.ended_message: lambda r: [
        exports.ended_message(r.account, _export(r, end), r.mail.event, r.mail.project, at=r.at) for end in ExportEnd
    ],
    addresses.former_message: lambda r: addresses.former_message(
        _change(r), r.mail.person, r.mail.project, _to(r), at=r.at
    ),
    addresses.wanted_message: lambda r: addresses.wanted_message(
        _change(r), r.mail.person, r.mail.project, _to(r), at=r.at
    ),
    addresses.changed_message: lambda r: addresses.changed_message(_change(r), r.mail.person, r.mail.project, at=r.at),
    sign_in.link_message: lambda r: sign_in.link_message(
        r.account, f"{r.settings.base_url}/sign-in/link/{new_token()}", f"sign-in-link:{new_id()}", at=r.at
    ),
    sign_in.member_message: lambda r: [
        sign_in.member_message(
            NewMember(r.account, r.account.name, r.mail.project, role, "Şeref Öz", token), r.settings.base_url, at=r.at
        )
        for role in Role
        for token in ("", new_token())
    ],
    sign_in.change_message: lambda r: [sign_in.change_message(r.account, change, at=r.at) for change in AccountChange],
}


def writers() -> set[Callable[..., Any]]:
    """All functions that write a kind of mail."""
    found = set()
    for package in (events, notifications, visits, finance):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".mails"):
                there = vars(importlib.import_module(module.name)).values()
                found |= {f for f in there if isfunction(f) and f.__name__.endswith(("_message", "_messages"))}
    return {f for f in found if f.__module__.endswith(".mails") and not f.__name__.startswith("_")}


async def every_mail(app: App) -> list[Message]:
    """All of them to one who reads Turkish and one who reads English."""
    readers = await _readers(app)
    return [message for reader in readers for write in WRITTEN.values() for message in _each(write(reader))]


def _each(written: Message | Iterable[Message]) -> Iterable[Message]:
    return [written] if isinstance(written, Message) else written


async def _readers(app: App) -> Sequence[Reader]:
    settings, at = app.fastapi.state.settings, app.clock()
    event_id = UUID((await app.event(**PLAN))["id"])
    people = names(2)
    await app.name_people({"id": str(event_id)}, people)
    async with app.database.unit_of_work() as db:
        event = await db.get_one(Event, event_id)
        title = "Avrupa Birliği Uyum ve Dış İlişkiler Daire Başkanı"
        for name, language in zip(people, ("tr", "en"), strict=True):
            await db.exec(update(Person).where(col(Person.name) == name).values(language=language, title=title))
        mails = await load_mail_contexts(db, event, settings, col(Invitation.event_id) == event_id, at=at)
        institution = (await db.exec(select(Institution))).first()
        assert institution
    call = NominationRequest(
        event_id=event_id,
        institution_id=institution.id,
        capacity=3,
        answer_by=date(2026, 3, 20),
        note=TEXT[0],
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
    )
    return [
        Reader(
            mail,
            other,
            Addressed(
                call,
                event,
                mail.project,
                institution,
                mail.person,
                f"{settings.base_url}/n/{new_token()}",
                is_signed=True,
            ),
            Account(
                name="Elif Karaca",
                address="elif.karaca@agency.gov.tr",
                address_key="elif.karaca@agency.gov.tr",
                language=mail.person.language,
            ),
            settings,
            at,
        )
        for mail, other in (mails, mails[::-1])
    ]
