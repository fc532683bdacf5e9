"""Fixtures: a database of each kind, an application on it, and the servers around it."""

import fcntl
import gc
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import SecretStr

from heyet.loading import loading

with loading():
    from core import security
    from core.observe import set_up_logs
    from core.settings import Settings
    from migrations import run as migrations
    from tests import applications, servers
    from tests.founding import found
    from tests.office import Office
    from tests.people import App, Clock
    from tests.processes import Forked

# What an installation takes for passwords.
PASSWORDS = security._passwords
pytest_plugins = ["tests.costs"]
settings.register_profile(
    "heyet", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("heyet")
set_up_logs("text")
LONG = (
    "tests/heyet/test_crowd.py",
    "tests/heyet/test_grown.py",
    "tests/heyet/test_servers_gone.py",
    "tests/notifications/test_kills.py",
    "tests/security/test_fuzz.py",
    "tests/journeys",
)
KEY = "a key for tests that is long enough"


def pytest_configure() -> None:
    """What tests write lies in memory where there is room: they wait for no disk."""
    folder = servers.memory()
    if folder:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)
    # Argon2 takes 0.15 s and 64 MiB for each password on purpose, which is for whoever guesses and not for tests.
    security._passwords = PasswordHash([Argon2Hasher(1, 64, 1)])
    # While tests are imported too; `pytest_collection_finish` goes on.
    gc.disable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes a minute and waits for most of it: other processes work meanwhile, and none ends last."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What is there by now stays: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def strategies_are_loaded() -> None:
    """`uuids` loads a module at its first draw; Python 3.11 may fail to parse one that deep in the stack."""
    st.randoms().validate()


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with servers.redis() as url:
        yield url


@pytest.fixture(scope="session")
def object_storage() -> Iterator[servers.ObjectStorage]:
    server = servers.ObjectStorage()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    return servers.chromium()


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(tmp_path_factory.mktemp("office"))


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that all processes of a run only read: made by the first that needs it, while the others wait."""
    together = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder = together / name
    with open(together / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            made = factory.mktemp(name)
            make(made)
            made.rename(folder)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def migrate(folder: Path) -> None:
        migrations.upgrade(f"sqlite+aiosqlite:///{folder / 'heyet.db'}")

    return made_once(tmp_path_factory, "template", migrate) / "heyet.db"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "heyet.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'heyet.db'}"


@pytest.fixture
def postgres_url(postgres: servers.Postgres) -> Iterator[str]:
    url = postgres.new_database()
    yield url
    postgres.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database, once of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `heyet serve --demo` leaves in its folder, for installations that begin there (SQLite)."""

    def load(folder: Path) -> None:
        with Forked(folder).serving("--demo") as running:
            running.link()

    return made_once(tmp_path_factory, "demo", load) / "var"


@pytest.fixture
def mail_server() -> Iterator[servers.MailServer]:
    server = servers.MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def recorder() -> Iterator[servers.Recorder]:
    server = servers.Recorder()
    server.start()
    yield server
    server.stop()


def settings_for(database_url: str, var: Path, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        database_url=database_url,
        var=var,
        secret_key=SecretStr(KEY),
        mail_from="heyet@example.org",
        **{"recall_seconds": 0, **more},
    )


async def open_app(settings: Settings, *, is_ordinary: bool = False) -> AsyncIterator[App]:
    clock = Clock()
    with applications.application(settings, clock) as fastapi:
        async for app in _open(fastapi, clock, is_ordinary):
            yield app


async def _open(fastapi: FastAPI, clock: Clock, is_ordinary: bool) -> AsyncIterator[App]:
    async with fastapi.router.lifespan_context(fastapi):
        app = App(fastapi, clock, is_ordinary=is_ordinary)
        await found(app)
        yield app
        await app.close()


@pytest.fixture
def is_ordinary(request: pytest.FixtureRequest) -> bool:
    """Whether a test leaves our code as it is: what it begins with may be copied, and given to others."""
    return "monkeypatch" not in request.fixturenames


@pytest.fixture
async def app(database_url: str, tmp_path: Path, is_ordinary: bool) -> AsyncIterator[App]:
    """An installation on each database, with a local mailbox and a clock that stands still."""
    async for app in open_app(settings_for(database_url, tmp_path), is_ordinary=is_ordinary):
        yield app


@pytest.fixture
async def sqlite_app(sqlite_url: str, tmp_path: Path, is_ordinary: bool) -> AsyncIterator[App]:
    """An installation for what no database makes a difference to."""
    async for app in open_app(settings_for(sqlite_url, tmp_path), is_ordinary=is_ordinary):
        yield app


@pytest.fixture
async def mailing_app(database_url: str, tmp_path: Path, mail_server: servers.MailServer) -> AsyncIterator[App]:
    """An installation with a real relay."""
    relay = {
        "smtp_host": "127.0.0.1",
        "smtp_port": mail_server.port,
        "smtp_security": "none",
        "smtp_timeout": 5,
    }
    async for app in open_app(settings_for(database_url, tmp_path, **relay)):
        yield app
