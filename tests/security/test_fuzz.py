"""Every route that is served, with what no form of ours would send: never a fault of ours."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from fastapi.dependencies.models import Dependant
from httpx2 import AsyncClient
from pydantic import BaseModel

from core.inputs import takes_files
from core.limits import Limits
from notifications.delivery.jobs import run_due
from tests.events.attendance.test_evaluations import opened
from tests.events.attendance.test_superiors import asked, attended, chief
from tests.events.nominations.test_requests import called
from tests.finance.test_sheets import step, submitted, visit_with_links
from tests.people import FORM_TOKEN, App
from tests.routes import Served, served_endpoints

ROLES = {"administer": "administrator", "finance": "finance", "approve": "approver", "money": "finance"}
# Who calls by a link, and who of them has typed the code from their mailbox.
CONFIRMED = {"owner", "confirmed-participant"}
BY_LINK = CONFIRMED | {"participant", "focal-point", "superior"}
NUMBER = "beyond 64 bits"
NASTY = {
    "NUL": "a\0b",
    "superscript": "²٣",
    "half a letter": "\ud800",
    "a hundred thousand letters": "x" * 100_000,
    "letters that grow": "ﷺ" * 36,
    NUMBER: str(2**70),
    "nothing": "",
}


@dataclass
class Target:
    """An installation with something in it, and who calls."""

    app: App
    known: dict[str, str]
    tokens: dict[str, str]
    clients: dict[str, AsyncClient]


@pytest.fixture
async def target(app: App) -> Target:
    before = app.clock.now
    event, tokens = await visit_with_links(app, ["Ayşe Bir"])
    sheet = await submitted(app, event)
    await step(app, sheet, "approval", "finance")
    # What is over takes no answers, and would refuse what is sent to it for that alone.
    app.clock.now = before
    rates = (await app.api("finance").get(f"/api/v1/projects/{app.project_id}/rate-tables")).json()["items"]
    people = (await app.api().get(f"/api/v1/events/{event['id']}/people")).json()["items"]
    known = {
        "event_id": event["id"],
        "project_id": str(app.project_id),
        "person_id": people[0]["person_id"],
        "invitation_id": people[0]["invitation_id"],
        "registration_id": (await app.registrations(event))["Ayşe Bir"],
        "per_diem_sheet_id": sheet,
        "rate_table_id": rates[0]["id"],
        "code": event["code"],
    }
    given = {"kind": "coordination-meeting", "title": "Moved", "venue": "Van"}
    plan = app.plan(**given, first_day=event["first_day"], last_day=event["last_day"])
    del plan["project_id"]
    await app.api().put(f"/api/v1/events/{event['id']}", json=plan)
    await app.work()
    waiting = (await app.api().get("/api/v1/message-batches")).json()["items"]
    known["message_batch_id"] = waiting[0]["id"]
    known["message_id"] = str((await app.mails("events/update"))[0].id)
    return Target(app, known, await links(app, tokens["Ayşe Bir"]), {})


async def links(app: App, invitation: str) -> dict[str, str]:
    """A link of each kind, by what its addresses begin with."""
    _, _, nomination = await called(app)
    event, _, people = await attended(app)
    registration = people["Ayşe Soyadı0"]
    await app.api().put(f"/api/v1/events/{event['id']}/superiors/{registration}", json=chief(1))
    superior = await asked(app, await opened(app, event, kind="superiors"))
    return {"i": invitation, "n": nomination, "superior": superior["chief1@example.gov"]}


def address(route: Served, known: dict[str, str], nasty: str | None = None) -> str:
    """The route's address with rows that are there, or with something nasty in its last place."""
    roles = route.path.split("/")
    capacity = [n for n, role in enumerate(roles) if "{" in role]
    for n in capacity:
        name = roles[n][roles[n].index("{") + 1 : roles[n].index("}")].partition(":")[0]
        value = known.get(name, str(UUID(int=7)))
        if nasty is not None and n == capacity[-1]:
            value = quote(nasty.encode("utf-8", "surrogatepass"), safe="")
        roles[n] = roles[n][: roles[n].index("{")] + value + roles[n][roles[n].index("}") + 1 :]
    return "/".join(roles)


def fields_of(route: Served) -> Iterator[tuple[str, bool]]:
    """Names that its JSON may have, of nested bodies too, and whether a list is meant."""
    assert route.dependant is not None
    for param in route.dependant.body_params:
        kind = param.field_info.annotation
        yield param.name, False
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from ((name, "list[" in str(one.annotation)) for name, one in kind.model_fields.items())


TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@cache
def form_fields() -> list[str]:
    """Names that pages ask for; a page's form says nothing of its fields to the outside."""
    found = {"address", "ids", "file", "next", "columns[]", "people[]", "rows[]"}
    for template in TEMPLATES.rglob("*.html"):
        found |= set(re.findall(r'\bname="([a-z_][a-z0-9_-]*(?:\[\])?)"', template.read_text(encoding="utf-8")))
    return sorted(found - {"form_token"})


def lists_of(names: list[str], nasty: str) -> dict[str, Any]:
    return {name: [nasty] if name.endswith("[]") else nasty for name in names}


async def caller(target: Target, route: Served) -> AsyncClient:
    """Somebody who may call, one for all routes of that right."""
    app, right, link = target.app, route.right, link_of(route)
    kind = f"{right} {link} {route.path.startswith('/api/')}"
    if kind not in target.clients:
        if route.path.startswith("/api/"):
            client = app.api(ROLES.get(right, "organiser"))
            if link:
                token = target.tokens[link]
                under = {"n": "nomination", "i": "invitation"}.get(link, "")
                client = app.guest(await app.confirmed(token, under) if right in CONFIRMED else token)
        else:
            client = (
                await app.owners_browser(target.tokens[link], link)
                if link and right in CONFIRMED
                else await app.at_desk(ROLES.get(right, "organiser"))
            ).client
            page = await client.get("/sign-in/link")
            client.headers["x-form-token"] = FORM_TOKEN.search(page.text).group(1)  # type: ignore[union-attr]
        client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
        target.clients[kind] = client
    return target.clients[kind]


def link_of(route: Served) -> str:
    """Whose link opens this route: of somebody invited, of a focal point, of a superior; of nobody for staff."""
    if route.right not in BY_LINK:
        return ""
    if route.right == "superior":
        return "superior"
    return "n" if route.path.startswith(("/n/", "/api/v1/nomination")) else "i"


async def sent(target: Target, route: Served, nasty: str, *, is_first: bool) -> list[tuple[str, str, int]]:
    """The answers that were a fault of ours, or that came to nobody who may ask."""
    method, token = min(route.methods), target.tokens.get(link_of(route), target.tokens["i"])
    target.app.fastapi.state.limits = (
        Limits()
    )  # or the answer to all but the first would be that it was asked too often
    faults = []
    for what, path, more in requests_to(route, target.known | {"token": token}, nasty, is_first=is_first):
        client = await caller(target, route)
        try:
            answer = await client.request(method, path, **more)
        except UnicodeError:
            continue  # the client itself cannot send it
        if answer.status_code == 401:
            # The walk also signs out, and changes passwords: whoever calls next has signed in again.
            target.clients.clear()
            answer = await (await caller(target, route)).request(method, path, **more)
        if answer.status_code >= 500 or (answer.status_code in (401, 410) and route.right != "desk-device"):
            faults.append((f"{method} {route.path}", what, answer.status_code))
    return faults


def requests_to(
    route: Served, known: dict[str, str], nasty: str, *, is_first: bool
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """What to say where: each part of a request once, and with `is_first` also what is no part of it."""
    assert route.dependant is not None
    here, raw = address(route, known), nasty.encode("utf-8", "surrogatepass")
    parts = list(_parts(route.dependant))
    names = {p.alias for part in parts for p in part.query_params}
    # An id that is none is refused before any code of ours: once is enough. Words and numbers reach it.
    if "{" in route.path and (
        is_first or any(p.field_info.annotation in (str, int) for p in route.dependant.path_params)
    ):
        yield "path", address(route, known, nasty[:20_000]), {}
    said = raw.replace(b"\0", b"\1")[:4000]
    unread = dict.fromkeys(("Accept-Language", "User-Agent", "If-None-Match", "Range"), said)
    if names or is_first:
        each = quote(raw[: 20_000 // (len(names) + 2)])
        query = "&".join(f"{name}={each}" for name in sorted(names | {"q", "page"}))
        yield "query", f"{here}?{query}", {"headers": unread}
    if any(part.header_params for part in parts):
        yield "headers", here, {"headers": unread | {"If-Match": said, "Idempotency-Key": said}}
    if min(route.methods) == "GET":
        return
    yield from (bodies if route.path.startswith("/api/") else forms)(route, here, nasty, is_first)
    if min(route.methods) != "DELETE" and (is_first or takes_files(route.dependant)):
        fields = {"title": nasty[:20_000]} | {name: nasty for name, _ in fields_of(route)}
        yield "upload", here, {"files": {"file": (f"{nasty[:300]}.csv", raw, "text/csv")}, "data": fields}


def bodies(route: Served, here: str, nasty: str, is_first: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    fields = dict(fields_of(route))
    if not fields:
        return
    shapes: list[Any] = [{name: [nasty] if is_list else nasty for name, is_list in fields.items()}]
    if is_first:
        shapes += [{n: nasty for n in fields}, {n: [nasty] for n in fields}, {n: {nasty: nasty} for n in fields}]
        shapes += [[nasty], nasty, {}]
    else:
        shapes += [{nasty[:1000]: {nasty: [nasty]}}]
    if nasty == NASTY[NUMBER]:
        shapes += [{n: 10**30 for n in fields}]
    for shape in shapes:
        yield "json", here, {"content": json.dumps(shape).encode(), "headers": {"content-type": "application/json"}}


def forms(route: Served, here: str, nasty: str, is_first: bool) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if is_first:
        yield "empty form", here, {"data": {"x": "y"}}
    yield "form", here, {"data": lists_of(form_fields(), nasty[:1200])}
    if len(nasty) > 20_000:
        yield "long form", here, {"data": lists_of(["name", "title", "address"], nasty[:20_000])}


def _parts(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for one in dependant.dependencies:
        yield from _parts(one)


# PostgreSQL refuses all that SQLite refuses and more: lengths, NUL, half letters, numbers of 32 bits. A field that was
# left empty reaches neither. What is sent beside something nasty is the same each time, and refused before any
# database: once is enough.
KINDS = [("sqlite" if nasty == "nothing" else "postgres", nasty, nasty == NUMBER) for nasty in NASTY]


@pytest.mark.parametrize(("database_url", "nasty", "is_first"), KINDS, indirect=["database_url"])
async def test_no_route_stumbles_over_what_it_is_sent(target: Target, nasty: str, is_first: bool) -> None:
    faults = []
    # What staff may do ends links of participants, and what they do to their own account ends their tokens.
    order = {**dict.fromkeys(BY_LINK, 0), "signed-in": 2}
    routes = served_endpoints(target.app.fastapi)
    for route in sorted(routes, key=lambda one: (order.get(one.right, 1), one.methods == {"DELETE"})):
        faults += await sent(target, route, NASTY[nasty], is_first=is_first)
    await run_due(target.app.fastapi.state.context)
    assert faults == []
