"""What strangers send, looked at in one place before anybody works with it.

Addresses and headers by the outermost layer, JSON and forms as they are read: no letter that a database cannot keep, no
key twice, no bottomless nesting, and no body larger than what the route is made for.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import solve_dependencies
from fastapi.params import File
from fastapi.routing import APIRoute
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message, Receive, Scope

from core.errors import N_, TooLarge, Unacceptable
from core.plain_text import is_storable

T = TypeVar("T")
MAX_UPLOAD_MB = 10.0
MAX_BODY_MB = 1.0
# Of whom nobody knows: a form of a page that is open to anybody.
MAX_STRANGERS_MB = 0.1
MAX_JSON_DEPTH = 50
MAX_FILE_NAME = 255
_BRACES = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_TEXT = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
# Set as soon as the whole body has come: who waits for it must hold nothing that others wait for.
HAS_COME = "heyet.body_has_come"


def is_readable(scope: Scope) -> bool:
    """Whether path, query and headers hold only what can be kept."""
    query = scope["query_string"]
    return (
        is_storable(scope["path"])
        and b"\0" not in query
        and b"%00" not in query
        and not any(b"\0" in value for _, value in scope["headers"])
    )


def parsed_json(body: bytes) -> Any:
    """JSON as strangers may send it. Raises JSONDecodeError."""
    try:
        found = json.loads(body, object_pairs_hook=_once_each, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise json.JSONDecodeError("not UTF-8", "", 0) from None
    except RecursionError:
        raise _too_deep() from None
    if _depth_over(body, MAX_JSON_DEPTH):
        raise _too_deep()
    # Letters that cannot be kept come in as escapes only: most bodies hold none, and are not walked.
    if b"\\u" in body and not all(is_storable(text) for text in _texts(found)):
        raise json.JSONDecodeError("a character that cannot be kept", "", 0)
    return found


def _too_deep() -> json.JSONDecodeError:
    return json.JSONDecodeError(f"nested deeper than {MAX_JSON_DEPTH}", "", 0)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise json.JSONDecodeError("the same key twice", "", 0)
    return found


def _no_number(name: str) -> Any:
    raise json.JSONDecodeError(f"{name} is no number", "", 0)


def _depth_over(body: bytes, most: int) -> bool:
    """Whether brackets of a body that was parsed nest deeper: each round takes out the innermost ones.

    A loop over its bytes in Python would take a fifth of a second for each ten megabytes.
    """
    brackets = _TEXT.sub(b"", body).translate(_BRACES, _NO_BRACKETS)
    for _ in range(most):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _texts(found: Any) -> Iterator[str]:
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]


def clean_form(form: FormData) -> FormData:
    """A form whose names, values and names of files can be kept. Raises Unacceptable beside the field."""
    for name, value in form.multi_items():
        text = (value.filename or "") if isinstance(value, UploadFile) else value
        is_long = isinstance(value, UploadFile) and len(text) > MAX_FILE_NAME
        if not is_storable(name) or not is_storable(text) or is_long:
            raise Unacceptable(
                name if is_storable(name) else "form",
                N_("This holds characters that cannot be seen. Please type it again.")
                if not is_long
                else N_("The name of this file is too long."),
            )
    return form


class StrictRequest(Request):
    """Reads bodies as strangers may send them."""

    async def json(self) -> Any:
        return parsed_json(await self.body())

    async def form(self, **limits: Any) -> FormData:  # type: ignore[override]
        return clean_form(await super().form(**limits))


async def let_in_first(request: Request, dependant: Dependant) -> None:
    """Ask the route's own caller type before its body is read: FastAPI would read and parse the body first.

    Raises what the caller type raises.
    """
    gates = [d for d in dependant.dependencies if hasattr(d.call, "declares")]
    if gates:
        await solve_dependencies(
            request=request,
            dependant=Dependant(path=dependant.path, dependencies=gates),
            async_exit_stack=request.scope["fastapi_inner_astack"],
            embed_body_fields=False,
        )


async def once(request: Request, name: str, find: Callable[[], Awaitable[T]]) -> T:
    """What `find` yields, asked once for a request however many ask."""
    known = request.scope.setdefault("heyet.known", {})
    if name not in known:
        known[name] = await find()
    found: T = known[name]
    return found


def takes_files(route: APIRoute) -> bool:
    """Whether a route is made for uploads: a parameter says so, or a dependency marked `takes_files`."""
    waiting = [route.dependant]
    while waiting:
        one = waiting.pop()
        if hasattr(one.call, "takes_files") or any(isinstance(p.field_info, File) for p in one.body_params):
            return True
        waiting += one.dependencies
    return False


def _limit_mb(scope: Scope) -> float:
    route = scope.get("route")
    if not isinstance(route, APIRoute) or any(
        getattr(d.call, "declares", "") == "anyone" for d in route.dependant.dependencies
    ):
        return MAX_STRANGERS_MB
    kind = dict(scope["headers"]).get(b"content-type", b"")
    is_upload = kind.startswith(b"multipart/form-data") and takes_files(route)
    return MAX_UPLOAD_MB if is_upload else MAX_BODY_MB


def bounded(scope: Scope, receive: Receive) -> Receive:
    """Stops reading at the route's limit, however long the body claims to be or turns out to be."""
    claimed = dict(scope["headers"]).get(b"content-length", b"0")
    length = int(claimed) if claimed.isdigit() and len(claimed) < 12 else None
    read, limit = 0, 0.0

    async def receive_bounded() -> Message:
        nonlocal read, limit
        # The route is known here only: the body is asked for after the address was looked up.
        limit = limit or _limit_mb(scope)
        if length is None or length > limit * 1024 * 1024:
            raise TooLarge(limit=f"{limit:g}")
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit * 1024 * 1024:
            raise TooLarge(limit=f"{limit:g}")
        if message["type"] == "http.request" and not message.get("more_body", False):
            scope[HAS_COME] = True
        return message

    return receive_bounded
