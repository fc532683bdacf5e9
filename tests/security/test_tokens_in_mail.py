"""Whoever may read mails does not become the one they were written to."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
import sqlalchemy as sa

from core.errors import NotFound
from core.security import hash_token
from core.signed_addresses import key_of, read_address
from events.messaging.templates.rules import OwnText
from notifications.outbox.redaction import unfolded_without_tokens, without_tokens
from notifications.suppression.service import read_unsubscribe
from tests.conftest import open_app, settings_for
from tests.events.messaging.test_campaigns import TEXT
from tests.events.nominations.test_requests import called
from tests.notifications.test_inbound import bring, organiser_of
from tests.people import App, names
from tests.routes import our_routes
from tests.servers import MailServer, free_port

OURS = "answers@in.example.org"
TOKEN = "aB3_-" * 6 + "xY"
HASHED = (
    ("personal_link", "token_hash"),
    ("call_link", "token_hash"),
    ("feed", "token_hash"),
    ("shared_feed", "token_hash"),
    ("one_time_link", "token_hash"),
    ("sign_in", "token_hash"),
    ("api_token", "token_hash"),
    ("recovery_code", "code_hash"),
)


@pytest.fixture
async def post(sqlite_url: str, tmp_path: Path, mail_server: MailServer) -> AsyncIterator[App]:
    """An installation that sends to a real relay and takes mail itself."""
    more = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
        "inbound_address": OURS,
        "inbound_port": free_port(),
    }
    async for app in open_app(settings_for(sqlite_url, tmp_path, **more)):
        yield app


async def live_tokens(app: App, text: str) -> set[str]:
    """What in a text opens something in this installation: by the hashes it keeps, and by its own signatures."""
    async with app.database.reading() as db:
        connection = await db.connection()
        kept = set()
        for table, column in HASHED:
            rows = await connection.execute(sa.text(f"SELECT {column} FROM {table}"))
            kept |= set(rows.scalars())
    settings = app.fastapi.state.settings
    text = re.sub(r"\r?\n[ \t]", "", unquote(text))
    found = {t for t in re.findall(r"[\w-]{20,}", text) if hash_token(t) in kept}
    found |= {t for t in re.findall(r"[\w.+-]{40,}@", text) if read_address(f"{t}x", key_of(settings))}
    for candidate in re.findall(r"[\w.-]{40,}", text):
        try:
            read_unsubscribe(settings, candidate.rstrip("."))
            found.add(candidate)
        except NotFound:
            continue
    return found


async def live_through(app: App) -> dict[str, Any]:
    """An event from the call for names on, with the kinds of mail that carry tokens on the way."""
    event, _, _ = await called(app, answer_by="2026-03-20")
    tokens = await app.invite(event, names(3))
    first, second, _ = tokens.values()
    await app.accept(first)
    assert (await app.guest(second).post("/api/v1/invitation/decline", json={})).status_code == 200
    await app.guest(first).post("/api/v1/invitation/calendar", json={})
    await app.api().post(f"/api/v1/events/{event['id']}/shared-feeds", json={"name": "Door"})
    campaign = (await app.api().post(f"/api/v1/events/{event['id']}/campaigns", json=TEXT)).json()
    await app.api().post(f"/api/v1/campaigns/{campaign['id']}/writing")
    await app.work()
    await app.api().post(f"/api/v1/campaigns/{campaign['id']}/release")
    desk = await app.at_desk()
    await desk.get(f"/campaigns/{campaign['id']}")
    await desk.send(f"/campaigns/{campaign['id']}/test")
    await app.stranger().client.post("/api/v1/public/lost-links", json={"address": "ayse.soyadi0@example.org"})
    await app.stranger().send("/sign-in/link", {"address": "organiser@example.org"})
    await app.work()
    return {**event, "campaign": campaign["id"]}


async def test_no_page_and_no_answer_shows_what_opens_another_persons_page(post: App) -> None:
    event = await live_through(post)
    mails = await post.mails()
    kinds = {mail.kind.partition(":")[0] for mail in mails}
    assert {"events/invitation", "events/call", "events/campaign", "events/sample", "events/link"} <= kinds
    raw = "\n".join(f"{m.plain}{m.html}{m.calendar}" for m in mails if m.kind != "events/sample")
    alive = await live_tokens(post, raw)
    assert any(token.startswith("answers+a") for token in alive)
    assert len(alive) > 8

    desk, own = await post.at_desk(), f"/projects/{post.project_id}/texts"
    paths = [f"/mail/{m.id}{role}" for m in mails if m.project_id for role in ("", "/html")]
    paths += ["/mail", f"/campaigns/{event['campaign']}", f"/campaigns/{event['campaign']}/html"]
    paths += [f"{own}/{kind}{role}" for kind in OwnText for role in ("", "/html")]
    shown = {path: await desk.client.get(path) for path in paths}
    api = [
        "/api/v1/messages?limit=100",
        f"/api/v1/campaigns/{event['campaign']}/sample",
        *(f"/api/v1/projects/{post.project_id}/texts/{kind}/preview" for kind in OwnText),
    ]
    shown |= {path: await post.api().get(path) for path in api}
    assert {path: answer.status_code for path, answer in shown.items() if answer.status_code != 200} == {}
    found = {path: await live_tokens(post, answer.text) & alive for path, answer in shown.items()}
    assert {path for path, tokens in found.items() if tokens} == set()


async def test_a_sample_for_the_organiser_ends_nobodys_mails(post: App) -> None:
    await live_through(post)
    (sample,) = await post.mails("events/sample")
    assert await live_tokens(post, sample.plain + sample.html) == set()
    assert "/unsubscribe/…" in sample.plain


async def test_what_a_relay_says_about_an_envelope_does_not_show_it(post: App) -> None:
    event = await post.event()
    await post.name_people(event, ["Ayşe Bir"])
    await post.api().post(f"/api/v1/events/{event['id']}/invitations")
    await post.work()
    (mail,) = await post.mails("events/invitation")
    envelope = f"answers+b{mail.id.hex}{'a' * 16}@in.example.org"
    async with post.database.unit_of_work() as db:
        await (await db.connection()).execute(
            sa.text("UPDATE message SET answer = :said"), {"said": f"550 <{envelope}>: not you"}
        )
    page = (await (await post.at_desk()).client.get(f"/mail/{mail.id}")).text
    listed = (await post.api().get("/api/v1/messages")).text
    assert ("a" * 16 in page, "a" * 16 in listed) == (False, False)
    assert "not you" in page


async def test_an_answer_that_quotes_the_invitation_does_not_hand_its_link_to_staff(
    post: App, mail_server: MailServer
) -> None:
    tokens = await post.invite(await post.event(), ["Ayşe Bir"])
    link = f"http://127.0.0.1:8000/i/{tokens['Ayşe Bir']}"
    safe = f"https://safe.example.com/?url={quote(link, safe='')}&data=1"
    to, _ = organiser_of(mail_server, "ayse.bir@example.org")
    wire = (
        "From: ayse.bir@example.org\r\nSubject: "
        f"Re: {link}\r\n\r\nI have a question.\r\n> {link}\r\n> {safe}\r\n> {to}\r\n"
    )
    await bring(post, OURS, wire)
    desk = await post.at_desk()
    inbox = (await desk.get("/inbox")).text
    (path,) = set(re.findall(r'href="(/inbox/[\w-]+)"', inbox))
    page = (await desk.get(path)).text
    assert "I have a question." in page
    assert await live_tokens(post, inbox + page) == set()


async def test_without_a_relay_the_mail_page_is_the_mailbox_for_those_who_plan_in_its_project(
    sqlite_app: App,
) -> None:
    tokens = await sqlite_app.invite(await sqlite_app.event(), ["Ayşe Bir"])
    (mail,) = await sqlite_app.mails("events/invitation")
    await sqlite_app.found("P-OTHER", prefix="other-")
    seen = {}
    for role in ("organiser", "assistant", "finance", "auditor", "administrator", "other-organiser"):
        for part in ("", "/html"):
            answer = await (await sqlite_app.at_desk(role)).client.get(f"/mail/{mail.id}{part}")
            seen[role, part] = tokens["Ayşe Bir"] in answer.text
    assert {role for (role, _), shows in seen.items() if shows} == {"organiser", "assistant"}


def shown(path: str) -> bool:
    """Whether a mail that names this address, plainly or within another one, would show its token."""
    address = re.sub(r"\{(?!token)\w+\}", "1", path).replace("{token}", TOKEN)
    texts = f"Open https://heyet.example.org{address}.", quote(f"https://h.example{address}", safe="")
    return any(TOKEN in unquote(without_tokens(text)) for text in texts)


def test_every_address_that_holds_a_token_is_known_to_what_hides_them() -> None:
    paths = {route.path for route in our_routes() if "{token}" in route.path}
    assert {"/i/{token}", "/calendar/{token}.ics"} <= paths
    assert sorted(filter(shown, paths)) == []


def test_an_address_that_nobody_told_it_of_is_found() -> None:
    assert shown("/planted/{token}")


def test_a_token_is_found_where_a_calendar_breaks_its_line() -> None:
    line = f"ORGANIZER;CN=P-ACT:mailto:answers+a{'0f' * 16}{'ab2c' * 4}@in.example.org"
    folded = "\r\n ".join(line[at : at + 40] for at in range(0, len(line), 40))
    assert unfolded_without_tokens(folded) == "ORGANIZER;CN=P-ACT:mailto:answers+…@in.example.org"


def test_what_opens_nothing_stays_as_it_is() -> None:
    text = "https://heyet.example.org/projects/018f5b5e-0000-7000-8000-000000000001/news, a+b@example.org, /i/…"
    assert without_tokens(text) == text
