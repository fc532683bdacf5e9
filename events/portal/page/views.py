"""What the participant’s own page shows."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby

from sqlmodel.ext.asyncio.session import AsyncSession

from core.i18n import country_codes
from core.zones import local
from directory.people.models import Person
from directory.projects.models import Project
from events.attendance.evaluations.rules import EVALUATION_KINDS
from events.attendance.evaluations.service import forms_for
from events.attendance.own_codes.service import takes_codes
from events.calendars.personal_feeds import service as calendars
from events.invitations.consents.service import consents_of, texts_of
from events.invitations.invitations.access import Guest
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import EDGES, InvitationStatus, is_frozen, takes_answers
from events.invitations.questionnaires import service as questions
from events.invitations.questionnaires.rules import AskedOf
from events.invitations.questionnaires.rules import missing as find_missing
from events.invitations.registrations import service
from events.invitations.registrations.access import has_told
from events.invitations.session_signups.service import chosen_by, taken_seats
from events.invitations.substitutions.models import SubstitutionProposal
from events.invitations.substitutions.rules import ProposalState
from events.invitations.substitutions.service import find_proposal
from events.materials.service import list_for_participant
from events.programme.events.models import Event
from events.programme.events.rules import SESSION_KINDS, Substitution
from events.programme.events.service import list_sessions

PAGE = "events/participant.html"


async def my_page(db: AsyncSession, *, participant: Guest, at: datetime) -> Mapping[str, object]:
    invitation = await db.get_one(Invitation, participant.invitation_id)
    event = await db.get_one(Event, invitation.event_id)
    sessions = await list_sessions(db, event.id)
    registration = await service.find_active(db, invitation)
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
    by_day = groupby(sessions, lambda s: local(s.starts_at, event.zone).date())
    return {
        "possible": EDGES[invitation.status],
        "may_substitute": _may_substitute(invitation, event, at=at),
        "has_proposed": _has_proposed(await find_proposal(db, invitation.id)),
        "is_open": takes_answers(event.answers_until, event.zone, at=at),
        "takes_codes": takes_codes(event, local(at, event.zone).date()),
        "token": participant.token,
        "invitation": invitation,
        "event": event,
        "registration": registration,
        "project": await db.get_one(Project, event.project_id),
        "person": await db.get_one(Person, invitation.person_id),
        "agenda": [(day, list(items)) for day, items in by_day],
        "session_kinds": SESSION_KINDS,
        "materials": await list_for_participant(db, event.id, participant.person_id),
        "seats": await taken_seats(db, [s.id for s in sessions if s.capacity is not None]),
        "chosen": {
            id for (_, id), is_so in (await chosen_by(db, [registration.id] if registration else [])).items() if is_so
        },
        "evaluations": await forms_for(db, event.id, participant.person_id),
        "evaluation_kinds": EVALUATION_KINDS,
        "consents": await texts_of(db, event.project_id),
        "agreed": await consents_of(db, invitation.id),
        "questions": asked,
        "answers": said,
        "missing": missing,
        "countries": country_codes(),
        "may_see": participant.may_see,
        "is_confirmed": participant.is_confirmed,
        "is_hidden": is_hidden,
        "typed": service.draft_of(registration) if participant.may_see else {},
        "feed": None,
        "feeds": await calendars.list_subscriptions(db, participant.person_id) if participant.is_confirmed else [],
    }


def _has_proposed(proposal: SubstitutionProposal | None) -> bool:
    return proposal is not None and proposal.state is ProposalState.proposed


def _may_substitute(invitation: Invitation, event: Event, *, at: datetime) -> bool:
    if InvitationStatus.substituted not in EDGES[invitation.status] or event.substitution is Substitution.off:
        return False
    return not is_frozen(event.names_freeze_on, event.zone, at=at)
