"""A participant list of the length and the life of real ones: looked at, searched, taken out; and an event's public
and personal pages. Floors answer with the same bytes, or write the same cells."""

import csv
import gc
import io
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import openpyxl
from sqlmodel import select

from benchmarks import servers
from benchmarks.measure import Measurement, Table, Work, compare
from benchmarks.servers import Server
from benchmarks.serving import analyse, burst, import_list, new_database, sessions, spread
from core import audit
from core.documents.sheets import workbook
from events.invitations.invitations.models import Invitation, PersonalLink
from events.invitations.invitations.rules import InvitationStatus
from events.invitations.registrations.models import Registration
from events.invitations.registrations.rules import RegistrationStatus
from notifications.outbox.models import Message
from notifications.outbox.rules import State
from tests.conftest import open_app, settings_for
from tests.people import App, names
from tests.servers import Postgres

SIZES = (100, 1_000, 10_000)
# The statuses that people of a list have once it lives, and how many of ten.
SAID = (InvitationStatus.accepted,) * 5 + (InvitationStatus.declined,) * 2 + (InvitationStatus.invited,) * 3


async def run(table: Table, folder: Path, postgres: Postgres, template: Path) -> None:
    for name in ("SQLite", "PostgreSQL"):
        database = await new_database(name, folder, postgres, template)
        async for app in open_app(settings_for(database, folder)):
            servers.unlimited(app.fastapi)
            events = {size: await lived(app, size) for size in SIZES}
            await analyse(app)
            # As the application does once it is loaded.
            gc.collect()
            gc.freeze()
            await files_of_lists(table, app, events[1_000], name)
            paths = await events_of(app)
            for count in (1, 2):
                mark = name if count == 1 else f"{name}, 2 proc."
                async with servers.heyet(database, folder, count) as ours:
                    bursts = Bursts(table, folder, ours)
                    await pages_of_lists(bursts, app, events, mark)
                    for path, (what, goal) in paths.items():
                        await bursts.page(path, "", f"{what} ({mark})", goal=goal, least=0.02)


async def lived(app: App, size: int) -> dict[str, Any]:
    """An event whose people were invited and reminded by mail, opened their page and answered, as far as they did."""
    event = await app.event(title=f"List {size}", capacity=size)
    lines = [f"{p} {size};Court {i % 81};;a{size}.{i}@example.org" for i, p in enumerate(names(size))]
    await import_list(app, event, lines)
    at, id = app.clock(), UUID(str(event["id"]))
    async with app.database.unit_of_work() as db:
        for number, one in enumerate((await db.exec(select(Invitation).where(Invitation.event_id == id))).all()):
            one.status = SAID[number % 10]
            one.invited_at = one.opened_at = at
            answered = one.status is not InvitationStatus.invited
            one.answered_at = at if answered else None
            one.answers = int(answered)
            db.add(PersonalLink(invitation_id=one.id, token_hash=f"{one.id}", made_at=at))
            for kind in ("events/invitation", "events/reminder", "events/answer"):
                db.add(_mail(app, one, kind))
            if one.status is InvitationStatus.accepted:
                place = RegistrationStatus.confirmed
                told = at if number % 4 else None
                db.add(
                    Registration(
                        event_id=id,
                        person_id=one.person_id,
                        invitation_id=one.id,
                        status=place,
                        registered_at=at,
                        changed_at=at,
                        told_at=told,
                        passport_name="AYSE YILMAZ",
                        mobile="+90 532 000 00 00",
                        diet="vegetarian",
                    )
                )
            by = audit.Actor.person(one.person_id)
            for act in ("invitation.sent", "invitation.opened", "invitation.answered"):
                audit.record(db, act, one.id, at=at, by=by, project_id=app.project_id)
    return event


def _mail(app: App, one: Invitation, kind: str) -> Message:
    at = app.clock()
    return Message(
        dedupe_key=f"{kind}:{one.id}",
        kind=kind,
        project_id=app.project_id,
        about_id=one.event_id,
        person_id=one.person_id,
        state=State.sent,
        written_at=at,
        due_at=at,
        sent_at=at,
        answer="250 2.0.0 Ok: queued",
        language="tr",
        to_name="Ayşe Yılmaz",
        to_address="ayse@example.org",
        subject="Davet",
        plain="Merhaba " * 100,
        html="<p>Merhaba</p>" * 300,
    )


async def rated(what: str, ours: Work, floor: Work, *, count: int, goal: float, least: float) -> Measurement:
    """A row with its rate: kept where the ratio is. `goal` is a second's, for a quiet machine; beside it stands what
    the processor alone would allow."""
    row = await compare(what, ours, floor, goal=least)
    began = time.process_time()
    await ours()
    return _said(row, count, time.process_time() - began, goal, least)


def _said(row: Measurement, count: int, spent: float, goal: float, least: float) -> Measurement:
    rate = count / row.ours_ms * 1000
    return replace(row, rate=f"{rate:.0f}/s, CPU {spent / count * 1000:.1f} ms", goal=f"≥ {least}, {goal:.0f}/s")


class Bursts:
    """Pages under bursts of requests, beside a route with the same bytes: as many processes of each as are named."""

    def __init__(self, table: Table, folder: Path, ours: list[Server]) -> None:
        self.table, self.folder, self.ours = table, folder, ours

    async def page(self, path: str, cookie: str, what: str, *, goal: float, least: float, count: int = 120) -> None:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(
                self.ours[0].url + path, headers={"Cookie": cookie, "Accept-Encoding": "identity"}
            )
        assert answer.status_code == 200, answer.text
        count *= len(self.ours)
        ours = partial(spread, [one.url for one in self.ours], path, count, Cookie=cookie)
        async with servers.saying(
            answer.content, self.folder, media_type="text/html", count=len(self.ours)
        ) as least_of:
            floor = partial(spread, [one.url for one in least_of], "/", count)
            row = await compare(what, ours, floor, goal=least)
        before = sum(one.spent() for one in self.ours)
        for _ in range(3):
            await ours()
        spent = (sum(one.spent() for one in self.ours) - before) / 3
        self.table.add(_said(row, count, spent, goal, least))


async def pages_of_lists(bursts: Bursts, app: App, events: dict[int, dict[str, Any]], name: str) -> None:
    desk = await app.at_desk()
    cookie = "; ".join(f"{key}={value}" for key, value in desk.client.cookies.items())
    path = f"/events/{events[1_000]['id']}/people"
    await bursts.page(path, cookie, f"roster, 50 of 1,000 ({name})", goal=240, least=0.02)
    if len(bursts.ours) > 1:
        return
    await bursts.page(f"{path}?q=court+7", cookie, f"roster searched, of 1,000 ({name})", goal=300, least=0.02)
    await bursts.page("/search?q=ayse", cookie, f"search over 11,100 people ({name})", goal=300, least=0.02)
    works = {
        size: partial(burst, f"{bursts.ours[0].url}/events/{event['id']}/people", 80, Cookie=cookie)
        for size, event in events.items()
    }
    row = await compare(f"roster, 50 of 10,000 (floor: of 100) ({name})", works[10_000], works[100], goal=0.5)
    bursts.table.add(row)


async def files_of_lists(table: Table, app: App, event: dict[str, Any], name: str) -> None:
    desk = await app.at_desk("organiser")
    path = f"/events/{event['id']}/people"
    content = (await desk.client.get(f"{path}.xlsx")).content
    cells = [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values]

    def fetch(ending: str) -> Work:
        async def work() -> None:
            for _ in range(3):
                assert (await desk.client.get(f"{path}.{ending}")).status_code == 200

        return work

    async def bare_xlsx() -> None:
        for _ in range(3):
            _write_bare(cells)

    async def bare_csv() -> None:
        for _ in range(3):
            csv.writer(io.StringIO(), delimiter=";").writerows(cells)

    for ending, floor, goal, least in (("xlsx", bare_xlsx, 15, 0.5), ("csv", bare_csv, 25, 0.02)):
        what = f"list of 1,000 as {ending.upper()} ({name})"
        table.add(await rated(what, fetch(ending), floor, count=3, goal=goal, least=least))


def _write_bare(cells: list[list[Any]]) -> None:
    with workbook(io.BytesIO()) as book:
        sheet = book.add_worksheet("x")
        for line, row in enumerate(cells):
            for column, value in enumerate(row):
                sheet.write(line, column, value)


async def events_of(app: App) -> dict[str, tuple[str, float]]:
    """The paths of an event's public page, and of personal pages: what each is, and how many a second are wished."""
    public = await app.event(sessions=sessions(20), confidentiality="public", admission="open")
    (await app.api().post(f"/api/v1/events/{public['id']}/state", json={"state": "published"})).raise_for_status()
    paths = {f"/e/{public['code']}": ("public page, 20 sessions", 470.0)}
    for count, goal in ((20, 200.0), (200, 125.0)):
        _, tokens = await app.accepted_event([f"Ayşe {count}"], title=f"{count} sessions", sessions=sessions(count))
        paths[f"/i/{tokens[f'Ayşe {count}']}"] = (f"personal page, {count} sessions", goal)
    return paths
