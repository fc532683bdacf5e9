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
from events.attendance.badges import api as badges_api
from events.attendance.badges import pages as badges_pages
from events.attendance.certificates import api as certificates_api
from events.attendance.certificates import jobs as certificate_jobs
from events.attendance.certificates import pages as certificates_pages
from events.attendance.certificates.service import ISSUE
from events.attendance.check_in import api as check_in_api
from events.attendance.check_in import pages as check_in_pages
from events.attendance.desk_links import api as desk_links_api
from events.attendance.desk_links import pages as desk_links_pages
from events.attendance.evaluations import api as evaluations_api
from events.attendance.evaluations import jobs as evaluation_jobs
from events.attendance.evaluations import pages as evaluations_pages
from events.attendance.evaluations.service import ASK, copy_evaluations
from events.attendance.own_codes import api as own_codes_api
from events.attendance.own_codes import pages as own_codes_pages
from events.attendance.platform_logs import api as platform_logs_api
from events.attendance.platform_logs import pages as platform_logs_pages
from events.attendance.records import api as records_api
from events.attendance.records import pages as records_pages
from events.attendance.records.service import attended_with
from events.attendance.scan_entries import api as scan_entries_api
from events.attendance.scan_entries import pages as scan_entries_pages
from events.attendance.scans import api as scans_api
from events.attendance.scans import jobs as scan_jobs
from events.attendance.scans import pages as scans_pages
from events.attendance.scans.service import READ, READ_BY_CODE
from events.attendance.sheet_batches import api as sheet_batches_api
from events.attendance.sheet_batches import jobs as sheet_batch_jobs
from events.attendance.sheet_batches import pages as sheet_batches_pages
from events.attendance.sheet_batches.service import MAKE as MAKE_SHEETS
from events.attendance.sign_in_sheets import api as sign_in_sheets_api
from events.attendance.sign_in_sheets import pages as sign_in_sheets_pages
from events.attendance.superior_answers import api as superior_answers_api
from events.attendance.superior_answers import pages as superior_answers_pages
from events.attendance.superiors import api as superiors_api
from events.attendance.superiors import pages as superiors_pages
from events.calendars.personal_feeds import pages as personal_feeds_pages
from events.calendars.personal_feeds.models import Feed
from events.calendars.replies import service as replies
from events.calendars.shared_feeds import api as shared_feeds_api
from events.calendars.shared_feeds import pages as shared_feeds_pages
from events.calendars.shared_feeds.models import SharedFeed
from events.invitations.capacity import api as capacity_api
from events.invitations.capacity import pages as capacity_pages
from events.invitations.capacity.models import Quota
from events.invitations.consents.models import Consent
from events.invitations.invitations import api as invitations_api
from events.invitations.invitations import jobs as invitation_jobs
from events.invitations.invitations.mails import MISSING, REMINDER
from events.invitations.invitations.models import Invitation
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.invitations.service import INVITE, count_concerned, events_of
from events.invitations.link_sessions.mails import CODE
from events.invitations.offers.rules import EXPIRE_OFFERS
from events.invitations.questionnaires import api as questionnaires_api
from events.invitations.questionnaires import jobs as question_jobs
from events.invitations.questionnaires import pages as questionnaires_pages
from events.invitations.questionnaires.service import COUNT_MISSING, copy_questions
from events.invitations.registrations import service as registrations
from events.invitations.registrations.models import Registration
from events.invitations.waiting_list import api as waiting_list_api
from events.invitations.waiting_list import jobs as waiting_jobs
from events.invitations.waiting_list import pages as waiting_list_pages
from events.materials import api as materials_api
from events.materials import pages as materials_pages
from events.messaging.attachments import service as attachments
from events.messaging.attachments.rules import AttachmentKind
from events.messaging.campaigns import api as campaigns_api
from events.messaging.campaigns import jobs as campaign_jobs
from events.messaging.campaigns import pages as campaigns_pages
from events.messaging.campaigns.service import WRITE_CAMPAIGN
from events.messaging.digests import api as digests_api
from events.messaging.digests import jobs as digest_jobs
from events.messaging.digests import pages as digests_pages
from events.messaging.event_tasks.service import event_tasks
from events.messaging.reminders import api as reminders_api
from events.messaging.reminders import jobs as reminder_jobs
from events.messaging.reminders import pages as reminders_pages
from events.messaging.reminders.mails import SCHEDULED
from events.messaging.reminders.service import copy_timeline
from events.messaging.templates import api as templates_api
from events.messaging.templates import pages as templates_pages
from events.nominations.letters import api as letters_api
from events.nominations.letters import pages as letters_pages
from events.nominations.letters.service import SIGNED_LETTER, attachment
from events.nominations.lists import api as lists_api
from events.nominations.lists import pages as lists_pages
from events.nominations.lists.service import LIST, PARTICIPANTS
from events.nominations.nominees import api as nominees_api
from events.nominations.nominees import pages as nominees_pages
from events.nominations.printed_letters import api as printed_letters_api
from events.nominations.printed_letters import jobs as printed_letter_jobs
from events.nominations.printed_letters import pages as printed_letters_pages
from events.nominations.printed_letters.service import PRINT as PRINT_NOMINATION_LETTERS
from events.nominations.public_registration import api as public_registration_api
from events.nominations.public_registration import jobs as registration_jobs
from events.nominations.public_registration import pages as public_registration_pages
from events.nominations.public_registration.service import (
    RENEW_LINKS,
    SEND_LINKS,
    TAKE_APPLICATION,
    renew_links_of,
)
from events.nominations.requests import api as requests_api
from events.nominations.requests import jobs as request_jobs
from events.nominations.requests import pages as requests_pages
from events.nominations.requests.mails import REMINDER as CALL_REMINDER
from events.nominations.requests.models import NominationLink, NominationRequest, Nominee
from events.nominations.requests.service import REMIND_CALLS
from events.participants.bulk import jobs as bulk_jobs
from events.participants.bulk.service import BULK_STEP
from events.participants.decisions import api as decisions_api
from events.participants.decisions import pages as decisions_pages
from events.participants.disclosures import api as disclosures_api
from events.participants.disclosures import pages as disclosures_pages
from events.participants.letter_files import api as letter_files_api
from events.participants.letter_files import jobs as letter_file_jobs
from events.participants.letter_files import pages as letter_files_pages
from events.participants.official_letters import api as official_letters_api
from events.participants.official_letters import jobs as official_letter_jobs
from events.participants.official_letters import pages as official_letters_pages
from events.participants.official_letters.service import PRINT, PRINT_VISA
from events.participants.person import pages as person_pages
from events.participants.roster import api as roster_api
from events.participants.roster import pages as roster_pages
from events.participants.scheduled_exports import api as scheduled_exports_api
from events.participants.scheduled_exports import jobs as scheduled_export_jobs
from events.participants.scheduled_exports import pages as scheduled_exports_pages
from events.portal.answers import api as answers_api
from events.portal.answers import pages as answers_pages
from events.portal.attendance import api as own_attendance_api
from events.portal.attendance import pages as own_attendance_pages
from events.portal.calendar import api as calendar_api
from events.portal.calendar import pages as calendar_pages
from events.portal.codes import api as codes_api
from events.portal.codes import pages as codes_pages
from events.portal.details import api as details_api
from events.portal.details import pages as details_pages
from events.portal.page import api as page_api
from events.portal.page import pages as page_pages
from events.portal.sessions import api as sessions_api
from events.portal.sessions import pages as sessions_pages
from events.privacy.address_changes import api as address_changes_api
from events.privacy.address_changes import jobs as address_change_jobs
from events.privacy.address_changes import pages as address_changes_pages
from events.privacy.address_changes.models import AddressChange
from events.privacy.address_changes.rules import AddressChangeState
from events.privacy.address_changes.service import END_ADDRESS_CHANGE, former_addresses
from events.privacy.data_requests import api as data_requests_api
from events.privacy.data_requests import pages as data_requests_pages
from events.privacy.erasure import jobs as erasure_jobs
from events.privacy.erasure.models import ErasureRequest
from events.privacy.erasure.service import COMPACT, ERASE
from events.privacy.retention import api as retention_api
from events.privacy.retention import jobs as retention_jobs
from events.privacy.retention import pages as retention_pages
from events.programme.agenda import api as agenda_api
from events.programme.agenda import pages as agenda_pages
from events.programme.agenda.models import SessionPerson
from events.programme.events import api as events_api
from events.programme.events import pages as events_pages
from events.programme.events.models import Session
from events.programme.events.service import ANNOUNCE, FILL_CAPACITY, NOTIFY_SPEAKERS, is_component_used
from events.programme.lifecycle import api as lifecycle_api
from events.programme.lifecycle import pages as lifecycle_pages
from events.programme.lifecycle import service as lifecycle
from events.programme.lifecycle.service import Follower
from events.programme.speaker_notices import jobs as speaker_jobs
from events.programme.speaker_notices.models import SpeakerNotice
from events.reporting.dashboards import api as dashboards_api
from events.reporting.dashboards import pages as dashboards_pages
from events.reporting.outcomes import api as outcomes_api
from events.reporting.outcomes import pages as outcomes_pages
from events.reporting.reports import api as reports_api
from events.reporting.reports import pages as reports_pages
from notifications.delivery import mails as delivery_mails
from notifications.inbound import service as inbound
from notifications.jobs import service as jobs
from notifications.outbox import redaction

ROUTERS = [
    # Looked through in this order: what participants do by the hundred comes first.
    page_pages.router,
    answers_pages.router,
    details_pages.router,
    sessions_pages.router,
    calendar_pages.router,
    codes_pages.router,
    own_attendance_pages.router,
    own_attendance_api.router,
    answers_api.router,
    codes_api.router,
    page_api.router,
    details_api.router,
    calendar_api.router,
    sessions_api.router,
    dashboards_api.router,
    dashboards_pages.router,
    reports_pages.router,
    outcomes_pages.router,
    events_pages.router,
    agenda_pages.router,
    lifecycle_pages.router,
    materials_pages.router,
    capacity_pages.router,
    official_letters_pages.router,
    letter_files_pages.router,
    roster_pages.router,
    decisions_pages.router,
    person_pages.router,
    disclosures_pages.router,
    waiting_list_pages.router,
    requests_pages.router,
    printed_letters_pages.router,
    public_registration_pages.router,
    letters_pages.router,
    lists_pages.router,
    nominees_pages.router,
    questionnaires_pages.router,
    data_requests_pages.router,
    address_changes_pages.router,
    scheduled_exports_pages.router,
    retention_pages.router,
    campaigns_pages.router,
    reminders_pages.router,
    digests_pages.router,
    templates_pages.router,
    shared_feeds_pages.router,
    records_pages.router,
    check_in_pages.router,
    desk_links_pages.router,
    own_codes_pages.router,
    platform_logs_pages.router,
    certificates_pages.router,
    badges_pages.router,
    evaluations_pages.router,
    superiors_pages.router,
    superior_answers_pages.router,
    sheet_batches_pages.router,
    sign_in_sheets_pages.router,
    scans_pages.router,
    scan_entries_pages.router,
    personal_feeds_pages.router,
    events_api.router,
    agenda_api.router,
    lifecycle_api.router,
    materials_api.router,
    capacity_api.router,
    requests_api.router,
    printed_letters_api.router,
    public_registration_api.router,
    letters_api.router,
    lists_api.router,
    nominees_api.router,
    invitations_api.router,
    official_letters_api.router,
    letter_files_api.router,
    roster_api.router,
    disclosures_api.router,
    decisions_api.router,
    waiting_list_api.router,
    questionnaires_api.router,
    data_requests_api.router,
    address_changes_api.router,
    scheduled_exports_api.router,
    retention_api.router,
    campaigns_api.router,
    reminders_api.router,
    digests_api.router,
    templates_api.router,
    shared_feeds_api.router,
    records_api.router,
    check_in_api.router,
    desk_links_api.router,
    own_codes_api.router,
    platform_logs_api.router,
    certificates_api.router,
    badges_api.router,
    evaluations_api.router,
    superiors_api.router,
    superior_answers_api.router,
    reports_api.router,
    outcomes_api.router,
    sheet_batches_api.router,
    sign_in_sheets_api.router,
    scans_api.router,
    scan_entries_api.router,
]
HANDLERS = {
    INVITE: invitation_jobs.invite,
    ANNOUNCE: invitation_jobs.announce,
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
    lifecycle.FOLLOWERS.append(Follower(count_concerned))
    lifecycle.COPIED[:] = [copy_questions, copy_timeline, copy_evaluations]
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
        feed_tables=[
            "session_person",
            "shared_feed",
            "event",
            "session",
            "session_place",
            "registration",
            "invitation",
            "feed",
            "person",
        ],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
