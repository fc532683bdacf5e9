"""The endpoints of events, in the order in which they are looked through."""

from events.attendance.badges import api as badges_api
from events.attendance.badges import pages as badges_pages
from events.attendance.certificates import api as certificates_api
from events.attendance.certificates import pages as certificates_pages
from events.attendance.check_in import api as check_in_api
from events.attendance.check_in import pages as check_in_pages
from events.attendance.desk_links import api as desk_links_api
from events.attendance.desk_links import pages as desk_links_pages
from events.attendance.evaluations import api as evaluations_api
from events.attendance.evaluations import pages as evaluations_pages
from events.attendance.own_codes import api as own_codes_api
from events.attendance.own_codes import pages as own_codes_pages
from events.attendance.platform_logs import api as platform_logs_api
from events.attendance.platform_logs import pages as platform_logs_pages
from events.attendance.records import api as records_api
from events.attendance.records import pages as records_pages
from events.attendance.scan_entries import api as scan_entries_api
from events.attendance.scan_entries import pages as scan_entries_pages
from events.attendance.scans import api as scans_api
from events.attendance.scans import pages as scans_pages
from events.attendance.sheet_batches import api as sheet_batches_api
from events.attendance.sheet_batches import pages as sheet_batches_pages
from events.attendance.sign_in_sheets import api as sign_in_sheets_api
from events.attendance.sign_in_sheets import pages as sign_in_sheets_pages
from events.attendance.superior_answers import api as superior_answers_api
from events.attendance.superior_answers import pages as superior_answers_pages
from events.attendance.superiors import api as superiors_api
from events.attendance.superiors import pages as superiors_pages
from events.calendars.personal_feeds import pages as personal_feeds_pages
from events.calendars.shared_feeds import api as shared_feeds_api
from events.calendars.shared_feeds import pages as shared_feeds_pages
from events.invitations.batch_checks import api as batch_checks_api
from events.invitations.capacity import api as capacity_api
from events.invitations.capacity import pages as capacity_pages
from events.invitations.invitations import api as invitations_api
from events.invitations.questionnaires import api as questionnaires_api
from events.invitations.questionnaires import pages as questionnaires_pages
from events.invitations.session_signups import api as session_signups_api
from events.invitations.session_signups import pages as session_signups_pages
from events.invitations.waiting_list import api as waiting_list_api
from events.invitations.waiting_list import pages as waiting_list_pages
from events.materials import api as materials_api
from events.materials import pages as materials_pages
from events.messaging.campaigns import api as campaigns_api
from events.messaging.campaigns import pages as campaigns_pages
from events.messaging.digests import api as digests_api
from events.messaging.digests import pages as digests_pages
from events.messaging.reminders import api as reminders_api
from events.messaging.reminders import pages as reminders_pages
from events.messaging.templates import api as templates_api
from events.messaging.templates import pages as templates_pages
from events.nominations.letters import api as letters_api
from events.nominations.letters import pages as letters_pages
from events.nominations.lists import api as lists_api
from events.nominations.lists import pages as lists_pages
from events.nominations.nominees import api as nominees_api
from events.nominations.nominees import pages as nominees_pages
from events.nominations.printed_letters import api as printed_letters_api
from events.nominations.printed_letters import pages as printed_letters_pages
from events.nominations.public_registration import api as public_registration_api
from events.nominations.public_registration import pages as public_registration_pages
from events.nominations.requests import api as requests_api
from events.nominations.requests import pages as requests_pages
from events.participants.decisions import api as decisions_api
from events.participants.decisions import pages as decisions_pages
from events.participants.disclosures import api as disclosures_api
from events.participants.disclosures import pages as disclosures_pages
from events.participants.letter_files import api as letter_files_api
from events.participants.letter_files import pages as letter_files_pages
from events.participants.official_letters import api as official_letters_api
from events.participants.official_letters import pages as official_letters_pages
from events.participants.person import pages as person_pages
from events.participants.roster import api as roster_api
from events.participants.roster import pages as roster_pages
from events.participants.scheduled_exports import api as scheduled_exports_api
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
from events.privacy.address_changes import pages as address_changes_pages
from events.privacy.data_requests import api as data_requests_api
from events.privacy.data_requests import pages as data_requests_pages
from events.privacy.retention import api as retention_api
from events.privacy.retention import pages as retention_pages
from events.programme.agenda import api as agenda_api
from events.programme.agenda import pages as agenda_pages
from events.programme.events import api as events_api
from events.programme.events import pages as events_pages
from events.programme.lifecycle import api as lifecycle_api
from events.programme.lifecycle import pages as lifecycle_pages
from events.programme.pasted_programmes import api as pasted_programmes_api
from events.programme.pasted_programmes import pages as pasted_programmes_pages
from events.reporting.dashboards import api as dashboards_api
from events.reporting.dashboards import pages as dashboards_pages
from events.reporting.languages import pages as languages_pages
from events.reporting.outcomes import api as outcomes_api
from events.reporting.outcomes import pages as outcomes_pages
from events.reporting.reports import api as reports_api
from events.reporting.reports import pages as reports_pages

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
    languages_pages.router,
    outcomes_pages.router,
    events_pages.router,
    agenda_pages.router,
    lifecycle_pages.router,
    pasted_programmes_pages.router,
    materials_pages.router,
    capacity_pages.router,
    official_letters_pages.router,
    letter_files_pages.router,
    roster_pages.router,
    decisions_pages.router,
    person_pages.router,
    disclosures_pages.router,
    waiting_list_pages.router,
    session_signups_pages.router,
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
    pasted_programmes_api.router,
    materials_api.router,
    capacity_api.router,
    requests_api.router,
    printed_letters_api.router,
    public_registration_api.router,
    letters_api.router,
    lists_api.router,
    nominees_api.router,
    batch_checks_api.router,
    invitations_api.router,
    official_letters_api.router,
    letter_files_api.router,
    roster_api.router,
    disclosures_api.router,
    decisions_api.router,
    waiting_list_api.router,
    session_signups_api.router,
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
