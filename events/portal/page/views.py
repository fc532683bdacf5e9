"""What the participant’s own page shows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from core.columns import without_secrets
from core.i18n import country_codes
from core.zones import day_in
from directory.people.models import Person
from directory.projects.models import Project
from events.attendance.evaluations.rules import EVALUATION_KINDS
from events.attendance.evaluations.service import forms_for
from events.attendance.own_codes.service import takes_codes
from events.calendars.personal_feeds import service as calendars
from events.invitations.consents.service import consents_of, texts_of
from events.invitations.invitations.access import Guest
from events.invitations.invitations.models import Invitation
from events.invitations.phases.rules import Act, permits, permitted_acts, phases_of
from events.invitations.questionnaires import service as questions
from events.invitations.questionnaires.rules import AskedOf
from events.invitations.questionnaires.rules import missing as find_missing
from events.invitations.registrations import service
from events.invitations.registrations.access import has_told
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from events.invitations.session_signups.service import chosen_by, offers_to, taken_seats, waiting_for
from events.invitations.substitutions.models import SubstitutionProposal
from events.invitations.substitutions.rules import ProposalState
from events.materials.service import list_for
from events.programme.events.mails import clock_of
from events.programme.events.models import Event, Session
from events.programme.events.rules import SESSION_KINDS, EventState, Substitution
from events.programme.events.service import list_sessions

PAGE = "events/participant.html"
# Finance says here whether an event pays its participants: then their page leads to “My payment”.
PAYS: list[Callable[[AsyncSession, Event], Awaitable[bool]]] = []
_ANSWERS = {
    Act.accept,
    Act.take_offer,
    Act.tentative,
    Act.decline,
    Act.leave,
    Act.drop_guests,
    Act.hand_over,
    Act.send_instead,
}
# Nobody says yes to these; who had said yes may still leave, unless there is nothing to leave.
NOT_ANSWERED = (EventState.cancelled, EventState.archived, EventState.postponed)


async def my_page(db: AsyncSession, *, participant: Guest, at: datetime) -> Mapping[str, object]:
    whole = await _read(db, participant)
    invitation, event, registration = whole.invitation, whole.event, whole.registration
    sessions = await list_sessions(db, event.id)
    has_place = registration is not None and registration.status is RegistrationStatus.confirmed
    asked = [
        q
        for q in await questions.list_questions(db, event.id)
        if q.asked_of is AskedOf.participant and q.category in (None, invitation.category)
    ]
    answers = (await questions.answers_of(db, [invitation.id])).get(invitation.id, {})
    said = answers if participant.may_see else {}
    left = {q.id for q in find_missing([q.asking for q in asked], answers, invitation.category)}
    is_hidden = not participant.may_see and (has_told(registration) or bool(answers))
    # That a question comes up tells what another one was answered.
    missing = [q for q in asked if q.id in left and not (is_hidden and q.depends_on_id)]
    by_day = groupby(sessions, lambda s: day_in(event.zone, at=s.starts_at))
    acts = _acts(whole, at=at)
    return {
        "acts": acts,
        "hides_guests": not participant.may_see and bool(registration and registration.guest_names),
        "most_guests": _most_guests(acts, event, registration),
        "may_answer": bool(acts & _ANSWERS),
        "phases": phases_of(event, at=at),
        "was_there": whole.was_there,
        "has_proposed": whole.has_proposed,
        "is_open": permits(Act.accept, event, at=at),
        "takes_codes": takes_codes(event, day_in(event.zone, at=at)),
        "token": participant.token,
        "invitation": invitation,
        "event": event,
        "registration": registration,
        "project": whole.project,
        "person": whole.person,
        "clock": clock_of(event, sessions),
        "agenda": [(day, list(items)) for day, items in by_day],
        "session_kinds": SESSION_KINDS,
        "materials": await list_for(db, event.id, has_place=has_place),
        **await _choices(db, sessions, registration),
        "evaluations": await forms_for(db, event.id, participant.person_id),
        "evaluation_kinds": EVALUATION_KINDS,
        "consents": await texts_of(db, event.project_id),
        "agreed": await consents_of(db, invitation.id),
        "questions": asked,
        "answers": said,
        "missing": missing,
        "countries": country_codes(),
        "is_paid": has_place and any([await pays(db, event) for pays in PAYS]),
        "may_see": participant.may_see,
        "is_confirmed": participant.is_confirmed,
        "is_hidden": is_hidden,
        "refused_session": None,
        "typed": service.draft_of(registration) if participant.may_see else {},
        "feed": None,
        "feeds": await calendars.list_subscriptions(db, participant.person_id) if participant.is_confirmed else [],
    }


@dataclass(frozen=True)
class _Whole:
    """A participant with all that the page decides by."""

    invitation: Invitation
    event: Event
    project: Project
    person: Person
    registration: Registration | None
    has_proposed: bool
    was_there: bool


async def _read(db: AsyncSession, participant: Guest) -> _Whole:
    """In one query. What is encrypted of the person is read for nobody but the owner who typed a code."""
    found = await db.exec(_whole(participant.is_confirmed), params={"invitation_id": participant.invitation_id})
    return _Whole(*found.one())


@cache
def _whole(is_confirmed: bool) -> Any:
    asked = sa.bindparam("invitation_id", type_=sa.Uuid())
    has_proposed = sa.exists().where(
        col(SubstitutionProposal.invitation_id) == Invitation.id,
        col(SubstitutionProposal.state) == ProposalState.proposed,
    )
    has_been = service.has_been_there_with(asked)
    rows: Any = sa.select(Invitation, Event, Project, Person, Registration, has_proposed, has_been)
    rows = rows.join(Event, col(Event.id) == Invitation.event_id).join(Project, col(Project.id) == Event.project_id)
    rows = rows.join(Person, col(Person.id) == Invitation.person_id)
    rows = rows.join(Registration, service.is_active_for(Invitation), isouter=True)
    if not is_confirmed:
        rows = rows.options(*without_secrets(Person))
    return rows.where(col(Invitation.id) == asked)


async def _choices(
    db: AsyncSession, sessions: Sequence[Session], registration: Registration | None
) -> Mapping[str, object]:
    """How the sessions with places of their own stand, and what of them is the person's."""
    limited, own = [s.id for s in sessions if s.capacity is not None], registration.id if registration else None
    if not limited:
        return {"seats": {}, "chosen": set(), "session_offers": {}, "waits_for": {}}
    chosen = await chosen_by(db, [own] if own else [])
    return {
        "seats": await taken_seats(db, limited),
        "chosen": {id for (_, id), is_so in chosen.items() if is_so},
        "session_offers": await offers_to(db, own) if own else {},
        "waits_for": {
            id: waiting.index(own) + 1 for id, waiting in (await waiting_for(db, limited)).items() if own in waiting
        },
    }


def _most_guests(acts: frozenset[Act], event: Event, registration: Registration | None) -> int:
    """The largest number of guests that may be said now; 0 where nothing can be changed."""
    now = registration.guests if registration else 0
    if Act.add_guests in acts:
        return max(event.guests_allowed, now)
    return now if Act.drop_guests in acts else 0


def _acts(whole: _Whole, *, at: datetime) -> frozenset[Act]:
    """What the page offers: what the moment allows, and what this event and the person’s presence leave of it."""
    event = whole.event
    acts = permitted_acts(whole.invitation.status, event, at=at)
    if event.state in NOT_ANSWERED:
        acts &= {Act.tell, Act.leave, Act.decline, Act.say_consent}
    if event.substitution is Substitution.off:
        acts -= {Act.hand_over, Act.send_instead}
    if whole.was_there:
        acts -= {Act.leave, Act.hand_over}
    return acts
