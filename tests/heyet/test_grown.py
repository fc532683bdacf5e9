"""The grown way to run: two web processes and two workers on PostgreSQL and Redis."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from core.settings import Settings
from tests.processes import Forked, Installation, Running
from tests.servers import MailServer, Postgres, free_port, wait_for_port


@contextmanager
def grown(installation: Installation) -> Iterator[list[Running]]:
    """The second web process answers as a replica behind the same address."""
    other = free_port()
    with ExitStack() as stack:
        running = [installation.start("serve"), installation.start("serve", port=other)]
        running += [installation.start("worker"), installation.start("worker")]
        for process in running:
            stack.callback(process.stop, signal.SIGTERM)
        wait_for_port(installation.port)
        wait_for_port(other)
        yield running


@pytest.fixture
def installation(tmp_path: Path, postgres: Postgres, redis_url: str, mail_server: MailServer) -> Iterator[Installation]:
    url = postgres.new_database()
    yield Forked(
        tmp_path,
        database_url=url,
        redis_url=redis_url,
        smtp_host="127.0.0.1",
        smtp_port=mail_server.port,
        smtp_security="none",
    )
    postgres.drop(url)


def invitations(mail_server: MailServer) -> list[tuple[str, str]]:
    """Address and Message-ID of each invitation that the relay took."""
    return [
        (recipients[0], str(mail["Message-ID"]))
        for recipients, mail in list(mail_server.taken)
        if str(mail["Subject"]).startswith("Davet")
    ]


def test_the_main_job_runs_on_two_web_processes_and_two_workers(
    installation: Installation, mail_server: MailServer
) -> None:
    installation.run("demo")
    with grown(installation) as running:
        journey = installation.run("demo", "--journey")
    output = "\n".join(process.output for process in running)
    assert journey.returncode == 0, journey.stdout + journey.stderr + output
    assert len(invitations(mail_server)) == len({address for address, _ in invitations(mail_server)}) == 28


def test_a_change_in_one_web_process_shows_at_once_in_the_other(installation: Installation) -> None:
    installation.run("demo")
    token = installation.run(
        "token", "elif.karaca@example.org", "script", "--right", "look", "--right", "plan"
    ).stdout.strip()
    other = free_port()
    with ExitStack() as stack:
        for process in (installation.start("serve"), installation.start("serve", port=other)):
            stack.callback(process.stop, signal.SIGTERM)
        wait_for_port(installation.port)
        wait_for_port(other)
        headers = {"Authorization": f"Bearer {token}"}
        event = httpx2.get(f"{installation.url}/api/v1/events", headers=headers).json()["items"][0]
        session = {
            "title": "Seen at once",
            "starts": f"{event['first_day']}T18:00",
            "ends": f"{event['first_day']}T19:00",
        }
        httpx2.post(f"{installation.url}/api/v1/events/{event['id']}/sessions", json=session, headers=headers)
        seen = httpx2.get(f"http://127.0.0.1:{other}/api/v1/events/{event['id']}", headers=headers).json()
    assert "Seen at once" in [s["title"] for s in seen["sessions"]]


def test_a_worker_killed_in_the_middle_loses_no_mail(installation: Installation, mail_server: MailServer) -> None:
    """Doubled are at most those between the relay's yes and our note of it: one for each kill and connection, with the
    same Message-ID."""
    installation.run("demo")
    kills = 0
    with grown(installation) as running:
        journey = installation.start("demo", "--journey")
        while journey.process.poll() is None and kills < 4:
            before = len(mail_server.taken)
            deadline = time.monotonic() + 15
            while (
                len(mail_server.taken) < before + 4 and journey.process.poll() is None and time.monotonic() < deadline
            ):
                time.sleep(0.005)
            victim = running[2 + kills % 2]
            victim.stop(signal.SIGKILL)
            kills += 1
            running[2 + (kills - 1) % 2] = installation.start("worker")
        code = journey.process.wait(timeout=120)
        for process in running[2:]:
            process.stop(signal.SIGTERM)
    sent = invitations(mail_server)
    assert code == 0, journey.rest()
    assert kills == 4
    assert len({address for address, _ in sent}) == len(set(sent)) == 28
    assert len(sent) <= 28 + kills * Settings.model_fields["smtp_connections"].default
