"""The application: wires the slices, starts what runs beside them, and answers for its health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from arq.connections import ArqRedis
from cachetools import LRUCache
from fastapi import FastAPI, Request, Response
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from core import audit, personal_data
from core.clock import Clock, wall_clock
from core.columns import vault
from core.db import Database, Waker
from core.documents.fonts import unprintable, use_machine_fonts
from core.errors import NotFound, Refusal
from core.limits import Limits
from core.observe import Metrics
from core.pages import STATIC, FormAgain, Pages, refusal_page, show_form_again
from core.proxies import Proxies
from core.routing import pass_by_at_once
from core.settings import Settings
from core.web import Problem, RequestMiddleware, answer_refusals, on_error, problem, security_headers
from directory import wiring as directory
from directory.accounts.access import OutOfScope
from directory.accounts.rules import ConfirmFirst
from directory.own_account import pages as account_pages
from events import wiring as events
from events.calendars.personal_feeds import pages as calendar_pages
from events.calendars.personal_feeds.feed_cache import CachedFeeds, FeedCacheMiddleware
from events.calendars.personal_feeds.service import CACHED
from events.programme.events.rules import EVENT_STATES, NEXT_STATES, step_names
from finance import wiring as finance
from heyet import api_reference, event_overview, former_addresses, history, home, style, well_known
from heyet.api_description import describe, operation_id
from heyet.inbound_smtp import receiving_mail
from notifications import wiring as notifications
from notifications.delivery.jobs import run_embedded
from notifications.delivery.service import mail_channel
from notifications.jobs.context import WorkerContext
from notifications.jobs.queue import queue_at, tell_workers
from notifications.outbox.models import MAIL
from notifications.outbox.redaction import without_tokens
from notifications.webhooks.channel import Webhooks
from notifications.webhooks.rules import WEBHOOK
from visits import wiring as visits

log = structlog.get_logger()
_WIRED = [package.wire() for package in (events, visits, finance, directory, notifications)]
# What participants do by the hundred comes first.
ROUTERS = [
    *_WIRED[0].routers,
    home.router,
    event_overview.router,
    api_reference.router,
    *(router for one in _WIRED[1:] for router in one.routers),
    former_addresses.router,
    well_known.router,
    style.router,
]
personal_data.REGISTRY[:] = [entry for one in _WIRED for entry in one.personal_data]
for _one in _WIRED:
    personal_data.IMPERSONAL.update(_one.impersonal)
    audit.ACTS.update(_one.acts)


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
        generate_unique_id_function=operation_id,
        responses={"4XX": {"model": Problem, "content": {"application/problem+json": {}}}},
    )
    describe(app)
    answer_refusals(app, page=refusal_page)
    on_error(app, FormAgain, show_form_again)
    on_error(app, OutOfScope, _note_and_refuse)
    on_error(app, ConfirmFirst, account_pages.ask_to_confirm)
    app.add_middleware(RequestMiddleware, owner=app)
    app.add_middleware(FeedCacheMiddleware, owner=app)
    # Outermost: what counts visitors has to see the visitor.
    app.add_middleware(Proxies, owner=app)
    for router in ROUTERS:
        pass_by_at_once(router)
        app.include_router(router)
    # Not as an argument above: it would be wrapped once more for each router, none of which has one of its own.
    app.router.lifespan_context = _life
    app.mount("/static", Unchanging(STATIC), name="static")
    return app


def configure(app: FastAPI, settings: Settings, database: Database, *, clock: Clock, dispatch: bool) -> None:
    """Let the application serve this installation, and forget another that it may have served."""
    vault.use(*settings.keys)
    use_machine_fonts(settings.font_folders)
    state = app.state
    state.settings, state.clock, state.database, state.dispatch = settings, clock, database, dispatch
    state.limits = Limits(settings.redis_url)
    state.metrics = Metrics()
    state.pages = Pages(settings)
    state.pages.share(
        event_states=EVENT_STATES,
        event_steps=NEXT_STATES,
        event_step_names=step_names,
        without_tokens=without_tokens,
        unprintable=unprintable,
    )
    state.feeds, state.cached_feeds, state.feed_headers = LRUCache(CACHED), CachedFeeds(), _feed_headers(settings)
    state.context = worker_context_of(database, settings, clock, state.metrics)
    state.stopping = state.context.stopping
    database.watch(*(table for one in _WIRED for table in one.feed_tables))
    # The layers read the settings when they are built, at the first request.
    app.middleware_stack = None


def worker_context_of(database: Database, settings: Settings, clock: Clock, metrics: Metrics) -> WorkerContext:
    """What background work needs, the same in the web process and in a worker."""
    return WorkerContext(
        database,
        clock,
        settings,
        {MAIL: mail_channel(settings, clock), WEBHOOK: Webhooks(database, settings, clock)},
        metrics,
        {name: handler for one in _WIRED for name, handler in one.handlers.items()},
        [*(sweep for one in _WIRED for sweep in one.sweeps), history.sweep],
        {name: builder for one in _WIRED for name, builder in one.attachment_builders.items()},
    )


def _feed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """What an answer from memory carries beside its ETag: the same as one that went through the application."""
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
        # A storage that lacks its library is said now, not at the first upload.
        _ = app.state.settings.files
    except Exception as error:
        # What runs us would show the whole trace, or nothing.
        log.error("not started", exc_info=error)
        raise
    background: list[asyncio.Task[None]] = []
    if app.state.settings.redis_url:
        queue = queue_at(app.state.settings.redis_url)
        database.wakers.append(_wake_workers(queue))
    elif app.state.dispatch:
        wake = asyncio.Event()
        database.wakers.append(wake.set)
        background.append(asyncio.create_task(run_embedded(app.state.context, wake, app.state.stopping)))
        app.state.wake = wake
    async with receiving_mail(app.state.context):
        yield
    app.state.stopping.set()
    if background:
        app.state.wake.set()
        await asyncio.gather(*background)
    if app.state.settings.redis_url:
        await queue.aclose(close_connection_pool=True)
    database.wakers.clear()
    await database.close()


def _wake_workers(queue: ArqRedis) -> Waker:
    """Tell the workers that something is due. A wake-up that is lost costs five seconds: workers also look."""
    under_way: set[asyncio.Task[None]] = set()

    async def tell() -> None:
        try:
            await tell_workers(queue)
        except (RedisError, OSError) as error:
            log.warning("nudge lost", kind=type(error).__name__)

    def wake() -> None:
        task = asyncio.create_task(tell())
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    return wake


async def _note_and_refuse(request: Request, error: OutOfScope) -> Response:
    """Somebody asked for another project's row: the answer is that there is none, the history keeps the attempt."""
    at: datetime = request.app.state.clock()
    async with request.app.state.database.unit_of_work() as db:
        audit.record(db, "scope.refused", error.id, at=at, **error.caller.signature, kind=error.kind)
    refusal: Refusal = NotFound()
    if request.url.path.startswith("/api/"):
        return problem(request, refusal)
    return await refusal_page(request, refusal)
