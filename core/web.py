"""The web: what every request passes, and the one place where a refusal becomes an answer."""

import re
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID

import structlog
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.cookies import read_cookie
from core.errors import (
    N_,
    Conflict,
    LostUpdate,
    NotFound,
    NotThatKind,
    Refusal,
    Unacceptable,
    UnacceptableFields,
)
from core.i18n import Words, best_language, words
from core.ids import new_id
from core.inputs import StrictRequest, bounded, is_readable, let_in_first
from core.limits import network_of
from core.settings import settings_of

T = TypeVar("T")
# Made once for each shape: for one that is no model that takes longer than what it is made for.
_adapter: Any = lru_cache(maxsize=512)(TypeAdapter)
M = TypeVar("M", bound=BaseModel)
E = TypeVar("E", bound=Exception)
log = structlog.get_logger()
# `script-src 'self'` without 'unsafe-inline': text that slips through an escape still runs nothing.
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class Invalid(Refusal):
    """Several fields hold what they may not hold; `wrongs` are pydantic's findings."""

    status = 422
    code = "invalid-input"
    title = N_("Please check what is marked below.")

    def __init__(self, wrongs: Sequence[ErrorDetails]) -> None:
        super().__init__()
        self.wrongs = wrongs


class BadRequest(Refusal):
    status = 400
    code = "bad-request"
    title = N_("This request could not be read.")


class WrongMethod(Refusal):
    status = 405
    code = "method-not-allowed"
    title = N_("This address does not answer that way.")


class Broken(Refusal):
    status = 500
    code = "internal-error"
    title = N_("Something went wrong on our side. Nothing was changed. Please try again.")


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str
    errors: list[dict[str, str]] = []


_MESSAGES = {
    "missing": N_("Please fill this in."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("This is longer than the %(max_length)s letters that fit."),
    "too_short": N_("Please choose at least one."),
    "too_long": N_("These are more than the %(max_length)s that fit."),
    "extra_forbidden": N_("This field is not known here."),
    "greater_than_equal": N_("This must be at least %(ge)s."),
    "greater_than": N_("This must be more than %(gt)s."),
    "less_than_equal": N_("This may be at most %(le)s."),
    "less_than": N_("This must be less than %(lt)s."),
    "enum": N_("Please choose one of: %(expected)s."),
    "literal_error": N_("Please choose one of: %(expected)s."),
    "decimal_max_places": N_("At most %(decimal_places)s digits after the decimal mark."),
    "decimal_max_digits": N_("At most %(max_digits)s digits."),
    "json_invalid": N_("This is not valid JSON: %(error)s"),
}
_FAMILIES = {
    "int": N_("Please write a whole number."),
    "float": N_("Please write a number."),
    "decimal": N_("Please write a number."),
    "finite": N_("Please write a number."),
    "date": N_("Please write a date like 2026-03-14."),
    "datetime": N_("Please write a date and time like 2026-03-14 09:30."),
    "time": N_("Please write a time like 09:30."),
    "uuid": N_("This is not one of our references."),
    "bool": N_("Please answer yes or no."),
    "string": N_("Please write text."),
}


def message_of(wrong: ErrorDetails, say: Words) -> str:
    """One validation finding in the reader's language."""
    facts = wrong.get("ctx") or {}
    if wrong["type"] == "heyet":
        message: str = wrong["msg"]
        return say.translate(message, **facts) if facts else say.translate(message)
    # Where a text is cleaned first, its length is looked at as that of any value.
    is_text = wrong["type"] in ("too_long", "too_short") and isinstance(wrong["input"], str)
    kind = f"string_{wrong['type']}" if is_text else wrong["type"]
    known = _MESSAGES.get(kind)
    if kind == "string_too_short" and str(wrong["input"]).strip():
        known = N_("Please write at least %(min_length)s letters.")
    if kind == "uuid_parsing" and wrong["input"] == "":
        known = N_("Please choose one.")
    if known is None:
        family = wrong["type"].removesuffix("_type").split("_")[0]
        known = _FAMILIES.get(family, N_("This is not accepted here."))
    return say.translate(known, **facts) if "%(" in known else say.translate(known)


def field_messages(refusal: Refusal, say: Words) -> dict[str, str]:
    """Field by field what is wrong, for the form or the problem body."""
    if isinstance(refusal, Invalid):
        return {_location(w): message_of(w, say) for w in reversed(refusal.wrongs)}
    if isinstance(refusal, Unacceptable | NotThatKind) and refusal.field:
        return {refusal.field: say.translate(refusal.reason, **refusal.facts)}
    if isinstance(refusal, UnacceptableFields):
        return {field: say.translate(reason, **facts) for field, (reason, facts) in refusal.wrongs.items()}
    return {refusal.field: say.translate(refusal.title, **refusal.facts)} if refusal.field else {}


def _location(wrong: ErrorDetails) -> str:
    """The field that a message stands beside: where it was found, or the one that it names itself."""
    location, outer = wrong["loc"], {"body", "query", "path", "header"}
    beside = (wrong.get("ctx") or {}).get("beside")
    if beside:
        return str(beside)
    inner = location[1:] if location and location[0] in outer else location
    return ".".join(str(part) for part in inner) or "body"


def download(content: bytes | memoryview, media_type: str, name: str = "", *, inline: bool = False) -> Response:
    """A file as an answer. It is saved under `name`, which may hold any letter (RFC 6266); `inline` lets the browser
    show it first, which is for documents that we made ourselves: nothing that somebody uploaded runs on our pages."""
    disposition = "inline" if inline else "attachment"
    if name.isascii() and not set(name) & set('"\\'):
        disposition += f'; filename="{name}"' if name else ""
    else:
        # For old programs beside it without what they do not read; it is the second that counts.
        plain = re.sub(r"[^\w .()-]", "_", name, flags=re.ASCII)
        disposition += f"; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})


def checked(shape: type[T], raw: object) -> T:
    """What was typed as the shape it must have; raises Invalid naming every field that does not fit."""
    try:
        return _adapter(shape).validate_python(raw)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise Invalid(error.errors()) from None


def checked_fields(typed: Mapping[str, object], shape: type[M]) -> M:
    """The same for the fields of one form only: others of the page may come along. Raises Invalid."""
    return checked(shape, {name: typed[name] for name in shape.model_fields if name in typed})


def problem(request: Request, refusal: Refusal) -> JSONResponse:
    """The refusal as RFC 9457 problem details in the caller's language."""
    say = words(language_of(request))
    instance = request.scope.get("request_id", "")
    body = Problem(
        type=f"{settings_of(request).base_url}/problems/{refusal.code}",
        title=say.translate(refusal.title, **refusal.facts),
        status=refusal.status,
        instance=f"urn:uuid:{instance}",
        errors=[{"field": f, "message": m} for f, m in field_messages(refusal, say).items()],
    )
    return JSONResponse(
        body.model_dump(), refusal.status, media_type="application/problem+json", headers=headers_of(refusal)
    )


def headers_of(refusal: Refusal) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if refusal.status == 429:
        headers["Retry-After"] = str(refusal.facts["retry_after"])
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="heyet"'
    return headers


def language_of(request: Request) -> str:
    """The language that the caller's account or the cookie chose, else the browser's."""
    chosen = getattr(request.state, "language", None) or read_cookie(request, "heyet_language")
    return best_language(request.headers.get("accept-language", ""), preferred=chosen)


def client_of(request: Request) -> str:
    """Where a request comes from, for rate limits only."""
    return network_of(request.client.host) if request.client else "unknown"


class StrictRoute(APIRoute):
    """Every JSON endpoint lets its caller in first, and then reads the body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        plain = super().get_route_handler()

        async def strict(request: Request) -> Response:
            stranger = StrictRequest(request.scope, request.receive)
            if self.body_field is not None:
                await let_in_first(stranger, self.dependant)
            return await plain(stranger)

        return strict


async def _if_match(
    given: Annotated[str | None, Header(alias="If-Match", description="The ETag that you saw last.")] = None,
) -> int | None:
    if given is None or given.strip() == "*":
        return None
    found = _REVISION.fullmatch(given.strip())
    if found is None:
        raise LostUpdate()
    return int(found.group(1))


Expected = Annotated[int | None, Depends(_if_match)]
_REVISION = re.compile(r'"r(\d{1,9})"')


IdempotencyKey = Annotated[
    UUID | None, Header(alias="Idempotency-Key", description="The same key twice has one effect.")
]


def must_match(stored: int, expected: int | None) -> None:
    """Raises LostUpdate where the caller saw another revision than the one stored."""
    if expected is not None and stored != expected:
        raise LostUpdate()


def tag(response: Response, revision: int) -> None:
    """The ETag that an update names in If-Match."""
    response.headers["ETag"] = f'"r{revision}"'


class RequestMiddleware:
    """Outermost: a known host, a bounded body, a request id, security headers, and a line in the log."""

    def __init__(self, app: ASGIApp, *, owner: FastAPI) -> None:
        self.app = app
        self.owner = owner
        settings = owner.state.settings
        self.hosts = settings.hosts
        self.headers = security_headers(https=settings.is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = str(new_id())
        scope["request_id"] = request_id
        started = time.perf_counter()
        seen = {"status": 500}
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(n, v) for n, v in self.headers if n not in present]
                message["headers"] = [*message["headers"], *extra, (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            if not self._is_known(scope) or not is_readable(scope):
                await problem(Request(scope), BadRequest())(scope, receive, answer)
            else:
                await self.app(scope, bounded(scope, receive), answer)
        finally:
            self._note(scope, seen["status"], time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _is_known(self, scope: Scope) -> bool:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        scope.setdefault("app", self.owner)
        try:
            return urlsplit(f"//{host}").hostname in self.hosts
        except ValueError:
            return False

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, never the path: a path may hold a token.
        route = getattr(scope.get("route"), "path", "-")
        metrics = self.owner.state.metrics
        metrics.requests.labels(scope["method"], route, status).inc()
        metrics.seconds.labels(scope["method"], route).observe(seconds)
        if status >= 500 or not route.startswith("/static"):
            log.info("answered", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))


def security_headers(*, https: bool) -> list[tuple[bytes, bytes]]:
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        # Addresses hold tokens: no other site may learn them from a followed link.
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cross-origin-opener-policy": "same-origin",
        "cache-control": "no-store",
    }
    if https:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _page_above(request: Request) -> str:
    """The nearest page above an address that forms are sent to: somebody who reloads it, or chooses another language
    on what it answered, goes on there, with what stands behind the question mark."""
    path = request.url.path
    while not path.startswith("/api/") and (path := path.rpartition("/")[0]):
        scope = dict(request.scope) | {"path": path}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            return path
    return ""


RefusalHandler = Callable[[Request, Refusal], Coroutine[Any, Any, Response]]


def on_error(app: FastAPI, kind: type[E], handler: Callable[[Request, E], Coroutine[Any, Any, Response]]) -> None:
    """Let `handler` answer whatever ends in an exception of this kind."""
    # Starlette knows handlers of any exception only.
    app.add_exception_handler(kind, handler)  # type: ignore[arg-type]


def answer_refusals(app: FastAPI, *, page: RefusalHandler) -> None:
    """Register the one mapping: problems under /api, pages elsewhere."""

    async def refuse(request: Request, refusal: Refusal) -> Response:
        return problem(request, refusal) if request.url.path.startswith("/api/") else await page(request, refusal)

    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return await refuse(request, Invalid(list(error.errors())))

    async def http(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, Refusal):  # raised while FastAPI was reading the body
            return await refuse(request, error.__cause__)
        if error.status_code == 405 and request.method == "GET" and (above := _page_above(request)):
            return RedirectResponse(f"{above}?{request.url.query}".removesuffix("?"), 303)
        kinds: dict[int, type[Refusal]] = {404: NotFound, 405: WrongMethod}
        return await refuse(request, kinds.get(error.status_code, BadRequest)())

    async def gone(request: Request, error: Exception) -> Response:
        # Nobody is there to read it; the log has a line.
        return await refuse(request, BadRequest())

    async def taken(request: Request, error: Exception) -> Response:
        log.warning("constraint", kind=type(error).__name__)
        return await refuse(request, Conflict())

    async def broken(request: Request, error: Exception) -> Response:
        log.error("broken", kind=type(error).__name__, exc_info=error)
        return await refuse(request, Broken())

    on_error(app, Refusal, refuse)
    on_error(app, RequestValidationError, invalid)
    on_error(app, HTTPException, http)
    on_error(app, ClientDisconnect, gone)
    on_error(app, IntegrityError, taken)
    on_error(app, Exception, broken)
