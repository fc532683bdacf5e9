"""Staff of project B ask every served route for every row of project A: they are shown none and change none."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from tests.people import FORM_TOKEN, App
from tests.routes import Served, served
from tests.security.test_erasure import ADDRESS, MARK, NAME, PASSPORT, fill, lived, plant

# Which tables the ids in an address are of, where the parameter does not say it.
TABLES = {
    "call_id": ["nomination_call"],
    "import_id": ["list_import"],
    "memory_id": ["import_memory"],
    "entry_id": ["scheduled"],
    "feed_id": ["shared_feed", "feed"],
    "request_id": ["erasure_request"],
    "mail_id": ["inbound_mail"],
    "token_id": ["api_token"],
    "filter_id": ["saved_filter"],
    "part_id": ["session_person"],
    "batch_id": ["institution_batch"],
    "merge_id": ["merge", "institution_merge"],
    "about_id": ["event", "project"],
    "sheet_id": ["sheet_version"],
    "signed_receipt_id": ["signed_receipt"],
    "per_diem_sheet_id": ["per_diem_sheet"],
    "payment_batch_id": ["payment_batch"],
    "leg_id": ["leg"],
    "cost_line_id": ["cost_line"],
    "meeting_id": ["host_meeting"],
    "task_id": ["visit_task"],
    "stay_id": ["stay"],
    "block_id": ["room_block"],
    "list_id": ["rooming_list"],
    "file_id": ["booking_file"],
}
OWN_ACCOUNT = {"token_id", "filter_id"}
SECRETS = (NAME, NAME.upper(), ADDRESS, PASSPORT, MARK, "Shelter of A")
# Answers to anybody, of whichever project: there is no difference to a project that is not there.
REFUSED = {303, 403, 404, 405, 409, 410, 415, 422}


async def rows_of_a(app: App) -> dict[str, list[UUID]]:
    """The ids of all rows there are before B begins, by table."""
    found: dict[str, list[UUID]] = {}
    async with app.database.reading() as db:
        for mapper in SQLModel._sa_registry.mappers:
            if "id" in mapper.columns:
                rows = await db.exec(sa.select(mapper.columns["id"]).limit(3))  # type: ignore[call-overload]
                found[str(mapper.local_table.name)] = list(rows.scalars())
    return found


async def everything(app: App) -> dict[str, list[str]]:
    """All rows but those that say what happened, by table, as text."""
    found = {}
    async with app.database.reading() as db:
        for mapper in SQLModel._sa_registry.mappers:
            name = str(mapper.local_table.name)
            if name not in ("audit_entry", "sign_in", "api_token"):
                rows = (await db.exec(sa.select(mapper.local_table))).all()  # type: ignore[call-overload]
                found[name] = sorted(map(repr, rows))
    return found


def addresses(route: Served, rows: dict[str, list[UUID]]) -> list[str]:
    """The route's address for rows of A; several where a parameter may mean several tables."""
    paths = [route.path]
    for name in route.parameters:
        tables = TABLES.get(name, [name.removesuffix("_id")])
        ids = [str(id) for table in tables for id in rows.get(table, [])[:1]] or [str(uuid4())]
        if not name.endswith("_id"):
            ids = ["EUR" if name == "currency" else "csv" if name == "ending" else "event"]
        paths = [path.replace(f"{{{name}}}", id) for path in paths for id in ids]
    return paths


def concerned(app: App) -> list[Served]:
    """Routes whose address names a row; what holders of links open has tests of its own."""
    return [
        route
        for route in served(app.fastapi)
        if any(name.endswith("_id") for name in route.parameters)
        and not {"token", "code"} & set(route.parameters)
        and not OWN_ACCOUNT & set(route.parameters)
        and not route.declares & {"anyone", "participant", "confirmed-participant", "owner", "focal-point"}
    ]


@pytest.fixture
async def two(sqlite_app: App) -> tuple[App, dict[str, list[UUID]]]:
    app = sqlite_app
    event, _, person = await lived(app)
    await fill(app, UUID(event["id"]), person)
    await plant(app, person)
    given = {"name": "Shelter of A", "project_id": str(app.project_id)}
    await app.api().post("/api/v1/institutions", json=given)
    rows = await rows_of_a(app)
    await app.found("P-B", prefix="b-")
    return app, rows


@pytest.mark.parametrize("role", ["b-organiser", "b-administrator", "b-approver", "b-auditor", "b-desk"])
async def test_staff_of_another_project_read_nothing(two: tuple[App, dict[str, list[UUID]]], role: str) -> None:
    app, rows = two
    desk, api = (await app.at_desk(role)).client, app.api(role)
    seen: list[tuple[str, Any]] = []
    for route in concerned(app):
        for path in addresses(route, rows) if "GET" in route.methods else []:
            answer = await (api if path.startswith("/api/") else desk).get(path)
            if answer.status_code not in REFUSED or any(secret in answer.text for secret in SECRETS):
                seen.append((path, answer.status_code))
    assert seen == []


async def test_lists_and_searches_of_another_project_hold_nothing(
    two: tuple[App, dict[str, list[UUID]]],
) -> None:
    app, _ = two
    seen: list[tuple[str, str]] = []
    for role in ("b-organiser", "b-administrator", "b-auditor", "b-finance"):
        desk, api = (await app.at_desk(role)).client, app.api(role)
        for route in served(app.fastapi):
            if "GET" not in route.methods or route.parameters or route.declares <= {"anyone"}:
                continue
            for path in (route.path, f"{route.path}?q={MARK}", f"{route.path}?q=zehra"):
                answer = await (api if path.startswith("/api/") else desk).get(path)
                # A page may say again what was searched for.
                text = answer.text.replace(f"{MARK}&#34;", "").replace(f'value="{MARK}"', "")
                seen += [(path, secret) for secret in SECRETS if secret in text and f"q={MARK}" not in path]
    assert seen == []


async def test_staff_of_another_project_change_nothing(two: tuple[App, dict[str, list[UUID]]]) -> None:
    app, rows = two
    await app.work()
    before = await everything(app)
    wrong: list[tuple[str, str, int]] = []
    for role in ("b-organiser", "b-administrator", "b-finance", "b-approver"):
        visitor, api = await app.at_desk(role), app.api(role)
        form = FORM_TOKEN.search((await visitor.get("/account")).text)
        assert form is not None
        for route in concerned(app):
            for method in route.methods - {"GET", "HEAD"}:
                for path in addresses(route, rows):
                    if path.startswith("/api/"):
                        answer = await api.request(method, path, json={})
                    else:
                        answer = await visitor.client.post(path, data={"form_token": form.group(1), "reason": "x"})
                    leads_away = answer.status_code == 303 and "/sign-in" not in answer.headers["location"]
                    if answer.status_code not in REFUSED or leads_away or any(s in answer.text for s in SECRETS):
                        wrong.append((method, path, answer.status_code))
    assert wrong == []
    assert json.dumps(await everything(app)) == json.dumps(before)
