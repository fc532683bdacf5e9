"""Every route that is served, with what no form of ours would send: never a fault of ours, on both databases."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from httpx2 import AsyncClient
from pydantic import BaseModel

from core.limits import Limits
from notifications.delivery.jobs import run_due
from tests.finance.test_sheets import step, submitted, visit_with_links
from tests.people import FORM_TOKEN, App
from tests.routes import Served, served_endpoints

ROLES = {"administer": "administrator", "finance": "finance", "approve": "approver", "money": "finance"}
NASTY = {
    "NUL": "a\0b",
    "superscript": "²٣",
    "half a letter": "\ud800",
    "a hundred thousand letters": "x" * 100_000,
    "letters that grow": "ﷺ" * 36,
    "beyond 64 bits": str(2**70),
}
# What is sent to a route beside something nasty is the same each time: once on each database is enough.
WITH_THE_REST = NASTY["beyond 64 bits"]


@dataclass
class Target:
    """An installation with something in it, and who calls."""

    app: App
    known: dict[str, str]
    token: str
    owner: str
    clients: dict[str, AsyncClient]


@pytest.fixture
async def target(app: App) -> Target:
    event, tokens = await visit_with_links(app, ["Ayşe Bir"])
    sheet = await submitted(app, event)
    await step(app, sheet, "approval", "finance")
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
    token = tokens["Ayşe Bir"]
    return Target(app, known, token, await app.confirmed(token), {})


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


def fields_of(route: Served) -> Iterator[str]:
    """Names that its JSON may have, of nested bodies too."""
    assert route.dependant is not None
    for param in route.dependant.body_params:
        kind = param.field_info.annotation
        yield param.name
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields


# Names that pages ask for; a page's form says nothing of its fields to the outside.
FORM_FIELDS = [
    "name",
    "title",
    "address",
    "revision",
    "id",
    "language",
    "next",
    "password",
    "code",
    "secret",
    "file",
    "query",
    "day",
    "first_day",
    "last_day",
    "capacity",
    "reason",
    "text_en",
    "text_tr",
    "subject_en",
    "subject_tr",
    "topic",
    "topics[]",
    "rows[]",
    "column-0",
    "ids",
    "action",
    "columns[]",
    "people[]",
    "signed[]",
    "shown[]",
    "feed",
    "category",
    "institution",
    "kind",
    "answer_by",
    "name[]",
    "title[]",
    "address[]",
    "nominees[]",
    "starts",
    "ends",
    "url",
    "label",
    "days",
    "clock",
    "anchor",
    "purpose",
    "options",
    "depends",
    "country",
    "parent",
    "keep[]",
    "who",
    "session",
    "acronym",
    "donor",
    "venue",
    "first_day-0",
    "title-0",
    "anchor",
    "q-00000000-0000-0000-0000-000000000007",
    "diet",
    "accessibility",
    "mobile",
    "role",
    "rights[]",
    "amount",
    "currency",
    "nights",
    "iban",
    "account_name",
    "method",
    "registration_id",
    "institution_id",
    "paid_on",
    "reference",
    "confirms",
    "contract_date",
    "home",
    "abroad",
    "legs-0",
    "until",
    "month",
]


def lists_of(names: list[str], nasty: str) -> dict[str, Any]:
    return {name: [nasty] if name.endswith("[]") else nasty for name in names}


async def caller(target: Target, right: str, *, is_api: bool) -> AsyncClient:
    """Somebody who may call, one for all routes of that right."""
    kind = f"{right} {is_api}"
    if kind not in target.clients:
        app = target.app
        if is_api:
            is_guest = right in ("participant", "focal-point")
            client = app.guest(target.token) if is_guest else app.api(ROLES.get(right, "organiser"))
            if right in ("confirmed-participant", "owner"):
                client = app.guest(target.owner)
        else:
            client = (await app.at_desk(ROLES.get(right, "organiser"))).client
            page = await client.get("/sign-in/link")
            client.headers["x-form-token"] = FORM_TOKEN.search(page.text).group(1)  # type: ignore[union-attr]
        client._transport.raise_app_exceptions = False  # type: ignore[attr-defined]
        target.clients[kind] = client
    return target.clients[kind]


async def sent(target: Target, route: Served, nasty: str) -> list[tuple[str, str, int]]:
    """The answers that were a fault of ours."""
    method, right = min(route.methods), route.right
    assert route.dependant is not None
    app, known = target.app, target.known | {"token": target.token}
    is_api = route.path.startswith("/api/")
    client = await caller(target, right, is_api=is_api)
    app.fastapi.state.limits = Limits()  # or the answer to all but the first would be that it was asked too often
    faults = []

    async def try_it(what: str, path: str, **more: Any) -> None:
        try:
            answer = await client.request(method, path, **more)
        except UnicodeError:
            return  # the client itself cannot send it
        if answer.status_code >= 500:
            faults.append((f"{method} {route.path}", what, answer.status_code))

    await try_it("path", address(route, known, nasty[:20_000]))
    here = address(route, known)
    raw = nasty.encode("utf-8", "surrogatepass")
    queried = [
        *route.dependant.query_params,
        *(p for d in route.dependant.dependencies for p in d.query_params),
    ]
    names = sorted({p.alias for p in queried} | {"q", "page"})
    each = quote(raw[: 20_000 // len(names)])
    await try_it("query", f"{here}?{'&'.join(f'{name}={each}' for name in names)}")
    await try_it(
        "headers",
        here,
        headers={
            n: raw.replace(b"\0", b"\1")[:4000]
            for n in ("If-Match", "Accept-Language", "User-Agent", "If-None-Match", "Range")
        },
    )
    if method == "GET":
        return faults
    if is_api:
        names = sorted(set(fields_of(route)))
        for given in (
            {n: nasty for n in names},
            {n: [nasty] for n in names},
            {n: {nasty: nasty} for n in names},
            [nasty],
            nasty,
            *([{}, {n: 10**30 for n in names}] if nasty == WITH_THE_REST else []),
        ):
            body = _json(given)
            await try_it("json", here, content=body, headers={"content-type": "application/json"})
        await try_it(
            "upload",
            here,
            files={"file": (f"{nasty[:300]}.csv", raw, "text/csv")},
            data={n: nasty for n in names},
        )
        return faults
    short = nasty[:20_000]
    if nasty == WITH_THE_REST:
        await try_it("empty form", here, data={"x": "y"})
    await try_it("form", here, data=lists_of(FORM_FIELDS, short[:1200]))
    await try_it("long form", here, data=lists_of(FORM_FIELDS[:3], short))
    await try_it("upload", here, data={"title": short}, files={"file": (f"{nasty[:300]}.csv", raw, "text/csv")})
    return faults


def _json(given: Any) -> bytes:
    return json.dumps(given).encode()


# PostgreSQL refuses what SQLite takes: lengths, NUL, half letters. Whole numbers are too large for both.
@pytest.mark.parametrize(
    ("database_url", "nasty"),
    [*(("postgres", nasty) for nasty in NASTY), ("sqlite", "beyond 64 bits")],
    indirect=["database_url"],
)
async def test_no_route_stumbles_over_what_it_is_sent(target: Target, nasty: str) -> None:
    faults = []
    for route in served_endpoints(target.app.fastapi):
        faults += await sent(target, route, NASTY[nasty])
    await run_due(target.app.fastapi.state.context)
    assert faults == []
