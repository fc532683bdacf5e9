"""The cast: who works in the test project, and how they go about it."""

import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlmodel import col, select

from core.db import Database
from core.security import hash_token, new_token
from core.zones import days_between
from directory.accounts import service as accounts
from directory.accounts.access import COOKIE
from directory.accounts.models import Account, ApiToken
from directory.accounts.rules import Right, Role
from directory.projects.models import Emblem, Project
from notifications.delivery.jobs import run_due
from notifications.outbox.models import Message
from tests.snapshots import Snapshot, put, taken

P = ParamSpec("P")
T = TypeVar("T")
BASE = "http://127.0.0.1:8000"
STAFF = {
    "organiser": ("Elif Karaca", (Role.organiser,)),
    "assistant": ("Burak Şimşek", (Role.assistant,)),
    "finance": ("Nermin Güçlü", (Role.finance,)),
    "approver": ("Johannes Weber", (Role.approver,)),
    "desk": ("Umut Işık", (Role.check_in,)),
    "auditor": ("Claire Dubois", (Role.auditor,)),
    "administrator": ("Şeref Öz", (Role.administrator,)),
}
LINK = re.compile(r"/i/([\w-]{20,})")
_snapshots: dict[str, Snapshot] = {}
FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


class Visitor:
    """A browser without eyes: keeps cookies, sends forms as pages do."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.page = ""

    async def get(self, path: str, **more: Any) -> Response:
        answer = await self.client.get(path, **more)
        self.page = answer.text
        return answer

    async def send(self, path: str, form: dict[str, Any] | None = None, *, files: Any = None) -> Response:
        """Send a form of the page that was got last; stays where the answer leads."""
        token = FORM_TOKEN.search(self.page)
        if token is None:
            await self.get("/sign-in/link")
            token = FORM_TOKEN.search(self.page)
        assert token is not None
        answer = await self.client.post(path, data={"form_token": token.group(1), **(form or {})}, files=files)
        if answer.is_redirect:
            await self.get(answer.headers["location"])
        return answer


class App:
    """One installation with one project, its staff, and a clock that the test holds. What is done to an `is_ordinary`
    one at its beginning may be copied from a test that did the same."""

    def __init__(self, fastapi: FastAPI, clock: Clock, *, is_ordinary: bool = False) -> None:
        self.fastapi, self.clock, self.is_ordinary = fastapi, clock, is_ordinary
        self.database: Database = fastapi.state.database
        self.project_id = UUID(int=0)
        self.accounts: dict[str, UUID] = {}
        self.tokens: dict[str, str] = {}
        self._clients: list[AsyncClient] = []
        self._owners: dict[str, tuple[str, datetime]] = {}
        self.is_untouched = False
        sa.event.listen(self.database.engine.sync_engine, "commit", self._touch)

    def _touch(self, _: sa.Connection) -> None:
        self.is_untouched = False

    async def found(self, acronym: str = "P-TEST", *, prefix: str = "") -> UUID:
        """A project with one account for each role. Returns the project's id."""
        async with self.database.unit_of_work() as db:
            project = Project(
                acronym=acronym,
                title="Coordination and Training",
                donor="European Union",
                contract_number="ACT/1",
                funding_statement_en="This project is funded by the European Union.",
                funding_statement_tr="Bu proje Avrupa Birliği tarafından finanse edilmektedir.",
                emblem=Emblem.eu,
                contact="office@example.org",
            )
            db.add(project)
            await db.flush()
            for role, (name, roles) in STAFF.items():
                key = prefix + role
                account = await accounts.create_account(
                    db, name=name, address=f"{key}@example.org", language="en", at=self.clock()
                )
                for one in roles:
                    await accounts.grant(db, account, project.id, one)
                self.accounts[key] = account.id
                # Not by the service: nobody is to be told of the tests' own tokens.
                self.tokens[key] = f"heyet_{new_token()}"
                db.add(
                    ApiToken(
                        account_id=account.id,
                        name="test",
                        token_hash=hash_token(self.tokens[key]),
                        rights=[right.value for right in Right],
                        ends_at=self.clock() + timedelta(days=300),
                    )
                )
        if not prefix:
            self.project_id = project.id
        return project.id

    def api(self, role: str = "organiser") -> AsyncClient:
        """A program of that member of the staff."""
        return self._client(headers={"Authorization": f"Bearer {self.tokens[role]}"})

    def guest(self, token: str) -> AsyncClient:
        """A participant's program."""
        return self._client(headers={"Authorization": f"Bearer {token}"})

    def stranger(self) -> Visitor:
        return Visitor(self._client())

    async def at_desk(self, role: str = "organiser") -> Visitor:
        """A signed-in browser."""
        visitor = self.stranger()
        async with self.database.unit_of_work() as db:
            account = await db.get_one(Account, self.accounts[role])
            token = await accounts.start_session(db, account, hours=12, is_complete=True, at=self.clock())
        visitor.client.cookies.set(COOKIE, token)
        return visitor

    def _client(self, **more: Any) -> AsyncClient:
        client = AsyncClient(transport=ASGITransport(self.fastapi), base_url=BASE, **more)
        self._clients.append(client)
        return client

    async def close(self) -> None:
        sa.event.remove(self.database.engine.sync_engine, "commit", self._touch)
        for client in self._clients:
            await client.aclose()

    def plan(self, **more: Any) -> dict[str, Any]:
        """What an organiser would send for a two-day meeting in April."""
        return {
            "project_id": str(self.project_id),
            "title": "Coordination meeting",
            "kind": "coordination-meeting",
            "venue": "Ankara",
            "first_day": "2026-04-14",
            "last_day": "2026-04-15",
            "capacity": 30,
            "substitution": "free",
            **more,
        }

    async def event(self, **more: Any) -> dict[str, Any]:
        answer = await self.api().post("/api/v1/events", json=self.plan(**more))
        assert answer.status_code == 201, answer.text
        event: dict[str, Any] = answer.json()
        return event

    async def name_people(self, event: dict[str, Any], names: list[str]) -> dict[str, Any]:
        """Import a list of people with an address each and take all of it."""
        lines = ["Name;Institution;Province;E-mail"]
        lines += [f"{n};Court {i};Ankara;{address_of(n)}" for i, n in enumerate(names)]
        made = await self.upload(event, "\n".join(lines).encode())
        applied = await self.api().post(f"/api/v1/imports/{made['id']}/application", json={})
        assert applied.status_code == 200, applied.text
        found: dict[str, Any] = applied.json()
        return found

    async def upload(self, event: dict[str, Any], content: bytes, name: str = "list.csv") -> dict[str, Any]:
        files = {"file": (name, content, "text/csv")}
        answer = await self.api().post(f"/api/v1/events/{event['id']}/imports", files=files)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def invite(self, event: dict[str, Any], names: list[str]) -> dict[str, str]:
        """Name, invite, release and deliver. Returns each one's personal token by name."""
        await self.name_people(event, names)
        answer = await self.api().post(f"/api/v1/events/{event['id']}/invitations")
        assert answer.status_code == 202, answer.text
        await self.work()
        answer = await self.api().post(f"/api/v1/events/{event['id']}/messages/release")
        assert answer.status_code == 200, answer.text
        await self.work()
        tokens = {}
        for message in await self.mails("events/invitation", about=event["id"]):
            found = LINK.search(message.plain)
            assert found is not None
            tokens[message.to_name] = found.group(1)
        return {name: tokens[name] for name in names}

    async def confirmed(self, token: str, of: str = "invitation") -> str:
        """The token of who typed the code from the mailbox of a link's owner."""
        guest = self.guest(token)
        answer = await guest.post(f"/api/v1/{of}/code")
        assert answer.status_code == 202, answer.text
        code = code_in((await self.mails("events/link-code"))[-1])
        answer = await guest.post(f"/api/v1/{of}/confirmation", json={"code": code})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["token"])

    async def owner(self, token: str, of: str = "invitation") -> AsyncClient:
        """A program of the participant who has confirmed by a code, once in twelve hours."""
        known = self._owners.get(token)
        if known is None or self.clock.now - known[1] >= timedelta(hours=12):
            known = self._owners[token] = (await self.confirmed(token, of), self.clock.now)
        return self.guest(known[0])

    async def owners_browser(self, token: str, under: str = "i") -> Visitor:
        """A browser in which the owner of a link has typed the code."""
        visitor = self.stranger()
        await visitor.get(f"/{under}/{token}/code")
        await visitor.send(f"/{under}/{token}/code/mail")
        code = code_in((await self.mails("events/link-code"))[-1])
        answer = await visitor.send(f"/{under}/{token}/code", {"code": code})
        assert answer.is_redirect, answer.text
        return visitor

    async def accept(self, token: str) -> dict[str, Any]:
        answer = await self.guest(token).post("/api/v1/invitation/acceptance")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def accepted_event(self, names: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """An event to which all of them have said yes."""
        return await self._done_before(f"accepted {names} {more}", lambda: self._accept_event(names, more))

    async def _accept_event(self, names: list[str], more: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        event, tokens = await self._invite_to_event(names, more)
        for token in tokens.values():
            await self.accept(token)
        return event, tokens

    async def invited_event(self, names: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
        """An event to which all of them are invited."""
        return await self._done_before(f"invited {names} {more}", lambda: self._invite_to_event(names, more))

    async def _invite_to_event(self, names: list[str], more: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        event = await self.event(**more)
        return event, await self.invite(event, names)

    async def _done_before(self, what: str, do: Callable[[], Awaitable[Any]]) -> Any:
        """What this gives, done anew only where something was done before, or nobody did it yet."""
        settings = self.fastapi.state.settings
        if not (self.is_ordinary and self.is_untouched) or self._clients or self.clock.now != Clock().now:
            return await do()

        async def done() -> Any:
            return await do(), self.accounts, self.tokens, self._owners, self.clock.now

        # A test may have set something before.
        wishes = settings.model_dump(exclude={"database_url", "var"})
        key = f"{settings.database.split(':')[0]} {what} {wishes}"
        snapshot = _snapshots.get(key)
        if snapshot is None:
            snapshot = _snapshots[key] = await taken(self.database, settings.var, done)
            snapshot.known = deepcopy(snapshot.known)
            return snapshot.known[0]
        await put(snapshot, self.database, settings.var)
        given, self.accounts, self.tokens, self._owners, self.clock.now = deepcopy(snapshot.known)
        return given

    async def registrations(self, event: dict[str, Any]) -> dict[str, str]:
        answer = await self.api().get(f"/api/v1/events/{event['id']}/participants")
        return {person["name"]: person["registration_id"] for person in answer.json()}

    def comes(self, day: date | str) -> None:
        """It is evening of that day, if it was not later already: attendance is recorded from then on."""
        self.clock.now = max(self.clock.now, datetime.fromisoformat(f"{day}T18:00:00+00:00"))

    async def sign(self, event: dict[str, Any], day: date | str, names: list[str] | None = None) -> None:
        """Everybody, or those named, signed on both halves of a day, which comes before."""
        self.comes(day)
        people = await self.registrations(event)
        entries = [
            {"registration_id": id, "halves": ["am", "pm"]}
            for name, id in people.items()
            if names is None or name in names
        ]
        answer = await self.api().put(
            f"/api/v1/events/{event['id']}/attendance", json={"day": str(day), "entries": entries}
        )
        assert answer.status_code == 200, answer.text

    async def certify(self, event: dict[str, Any], names: list[str] | None = None) -> list[dict[str, Any]]:
        """Everybody, or those named, signed on every half-day, and certificates were issued."""
        first, last = date.fromisoformat(event["first_day"]), date.fromisoformat(event["last_day"])
        for day in days_between(first, last):
            await self.sign(event, day, names)
        return await self.issued(event)

    async def issued(self, event: dict[str, Any]) -> list[dict[str, Any]]:
        """Certificates, once those that are due have been issued."""
        path = f"/api/v1/events/{event['id']}/certificates"
        answer = await self.api().post(path)
        assert answer.status_code == 202, answer.text
        await self.work()
        found: list[dict[str, Any]] = (await self.api("auditor").get(path)).json()
        return found

    async def sheet(self, event: dict[str, Any], **wanted: Any) -> bytes:
        """A sign-in sheet made now, as it is printed."""
        path = f"/api/v1/events/{event['id']}/sign-in-sheets"
        made = await self.api("desk").post(path, json=wanted)
        assert made.status_code == 201, made.text
        return (await self.api("desk").get(f"{path}/{made.json()['id']}.pdf")).content

    async def rates(self, *rows: str) -> Response:
        """Import a rate table and put it into force; a row reads country;city;amount;currency;valid_from;source."""
        made = await self.pending_rates(*rows)
        if made.is_success:
            answer = await self.api("finance").post(f"/api/v1/rate-tables/{made.json()['id']}/in-force")
            assert answer.status_code == 200, answer.text
        return made

    async def pending_rates(
        self, *rows: str, heads: str = "country;city;amount;currency;valid_from;source", **said: str
    ) -> Response:
        """Import a rate table that is not yet in force; `said` is its rule set, scope and source."""
        files = {"file": ("rates.csv", "\n".join((heads, *rows)).encode(), "text/csv")}
        path = f"/api/v1/projects/{self.project_id}/rate-tables"
        return await self.api("finance").post(path, files=files, data=said)

    async def work(self) -> None:
        """Let the dispatcher do all that is due."""
        await run_due(self.fastapi.state.context)

    async def send_waiting(self, event: dict[str, Any]) -> None:
        """Send what was written about an event and waits, and deliver it."""
        await self.work()
        answer = await self.api().post(f"/api/v1/events/{event['id']}/messages/release")
        assert answer.status_code == 200, answer.text
        await self.work()

    async def mails(self, kind: str = "", *, about: Any = None) -> list[Message]:
        """Messages of the outbox in the order in which they were written."""
        async with self.database.reading() as db:
            wanted = select(Message).order_by(col(Message.id))
            if kind:
                wanted = wanted.where(Message.kind == kind)
            if about:
                wanted = wanted.where(Message.about_id == UUID(str(about)))
            return list((await db.exec(wanted)).all())

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that the application sends while this is open."""
        seen: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            seen.append(statement)

        engine = self.database.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)


def code_in(message: Message) -> str:
    """The code of such a mail."""
    found = re.search(r"\b\d{6}\b", message.plain)
    assert found is not None
    return found.group(0)


def address_of(name: str) -> str:
    letters = name.lower().translate(str.maketrans("ıişğçöü", "iisgcou")).replace("i̇", "i")
    return f"{letters.replace(' ', '.')}@example.org"


def names(count: int) -> list[str]:
    """So many people with Turkish names, no two the same."""
    given = ("Ayşe", "Mehmet", "Gülşen", "Oğuz", "Çetin", "Ülkü")
    return [f"{given[n % 6]} Soyadı{n}" for n in range(count)]


def problem_fields(answer: Response) -> dict[str, str]:
    """What a problem body says field by field."""
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


Begin = Callable[Concatenate[App, P], Coroutine[Any, Any, T]]


def copied(begin: Begin[P, T]) -> Begin[P, T]:
    """For what many tests begin with: done once in each process, then copied wherever nothing was done before. What it
    gives has to be such that it can be copied, too."""

    @wraps(begin)
    async def begun(app: App, /, *args: P.args, **more: P.kwargs) -> T:
        what = f"{begin.__module__}.{begin.__qualname__} {args} {more}"
        given: T = await app._done_before(what, lambda: begin(app, *args, **more))
        return given

    return begun
