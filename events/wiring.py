"""What events bring, and what packages below are told of them."""

from core.wiring import Wiring
from directory.components import service as components
from directory.duplicates import service as duplicates
from directory.duplicates.service import Reference
from directory.imports import service as imports
from directory.institutions import service as institutions
from directory.people import service as people
from directory.tasks import service as tasks
from events import personal_data
from events.acts import ACTS
from events.attendance.certificates import jobs as certificate_jobs
from events.attendance.certificates.service import ISSUE
from events.attendance.evaluations import jobs as evaluation_jobs
from events.attendance.evaluations.service import ASK, copy_evaluations
from events.attendance.records.service import attended_with
from events.attendance.scans import jobs as scan_jobs
from events.attendance.scans.service import READ, READ_BY_CODE
from events.attendance.sheet_batches import jobs as sheet_batch_jobs
from events.attendance.sheet_batches.service import MAKE as MAKE_SHEETS
from events.calendars.personal_feeds.models import Feed
from events.calendars.replies import service as replies
from events.calendars.shared_feeds.models import SharedFeed
from events.invitations.announcements import jobs as announcement_jobs
from events.invitations.announcements.service import count_readers
from events.invitations.capacity.models import Quota
from events.invitations.consents.models import Consent
from events.invitations.invitations import jobs as invitation_jobs
from events.invitations.invitations.mails import REMINDER
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import INVITE, count_concerned, events_of
from events.invitations.link_sessions.mails import CODE
from events.invitations.offers.rules import EXPIRE_OFFERS
from events.invitations.questionnaires import jobs as question_jobs
from events.invitations.questionnaires.mails import MISSING
from events.invitations.questionnaires.service import COUNT_MISSING, copy_questions
from events.invitations.registrations import service as registrations
from events.invitations.registrations.models import Registration
from events.invitations.responses.service import ask_again
from events.invitations.waiting_list import jobs as waiting_jobs
from events.invitations.waiting_list.service import count_moving_up
from events.messaging.attachments import service as attachments
from events.messaging.attachments.rules import AttachmentKind
from events.messaging.batch_kinds.service import register_kinds
from events.messaging.campaigns import jobs as campaign_jobs
from events.messaging.campaigns.service import WRITE_CAMPAIGN
from events.messaging.digests import jobs as digest_jobs
from events.messaging.event_tasks.service import event_tasks
from events.messaging.reminders import jobs as reminder_jobs
from events.messaging.reminders.mails import SCHEDULED
from events.messaging.reminders.service import copy_timeline
from events.nominations.letters.service import SIGNED_LETTER, attachment
from events.nominations.lists.service import LIST, PARTICIPANTS
from events.nominations.printed_letters import jobs as printed_letter_jobs
from events.nominations.printed_letters.service import PRINT as PRINT_NOMINATION_LETTERS
from events.nominations.public_registration import jobs as registration_jobs
from events.nominations.public_registration.service import (
    RENEW_LINKS,
    SEND_LINKS,
    TAKE_APPLICATION,
    renew_links_of,
)
from events.nominations.requests import jobs as request_jobs
from events.nominations.requests.mails import REMINDER as CALL_REMINDER
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee
from events.nominations.requests.service import REMIND_CALLS
from events.participants.bulk import jobs as bulk_jobs
from events.participants.bulk.service import BULK_STEP
from events.participants.letter_files import jobs as letter_file_jobs
from events.participants.official_letters import jobs as official_letter_jobs
from events.participants.official_letters.service import PRINT, PRINT_VISA
from events.participants.scheduled_exports import jobs as scheduled_export_jobs
from events.privacy.address_changes import jobs as address_change_jobs
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.rules import AddressChangeState
from events.privacy.address_changes.service import END_ADDRESS_CHANGE, former_addresses
from events.privacy.data_requests.service import erasure_tasks
from events.privacy.erasure import jobs as erasure_jobs
from events.privacy.erasure.models import ErasureRequest
from events.privacy.erasure.service import COMPACT, ERASE
from events.privacy.retention import jobs as retention_jobs
from events.programme.agenda.models import SessionPerson
from events.programme.events.models import Session
from events.programme.events.service import ANNOUNCE, FILL_CAPACITY, NOTIFY_SPEAKERS, is_component_used
from events.programme.events.views import MOVING_UP, READERS
from events.programme.lifecycle import service as lifecycle
from events.programme.lifecycle.service import Follower
from events.programme.speaker_notices import jobs as speaker_jobs
from events.programme.speaker_notices.models import SpeakerNotice
from events.programme.speaker_notices.service import count_speakers
from events.reporting.languages.service import language_tasks
from events.routers import ROUTERS
from notifications.delivery import mails as delivery_mails
from notifications.inbound import service as inbound
from notifications.jobs import service as jobs
from notifications.outbox import redaction

HANDLERS = {
    INVITE: invitation_jobs.invite,
    ANNOUNCE: announcement_jobs.announce,
    NOTIFY_SPEAKERS: speaker_jobs.tell,
    FILL_CAPACITY: waiting_jobs.fill_capacity,
    EXPIRE_OFFERS: waiting_jobs.expire_offers,
    REMIND_CALLS: request_jobs.remind,
    PRINT_NOMINATION_LETTERS: printed_letter_jobs.print_letters,
    PRINT: official_letter_jobs.print_letters,
    PRINT_VISA: official_letter_jobs.print_visa_letters,
    COUNT_MISSING: question_jobs.count_missing,
    TAKE_APPLICATION: registration_jobs.take_application,
    SEND_LINKS: registration_jobs.send_links,
    RENEW_LINKS: registration_jobs.renew_links,
    ISSUE: certificate_jobs.issue,
    MAKE_SHEETS: sheet_batch_jobs.make,
    ASK: evaluation_jobs.ask,
    READ: scan_jobs.read,
    READ_BY_CODE: scan_jobs.read_by_code,
    WRITE_CAMPAIGN: campaign_jobs.write,
    BULK_STEP: bulk_jobs.bulk,
    ERASE: erasure_jobs.finish,
    COMPACT: erasure_jobs.compact,
    END_ADDRESS_CHANGE: address_change_jobs.end,
}

FEED_TABLES = (
    *("event", "session", "session_person", "session_place"),
    *("invitation", "registration", "person", "feed", "shared_feed"),
)

# What moves along when two records of a person become one.
POINTING_TO_PEOPLE = [
    Reference(Invitation, ("event_id",), may_stay=lambda row: row.status is InvitationStatus.withdrawn),
    Reference(Registration),
    Reference(Feed),
    Reference(SharedFeed),
    Reference(NominationLink),
    Reference(Consent),
    Reference(ErasureRequest),
    Reference(AddressChange, moves=lambda row: row.state is not AddressChangeState.asked),
    Reference(SessionPerson, ("session_id", "role")),
    Reference(SpeakerNotice, ("session_id",)),
]


def wire() -> Wiring:
    """The share of events: what they hang on people and components, what a copy of an event has too, and what comes
    back from calendars."""
    registrations.WAS_THERE[:] = [attended_with]
    components.USES[:] = [is_component_used]
    people.STORIES[:] = [events_of]
    imports.PURPOSES[PARTICIPANTS] = LIST
    people.ADDRESS_CHANGED[:] = [renew_links_of]
    people.FORMER_ADDRESSES[:] = [former_addresses]
    duplicates.REFERENCES += POINTING_TO_PEOPLE
    institutions.REFERENCES += [
        institutions.InstitutionReference(
            NominationRequest,
            once_in=("event_id",),
            hanging=((NominationLink, "call_id"), (Nominee, "call_id")),
            is_over=lambda request: request.withdrawn_at is not None,
        ),
        institutions.InstitutionReference(Quota, once_in=("event_id", "category")),
        institutions.InstitutionReference(Session, "host_id"),
    ]
    tasks.SOURCES[:] = [event_tasks]
    tasks.PROJECT_SOURCES[:] = [erasure_tasks, language_tasks]
    lifecycle.FOLLOWERS.append(Follower(count_concerned))
    lifecycle.ASK_AGAIN[:] = [ask_again]
    lifecycle.COPIED[:] = [copy_questions, copy_timeline, copy_evaluations]
    READERS[:] = [count_readers, count_speakers]
    MOVING_UP[:] = [count_moving_up]
    register_kinds()
    inbound.HANDLERS[:] = [replies.answer]
    inbound.WHOSE[:] = [replies.whose]
    redaction.CODE_KINDS.add(CODE)
    jobs.LONG_JOBS.add(COMPACT)
    delivery_mails.REMINDER_KINDS.update([REMINDER, MISSING, SCHEDULED, CALL_REMINDER])
    return Wiring(
        routers=ROUTERS,
        handlers=HANDLERS,
        sweeps=[
            reminder_jobs.sweep,
            digest_jobs.sweep,
            retention_jobs.sweep,
            scheduled_export_jobs.sweep,
            letter_file_jobs.sweep,
        ],
        attachment_builders={
            SIGNED_LETTER: attachment,
            AttachmentKind.calendar: attachments.calendar,
            AttachmentKind.certificate: attachments.certificate,
        },
        feed_tables=FEED_TABLES,
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
