"""Relays that fail in every way they can: nothing is lost, and what may come twice is recognisable."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifications.outbox.service import enqueue
from tests.conftest import open_app, settings_for
from tests.notifications.test_outbox import message
from tests.people import App
from tests.servers import free_port

STAGES = ("connect", "greeting", "EHLO", "MAIL", "RCPT", "DATA", "in the text", "end of text")


class BrokenRelay:
    """Speaks SMTP up to a stage and hangs up there, or goes on with one byte a second. Keeps what it has taken
    whole."""

    def __init__(self, stage: str, *, times: int = 1, is_slow: bool = False) -> None:
        self.stage, self.times, self.is_slow = stage, times, is_slow
        self.taken: list[bytes] = []
        self.port = free_port()
        self._server = socket.create_server(("127.0.0.1", self.port))
        self._stopping = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()
        self._server.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            with connection:
                self._talk(connection)

    def _fails(self, stage: str) -> bool:
        if self.stage != stage or self.times == 0:
            return False
        self.times -= 1
        return True

    def _say(self, connection: socket.socket, words: str) -> None:
        data = f"{words}\r\n".encode()
        if not self.is_slow or self.times == 0:
            connection.sendall(data)
            return
        for byte in data:
            connection.sendall(bytes([byte]))
            if self._stopping.wait(1):
                return

    def _talk(self, connection: socket.socket) -> None:
        if self._fails("connect"):
            return
        if self._fails("greeting"):
            connection.sendall(b"220 not qui")
            return
        lines = connection.makefile("rb")
        try:
            self._say(connection, "220 broken.example.org ESMTP")
            while line := lines.readline():
                verb = line.split()[0].upper().decode() if line.split() else ""
                if self._fails(verb):
                    return
                if verb == "DATA":
                    self._say(connection, "354 go on")
                    if not self._take(lines):
                        return
                self._say(connection, "221 bye" if verb == "QUIT" else "250 fine")
        except OSError:
            return

    def _take(self, lines: Iterator[bytes]) -> bool:
        """The text of one mail. What was taken whole counts, even if nobody is told."""
        text = b""
        for number, line in enumerate(lines):
            if number == 3 and self._fails("in the text"):
                return False
            if line == b".\r\n":
                break
            text += line
        self.taken.append(text)
        return not self._fails("end of text")


@contextmanager
def broken(stage: str, **how: object) -> Iterator[BrokenRelay]:
    relay = BrokenRelay(stage, **how)  # type: ignore[arg-type]
    try:
        yield relay
    finally:
        relay.stop()


async def app_with(relay: BrokenRelay, url: str, folder: Path) -> AsyncIterator[App]:
    settings = settings_for(
        url, folder, smtp_host="127.0.0.1", smtp_port=relay.port, smtp_security="none", smtp_timeout=2
    )
    async for app in open_app(settings):
        async with app.database.unit_of_work() as db:
            await enqueue(db, [message(f"m{n}", app.clock()) for n in range(3)])
        yield app


async def until_all_went(app: App) -> list[str]:
    """Let everything be tried as often as it takes; the states at the end."""
    for _ in range(6):
        await app.work()
        app.clock.forward(minutes=10)
    return [m.state.value for m in await app.mails("test")]


def ids_of(relay: BrokenRelay) -> list[bytes]:
    return [line for text in relay.taken for line in text.split(b"\r\n") if line.startswith(b"Message-ID:")]


@pytest.mark.parametrize("stage", STAGES)
async def test_a_connection_cut_at_any_stage_loses_no_mail(sqlite_url: str, tmp_path: Path, stage: str) -> None:
    with broken(stage) as relay:
        async for app in app_with(relay, sqlite_url, tmp_path):
            assert await until_all_went(app) == ["sent"] * 3
    ids = ids_of(relay)
    # Cut after the text was taken, before anybody was told: one comes twice, and says that it is the same.
    assert len(set(ids)) == 3
    assert len(ids) == (4 if stage == "end of text" else 3)


async def test_a_relay_that_never_answers_in_time_holds_up_nothing_for_ever(sqlite_url: str, tmp_path: Path) -> None:
    with broken("never", is_slow=True) as relay:
        async for app in app_with(relay, sqlite_url, tmp_path):
            await app.work()
            waiting = [(m.state.value, bool(m.answer)) for m in await app.mails("test")]
            assert waiting == [("queued", True)] * 3
            relay.times = 0
            assert await until_all_went(app) == ["sent"] * 3


async def test_an_endless_failure_ends_after_three_days_and_is_seen(sqlite_url: str, tmp_path: Path) -> None:
    with broken("MAIL", times=-1) as relay:
        async for app in app_with(relay, sqlite_url, tmp_path):
            await app.work()
            app.clock.forward(days=3, minutes=1)
            await app.work()
            assert [m.state.value for m in await app.mails("test")] == ["expired"] * 3


async def test_a_clock_set_back_sends_nothing_twice(sqlite_url: str, tmp_path: Path) -> None:
    with broken("never", times=0) as relay:
        async for app in app_with(relay, sqlite_url, tmp_path):
            await app.work()
            app.clock.forward(hours=-1)
            await app.work()
            app.clock.forward(hours=2)
            await app.work()
    assert len(ids_of(relay)) == 3
