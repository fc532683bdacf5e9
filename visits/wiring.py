"""What study visits bring, and what packages below are told of them."""

from functools import partial

from core.errors import N_
from core.wiring import Wiring
from directory.tasks import service as task_service
from events.calendars.entries import service as feed_entries
from events.calendars.entries.service import Source
from events.invitations.batch_checks.service import check_event
from events.invitations.substitutions import service as substitutions
from events.messaging.attachments.rules import AttachmentKind
from events.messaging.digests import service as digests
from events.messaging.reminders import service as reminders
from events.participants.official_letters import service as letters
from events.programme.lifecycle import service as lifecycle
from events.programme.lifecycle.service import Follower
from notifications.batches.service import KINDS, BatchKind
from notifications.inbound import service as inbound
from visits import personal_data
from visits.acts import ACTS
from visits.booking_files import api as booking_files_api
from visits.booking_files import jobs as booking_jobs
from visits.booking_files import pages as booking_files_pages
from visits.booking_files.service import READ, keep_mail
from visits.booklets import api as booklets_api
from visits.booklets import jobs as booklet_jobs
from visits.booklets import pages as booklets_pages
from visits.booklets.service import MAKE, itinerary
from visits.cost_lines import api as cost_lines_api
from visits.cost_lines import pages as cost_lines_pages
from visits.delegations import api as delegations_api
from visits.delegations import pages as delegations_pages
from visits.delegations.service import copy_meetings
from visits.hotels import api as hotels_api
from visits.hotels import pages as hotels_pages
from visits.hotels import service as hotels
from visits.itineraries import api as itineraries_api
from visits.itineraries import pages as itineraries_pages
from visits.journeys import api as journeys_api
from visits.journeys import pages as journeys_pages
from visits.leg_entries import service as leg_entries
from visits.leg_files import api as leg_files_api
from visits.leg_files import pages as leg_files_pages
from visits.legs import api as legs_api
from visits.legs import pages as legs_pages
from visits.legs.service import count_legs, leave_legs
from visits.meals import api as meals_api
from visits.meals import pages as meals_pages
from visits.night_grid import pages as night_grid_pages
from visits.portal import api as portal_api
from visits.portal import pages as portal_pages
from visits.project_settings import api as project_settings_api
from visits.project_settings import pages as project_settings_pages
from visits.rooming_lists import api as rooming_lists_api
from visits.rooming_lists import jobs as rooming_list_jobs
from visits.rooming_lists import pages as rooming_lists_pages
from visits.rooming_lists.mails import PDF_OF_LIST, XLSX_OF_LIST
from visits.rooming_lists.service import attached
from visits.rooms import api as rooms_api
from visits.rooms import pages as rooms_pages
from visits.stays import api as stays_api
from visits.stays.service import count_stays, entries, journeys_of, known_stays, move_stays, restamp, state
from visits.substitutes.service import follow, left_behind
from visits.tasks import api as tasks_api
from visits.tasks import jobs as tasks_jobs
from visits.tasks import pages as tasks_pages
from visits.tasks.service import copy_tasks, count_tasks, move_tasks, visit_tasks
from visits.travel_details import jobs as travel_details_jobs
from visits.travel_notices import api as travel_notices_api
from visits.travel_notices import pages as travel_notices_pages
from visits.travel_notices.mails import JOURNEY
from visits.travel_notices.service import forget_told
from visits.vehicle_entries import service as vehicle_entries
from visits.vehicles import api as vehicles_api
from visits.vehicles import jobs as vehicles_jobs
from visits.vehicles import pages as vehicles_pages
from visits.vehicles.service import count_vehicles, leave_vehicles
from visits.visa_rules import api as visa_rules_api
from visits.visa_rules import pages as visa_rules_pages

ROUTERS = [
    portal_pages.router,
    journeys_pages.router,
    legs_pages.router,
    travel_notices_pages.router,
    delegations_pages.router,
    cost_lines_pages.router,
    visa_rules_pages.router,
    project_settings_pages.router,
    tasks_pages.router,
    vehicles_pages.router,
    itineraries_pages.router,
    booklets_pages.router,
    booking_files_pages.router,
    leg_files_pages.router,
    night_grid_pages.router,
    hotels_pages.router,
    rooms_pages.router,
    rooming_lists_pages.router,
    meals_pages.router,
    portal_api.router,
    journeys_api.router,
    legs_api.router,
    travel_notices_api.router,
    delegations_api.router,
    cost_lines_api.router,
    visa_rules_api.router,
    project_settings_api.router,
    tasks_api.router,
    vehicles_api.router,
    itineraries_api.router,
    booklets_api.router,
    booking_files_api.router,
    leg_files_api.router,
    stays_api.router,
    hotels_api.router,
    rooms_api.router,
    rooming_lists_api.router,
    meals_api.router,
]
SWEEPS = [
    travel_details_jobs.sweep,
    booking_jobs.sweep,
    tasks_jobs.sweep,
    vehicles_jobs.sweep,
    rooming_list_jobs.sweep,
    booklet_jobs.sweep,
]


def wire() -> Wiring:
    """The share of visits: nights move with their event, legs and vehicles do not, all stand in calendars."""
    reminders.JOURNEYS[:] = [journeys_of]
    digests.JOURNEY_ACTS |= {"travel.told", "leg.told", "leg.left", "leg.changed", "leg.cancelled", "booking.taken"}
    lifecycle.FOLLOWERS += [
        Follower(count_stays, move_stays),
        Follower(count_legs, leave_legs),
        Follower(count_tasks, move_tasks),
        Follower(count_vehicles, leave_vehicles),
    ]
    lifecycle.COPIED += [copy_meetings, copy_tasks]
    hotels.CHANGED[:] = [restamp]
    feed_entries.SOURCES[:] = [
        Source(state, entries),
        Source(leg_entries.state, leg_entries.entries),
        Source(vehicle_entries.state, vehicle_entries.entries),
    ]
    inbound.BOOKING_HANDLERS[:] = [keep_mail]
    substitutions.FOLLOWERS[:] = [follow]
    letters.STAYS[:] = [known_stays]
    substitutions.LEFT_BEHIND[:] = [left_behind]
    task_service.SOURCES.append(visit_tasks)
    KINDS[JOURNEY] = BatchKind(N_("Journeys"), check_event, forget_told)
    return Wiring(
        routers=ROUTERS,
        handlers={READ: booking_jobs.read, MAKE: booklet_jobs.make},
        sweeps=SWEEPS,
        attachment_builders={
            AttachmentKind.itinerary: itinerary,
            PDF_OF_LIST: partial(attached, ending="pdf"),
            XLSX_OF_LIST: partial(attached, ending="xlsx"),
        },
        feed_tables=["stay", "hotel", "leg", "leg_passenger", "vehicle", "vehicle_passenger"],
        acts=ACTS,
        personal_data=personal_data.PERSONAL,
        impersonal=personal_data.IMPERSONAL,
    )
