"""The main job from end to end, by API, against a running server: what a stranger would do in five minutes."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from httpx2 import AsyncClient, Response
from icalendar import Calendar
from openpyxl import load_workbook
from sqlmodel import col, select

from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.errors import Unfit
from core.settings import Settings
from directory.accounts.rules import Right
from directory.accounts.service import create_token, find_account
from directory.projects.models import Project
from events.programme.events.models import Event
from heyet.demo_data import ACRONYM, STAFF, nomination_list
from notifications.outbox.models import Message

PATIENCE = 60
LINK = re.compile(r"/i/([\w-]{20,})")


@dataclass
class Journey:
    """The clients of the journey, and what was seen on the way."""

    database: Database
    organiser: AsyncClient
    finance: AsyncClient
    visitor: AsyncClient
    project_id: str
    seen: list[tuple[str, str, bool]] = field(default_factory=list)
    event: dict[str, Any] = field(default_factory=dict)
    guest: str = ""
    feed: str = ""
    sent: dict[str, Any] = field(default_factory=dict)

    def note(self, step: str, what: str, ok: bool) -> None:
        self.seen.append((step, what, ok))
        print(f"{'ok ' if ok else 'NO '} {step:34} {what}", flush=True)

    async def mails(self, kind: str) -> list[Message]:
        async with self.database.reading() as db:
            found = await db.exec(
                select(Message).where(Message.about_id == self.event_id, Message.kind == kind).order_by(col(Message.id))
            )
            return list(found.all())

    @property
    def event_id(self) -> Any:
        return self.event["uuid"]


async def run_journey(settings: Settings) -> bool:
    """Walk the seven steps and print a table. True when everything was as it should be."""
    async with _clients(settings) as journey:
        for step in (_plan, _import, _invite, _answer, _subscribe, _attend, _pay):
            await step(journey)
    good = sum(ok for _, _, ok in journey.seen)
    print(f"\n{good} of {len(journey.seen)} as they should be.")
    return good == len(journey.seen)


@asynccontextmanager
async def _clients(settings: Settings) -> AsyncIterator[Journey]:
    vault.use(*settings.keys)
    database = Database(settings.database)
    tokens = {}
    async with database.unit_of_work() as db:
        project = (await db.exec(select(Project).where(Project.acronym == ACRONYM))).one()
        for role in ("organiser", "finance"):
            account = await find_account(db, STAFF[role][1])
            if account is None:
                raise Unfit("the demo's staff is not here")
            tokens[role] = await create_token(db, account, name="Journey", rights=list(Right), days=1, at=wall_clock())
    clients = [
        AsyncClient(
            base_url=settings.base_url,
            timeout=PATIENCE,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )
        for token in (tokens["organiser"], tokens["finance"], "")
    ]
    try:
        yield Journey(database, clients[0], clients[1], clients[2], str(project.id))
    finally:
        for client in clients:
            await client.aclose()
        await database.close()


async def _plan(j: Journey) -> None:
    first = date.today() + timedelta(days=60)  # noqa: DTZ011  any day far enough will do
    answer = await j.organiser.post(
        "/api/v1/events",
        json={
            "project_id": j.project_id,
            "title": f"Journey {datetime.now(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}",
            "kind": "coordination-meeting",
            "venue": "Ankara, Grand Hall",
            "first_day": first.isoformat(),
            "last_day": (first + timedelta(days=1)).isoformat(),
            "capacity": 30,
            "sessions": [
                {"title": "Opening", "starts": f"{first}T09:30", "ends": f"{first}T10:30", "room": "Main hall"},
                {"title": "Lunch", "kind": "lunch", "starts": f"{first}T12:30", "ends": f"{first}T13:30"},
            ],
        },
    )
    j.event = answer.json()
    j.event["uuid"] = UUID(j.event["id"])
    j.note(
        "1 event with agenda",
        f"{answer.status_code}, {len(j.event['sessions'])} sessions",
        answer.status_code == 201,
    )


async def _import(j: Journey) -> None:
    upload = await j.organiser.post(
        f"/api/v1/events/{j.event['id']}/imports",
        files={"file": ("liste.csv", nomination_list(), "text/csv")},
    )
    verdicts = [row["verdict"] for row in upload.json()["rows"]]
    counts = {v: verdicts.count(v) for v in sorted(set(verdicts))}
    good = verdicts.count("new") + verdicts.count("known")
    j.note("2 nomination list, preview", str(counts), (len(verdicts), good) == (30, 28))
    applied = await j.organiser.post(f"/api/v1/imports/{upload.json()['id']}/application", json={})
    j.note("2 nomination list, imported", f"{applied.json()['added']} people", applied.json()["added"] == 28)


async def _invite(j: Journey) -> None:
    job = (await j.organiser.post(f"/api/v1/events/{j.event['id']}/invitations")).json()
    await _until(lambda: _is_done(j, job["id"]))
    drafts = await j.mails("events/invitation")
    j.note("3 drafts in the outbox", str(len(drafts)), len(drafts) == 28)
    released = await j.organiser.post(f"/api/v1/events/{j.event['id']}/messages/release")
    j.note("3 released", str(released.json()), released.json() == {"released": 28})
    await _until(lambda: _all_sent(j, "events/invitation"))
    sent = await j.mails("events/invitation")
    entries = [Calendar.from_ical(m.calendar or "") for m in sent]
    good = sum(str(e["METHOD"]) == "REQUEST" and len(list(e.walk("VEVENT"))) == 1 for e in entries)
    j.note("3 sent, each with a working .ics", f"{good} calendars", good == 28)
    j.guest = LINK.search(sent[0].plain)[1]  # type: ignore[index]


async def _answer(j: Journey) -> None:
    me = {"Authorization": f"Bearer {j.guest}"}
    page = await j.visitor.get(f"/i/{j.guest}")
    j.note("4 personal page", str(page.status_code), page.status_code == 200)
    steps: list[str] = []
    for verb, path, body in (
        ("POST", "acceptance", None),
        (
            "PUT",
            "details",
            {
                "passport_name": "Ahmet Yılmaz",
                "mobile": "+90 532 000 00 00",
                "diet": "vegetarian",
                "emergency_contact": "Ayşe Yılmaz, +90 532 000 00 01",
                "agrees_data_use": True,
                "agrees_photographs": False,
            },
        ),
        ("POST", "decline", {"reason": "A hearing"}),
        ("POST", "acceptance", None),
    ):
        answer = await j.visitor.request(verb, f"/api/v1/invitation/{path}", json=body, headers=me)
        steps.append(answer.json().get("status", str(answer.status_code)))
    j.note(
        "4 accept, tell, decline, accept",
        ", ".join(steps),
        steps == ["accepted", "accepted", "cancelled", "accepted"],
    )
    await _until(lambda: _all_sent(j, "events/accepted"))
    j.note(
        "4 confirmation mails",
        str(len(await j.mails("events/accepted"))),
        len(await j.mails("events/accepted")) == 2,
    )


def _first(pattern: str, text: str) -> str:
    """What the pattern's group matches first. Raises Unfit where nothing does: the journey ends there."""
    found = re.search(pattern, text)
    if found is None:
        raise Unfit(f"nothing like {pattern} where it was expected")
    return str(found[1])


async def _subscribe(j: Journey) -> None:
    page = await j.visitor.get(f"/i/{j.guest}/code")
    form = {"form_token": _first(r'name="form_token" value="([^"]+)"', page.text)}
    await j.visitor.post(f"/i/{j.guest}/code/mail", data=form)
    code = _first(r"\b(\d{6})\b", (await j.mails("events/link-code"))[-1].plain)
    confirmed = await j.visitor.post(f"/i/{j.guest}/code", data=form | {"code": code})
    j.note("5 code from the mailbox", str(confirmed.status_code), confirmed.status_code == 303)
    answer = await j.visitor.post(f"/i/{j.guest}/calendar", data=form)
    j.feed = _first(r"(/calendar/[\w-]+\.ics)", answer.text)
    before = await j.visitor.get(j.feed)
    again = await j.visitor.get(j.feed, headers={"If-None-Match": before.headers["etag"]})
    j.note(
        "5 feed, then unchanged",
        f"{before.status_code}, {again.status_code}",
        (before.status_code, again.status_code) == (200, 304),
    )
    opening = j.event["sessions"][0]
    day = j.event["first_day"]
    moved = await j.organiser.put(
        f"/api/v1/sessions/{opening['id']}",
        json={"title": "Opening", "starts": f"{day}T10:00", "ends": f"{day}T11:00", "room": "Main hall"},
    )
    j.note("5 session moved", str(moved.status_code), moved.status_code == 200)
    after = await j.visitor.get(j.feed, headers={"If-None-Match": before.headers["etag"]})
    j.note("5 feed shows it", _starts(after, opening["id"]), _starts(after, opening["id"]).endswith("10:00"))
    waiting = {"about_id": j.event["id"]}
    await _until(lambda: _waits(j, waiting))
    batches = (await j.organiser.get("/api/v1/message-batches", params=waiting)).json()["items"]
    batch = next(one for one in batches if one["kind"] == "events/update")
    await _until(lambda: _sends(j, batch["id"]))
    j.note("5 second mail waits, and is sent", str(j.sent), j.sent == {"mails": 28})
    await _until(lambda: _all_sent(j, "events/update", at_least=28))
    updates = await j.mails("events/update")
    sequences = {int(str(next(iter(Calendar.from_ical(m.calendar or "").walk("VEVENT")))["SEQUENCE"])) for m in updates}
    j.note("5 second mail", f"{len(updates)} mails, SEQUENCE {sequences}", (len(updates), sequences) == (28, {1}))


async def _comes(j: Journey) -> None:
    """The event was yesterday: attendance is recorded of days that have come, and nobody waits two months."""
    first = date.today() - timedelta(days=1)  # noqa: DTZ011  yesterday is over everywhere where it matters
    async with j.database.unit_of_work() as db:
        event = await db.get_one(Event, j.event_id)
        event.first_day, event.last_day = first, first + timedelta(days=1)
    j.event |= {"first_day": first.isoformat(), "last_day": (first + timedelta(days=1)).isoformat()}


async def _attend(j: Journey) -> None:
    sheets = f"/api/v1/events/{j.event['id']}/sign-in-sheets"
    made = await j.organiser.post(sheets, json={"language": "en"})
    sheet = await j.organiser.get(f"{sheets}/{made.json()['id']}.pdf")
    j.note("6 sign-in sheet", f"{len(sheet.content):,} bytes", sheet.content.startswith(b"%PDF"))
    await _comes(j)
    people = (await j.organiser.get(f"/api/v1/events/{j.event['id']}/participants")).json()
    entries = [{"registration_id": p["registration_id"], "halves": ["am", "pm"]} for p in people]
    entered = await j.organiser.put(
        f"/api/v1/events/{j.event['id']}/attendance", json={"day": j.event["first_day"], "entries": entries}
    )
    j.note("6 attendance", str(entered.json()), entered.json() == {"changed": 2 * len(people)})


async def _pay(j: Journey) -> None:
    stay = {
        "check_in": j.event["first_day"],
        "check_out": j.event["last_day"],
        "country": "AT",
        "city": "Vienna",
    }
    await j.organiser.post(f"/api/v1/events/{j.event['id']}/stays", json=stay)
    sheet = (await j.finance.get(f"/api/v1/events/{j.event['id']}/per-diem")).json()[0]
    file = await j.finance.get(f"/api/v1/events/{j.event['id']}/per-diem/EUR.xlsx")
    values = load_workbook(BytesIO(file.content), data_only=True).worksheets[0]
    formulas = load_workbook(BytesIO(file.content)).worksheets[0]
    at = next(cell for row in values.iter_rows() for cell in row if cell.value in ("To pay", "Ödenecek"))
    line = next(
        row for row in range(at.row + 1, values.max_row + 1) if values.cell(row, 2).value in ("Total", "Toplam")
    )
    total, formula = values.cell(line, at.column).value, formulas.cell(line, at.column).value
    same = f"{total:.2f}" == sheet["total"] != "0.00" and str(formula).startswith("=SUM(")
    j.note("7 per-diem sheet", f"file {total} {formula}, page {sheet['total']}", same)


def _starts(answer: Response, session_id: str) -> str:
    for entry in Calendar.from_ical(answer.content).walk("VEVENT"):
        if str(entry["UID"]).startswith(session_id):
            return f"{entry.decoded('DTSTART'):%H:%M}"
    return "missing"


async def _waits(j: Journey, about: dict[str, str]) -> bool:
    found = (await j.organiser.get("/api/v1/message-batches", params=about)).json()["items"]
    return any(one["kind"] == "events/update" and one["counts"].get("draft") == 28 for one in found)


async def _sends(j: Journey, batch_id: str) -> bool:
    """Once its mails are all written."""
    answer = await j.organiser.post(f"/api/v1/message-batches/{batch_id}/send", json={"count": 28})
    j.sent = answer.json()
    return answer.status_code != 409


async def _is_done(j: Journey, job_id: str) -> bool:
    return bool((await j.organiser.get(f"/api/v1/jobs/{job_id}")).json()["stage"] == "done")


async def _all_sent(j: Journey, kind: str, *, at_least: int = 1) -> bool:
    mails = await j.mails(kind)
    return len(mails) >= at_least and all(m.sent_at for m in mails)


async def _until(is_so: Any) -> None:
    ends = time.monotonic() + PATIENCE
    while not await is_so():
        if time.monotonic() > ends:
            return
        await asyncio.sleep(0.1)
