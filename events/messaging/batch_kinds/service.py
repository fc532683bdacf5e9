"""The kinds of mails about events that may wait, by the beginning of their name."""

from core.errors import N_
from events.attendance.evaluations.models import KIND as EVALUATION
from events.invitations.batch_checks.service import (
    ask_later,
    check_accepted,
    check_event,
    check_programme,
    check_refused,
    check_reminder,
    check_waiting,
    tell_later,
    titles_of,
)
from events.invitations.invitations.mails import INVITATION, REMINDER
from events.invitations.invitations.service import INVITE
from events.invitations.questionnaires.mails import MISSING
from events.messaging.campaigns.models import KIND as CAMPAIGN
from events.messaging.campaigns.service import WRITE_CAMPAIGN, write_again
from events.nominations.requests.mails import CALL, RETURN
from events.nominations.requests.mails import REMINDER as CALL_REMINDER
from events.nominations.requests.service import forget_links
from events.participants.bulk.service import BULK_STEP
from events.programme.events.mails import CANCELLATION, PART, UPDATE
from events.programme.events.service import ANNOUNCE, NOTIFY_SPEAKERS
from events.programme.speaker_notices.service import forget_told
from notifications.batches.service import KINDS, BatchKind
from notifications.releases.service import SUBJECTS

_EVENT = (ANNOUNCE, INVITE, BULK_STEP)
BATCH_KINDS = {
    INVITATION: BatchKind(N_("Invitations"), check_programme, ask_later, _EVENT),
    UPDATE: BatchKind(N_("What has changed"), check_programme, tell_later, _EVENT),
    # That something is off, and what their part is now, may always be said.
    CANCELLATION: BatchKind(N_("Cancellations"), discarded=tell_later, written_by=_EVENT),
    PART: BatchKind(N_("Parts in the programme"), discarded=forget_told, written_by=(ANNOUNCE, NOTIFY_SPEAKERS)),
    REMINDER: BatchKind(N_("Reminders to answer"), check_reminder, written_by=_EVENT),
    MISSING: BatchKind(N_("Reminders of missing details"), check_event, written_by=_EVENT),
    CAMPAIGN: BatchKind(N_("Bulk e-mail"), check_event, write_again, (WRITE_CAMPAIGN,)),
    EVALUATION: BatchKind(N_("Requests to evaluate"), check_event),
    CALL: BatchKind(N_("Requests for nominations"), check_event, forget_links),
    CALL_REMINDER: BatchKind(N_("Reminders to nominate"), check_event),
    RETURN: BatchKind(N_("Letters back to institutions"), check_event),
    "events/accepted": BatchKind(N_("Confirmations"), check_accepted, written_by=_EVENT),
    "events/waiting": BatchKind(N_("Places on the waiting list"), check_waiting, written_by=_EVENT),
    "events/refused": BatchKind(N_("Rejections"), check_refused, written_by=_EVENT),
}


def register_kinds() -> None:
    """Let pages of mail know these kinds, and what events are called."""
    KINDS.update(BATCH_KINDS)
    SUBJECTS[:] = [titles_of]
