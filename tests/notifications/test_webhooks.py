"""Webhooks: what happened is told once it is committed, signed, until it is taken; never a name, never inside our
network."""

import json
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from notifications.jobs.service import sweep
from notifications.webhooks.rules import TOPICS, is_public, is_told, is_web_address
from tests.conftest import open_app, settings_for
from tests.people import App


class Program:
    """Another program's HTTP server: keeps what it is told, answers what it is set to."""

    def __init__(self) -> None:
        self.told: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        program = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                program.told.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(program.status)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self._server.server_port}/hook?from=heyet"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def types(self) -> list[str]:
        return [json.loads(body)["type"] for _, body in self.told]


@pytest.fixture
def program() -> Iterator[Program]:
    program = Program()
    yield program
    program.stop()


@pytest.fixture
async def inside_app(database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """An installation that may call programs in its own network."""
    async for app in open_app(settings_for(database_url, tmp_path, webhooks_inside=True)):
        yield app


async def added(app: App, program: Program, **more: Any) -> dict[str, Any]:
    told = {"url": program.url, **more}
    answer = await app.api("administrator").post(f"/api/v1/projects/{app.project_id}/webhooks", json=told)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def tell(app: App) -> None:
    """What a minute brings."""
    await sweep(app.fastapi.state.context)
    await app.work()


async def calls(app: App, webhook: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await app.api("administrator").get(f"/api/v1/webhooks/{webhook['id']}/calls")
    return list(answer.json()["items"])


async def test_a_program_is_told_what_happened_signed_and_once(inside_app: App, program: Program) -> None:
    await added(inside_app, program)
    event, _ = await inside_app.accepted_event(["Ayşe Bir"])
    for _ in range(3):
        await tell(inside_app)
        inside_app.clock.forward(minutes=4)
    assert program.types.count("event.created") == 1
    assert {"event.created", "person.accepted"} <= set(program.types)
    headers, body = next(t for t in program.told if json.loads(t[1])["type"] == "person.accepted")
    assert json.loads(body)["data"]["event_id"] == event["id"]
    assert headers["content-type"] == "application/json"
    ids = [h["webhook-id"] for h, _ in program.told]
    assert len(ids) == len(set(ids))


async def test_a_signature_holds_for_what_was_sent_and_for_nothing_else(
    inside_app: App, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = await added(inside_app, program)
    await inside_app.api("administrator").post(f"/api/v1/webhooks/{webhook['id']}/test")
    await inside_app.work()
    ((headers, body),) = program.told
    # The verifier looks at the wall clock; our clock stands still.
    monkeypatch.setattr(
        "standardwebhooks.webhooks.Webhook._Webhook__verify_timestamp", lambda self, _: inside_app.clock()
    )
    assert Verifier(webhook["secret"]).verify(body.decode(), headers)["type"] == "webhook.test"
    with pytest.raises(WebhookVerificationError):
        Verifier(webhook["secret"]).verify(body.decode() + " ", headers)


async def test_nobodys_name_or_address_is_told(inside_app: App, program: Program) -> None:
    await added(inside_app, program)
    await inside_app.accepted_event(["Ayşe Bir"])
    await tell(inside_app)
    everything = b"".join(body for _, body in program.told)
    assert b"e Bir" not in everything
    assert b"@" not in everything
    assert b"Karaca" not in everything


async def test_only_chosen_topics_are_told(inside_app: App, program: Program) -> None:
    await added(inside_app, program, topics=["answers"])
    await inside_app.accepted_event(["Ayşe Bir"])
    await tell(inside_app)
    assert {kind.partition(".")[0] for kind in program.types} == {"person"}


async def test_what_is_not_taken_comes_again_with_the_same_id(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program, topics=["events"])
    program.status = 503
    await inside_app.event()
    await tell(inside_app)
    (first,) = program.told
    assert [(c["state"], c["answer"]) for c in await calls(inside_app, webhook)] == [("queued", "HTTP 503")]
    program.status = 200
    inside_app.clock.forward(minutes=2)
    await inside_app.work()
    assert [h["webhook-id"] for h, _ in program.told] == [first[0]["webhook-id"]] * 2
    assert [c["state"] for c in await calls(inside_app, webhook)] == ["sent"]


async def test_a_redirect_is_not_followed(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program, topics=["events"])
    program.status = 307
    await inside_app.event()
    await tell(inside_app)
    assert (await calls(inside_app, webhook))[0]["answer"] == "HTTP 307"


async def test_gone_means_never_again_and_can_be_replayed_by_hand(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program, topics=["events"])
    program.status = 410
    await inside_app.event()
    await tell(inside_app)
    assert [c["state"] for c in await calls(inside_app, webhook)] == ["failed"]
    program.status = 200
    inside_app.clock.forward(days=5)
    api, here = inside_app.api("administrator"), f"/api/v1/webhooks/{webhook['id']}"
    assert (await api.post(f"{here}/replay")).json() == {"count": 1}
    await inside_app.work()
    (call,) = await calls(inside_app, webhook)
    assert (call["state"], len(program.told)) == ("sent", 2)
    assert (await api.post(f"{here}/replay")).status_code == 409
    assert (await api.post(f"{here}/calls/{call['id']}/replay")).status_code == 202
    await inside_app.work()
    assert len({h["webhook-id"] for h, _ in program.told}) == 1


async def test_a_program_that_is_down_holds_up_no_other(inside_app: App, program: Program) -> None:
    gone = Program()
    gone.stop()
    dead = await added(inside_app, gone, topics=["events"])
    await added(inside_app, program, topics=["events"])
    for n in range(3):
        await inside_app.event(title=f"Meeting {n}")
    await tell(inside_app)
    assert program.types == ["event.created"] * 3
    assert [c["state"] for c in await calls(inside_app, dead)] == ["queued"] * 3


async def test_what_happened_in_a_pause_is_told_after_it(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program, topics=["events"])
    api, here = inside_app.api("administrator"), f"/api/v1/webhooks/{webhook['id']}"
    assert (await api.post(f"{here}/pause")).json()["paused_at"]
    await inside_app.event()
    inside_app.clock.forward(hours=30)
    await tell(inside_app)
    assert program.told == []
    await api.post(f"{here}/resume")
    await tell(inside_app)
    assert program.types == ["event.created"]


async def test_a_removed_webhook_is_told_nothing_more(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program)
    await inside_app.event()
    api = inside_app.api("administrator")
    assert (await api.delete(f"/api/v1/webhooks/{webhook['id']}")).status_code == 204
    await tell(inside_app)
    assert program.told == []
    assert (await api.get(f"/api/v1/webhooks/{webhook['id']}/calls")).status_code == 404


async def test_what_was_begun_earlier_and_committed_later_is_told_too(inside_app: App, program: Program) -> None:
    """An entry carries the moment of its act, not of its commit."""
    await added(inside_app, program, topics=["events"])
    inside_app.clock.forward(minutes=30)
    await tell(inside_app)
    inside_app.clock.forward(minutes=-5)
    await inside_app.event()
    inside_app.clock.forward(minutes=6)
    await tell(inside_app)
    assert program.types == ["event.created"]


async def test_more_acts_than_a_batch_are_all_told(
    inside_app: App, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("notifications.webhooks.jobs.BATCH", 2)
    await added(inside_app, program, topics=["events"])
    for n in range(5):
        await inside_app.event(title=f"Meeting {n}")
    await tell(inside_app)
    assert program.types == ["event.created"] * 5


async def test_our_own_network_is_not_called_unless_the_operator_wants_it(sqlite_app: App, program: Program) -> None:
    api = sqlite_app.api("administrator")
    there = f"/api/v1/projects/{sqlite_app.project_id}/webhooks"
    refused = await api.post(there, json={"url": program.url})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "url")
    made = (await api.post(there, json={"url": program.url.replace("http:", "https:")})).json()
    await api.post(f"/api/v1/webhooks/{made['id']}/test")
    await sqlite_app.work()
    (call,) = await calls(sqlite_app, made)
    assert (call["state"], "inside our own network" in call["answer"], program.told) == ("queued", True, [])


@pytest.mark.parametrize(
    "url",
    ["", "ftp://a.example", "https://", "https://a:b@c.example", "https://a.example:0", "https://[", "javascript:x"],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    assert not is_web_address(url, private=True)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fc00::1", "0.0.0.0", "192.168.1.1", "::ffff:10.0.0.1"],
)
def test_inner_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_sign_ins_and_corrections_of_records_are_never_told() -> None:
    acts = (
        "account.signed-in",
        "token.created",
        "scope.refused",
        "person.corrected",
        "member.added",
        "erasure.done",
    )
    assert not any(is_told(act, []) for act in acts)
    assert is_told("per-diem.approved", []) == is_told("per-diem.approved", ["money"]) is True
    assert not is_told("per-diem.approved", ["answers"])
    assert len(TOPICS) == 4


async def test_the_page_adds_one_shows_its_secret_once_and_its_calls(inside_app: App, program: Program) -> None:
    desk = await inside_app.at_desk("administrator")
    here = f"/projects/{inside_app.project_id}/webhooks"
    await desk.get(here)
    again = await desk.send(here, {"url": "nonsense", "label": "ERP of finance"})
    assert again.status_code == 422
    assert 'value="ERP of finance"' in again.text
    made = await desk.send(here, {"url": program.url, "label": "ERP of finance", "topics[]": "money"})
    assert "whsec_" in made.text
    page = await desk.get(here)
    assert "whsec_" not in page.text
    link = page.text.partition('href="/webhooks/')[2].partition('"')[0]
    await desk.send(f"/webhooks/{link}/test")
    await inside_app.work()
    assert "webhook.test" in (await desk.get(f"/webhooks/{link}")).text
    assert (await desk.send(f"/webhooks/{link}/replay")).status_code == 409
    await desk.send(f"/webhooks/{link}/pause")
    await desk.send(f"/webhooks/{link}/remove")
    assert "ERP of finance" not in (await desk.get(here)).text


async def test_webhooks_are_the_administrators_alone(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program)
    for role in ("organiser", "finance", "auditor"):
        assert (await inside_app.api(role).get(f"/api/v1/webhooks/{webhook['id']}/calls")).status_code in (
            403,
            404,
        )


async def test_calls_are_not_among_the_mails(inside_app: App, program: Program) -> None:
    webhook = await added(inside_app, program)
    await inside_app.api("administrator").post(f"/api/v1/webhooks/{webhook['id']}/test")
    assert (await inside_app.api().get("/api/v1/messages")).json()["total"] == 0
