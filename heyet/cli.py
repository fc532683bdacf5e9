"""The command line: serve, work, migrate, look after accounts, keep copies."""

import asyncio
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import select

from core.audit import PROGRAM
from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.errors import Refusal
from core.i18n import words
from core.observe import set_up_logs
from core.security import hash_password
from core.settings import Settings
from core.strength import weakness_of
from core.web import checked, field_messages
from directory.accounts import service as accounts
from directory.accounts.rules import Right, Role
from directory.projects.models import Emblem, Project
from directory.projects.schemas import ProjectIn
from directory.projects.service import create_project
from heyet import demo as demo_data
from heyet import worker as arq_worker
from heyet.app import create_app
from heyet.http import BoundedHttp
from heyet.journey import run_journey
from heyet.probe import problems_of
from migrations import run as migrations

app = typer.Typer(
    help="Heyet plans publicly funded meetings and study visits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
account_app = typer.Typer(help="Accounts of the staff.", no_args_is_help=True)
app.add_typer(account_app, name="account")


class Server(uvicorn.Server):
    """Lets pages that wait for progress end at once when the process is asked to stop."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


@app.command()
def serve(
    demo: Annotated[bool, typer.Option(help="Load the demo project on the first start.")] = False,
) -> None:
    """Serve Heyet. On SQLite the database is brought to the present state first."""
    settings = Settings()
    _must_be_guarded(settings)
    set_up_logs(settings.log_format)
    if settings.database.startswith("sqlite"):
        settings.var.mkdir(parents=True, exist_ok=True)
        migrations.upgrade(settings.database)
    if demo:
        link = _with(settings, lambda db: demo_data.load(db, settings))
        print(
            f"\n  Heyet is at  {settings.base_url}\n  Sign in as the demo organiser (works once):\n  {link}\n",
            flush=True,
        )
    config = uvicorn.Config(
        create_app(settings), host=settings.host, port=settings.port, loop="uvloop", http=BoundedHttp, ws="none",
        access_log=False, log_level="warning", log_config=None, server_header=False, timeout_graceful_shutdown=10,
        proxy_headers=False,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):  # the server raises it again when all is put away
        Server(config).run()


@app.command()
def worker() -> None:
    """Run background work from Redis (HEYET_REDIS_URL). Any number of workers may run."""
    settings = Settings()
    if not settings.redis_url:
        _stop("HEYET_REDIS_URL is empty: background work runs inside `heyet serve`.")
    _must_be_guarded(settings)
    set_up_logs(settings.log_format)
    arq_worker.run(settings)


@app.command()
def migrate() -> None:
    """Bring the database to the present state."""
    migrations.upgrade(Settings().database)
    print("The database is up to date.")


@app.command()
def demo(
    journey: Annotated[
        bool, typer.Option(help="Run the main job against a running server and show what was seen.")
    ] = False,
) -> None:
    """Load the demo project, and print a sign-in link for each of its people."""
    settings = Settings()
    if journey:
        sys.exit(0 if asyncio.run(run_journey(settings)) else 1)
    if settings.database.startswith("sqlite"):
        migrations.upgrade(settings.database)
    _with(settings, lambda db: demo_data.load(db, settings))
    for name, link in _with(settings, lambda db: demo_data.links(db, settings)).items():
        print(f"{name:28} {link}")


@app.command()
def check() -> None:
    """Say what is missing or unsafe in this installation."""
    found = asyncio.run(problems_of(Settings()))
    for problem in found:
        print(f"- {problem}")
    print("Everything is in order." if not found else f"{len(found)} to look at.")
    sys.exit(1 if found else 0)


@app.command()
def project(
    acronym: str, title: str, donor: str, contract_number: str,
    emblem: Annotated[Emblem, typer.Option(help="The mark that the donor asks to see.")] = Emblem.none,
    contact: Annotated[str, typer.Option(help="Address that people answer to.")] = "",
) -> None:  # fmt: skip
    """Make a project. Its papers are completed on its page by an administrator."""
    papers = {
        "title": title,
        "donor": donor,
        "contract_number": contract_number,
        "emblem": emblem,
        "contact": contact,
    }

    async def make(db: Database) -> None:
        given = checked(ProjectIn, papers)
        async with db.unit_of_work() as work:
            await create_project(work, acronym, given, by=PROGRAM, at=wall_clock())

    _with(Settings(), make)
    print(
        f"{acronym} is there. Next: heyet account create NAME ADDRESS --project {acronym} --role administrator"
    )


@account_app.command("create")
def account_create(
    name: str, address: str, acronym: Annotated[str, typer.Option("--project", help="Acronym of the project.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")], language: str = "en",
) -> None:  # fmt: skip
    """Make an account, or give more roles to one, and print a sign-in link."""
    settings = Settings()

    async def make(db: Database) -> str:
        at = wall_clock()
        async with db.unit_of_work() as work:
            found = (await work.exec(select(Project).where(Project.acronym == acronym))).first()
            if found is None:
                _stop(f"There is no project {acronym}.")
            account = await accounts.find_account(work, address) or await accounts.create_account(
                work, name=name, address=address, language=language, at=at
            )
            for one in role:
                await accounts.grant(work, account, found.id, one)
            return await accounts.new_link(work, account, at=at, life=timedelta(days=1))

    print(f"{settings.base_url}/sign-in/link/{_with(settings, make)}")


@account_app.command("link")
def account_link(address: str) -> None:
    """Print a sign-in link for an account, where mail does not reach."""
    settings = Settings()

    async def make(db: Database) -> str:
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                _stop("There is no such account.")
            return await accounts.new_link(work, account, at=wall_clock())

    print(f"{settings.base_url}/sign-in/link/{_with(settings, make)}")


@account_app.command("password")
def account_password(address: str) -> None:
    """Set a random password for an account and print it once. Its sessions end, its tokens no longer work."""

    async def change(db: Database) -> str:
        password = secrets.token_urlsafe(12)
        hashed = await hash_password(password)
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                _stop("There is no such account.")
            await accounts.set_password(work, account, hashed, at=wall_clock())
        return password

    print(_with(Settings(), change))


@account_app.command("second-factor-off")
def account_second_factor_off(address: str) -> None:
    """Take the second factor away from an account whose owner has lost it, and the recovery codes too."""

    async def change(db: Database) -> None:
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                _stop("There is no such account.")
            await accounts.remove_totp(work, account, wall_clock())

    _with(Settings(), change)
    print("The second factor is off. Its owner is told by mail.")


@app.command()
def token(
    address: str,
    name: str,
    right: Annotated[list[Right], typer.Option(help="May be given several times.")],
    days: int = 90,
) -> None:
    """Make an API token for an account and print it once."""

    async def make(db: Database) -> str:
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                _stop("There is no such account.")
            return await accounts.create_token(
                work, account, name=name, rights=right, days=days, at=wall_clock()
            )

    print(_with(Settings(), make))


@app.command()
def backup(target: Path) -> None:
    """Write a copy of the database to a new file, while Heyet runs. Keep the secret key with it, apart."""
    settings = Settings()
    if target.exists():
        _stop(f"{target} exists already.")
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    else:
        _postgres("pg_dump", "--format=custom", f"--file={target}", f"--dbname={_plain(settings.database)}")
    target.chmod(0o600)
    print(
        f"Written to {target}. Without the secret key (HEYET_SECRET_KEY or {settings.var}/secret.key) it cannot be read."
    )


@app.command()
def restore(source: Path, yes: Annotated[bool, typer.Option(help="Replace what is there.")] = False) -> None:
    """Put a copy back. Stop Heyet first."""
    settings = Settings()
    if not source.is_file():
        _stop(f"{source} is not there.")
    if not yes:
        _stop("This replaces the database. Stop Heyet, then say --yes.")
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite":
        _must_be_database(source)
        file = Path(str(url.database))
        for leftover in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copyfile(source, file)
    else:
        _postgres(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            f"--dbname={_plain(settings.database)}",
            str(source),
        )
    migrations.upgrade(settings.database)
    print("Restored.")


def _must_be_database(file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            sound = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            sound = sound and database.execute("SELECT 1 FROM alembic_version").fetchone() is not None
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        _stop(f"{file} is not a sound copy. Nothing was changed.")


def _postgres(*command: str) -> None:
    if shutil.which(command[0]) is None:
        _stop(f"{command[0]} is not installed.")
    done = subprocess.run(command, check=False)  # noqa: S603
    if done.returncode:
        _stop(f"{command[0]} failed.")


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _with(settings: Settings, work: Callable[[Database], Coroutine[Any, Any, Any]]) -> Any:
    """Run something on the database, and turn a refusal into words."""

    async def run() -> Any:
        async with _database(settings) as database:
            return await work(database)

    try:
        return asyncio.run(run())
    except (OperationalError, ProgrammingError):
        _stop("The database does not answer, or is not set up. Run `heyet migrate`, then `heyet check`.")
    except Refusal as refusal:
        beside = [f"{field}: {message}" for field, message in field_messages(refusal, words("en")).items()]
        _stop("\n".join(beside) or refusal.title % refusal.facts)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    vault.use(settings.key)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.close()


def _must_be_guarded(settings: Settings) -> None:
    """What everything rests on is not started with a key that can be guessed."""
    weakness = weakness_of(settings.key)
    if weakness:
        _stop(
            f"{weakness} It signs every session and encrypts what people told, so Heyet does not start with it.\n"
            "Make one with `openssl rand -hex 32`, or leave HEYET_SECRET_KEY empty: then one is made and kept. Another key does "
            "not open what was encrypted with this one."
        )


def _stop(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
