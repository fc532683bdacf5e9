"""A check-in desk as tests drive it: a device that a link let in, and what it sends."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from httpx2 import AsyncClient, Response

from tests.people import App, copied


class TestedDesk:
    """One device, with a clock that may be off."""

    def __init__(self, app: App, event_id: str, opened: dict[str, Any]) -> None:
        self.app, self.opened = app, opened
        self.api: AsyncClient = app.guest(opened["token"])
        self.path = f"/api/v1/events/{event_id}/check-in"

    async def people(self) -> dict[str, Any]:
        answer = await self.api.get(f"{self.path}/list")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def digest_of(self, name: str) -> str:
        return next(str(one["digest"]) for one in (await self.people())["people"] if one["name"] == name)

    async def send(self, *scans: dict[str, Any]) -> list[dict[str, Any]]:
        answer = await self.post(*scans)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["scans"]
        return found

    async def post(self, *scans: dict[str, Any]) -> Response:
        return await self.api.post(f"{self.path}/scans", json={"scans": list(scans)})

    async def states(self, *scans: dict[str, Any]) -> list[str]:
        return [one["state"] for one in await self.send(*scans)]


def scan(at: datetime, *, digest: str = "", **more: Any) -> dict[str, Any]:
    """A scan by a clock that the server has set right."""
    named = {"digest": digest} if digest else {}
    return {"nonce": str(uuid4()), "kind": "in", "at": at.isoformat(), "offset": 0, **named, **more}


async def link(app: App, event: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A new desk link of the event: its id, and the token in its address."""
    given = {"label": "Desk A", **more}
    answer = await app.api().post(f"/api/v1/events/{event['id']}/desk-links", json=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return {**made, "token": made["address"].rpartition("/")[2]}


async def open_desk(app: App, event: dict[str, Any], label: str = "Desk A", **more: Any) -> TestedDesk:
    """A device at the event, on a link of its own."""
    made = await link(app, event, label=label, **more)
    answer = await app.stranger().client.post("/api/v1/desk-devices", json={"token": made["token"]})
    assert answer.status_code == 201, answer.text
    return TestedDesk(app, event["id"], {**answer.json(), "link": made["id"]})


@copied
async def on_the_day(app: App, people: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """An event to which all have said yes, at nine in the morning of its first day (Istanbul)."""
    event, tokens = await app.accepted_event(people, **more)
    app.clock.now = datetime.fromisoformat("2026-04-14T06:00:00+00:00")
    return event, tokens


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)
