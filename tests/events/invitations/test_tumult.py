"""Places under load: first shown to break without the lock, then never with it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core.errors import Refusal
from directory.accounts.access import Caller
from events.invitations.invitations.models import Invitation
from events.invitations.responses.service import accept, add, decline, mark_tentative, withdraw
from events.invitations.substitutions.schemas import SubstituteIn
from events.invitations.substitutions.service import send
from events.invitations.waiting_list.service import expire_offers, fill_capacity
from events.programme.events.models import Event
from events.programme.events.service import lock_event
from tests.conftest import open_app, settings_for
from tests.people import App, names

COUNTED = """
    SELECT count(*) FROM (
        SELECT e.id FROM event e
        LEFT JOIN registration r ON r.event_id = e.id AND r.standing IN ('confirmed', 'offered')
        GROUP BY e.id, e.taken, e.places, e.is_overbooked
        HAVING e.taken <> coalesce(sum(1 + r.guests), 0) OR (e.taken > e.places AND NOT e.is_overbooked)
    ) AS wrong
"""
AGREED = """
    SELECT count(*) FROM invitation i
    LEFT JOIN registration r ON r.invitation_id = i.id AND r.standing <> 'withdrawn'
    WHERE coalesce(r.standing, 'none') <> CASE i.standing
        WHEN 'accepted' THEN 'confirmed' WHEN 'waiting' THEN 'waiting' WHEN 'offered' THEN 'offered'
        WHEN 'pending' THEN 'pending' ELSE 'none' END
"""
WITHIN_QUOTA = """
    SELECT coalesce(sum(1 + r.guests), 0) FROM registration r JOIN invitation i ON i.id = r.invitation_id
    WHERE r.standing IN ('confirmed', 'offered') AND i.category = 'participant'
"""
TOLD = """
    SELECT count(*) FROM invitation i WHERE i.answers <> (
        SELECT count(*) FROM message m WHERE m.person_id = i.person_id AND m.about_id = i.event_id AND m.kind IN (
            'events/accepted', 'events/waiting', 'events/offered', 'events/expired', 'events/tentative',
            'events/declined', 'events/cancelled'))
"""


async def ask(app: App, statement: str) -> int:
    async with app.database.reading() as db:
        return int((await (await db.connection()).execute(sa.text(statement))).scalar_one())


async def confirmed(app: App) -> int:
    return await ask(app, "SELECT count(*) FROM registration WHERE standing = 'confirmed'")


async def invitations(app: App, event: dict[str, Any]) -> list[UUID]:
    rows = await app.api().get(f"/api/v1/events/{event['id']}/people", params={"limit": 100})
    return [UUID(p["invitation_id"]) for p in rows.json()["items"]]


def without_lock(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> tuple[str, Any]:
    return statement.replace(" FOR UPDATE", ""), parameters


async def test_without_the_lock_one_place_is_sold_twice_so_the_race_is_real(postgres_url: str, tmp_path: Any) -> None:
    async for app in open_app(settings_for(postgres_url, tmp_path)):
        _, tokens = await app.invited_event(names(12), capacity=1)
        engine = app.database.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", without_lock, retval=True)
        await asyncio.gather(*(app.guest(t).post("/api/v1/invitation/acceptance") for t in tokens.values()))
        sa.event.remove(engine, "before_cursor_execute", without_lock)
        assert await confirmed(app) > 1


async def test_with_the_lock_it_is_sold_once(app: App) -> None:
    _, tokens = await app.invited_event(names(12), capacity=1)
    await asyncio.gather(*(app.accept(t) for t in tokens.values()))
    assert (await confirmed(app), await ask(app, COUNTED)) == (1, 0)


async def test_two_categories_under_one_total_fill_neither_more_than_their_own_nor_more_than_all(
    app: App,
) -> None:
    event = await app.event(capacity=8)
    tokens = list((await app.invite(event, names(24))).values())
    for n, id in enumerate(await invitations(app, event)):
        if n % 2:
            await app.api().put(f"/api/v1/invitations/{id}/category", json={"category": "speaker"})
    quotas = [{"category": "participant", "capacity": 5}, {"category": "speaker", "capacity": 6}]
    await app.api().put(f"/api/v1/events/{event['id']}/quotas", json=quotas)
    await asyncio.gather(*(app.accept(t) for t in tokens))
    await app.work()
    taken = (await app.api().get(f"/api/v1/events/{event['id']}/quotas")).json()
    assert await confirmed(app) == 8
    assert all(q["taken"] <= q["capacity"] for q in taken)


async def test_two_promoters_at_once_promote_each_once(app: App) -> None:
    event, _ = await app.accepted_event(names(12), capacity=2)
    async with app.database.unit_of_work() as db:
        (await db.get_one(Event, UUID(event["id"]))).capacity = 6

    async def promote() -> None:
        async with app.database.unit_of_work() as db:
            await fill_capacity(db, UUID(event["id"]), app.fastapi.state.settings, at=app.clock())

    await asyncio.gather(*(promote() for _ in range(4)))
    assert await confirmed(app) == 6
    assert len(await app.mails("events/accepted")) == 6
    assert await ask(app, COUNTED) == 0


class Tumult:
    """Random steps of many hands on one event, each in a unit of work of its own."""

    def __init__(self, app: App, event: dict[str, Any], ids: list[UUID], caller: Caller) -> None:
        self.app, self.event_id, self.ids, self.caller = app, UUID(event["id"]), ids, caller
        self.settings = app.fastapi.state.settings
        self.count = self.done = 0

    def steps(self, chance: random.Random) -> list[Callable[[Any], Awaitable[Any]]]:
        who, at, settings = chance.choice(self.ids), self.app.clock(), self.settings
        self.count += 1
        somebody = SubstituteIn(name=f"Vekil {self.count}", address=f"v{chance.randrange(40)}@example.org")
        return [
            lambda db: accept(db, who, settings, at=at),
            lambda db: accept(db, who, settings, at=at, guests=chance.randrange(3)),
            lambda db: decline(db, who, "", settings, at=at),
            lambda db: mark_tentative(db, who, settings, at=at),
            lambda db: withdraw(db, who, "x", self.caller, settings, at=at),
            lambda db: send(db, who, somebody, settings, at=at),
            lambda db: self._places(db, chance.randrange(3, 12)),
            lambda db: fill_capacity(db, self.event_id, settings, at=at),
            lambda db: expire_offers(db, self.event_id, settings, at=at),
            lambda db: self._import(db, who),
        ]

    async def _places(self, db: Any, capacity: int) -> None:
        event = await lock_event(db, self.event_id)
        event.capacity, event.is_overbooked = capacity, event.taken > capacity

    async def _import(self, db: Any, who: UUID) -> None:
        person = (await db.get_one(Invitation, who)).person_id
        await add(db, self.event_id, [person], self.caller, self.settings, at=self.app.clock())

    async def hand(self, seed: int, rounds: int) -> None:
        chance = random.Random(seed)
        for _ in range(rounds):
            try:
                async with self.app.database.unit_of_work() as db:
                    await chance.choice(self.steps(chance))(db)
                self.done += 1
            except (Refusal, IntegrityError):
                pass
            assert await ask(self.app, COUNTED) == 0
            assert await ask(self.app, AGREED) == 0
            assert await ask(self.app, WITHIN_QUOTA) <= 9


@pytest.mark.parametrize("offer_hours", [0, 8])
async def test_a_thousand_steps_in_any_order_leave_counters_answers_and_mails_in_agreement(
    app: App, offer_hours: int
) -> None:
    event = await app.event(capacity=6, offer_hours=offer_hours, guests_allowed=2)
    await app.invite(event, names(30))
    await app.api().put(f"/api/v1/events/{event['id']}/quotas", json=[{"category": "participant", "capacity": 9}])
    caller = Caller(app.accounts["organiser"], "Elif Karaca", "en", {}, projects=frozenset({app.project_id}))
    tumult = Tumult(app, event, await invitations(app, event), caller)
    await asyncio.gather(*(tumult.hand(seed, 125) for seed in range(8)))
    assert tumult.done > 500
    assert await ask(app, TOLD) == 0
