"""Commands that keep an installation whole: copies, putting one back, and a new key."""

from pathlib import Path
from typing import Annotated

import sqlalchemy as sa
import typer
from sqlmodel import select

from core.archive import Damaged, Secret
from core.buckets import why_away
from core.clock import wall_clock
from core.columns import vault
from core.db import Database
from core.errors import StorageAway
from core.rotation import Rotation, rotate
from core.sealing import head_of, remember
from core.settings import Settings
from directory.accounts.models import Account
from directory.projects.models import Project
from heyet import copies, postgres
from heyet.command import installed, stop, with_database
from heyet.loading import loading
from migrations import run as migrations

Confirmation = Annotated[
    bool, typer.Option("--passphrase", help="Ask for a passphrase instead of using the secret key.")
]


def backup(target: Path, ask: Confirmation = False) -> None:
    """Write the database and all files to one new, encrypted archive, while Heyet runs. Keep the secret key apart from
    it."""
    settings = installed()
    secret = _secret(settings, typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True) if ask else "")
    vault.use(*settings.keys)
    try:
        contents = copies.write_copy(settings, target, secret, at=wall_clock())
    except FileExistsError:
        stop(f"{target} exists already.")
    except (postgres.Failed, OSError) as error:
        stop(f"{error} Nothing was written.")
    except StorageAway as error:
        stop(f"{why_away(error)} Nothing was written.")
    opens = "the passphrase" if secret.passphrase else f"the secret key (HEYET_SECRET_KEY or {settings.var}/secret.key)"
    print(f"Written to {target}: the database and {contents.files} files. Without {opens} it cannot be read.")
    if contents.damaged:
        print(f"Damaged and left out: {contents.damaged} files. Bring them back from an older copy.")
    if secret.passphrase:
        print("What people told is encrypted with the secret key inside it as well: keep that too.")


def restore(
    source: Path,
    replace: Annotated[bool, typer.Option("--replace", "--yes", help="Replace what is there.")] = False,
    ask: Confirmation = False,
) -> None:
    """Put an archive back. Stop Heyet first. Nothing is replaced before the whole archive proved to be sound."""
    settings = installed()
    if not source.is_file():
        stop(f"{source} is not there.")
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not replace and not _is_empty(settings):
        stop("This replaces the database and all files. Stop Heyet, then say --replace.")
    secret = _secret(settings, typer.prompt("Passphrase", hide_input=True) if ask else "")
    vault.use(*settings.keys)
    try:
        with copies.staged(settings, source, secret) as copy:
            copies.restore_files(settings, source, secret, copy)
    except Damaged as damaged:
        stop(f"{source} {damaged}. Nothing was changed.")
    except (postgres.Failed, OSError) as error:
        stop(f"Not restored: {error}")
    except StorageAway as error:
        stop(f"Not restored: {why_away(error)}")
    migrations.upgrade(settings.database)
    with_database(settings, lambda db: _remember_head(db, settings))
    print(f"Restored: the database of {copy.made_at[:16]} and {copy.contents.files} files.")


def rotate_key() -> None:
    """Encrypt everything with the present secret key that the former one (HEYET_SECRET_KEY_OLD) still opens."""
    settings = installed()
    if not settings.former_keys:
        stop(
            "Set HEYET_SECRET_KEY to the new key and HEYET_SECRET_KEY_OLD to the former one, and start Heyet "
            "anew with both first."
        )
    with loading():
        import heyet.app  # noqa: F401  with it come all tables, and what is kept of people
    done: Rotation = with_database(settings, lambda db: rotate(db, settings.files, at=wall_clock()))
    settings.before_migration.unlink(missing_ok=True)
    print(f"{done.values} values, {done.files} files and {done.signatures} signatures are under the present key.")
    if done.left:
        stop(f"{done.left} files that were sent just now are still to be done: run this again in ten minutes.")
    print(
        "The former key opens nothing any more but copies made before. Leave HEYET_SECRET_KEY_OLD empty when "
        "links in mails that were "
        "signed with it may end."
    )


def _secret(settings: Settings, typed: str) -> Secret:
    return Secret(settings.keys, typed or settings.backup_passphrase.get_secret_value())


def _is_empty(settings: Settings) -> bool:
    """Whether nobody has an account or a project here, and no file is kept."""
    try:
        if next(settings.files.all(), None) is not None:
            return False
    except StorageAway as error:
        stop(f"Not restored: {why_away(error)}")
    if settings.database.startswith("sqlite") and not settings.sqlite_file.exists():
        return True
    return bool(with_database(settings, _has_nothing))


async def _has_nothing(database: Database) -> bool:
    async with database.reading() as db:
        connection = await db.connection()
        tables = await connection.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
        if not {"account", "project"} <= tables:
            return True
        kept = [await db.exec(select(table.id).limit(1)) for table in (Account, Project)]
    return not any(found.first() for found in kept)


async def _remember_head(database: Database, settings: Settings) -> None:
    """An older copy ends earlier: that is meant, and the chain is held against this end from here on."""
    async with database.reading() as db:
        head = await head_of(db)
    settings.audit_head.unlink(missing_ok=True)
    if head:
        remember(settings.audit_head, head)
