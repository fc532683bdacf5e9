"""Fifty people answer at once, over HTTP, at the processes of a real installation."""

import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from email.message import Message
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.people import names
from tests.processes import Forked, Installation
from tests.servers import MailServer, Postgres, free_port, wait_for_port

LINK = re.compile(r"/i/([\w-]{20,})")
PLACES, PEOPLE = 10, 50


@pytest.fixture(params=["sqlite", "postgres"])
def installation(request: pytest.FixtureRequest, tmp_path: Path, mail_server: MailServer) -> Iterator[Installation]:
    relay: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_security": "none"}
    if request.param == "sqlite":
        yield Forked(tmp_path, **relay)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    url = postgres.new_database()
    yield Forked(tmp_path, database_url=url, **relay)
    postgres.drop(url)


def until(is_so: Any, seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def text_of(mail: Message) -> str:
    part = next(p for p in mail.walk() if p.get_content_type() == "text/plain")
    return bytes(part.get_payload(decode=True)).decode()  # type: ignore[arg-type]


def invited(
    installation: Installation, mail_server: MailServer, stack: ExitStack
) -> tuple[httpx2.Client, str, list[str]]:
    """An organiser's program, an event with ten places, and the links of fifty people as they got them by mail."""
    token = installation.run(
        "token",
        "elif.karaca@example.org",
        "script",
        "--right",
        "look",
        "--right",
        "plan",
        "--right",
        "release",
    ).stdout.strip()
    api = stack.enter_context(
        httpx2.Client(base_url=installation.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
    )
    project = api.get("/api/v1/events").json()["items"][0]["project_id"]
    plan = {
        "project_id": project,
        "title": "Crowded",
        "kind": "training",
        "first_day": "2027-04-14",
        "last_day": "2027-04-15",
        "capacity": PLACES,
    }
    event = api.post("/api/v1/events", json=plan).json()["id"]
    rows = "\n".join(["Name;E-mail", *(f"{name};p{n}@example.org" for n, name in enumerate(names(PEOPLE)))])
    made = api.post(f"/api/v1/events/{event}/imports", files={"file": ("l.csv", rows.encode(), "text/csv")})
    api.post(f"/api/v1/imports/{made.json()['id']}/application", json={})
    job = api.post(f"/api/v1/events/{event}/invitations").json()["id"]
    until(lambda: api.get(f"/api/v1/jobs/{job}").json()["stage"] == "done")
    api.post(f"/api/v1/events/{event}/messages/release")
    until(lambda: len(letters(mail_server, "Crowded")) == PEOPLE)
    links = [LINK.search(text_of(mail)) for _, mail in letters(mail_server, "Crowded")]
    return api, event, [link.group(1) for link in links if link]


def letters(mail_server: MailServer, words: str, start: str = "Davet") -> list[tuple[list[str], Message]]:
    return [
        (to, mail)
        for to, mail in list(mail_server.taken)
        if words in str(mail["Subject"]) and str(mail["Subject"]).startswith(start)
    ]


def answers(mail_server: MailServer) -> dict[str, int]:
    """How many answers to the crowd were mailed, by recipient."""
    found: dict[str, int] = {}
    for to, _ in letters(mail_server, "Crowded", "Onaylandı") + letters(mail_server, "Crowded", "Yedek"):
        found[to[0]] = found.get(to[0], 0) + 1
    return found


def accept(client: httpx2.Client, url: str, token: str) -> str:
    """Say yes and say it again, as an impatient finger does; go on until there is an answer."""
    ends = time.monotonic() + 180
    while time.monotonic() < ends:
        try:
            for _ in range(2):
                answer = client.post(
                    f"{url}/api/v1/invitation/acceptance", headers={"Authorization": f"Bearer {token}"}
                )
            assert answer.status_code == 200, answer.text
            return str(answer.json()["registration"])
        except httpx2.HTTPError:
            time.sleep(0.2)
    raise AssertionError("no answer")


def test_fifty_reach_for_ten_places_and_ten_have_one(installation: Installation, mail_server: MailServer) -> None:
    installation.run("demo")
    is_grown = "postgresql" in installation.environment.get("HEYET_DATABASE_URL", "")
    ports = [installation.port, *([free_port()] if is_grown else [])]
    with ExitStack() as stack:
        for port in ports:
            stack.callback(installation.start("serve", port=port).stop, signal.SIGTERM)
            wait_for_port(port)
        api, event, tokens = invited(installation, mail_server, stack)
        client = stack.enter_context(httpx2.Client(timeout=10))
        with ThreadPoolExecutor(PEOPLE) as crowd:
            urls = [f"http://127.0.0.1:{ports[n % len(ports)]}" for n in range(PEOPLE)]
            got = list(crowd.map(accept, [client] * PEOPLE, urls, tokens))
        until(lambda: len(answers(mail_server)) == PEOPLE)
        taken = api.get(f"/api/v1/events/{event}").json()["taken"]
    assert sorted(got) == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert (taken, set(answers(mail_server).values())) == (PLACES, {1})


def test_a_server_killed_in_the_crowd_leaves_all_or_nothing_and_nobody_without_their_mail(
    installation: Installation, mail_server: MailServer
) -> None:
    installation.environment["HEYET_SMTP_TIMEOUT"] = "1"  # the lease is sixteen times that
    # One connection: each process that is killed doubles one mail at most.
    installation.environment["HEYET_SMTP_CONNECTIONS"] = "1"
    installation.run("demo")
    with ExitStack() as stack:
        servers = [installation.start("serve")]
        stack.callback(lambda: servers[-1].stop(signal.SIGTERM))
        wait_for_port(installation.port)
        api, event, tokens = invited(installation, mail_server, stack)
        client = stack.enter_context(httpx2.Client(timeout=10))
        with ThreadPoolExecutor(8) as crowd:
            under_way = [crowd.submit(accept, client, installation.url, token) for token in tokens]
            for _ in range(3):
                time.sleep(0.15)
                servers[-1].stop(signal.SIGKILL)
                servers.append(installation.start("serve"))
                wait_for_port(installation.port)
            got = [one.result() for one in under_way]
        until(lambda: len(answers(mail_server)) == PEOPLE, 60)
        taken = api.get(f"/api/v1/events/{event}").json()["taken"]
        checked = installation.run("check")
    assert sorted(got) == ["confirmed"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert taken == PLACES
    assert sum(answers(mail_server).values()) <= PEOPLE + 3
    assert "places taken, but" not in checked.stdout
