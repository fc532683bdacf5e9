"""The command line: serve, work, migrate, look after accounts, keep copies.

Commands that need the whole application import it themselves: the others begin in half the time without it.
"""

import asyncio
import secrets
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from core.audit import PROGRAM
from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.errors import Unfit
from core.observe import set_up_logs
from core.security import hash_password
from core.settings import Settings
from core.strength import weakness_of
from core.web import checked
from directory.accounts import service as accounts
from directory.accounts.rules import Right, Role
from directory.projects.models import Emblem, Project
from directory.projects.schemas import ProjectIn
from directory.projects.service import create_project
from heyet.command import address_of, installed, stop, with_database
from heyet.copies_cli import backup, restore, rotate_key
from heyet.loading import loading
from migrations import run as migrations

app = typer.Typer(
    help="Heyet plans publicly funded meetings and study visits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
account_app = typer.Typer(help="Accounts of the staff.", no_args_is_help=True)
app.add_typer(account_app, name="account")
app.command()(backup)
app.command()(restore)
app.command("rotate-key")(rotate_key)


@app.command()
def serve(
    demo: Annotated[bool, typer.Option(help="Load the demo project on the first start.")] = False,
) -> None:
    """Serve Heyet. On SQLite the database is brought to the present state first."""
    settings = installed()
    _must_be_guarded(settings)
    set_up_logs(settings.log_format)
    with loading():
        from heyet import demo as demo_project
        from heyet import server
    try:
        address = server.bound(settings)
    except Unfit as unfit:
        stop(str(unfit))
    if settings.database.startswith("sqlite"):
        migrations.upgrade(settings.database)
    if demo:
        link = with_database(settings, lambda db: demo_project.load(db, settings))
        print(
            f"\n  Heyet is at  {settings.base_url}\n  Sign in as the demo organiser (works once):\n  {link}\n",
            flush=True,
        )
    else:
        print(f"\n  Heyet is at  {settings.base_url}\n{_beginning(settings)}", flush=True)
    server.run(settings, address)


@app.command()
def worker() -> None:
    """Run background work from Redis (HEYET_REDIS_URL). Any number of workers may run."""
    settings = installed()
    if not settings.redis_url:
        stop("HEYET_REDIS_URL is empty: background work runs inside `heyet serve`.")
    _must_be_guarded(settings)
    set_up_logs(settings.log_format)
    with loading():
        from heyet import worker as arq_worker
    arq_worker.run(settings)


@app.command()
def migrate() -> None:
    """Bring the database to the present state."""
    migrations.upgrade(installed().database)
    print("The database is up to date.")


@app.command()
def demo(
    journey: Annotated[
        bool, typer.Option(help="Run the main job against a running server and show what was seen.")
    ] = False,
) -> None:
    """Load the demo project, and print a sign-in link for each of its people."""
    settings = installed()
    with loading():
        from heyet import demo as demo_project
        from heyet.journey import run_journey
    if journey:
        sys.exit(0 if asyncio.run(run_journey(settings)) else 1)
    if settings.database.startswith("sqlite"):
        migrations.upgrade(settings.database)
    settings = settings.model_copy(update={"public_url": address_of(settings)})
    with_database(settings, lambda db: demo_project.load(db, settings))
    for name, link in with_database(settings, lambda db: demo_project.links(db, settings)).items():
        print(f"{name:28} {link}")


@app.command()
def check() -> None:
    """Say what is missing or unsafe in this installation."""
    with loading():
        from heyet.probe import check_installation
    found = asyncio.run(check_installation(installed()))
    for problem in found.problems:
        print(f"- {problem}")
    for note in found.notes:
        print(f"Note, no fault: {note}")
    print(f"{len(found.problems)} to look at." if found.problems else "Everything is in order.")
    sys.exit(1 if found.problems else 0)


@app.command()
def project(
    acronym: str,
    title: str,
    donor: str,
    contract_number: str,
    emblem: Annotated[Emblem, typer.Option(help="The mark that the donor asks to see.")] = Emblem.none,
    contact: Annotated[str, typer.Option(help="Address that people answer to.")] = "",
) -> None:
    """Make a project. Its documents are completed on its page by an administrator."""
    details = {
        "title": title,
        "donor": donor,
        "contract_number": contract_number,
        "emblem": emblem,
        "contact": contact,
    }

    async def make(db: Database) -> None:
        given = checked(ProjectIn, details)
        async with db.unit_of_work() as work:
            await create_project(work, acronym, given, by=PROGRAM, at=wall_clock())

    with_database(installed(), make)
    print(f"{acronym} is there. Next: heyet account create NAME ADDRESS --project {acronym} --role administrator")


@app.command()
def cases(
    kind: Annotated[str, typer.Argument(help="What the examples are of: travel, per-diem.")],
    file: Annotated[
        Path,
        typer.Argument(help="Examples in JSON, each with its id and what is expected.", exists=True, dir_okay=False),
    ],
) -> None:
    """Put worked examples to the rules and print a line of JSON for each: id, expected, got, ok.

    Ends with 1 if any differs.
    """
    from heyet.cases_cli import run_cases

    if not run_cases(kind, file):
        raise typer.Exit(1)


@app.command("read-booking")
def read_booking(
    files: Annotated[list[Path], typer.Argument(help="Mails, pages, .ics, .pkpass, PDF, pictures.", exists=True)],
    received: Annotated[str, typer.Option(help="The day on which they came, as 2026-10-12.")],
    participants: Annotated[Path | None, typer.Option(help="Whose they may be: one name a line.", exists=True)] = None,
    first_day: Annotated[str, typer.Option(help="Of the visit: decides years and ambiguous dates.")] = "",
    last_day: Annotated[str, typer.Option(help="Of the visit.")] = "",
) -> None:
    """Read bookings and print the proposal as JSON. Nothing is kept; where nothing is proposed, it says why."""
    from heyet.bookings_cli import read_booking_files

    read_booking_files(files, received, participants, first_day, last_day)


@app.command("read-sheet")
def read_sheet(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    layout: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, help="A layout as JSON, in place of those in the database."),
    ] = None,
) -> None:
    """Read scans or photographs of signed sheets and print what is in their cells as JSON. Nothing is entered.

    Error 1: a page could not be read.
    """
    with loading():
        from heyet.scans_cli import read_files
    sys.exit(0 if read_files(files, layout or []) else 1)


@account_app.command("create")
def account_create(
    name: str,
    address: str,
    acronym: Annotated[str, typer.Option("--project", help="Acronym of the project.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    language: str = "en",
) -> None:
    """Make an account, or give more roles to one, and print a sign-in link."""
    settings = installed()

    async def make(db: Database) -> str:
        at = wall_clock()
        async with db.unit_of_work() as work:
            found = (await work.exec(select(Project).where(Project.acronym == acronym))).first()
            if found is None:
                stop(f"There is no project {acronym}.")
            account = await accounts.find_account(work, address) or await accounts.create_account(
                work, name=name, address=address, language=language, at=at
            )
            for one in role:
                await accounts.grant(work, account, found.id, one)
            return await accounts.new_link(work, account, at=at, life=timedelta(days=1))

    print(f"{address_of(settings)}/sign-in/link/{with_database(settings, make)}")


@account_app.command("link")
def account_link(address: str) -> None:
    """Print a sign-in link for an account, where mail does not reach."""
    settings = installed()

    async def make(db: Database) -> str:
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                stop("There is no such account.")
            return await accounts.new_link(work, account, at=wall_clock())

    print(f"{address_of(settings)}/sign-in/link/{with_database(settings, make)}")


@account_app.command("password")
def account_password(address: str) -> None:
    """Set a random password for an account and print it once. Its sessions end, its tokens no longer work."""

    async def change(db: Database) -> str:
        password = secrets.token_urlsafe(12)
        hashed = await hash_password(password)
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                stop("There is no such account.")
            await accounts.set_password(work, account, hashed, at=wall_clock())
        return password

    print(with_database(installed(), change))


@account_app.command("second-factor-off")
def account_second_factor_off(address: str) -> None:
    """Switch two-step verification off for an account whose owner has lost it, and the recovery codes too."""

    async def change(db: Database) -> None:
        async with db.unit_of_work() as work:
            account = await accounts.find_account(work, address)
            if account is None:
                stop("There is no such account.")
            await accounts.remove_totp(work, account, at=wall_clock())

    with_database(installed(), change)
    print("Two-step verification is off. Its owner is told by mail.")


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
                stop("There is no such account.")
            return await accounts.create_token(work, account, name=name, rights=right, days=days, at=wall_clock())

    print(with_database(installed(), make))


def _beginning(settings: Settings) -> str:
    """What to open where there is no account yet. A database that does not answer is told of when Heyet starts."""
    from notifications.first_run.service import first_link

    async def look() -> str:
        vault.use(*settings.keys)
        database = Database(settings.database)
        try:
            async with database.reading() as db:
                is_empty = await accounts.is_empty(db)
        except (SQLAlchemyError, OSError):
            return ""
        finally:
            await database.close()
        return f"  There is no account yet. Open this to begin:\n  {first_link(settings)}\n" if is_empty else ""

    return asyncio.run(look())


def _must_be_guarded(settings: Settings) -> None:
    """What everything rests on is not started with a key that can be guessed."""
    weakness = weakness_of(settings.key)
    if weakness:
        stop(
            f"{weakness} It signs every session and encrypts what people told, so Heyet does not start with it.\n"
            "Make one with `openssl rand -hex 32`, or leave HEYET_SECRET_KEY empty: then one is made and kept. "
            "Another key does "
            "not open what was encrypted with this one."
        )


if __name__ == "__main__":
    app()
