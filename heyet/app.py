"""The application: wires the slices, starts what runs beside them, and answers for its health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from arq.connections import ArqRedis
from fastapi import FastAPI, Request, Response
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from core import audit, personal_data
from core.clock import Clock, wall_clock
from core.columns import vault
from core.db import Database, Nudge
from core.errors import NotFound, OutOfScope, Refusal
from core.limits import Limits
from core.observe import Metrics
from core.pages import STATIC, FormAgain, Pages, refusal_page, show_form_again
from core.proxies import Proxies
from core.settings import Settings
from core.web import Doorstep, Problem, answer_refusals, problem, security_headers
from directory import personal_data as directory_data
from directory.accounts import account_pages
from directory.accounts import api as account_api
from directory.accounts import pages as staff_pages
from directory.accounts import service as accounts
from directory.accounts.access import Caller
from directory.accounts.rules import ConfirmFirst
from directory.components import api as component_api
from directory.components import pages as component_pages
from directory.components import service as components
from directory.institutions import api as institution_api
from directory.institutions import pages as institution_pages
from directory.merging import api as merging_api
from directory.merging import pages as merging_pages
from directory.merging import service as merging
from directory.merging.service import Reference
from directory.people import api as people_api
from directory.people import pages as people_pages
from directory.people import service as people
from directory.projects import api as project_api
from directory.projects import pages as project_pages
from events import personal_data as events_data
from events.agenda import api as agenda_api
from events.agenda import pages as agenda_pages
from events.agenda.models import SessionPerson
from events.answers import api as answer_api
from events.answers import pages as answer_pages
from events.applications import api as application_api
from events.applications import jobs as application_jobs
from events.applications import pages as application_pages
from events.applications.service import RENEW_LINKS, SEND_LINKS, TAKE_APPLICATION, owe_fresh_links
from events.attachments import service as attachments
from events.attachments.rules import Paper
from events.attendance import api as attendance_api
from events.attendance import pages as attendance_pages
from events.calendars import entries as calendars
from events.calendars import pages as calendar_pages
from events.calendars.door import FeedDoor, KnownFeeds
from events.calendars.models import Feed
from events.calendars.service import FeedCache
from events.calls import api as call_api
from events.calls import jobs as call_jobs
from events.calls import pages as call_pages
from events.calls.models import CallLink
from events.calls.service import REMIND_CALLS
from events.campaigns import api as campaign_api
from events.campaigns import jobs as campaign_jobs
from events.campaigns import pages as campaign_pages
from events.campaigns.service import WRITE_CAMPAIGN
from events.choices import api as choice_api
from events.choices import pages as choice_pages
from events.digests import api as digest_api
from events.digests import jobs as digest_jobs
from events.digests import pages as digest_pages
from events.invitations import jobs as invitation_jobs
from events.invitations.models import Invitation
from events.invitations.service import INVITE, events_of
from events.link_sessions.mails import CODE as LINK_CODE
from events.materials import api as material_api
from events.materials import pages as material_pages
from events.nominations import api as nomination_api
from events.nominations import pages as nomination_pages
from events.overview import pages as overview_pages
from events.parts import jobs as part_jobs
from events.parts.models import PartTold
from events.places import api as places_api
from events.places import pages as places_pages
from events.planning import api as planning_api
from events.planning import pages as planning_pages
from events.planning import service as planning
from events.portal import api as portal_api
from events.portal import pages as portal_pages
from events.privacy import api as privacy_api
from events.privacy import erasure
from events.privacy import pages as privacy_pages
from events.privacy.erasure import COMPACT, ERASE
from events.privacy.models import Consent, ErasureRequest
from events.programme import api as programme_api
from events.programme import pages as programme_pages
from events.programme.rules import EVENT_STATES
from events.programme.service import ANNOUNCE, FILL_PLACES, TELL_PARTS, is_component_used
from events.questions import api as question_api
from events.questions import jobs as question_jobs
from events.questions import pages as question_pages
from events.questions import service as questions
from events.questions.service import COUNT_MISSING
from events.registrations import api as registration_api
from events.registrations import pages as registration_pages
from events.registrations.models import Registration
from events.replies import service as replies
from events.retention import api as retention_api
from events.retention import jobs as retention_jobs
from events.retention import pages as retention_pages
from events.roster import api as roster_api
from events.roster import jobs as roster_jobs
from events.roster import pages as roster_pages
from events.roster import panel as roster_panel
from events.roster.steps import BULK_STEP
from events.schedules import api as schedule_api
from events.schedules import jobs as schedule_jobs
from events.schedules import pages as schedule_pages
from events.schedules import service as schedules
from events.shared_feeds import api as shared_feed_api
from events.shared_feeds import pages as shared_feed_pages
from events.shared_feeds.models import SharedFeed
from events.texts import api as text_api
from events.texts import pages as text_pages
from events.waiting import api as waiting_api
from events.waiting import jobs as waiting_jobs
from events.waiting import pages as waiting_pages
from events.waiting.service import EXPIRE_OFFERS
from heyet import history, home
from heyet.postman import taking_mail
from notifications import personal_data as notifications_data
from notifications.delivery.attachments import Maker
from notifications.delivery.jobs import run_embedded
from notifications.delivery.service import mail_courier
from notifications.inbound import pages as inbound_pages
from notifications.inbound import service as inbound
from notifications.inbound.models import InboundMail
from notifications.insight import pages as insight_pages
from notifications.outbox import api as outbox_api
from notifications.outbox import pages as outbox_pages
from notifications.outbox import redaction
from notifications.outbox.models import MAIL, Message
from notifications.outbox.redaction import without_tokens
from notifications.sign_in import pages as sign_in_pages
from notifications.sign_in.service import tell_owner
from notifications.suppression import pages as suppression_pages
from notifications.suppression.models import Unsubscription
from notifications.webhooks import api as webhook_api
from notifications.webhooks import pages as webhook_pages
from notifications.webhooks import service as webhooks
from notifications.webhooks.courier import Webhooks
from notifications.webhooks.rules import WEBHOOK
from notifications.work import api as work_api
from notifications.work import pages as work_pages
from notifications.work.queue import queue_at
from notifications.work.service import Workshop
from visits import personal_data as visits_data
from visits.itineraries.service import itinerary
from visits.perdiem import api as perdiem_api
from visits.perdiem import pages as perdiem_pages
from visits.stays import calendar as stay_calendar
from visits.stays.service import STAYS, count_stays, journeys_of, move_stays

log = structlog.get_logger()
ROUTERS = (
    # Looked through in this order: what participants do by the hundred comes first.
    registration_pages,
    answer_pages,
    choice_pages,
    portal_pages,
    answer_api,
    portal_api,
    registration_api,
    choice_api,
    home,
    staff_pages,
    account_pages,
    sign_in_pages,
    people_pages,
    institution_pages,
    merging_pages,
    project_pages,
    component_pages,
    overview_pages,
    programme_pages,
    agenda_pages,
    planning_pages,
    material_pages,
    places_pages,
    roster_pages,
    roster_panel,
    waiting_pages,
    call_pages,
    application_pages,
    nomination_pages,
    question_pages,
    privacy_pages,
    retention_pages,
    campaign_pages,
    schedule_pages,
    digest_pages,
    text_pages,
    shared_feed_pages,
    attendance_pages,
    calendar_pages,
    suppression_pages,
    insight_pages,
    inbound_pages,
    outbox_pages,
    webhook_pages,
    work_pages,
    perdiem_pages,
    account_api,
    project_api,
    people_api,
    institution_api,
    merging_api,
    component_api,
    programme_api,
    agenda_api,
    planning_api,
    material_api,
    places_api,
    call_api,
    application_api,
    nomination_api,
    roster_api,
    waiting_api,
    question_api,
    privacy_api,
    retention_api,
    campaign_api,
    schedule_api,
    digest_api,
    text_api,
    shared_feed_api,
    attendance_api,
    outbox_api,
    webhook_api,
    work_api,
    perdiem_api,
)
# What packages below cannot know: who uses their rows, and what moves with an event.
accounts.TELLERS[:] = [tell_owner]
components.USES[:] = [is_component_used]
schedules.JOURNEYS[:] = [journeys_of]
planning.FOLLOWERS[:] = [planning.Follower(STAYS, count_stays, move_stays)]
planning.COPIED[:] = [questions.copy_questions, schedules.copy_timeline]
calendars.SOURCES[:] = [calendars.Source(stay_calendar.state, stay_calendar.entries)]
redaction.CODE_KINDS |= {LINK_CODE}
people.STORIES[:] = [events_of]
audit.NAMES[:] = [accounts.name_of, people.name_of]
inbound.HANDLERS[:] = [replies.answer]
inbound.WHOSE[:] = [replies.whose]
personal_data.REGISTRY[:] = [
    *directory_data.PERSONAL,
    *notifications_data.PERSONAL,
    *events_data.PERSONAL,
    *visits_data.PERSONAL,
]
personal_data.IMPERSONAL.update(
    directory_data.IMPERSONAL | notifications_data.IMPERSONAL | events_data.IMPERSONAL | visits_data.IMPERSONAL
)
people.ADDRESS_CHANGED[:] = [owe_fresh_links]
merging.REFERENCES[:] = [
    Reference(Invitation, ("event_id",), may_stay=False),
    Reference(Registration),
    Reference(Feed),
    Reference(SharedFeed),
    Reference(Message),
    Reference(InboundMail),
    Reference(CallLink),
    Reference(Consent),
    Reference(ErasureRequest),
    Reference(Unsubscription, ("project_id", "topic")),
    Reference(SessionPerson, ("session_id", "part")),
    Reference(PartTold, ("session_id",)),
]
HANDLERS = {
    INVITE: invitation_jobs.invite,
    ANNOUNCE: part_jobs.announce,
    TELL_PARTS: part_jobs.tell,
    FILL_PLACES: waiting_jobs.fill_places,
    REMIND_CALLS: call_jobs.remind,
    COUNT_MISSING: question_jobs.count_missing,
    TAKE_APPLICATION: application_jobs.take_application,
    SEND_LINKS: application_jobs.send_links,
    RENEW_LINKS: application_jobs.renew_links,
    WRITE_CAMPAIGN: campaign_jobs.write,
    BULK_STEP: roster_jobs.bulk,
    EXPIRE_OFFERS: waiting_jobs.expire_offers,
    ERASE: erasure.finish,
    COMPACT: erasure.compact,
}
SHOWN_BY_FEEDS = (
    "session_person",
    "shared_feed",
    "event",
    "session",
    "session_place",
    "registration",
    "invitation",
    "stay",
    "feed",
    "person",
)
MAKERS: dict[str, Maker] = {
    Paper.calendar: attachments.calendar,
    Paper.certificate: attachments.certificate,
    Paper.itinerary: itinerary,
}


def create_app(settings: Settings | None = None, *, clock: Clock = wall_clock, dispatch: bool = True) -> FastAPI:
    """The whole of Heyet. `dispatch=False` leaves background work to workers or to the test."""
    settings = settings or Settings()
    app = routed()
    configure(
        app,
        settings,
        Database(settings.database, pool_size=settings.database_pool),
        clock=clock,
        dispatch=dispatch,
    )
    return app


def routed() -> FastAPI:
    """Every route and layer, not yet of any installation: `configure` makes it one."""
    app = FastAPI(
        title="Heyet",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_life,
        responses={"4XX": {"model": Problem, "content": {"application/problem+json": {}}}},
    )
    answer_refusals(app, page=refusal_page)
    app.add_exception_handler(FormAgain, show_form_again)
    app.add_exception_handler(OutOfScope, _note_and_refuse)
    app.add_exception_handler(ConfirmFirst, account_pages.ask_to_confirm)
    app.add_middleware(Doorstep, owner=app)
    app.add_middleware(FeedDoor, owner=app)
    # Outermost: what counts visitors has to see the visitor.
    app.add_middleware(Proxies, owner=app)
    for slice_ in ROUTERS:
        app.include_router(slice_.router)
    app.mount("/static", Unchanging(STATIC), name="static")
    return app


def configure(app: FastAPI, settings: Settings, database: Database, *, clock: Clock, dispatch: bool) -> None:
    """Let the application serve this installation, and forget another that it may have served."""
    vault.use(*settings.keys)
    state = app.state
    state.settings, state.clock, state.database, state.dispatch = settings, clock, database, dispatch
    state.limits = Limits(settings.redis_url)
    state.metrics = Metrics()
    state.pages = Pages(settings)
    state.pages.share(event_states=EVENT_STATES, base_url=settings.base_url, without_tokens=without_tokens)
    state.feeds, state.known_feeds, state.feed_headers = FeedCache(), KnownFeeds(), _feed_headers(settings)
    state.stopping = asyncio.Event()
    state.workshop = workshop_of(database, settings, clock, state.metrics)
    database.watch(*SHOWN_BY_FEEDS)
    # The layers read the settings when they are built, at the first request.
    app.middleware_stack = None


def workshop_of(database: Database, settings: Settings, clock: Clock, metrics: Metrics) -> Workshop:
    """What background work needs, the same in the web process and in a worker."""
    return Workshop(
        database,
        clock,
        settings,
        {MAIL: mail_courier(settings, clock), WEBHOOK: Webhooks(database, settings, clock)},
        metrics,
        dict(HANDLERS),
        [
            schedule_jobs.sweep,
            digest_jobs.sweep,
            inbound.forget,
            webhooks.sweep,
            retention_jobs.sweep,
            history.sweep,
        ],
        dict(MAKERS),
    )


def _feed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """What an answer from memory carries beside its ETag: the same as one that went through the house."""
    own = {
        "content-type": calendar_pages.TYPE,
        **{n.lower(): v for n, v in calendar_pages.UNCHANGING.items()},
    }
    beside = [(n, v) for n, v in security_headers(https=settings.is_https) if n.decode() not in own]
    return [(n.encode(), v.encode()) for n, v in own.items()] + beside


class Unchanging:
    """Files under an address with their hash in it: browsers keep them for a year."""

    def __init__(self, folder: object) -> None:
        self.files = StaticFiles(directory=str(folder))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _, _, name = scope["path"].removeprefix("/static/").partition("/")
        try:
            answer = await self.files.get_response(name, scope)
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        except HTTPException:
            answer = Response(status_code=404)
        await answer(scope, receive, send)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    database: Database = app.state.database
    try:
        await database.must_be_sound()
    except Exception as error:
        # What runs us would show the whole trace, or nothing.
        log.error("not started", exc_info=error)
        raise
    background: list[asyncio.Task[None]] = []
    if app.state.settings.redis_url:
        queue = queue_at(app.state.settings.redis_url)
        database.nudges.append(_nudge_workers(queue))
    elif app.state.dispatch:
        wake = asyncio.Event()
        database.nudges.append(wake.set)
        background.append(asyncio.create_task(run_embedded(app.state.workshop, wake, app.state.stopping)))
        app.state.wake = wake
    async with taking_mail(app.state.workshop):
        yield
    app.state.stopping.set()
    if background:
        app.state.wake.set()
        await asyncio.gather(*background)
    if app.state.settings.redis_url:
        await queue.aclose(close_connection_pool=True)
    database.nudges.clear()
    await database.close()


def _nudge_workers(queue: ArqRedis) -> Nudge:
    """Tell the workers that something is due. A nudge that is lost costs five seconds: workers also sweep."""
    under_way: set[asyncio.Task[None]] = set()

    async def tell() -> None:
        try:
            await queue.enqueue_job("run_due")
        except (RedisError, OSError) as error:
            log.warning("nudge lost", kind=type(error).__name__)

    def nudge() -> None:
        task = asyncio.create_task(tell())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return nudge


async def _note_and_refuse(request: Request, error: Exception) -> Response:
    """Somebody asked for another project's row: the answer is that there is none, the history keeps the attempt."""
    assert isinstance(error, OutOfScope)
    caller = error.caller
    if isinstance(caller, Caller) and hasattr(error.id, "hex"):
        async with request.app.state.database.unit_of_work() as db:
            about: UUID = error.id  # type: ignore[assignment]
            audit.record(db, "scope.refused", about, at=request.app.state.clock(), **caller.signature, kind=error.kind)
    refusal: Refusal = NotFound()
    if request.url.path.startswith("/api/"):
        return problem(request, refusal)
    return await refusal_page(request, refusal)
