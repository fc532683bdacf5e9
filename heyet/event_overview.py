"""How an event stands, at one look: its steps, its answers, and what waits. It reads all packages, so it stands above
them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core import audit
from core.clock import Moment
from core.db import ReadDb
from core.errors import N_
from core.pages import render
from core.web import language_of
from core.zones import day_in
from directory.accounts.access import Reader
from directory.accounts.rules import Right
from directory.people.geography import provinces
from directory.projects.models import Project
from directory.tasks.service import tasks_of
from events.attendance.records.models import Attendance
from events.attendance.records.rules import HALVES
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import UNANSWERED, InvitationStatus
from events.invitations.invitations.service import are_to_be_asked, is_reachable, is_unreleased
from events.nominations.requests.models import NominationRequest, Nominee
from events.nominations.requests.rules import NomineeState
from events.participants.roster.service import count_progress
from events.programme.agenda.models import AgendaVersion
from events.programme.events.models import Event, Session
from events.programme.events.rules import CONFIDENTIALITIES, EVENT_KINDS, OVER, EventState
from events.programme.events.service import get_event
from events.programme.events.views import reports_to
from events.reporting.languages.rules import missing_languages
from events.reporting.outcomes.models import EventOutcome
from events.reporting.plots import service as plots
from events.reporting.plots.rules import (
    ANSWER_GROUPS,
    AnswerGroup,
    answers_by_day,
    changed_days,
    grouped,
    nice_top,
    shaded,
)
from finance.sheets.models import PerDiemSheet
from finance.sheets.rules import DEAD, GIVEN

router = APIRouter(include_in_schema=False)


class StepState(StrEnum):
    """How far one step of an event is."""

    done = "done"
    now = "now"
    later = "later"


@dataclass(frozen=True)
class EventStep:
    """One of the steps through which an event goes: its name, how far it is, what there is or is missing as a message
    with its facts, and the page on which it is done."""

    title: str
    state: StepState
    said: str
    facts: dict[str, object]
    path: str


@dataclass(frozen=True)
class EventCounts:
    """What there is of an event, counted."""

    nominated: int
    unanswered: int
    accepted: int
    sessions: int
    versions: int
    requests: int
    open_requests: int
    nominees: int
    invited: int
    present: int
    sheets: int
    given_sheets: int
    outcomes: int
    without_address: int = 0
    languages: Sequence[str] = ()
    tentative: int = 0


async def counts_of(db: AsyncSession, event_id: UUID, answers: Mapping[InvitationStatus, int]) -> EventCounts:
    """One query; `answers` are counted already."""

    def count(table: Any, *where: Any) -> Any:
        return sa.select(sa.func.count()).select_from(table).where(*where).scalar_subquery()

    of_request = (col(NominationRequest.event_id) == event_id, col(NominationRequest.withdrawn_at).is_(None))
    named = (
        sa.select(sa.func.count())
        .select_from(Nominee)
        .join(NominationRequest, col(NominationRequest.id) == Nominee.call_id)
        .where(*of_request, col(Nominee.state) == NomineeState.named)
        .scalar_subquery()
    )
    present = (
        sa.select(sa.func.count(sa.distinct(col(Attendance.registration_id))))
        .where(col(Attendance.event_id) == event_id)
        .scalar_subquery()
    )
    of_sheet = (col(PerDiemSheet.event_id) == event_id, col(PerDiemSheet.state).not_in(DEAD))
    row = (
        await db.exec(
            sa.select(  # type: ignore[call-overload]
                count(Session, Session.event_id == event_id),
                count(AgendaVersion, AgendaVersion.event_id == event_id),
                count(NominationRequest, *of_request),
                count(NominationRequest, *of_request, col(NominationRequest.named_at).is_(None)),
                named,
                count(
                    Invitation,
                    Invitation.event_id == event_id,
                    col(Invitation.invited_at).is_not(None),
                    ~is_unreleased(),
                ),
                present,
                count(PerDiemSheet, *of_sheet),
                count(PerDiemSheet, *of_sheet, col(PerDiemSheet.state).in_(GIVEN)),
                count(EventOutcome, EventOutcome.event_id == event_id),
                count(Invitation, *are_to_be_asked(event_id), ~is_reachable()),
                # Beside the counts: a page has few queries.
                sa.select(col(Project.languages))
                .join(Event, col(Event.project_id) == Project.id)
                .where(col(Event.id) == event_id)
                .scalar_subquery(),
            )
        )
    ).one()
    counts = EventCounts(
        answers.get(InvitationStatus.nominated, 0),
        sum(answers.get(status, 0) for status in UNANSWERED),
        answers.get(InvitationStatus.accepted, 0),
        *row,
    )
    return replace(counts, tentative=answers.get(InvitationStatus.tentative, 0))


def steps_of_event(event: Event, has: EventCounts, today: date) -> list[EventStep]:
    """The steps of an event in their order; those that it does not need are left out. Pure."""
    is_over = event.last_day < today or event.state in OVER
    return [*_before(has, is_over=is_over), _day(event, today, is_over=is_over), *_after(event, has, today, is_over)]


def _step(title: str, is_done: bool, is_now: bool, said: str, path: str, **facts: object) -> EventStep:
    state = StepState.done if is_done else StepState.now if is_now else StepState.later
    return EventStep(title, state, said, facts, path)


_PROGRAMME = {
    (True, True): N_("One session, published"),
    (True, False): N_("%(sessions)s sessions, published"),
    (False, True): N_("One session, not published"),
    (False, False): N_("%(sessions)s sessions, not published"),
}


def _before(has: EventCounts, *, is_over: bool) -> list[EventStep]:
    is_published = bool(has.versions)
    steps = [
        _step(
            N_("Programme"),
            is_published or (is_over and bool(has.sessions)),
            True,
            _PROGRAMME[is_published, has.sessions == 1],
            "",
            sessions=has.sessions,
        )
    ]
    if has.requests:
        steps.append(
            _step(
                N_("Nominations"),
                not has.open_requests and not has.nominees,
                True,
                N_("%(open)s of %(all)s institutions have not named anybody; %(names)s nominees wait for a decision"),
                "/nominees",
                open=has.open_requests,
                all=has.requests,
                names=has.nominees,
            )
        )
    is_only_without = has.without_address > 0 and has.without_address == has.nominated
    invited = _step(
        N_("Invitations"),
        bool(has.invited) and not has.nominated,
        bool(has.nominated or has.versions),
        N_("%(invited)s invited; %(waiting)s without an e-mail address: enter it, or hand over a personal link")
        if is_only_without
        else N_("%(invited)s invited, %(waiting)s on the list and not invited"),
        "/people?status=nominated&mark=no-address" if is_only_without else "/people",
        invited=has.invited,
        waiting=has.nominated,
    )
    answered = _step(
        N_("Answers"),
        bool(has.invited) and not has.unanswered,
        bool(has.invited) and not is_over,
        N_("%(accepted)s attend, %(open)s have not answered, %(tentative)s do not know yet")
        if has.tentative
        else N_("%(accepted)s attend, %(open)s have not answered"),
        "/people?status=invited",
        accepted=has.accepted,
        open=has.unanswered - has.tentative,
        tentative=has.tentative,
    )
    return [*steps, invited, answered]


def _day(event: Event, today: date, *, is_over: bool) -> EventStep:
    left = (event.first_day - today).days
    title, is_near = N_("The event"), left <= 1
    if is_over:
        return _step(title, True, is_near, N_("It is over"), "/check-in")
    if left <= 0:
        return _step(title, False, is_near, N_("It is on now"), "/check-in")
    if left == 1:
        return _step(title, False, is_near, N_("It begins tomorrow"), "/check-in")
    return _step(title, False, is_near, N_("It begins in %(days)s days"), "/check-in", days=left)


def _after(event: Event, has: EventCounts, today: date, is_over: bool) -> list[EventStep]:
    steps = [
        _step(
            N_("Attendance"),
            is_over and bool(has.present),
            event.first_day <= today,
            N_("%(present)s of %(expected)s people are recorded as present"),
            "/attendance",
            present=has.present,
            expected=event.taken,
        )
    ]
    is_attended = is_over and bool(has.present)
    if has.sheets or event.kind == "study-visit":
        steps.append(
            _step(
                N_("Per diem"),
                bool(has.sheets) and has.given_sheets == has.sheets,
                is_attended,
                N_("%(given)s of %(all)s sheets are approved"),
                "/per-diem",
                given=has.given_sheets,
                all=has.sheets,
            )
        )
    is_reported = event.state in (EventState.reported, EventState.archived)
    said = N_("It is reported") if is_reported else N_("It is not reported yet")
    return [*steps, _step(N_("Report"), is_reported, is_attended, said, "/outcomes")]


def proposed_state(event: Event, has: EventCounts, today: date) -> tuple[EventState, str] | None:
    """What an organiser would set by hand, and why as a message. Nothing is set by itself: an event that is completed
    counts in reports. Pure."""
    is_over = event.last_day < today
    if event.state is EventState.draft and has.invited:
        return EventState.published, N_("Invitations were written, and it is still a draft.")
    if event.state in (EventState.published, EventState.confirmed) and is_over and has.present:
        return EventState.held, N_("It is over, and attendance is recorded.")
    if event.state is EventState.held and has.outcomes and has.given_sheets == has.sheets:
        return EventState.reported, N_("It is completed, and what came of it is written down.")
    return None


@router.get("/events/{event_id}/overview")
async def overview(request: Request, event_id: UUID, caller: Reader, db: ReadDb, at: Moment) -> Response:
    """The event's first tab."""
    event = await get_event(db, event_id, caller)
    today = day_in(event.zone, at=at)
    language = language_of(request)
    answers = await plots.answers_of(db, event_id, language)
    has = await counts_of(db, event_id, Counter(one.status for one in answers))
    # Small groups tell who somebody is: they are for those who may read who is invited.
    may_read = caller.may(Right.read, event.project_id)
    by_province = grouped((one.province, one.status, 1) for one in answers) if may_read else []
    days = answers_by_day(answers, event.zone, min(today, event.last_day))
    return render(
        request,
        "home/event_overview.html",
        event=event,
        tab="overview",
        today=today,
        steps=steps_of_event(event, has, today),
        proposal=proposed_state(event, has, today),
        tasks=await tasks_of(db, caller.within(event.project_id), at=at, event_id=event.id),
        days=days,
        changed=changed_days(days),
        top=nice_top(days[-1].invited) if days else 0,
        funnel=(await count_progress(db, event, has_drafts=True))[1],
        groups=ANSWER_GROUPS,
        institutions=grouped((one.institution, one.status, 1) for one in answers) if may_read else (),
        provinces=by_province,
        map=shaded({one.key: one.number(AnswerGroup.attending) for one in by_province}),
        province_names=provinces(language),
        attended=await plots.attendance_by_half_day(db, event) if has.present else (),
        halves=HALVES,
        missing=missing_languages(event.title, {"en": event.title_en, "tr": event.title_tr}, has.languages),
        kinds=EVENT_KINDS,
        confidentialities=CONFIDENTIALITIES,
        component=await reports_to(db, event),
        history=await audit.history(db, event_id),
    )
