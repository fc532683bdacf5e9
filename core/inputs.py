"""What strangers send, looked at in one place before anybody works with it.

Addresses and headers by the outermost layer, JSON and forms as they are read: no letter that a database cannot keep, no
key twice, no bottomless nesting, and no body larger than what the route is made for.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import solve_dependencies
from fastapi.params import File
from fastapi.routing import APIRoute
from jiter import from_json
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
_BOXES = (list, dict)
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
    """JSON as strangers may send it: in UTF-8 (RFC 8259, 8.1), each key once, `MAX_JSON_DEPTH` deep, and nothing in it
    that databases cannot keep. Raises JSONDecodeError."""
    try:
        found = from_json(
            body.removeprefix(BOM_UTF8), allow_inf_nan=False, cache_mode="keys", catch_duplicate_keys=True
        )
    except ValueError as error:
        raise json.JSONDecodeError(str(error), "", 0) from None
    # Looked at only where it can be: what is walked, is walked in Python. Halves of letters the parser refuses itself.
    if body.count(b"[") + body.count(b"{") > MAX_JSON_DEPTH and _is_deeper(found, MAX_JSON_DEPTH):
        raise json.JSONDecodeError(f"nested deeper than {MAX_JSON_DEPTH}", "", 0)
    if b"\\u0000" in body and not all(is_storable(text) for text in _texts(found)):
        raise json.JSONDecodeError("a character that cannot be kept", "", 0)
    return found


def _is_deeper(found: Any, most: int) -> bool:
    """Whether lists and objects nest deeper; each round goes one step in."""
    boxes: list[Any] = [[found]]
    for _ in range(most + 1):
        boxes = [one for box in boxes for one in (box if type(box) is list else box.values()) if type(one) in _BOXES]
        if not boxes:
            return False
    return True


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


def takes_files(dependant: Dependant) -> bool:
    """Whether a route is made for uploads: a parameter says so, or a dependency marked `takes_files`."""
    waiting = [dependant]
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
    is_upload = kind.startswith(b"multipart/form-data") and takes_files(route.dependant)
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
