"""A new secret key: what the former one encrypted comes under it, step by step, and the former one opens nothing
afterwards."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlmodel import SQLModel, select
from sqlmodel.sql.sqltypes import UTCDateTime

from core import rotation
from core.audit import PROGRAM, AuditEntry, AuditSeal, content_of, record
from core.columns import EncryptedDocument, EncryptedText, vault
from core.errors import NotFound, Unfit
from core.ids import new_id
from core.rotation import rotate
from core.sealing import damage_of, seal_all
from core.security import Vault
from core.settings import Settings
from core.signed_addresses import About, address_about, key_of, keys_of, read_address
from events.invitations.questionnaires.models import QuestionAnswer
from notifications.jobs.models import Job
from notifications.suppression.service import read_unsubscribe, unsubscribe_link
from tests.conftest import KEY, settings_for
from tests.people import App

NEW = "another key for tests that is long enough"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = "Gömülü süt alerjisi"
FILE = b"%PDF-1.7 a passport"


@pytest.fixture(autouse=True)
def _the_usual_key_afterwards() -> Any:
    yield
    vault.use(KEY)


def with_both(app: App) -> Settings:
    return settings_for(app.fastapi.state.settings.database_url, app.fastapi.state.settings.var).model_copy(
        update={"secret_key": SecretStr(NEW), "secret_key_old": SecretStr(KEY)}
    )


async def fill(app: App) -> str:
    """A value in every encrypted column there is, without what hangs on its row; a job with something locked inside; a
    file.

    Returns the file's hash. Foreign keys are not what is tested here.
    """
    hash = app.fastapi.state.settings.files.keep(vault.seal(FILE))
    if app.database.is_sqlite:
        engine = sa.create_engine(f"sqlite:///{app.fastapi.state.settings.sqlite_file}")
        with engine.begin() as sync:
            _plant_everywhere(sync, hash)
        engine.dispose()
    async with app.database.unit_of_work() as db:
        connection = await db.connection()
        if not app.database.is_sqlite:
            await connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            await connection.run_sync(_plant_everywhere, hash)
        account = app.accounts["organiser"]
        await connection.execute(sa.text("UPDATE account SET totp_secret = :s"), {"s": vault.encrypt(TOLD)})
        record(db, "event.changed", account, at=app.clock(), by=PROGRAM, reason=TOLD, count=1)
        db.add(
            Job(
                name="x",
                project_id=app.project_id,
                about_id=new_id(),
                payload={"given": vault.encrypt(TOLD)},
                due_at=app.clock(),
            )
        )
    await seal_all(app.database, app.fastapi.state.settings.audit_head, at=app.clock())
    return hash


def _plant_everywhere(connection: sa.Connection, hash: str) -> None:
    # What the shape of a table asks for: a file that is there, and no payment of more than there is to pay.
    more = {"question_answer": {"file_hash": hash}, "sheet_person": {"reserved_minor": 0, "returned_minor": 0}}
    for table in rotation.encrypted_columns(SQLModel.metadata):
        if table.name not in ("account", "audit_note"):
            _plant(connection, table, more.get(table.name, {}))


def _plant(connection: sa.Connection, table: sa.Table, more: dict[str, Any]) -> None:
    values: dict[str, Any] = {}
    for column in table.columns:
        if isinstance(column.type, EncryptedText):
            values[column.name] = TOLD
        elif isinstance(column.type, EncryptedDocument):
            values[column.name] = {"told": [TOLD]}
        elif not column.nullable:
            values[column.name] = _something(column)
    connection.execute(table.insert().values(**values | more))


def _something(column: Any) -> Any:
    if isinstance(column.type, sa.Enum):
        return column.type.enum_class and next(iter(column.type.enum_class))
    if isinstance(column.type, sa.JSON):
        return []
    if isinstance(column.type, UTCDateTime | sa.DateTime):
        return MOMENT
    kinds = {UUID: new_id(), bool: False, int: 1, str: "x", date: MOMENT.date()}
    return kinds.get(column.type.python_type, "x")


async def ciphertexts(app: App) -> list[str]:
    """Everything in an encrypted column, as it lies in the database, and what lies locked in it."""
    found = []
    async with app.database.reading() as db:
        connection = await db.connection()
        for table, names in rotation.encrypted_columns(SQLModel.metadata).items():
            for name in names:
                rows = await connection.execute(sa.text(f'SELECT {name} FROM "{table.name}"'))
                found += [value for value in rows.scalars() if value]
    return found


def opened_by(key: str, texts: list[str]) -> int:
    alone, count = Vault(), 0
    alone.use(key)
    for text in texts:
        try:
            alone.decrypt(text)
        except Unfit:
            continue
        count += 1
    return count


async def test_after_a_rotation_the_former_key_opens_nothing_and_the_new_one_everything(app: App) -> None:
    hash = await fill(app)
    texts = await ciphertexts(app)
    settings = with_both(app)
    assert opened_by(KEY, texts) == len(texts) > 25
    vault.use(*settings.keys)
    done = await rotate(app.database, settings.files, at=app.clock())
    vault.use(NEW)
    texts = await ciphertexts(app)
    assert (opened_by(KEY, texts), opened_by(NEW, texts)) == (0, len(texts))
    async with app.database.reading() as db:
        answer = (await db.exec(select(QuestionAnswer))).one()
        job = (await db.exec(select(Job).where(Job.name == "x", Job.due_at == app.clock()))).one()
        assert await damage_of(db, settings.audit_head, at=app.clock()) == []
        entries, seals = (await db.exec(select(AuditEntry))).all(), (await db.exec(select(AuditSeal))).all()
    assert vault.decrypt(job.payload["given"]) == TOLD
    assert answer.value == TOLD
    assert vault.unseal(settings.files.read(answer.file_hash)) == FILE
    assert [kept.hash for kept in settings.files.all()] == [answer.file_hash] != [hash]
    assert (done.values >= 25, done.files, done.left) == (True, 1, 0)
    assert done.signatures == len(entries) + len(seals)
    vault.use(KEY)
    assert [e.id for e in entries if vault.is_signed(content_of(e), e.signature)] == []


async def test_a_second_rotation_finds_nothing_to_do(app: App) -> None:
    await fill(app)
    settings = with_both(app)
    vault.use(*settings.keys)
    await rotate(app.database, settings.files, at=app.clock())
    assert await rotate(app.database, settings.files, at=app.clock()) == rotation.Rotation()


async def test_while_both_keys_are_given_all_is_read_wherever_the_rotation_stopped(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(app)
    settings = with_both(app)
    vault.use(*settings.keys)
    monkeypatch.setattr(rotation, "BATCH", 1)
    tables = list(rotation.encrypted_columns(SQLModel.metadata).items())
    # Died in the middle of the tables, and between the new file with its row and the old file's going.
    for table, names in tables[: len(tables) // 2]:
        await rotation._rotate_table(app.database, table, names)
    old = next(settings.files.all())
    fresh = settings.files.keep(vault.seal(FILE))
    async with app.database.unit_of_work() as db:
        await rotation._rename(db, old.hash, fresh)
    texts = await ciphertexts(app)
    assert 0 < opened_by(KEY, texts) < len(texts)
    assert {vault.decrypt(text) for text in texts} != set()
    await rotate(app.database, settings.files, at=app.clock().replace(year=2099))
    texts = await ciphertexts(app)
    assert (opened_by(KEY, texts), [kept.hash for kept in settings.files.all()]) == (0, [fresh])


async def test_a_line_that_is_kept_as_it_is_is_guarded_again_after_the_rotation(app: App) -> None:
    await fill(app)
    settings = with_both(app)
    vault.use(*settings.keys)
    await rotate(app.database, settings.files, at=app.clock())
    for table, change in (
        ("sheet_person", "name = 'x'"),
        ("audit_entry", "act = 'x'"),
        ("audit_seal", "link = 'x'"),
    ):
        with pytest.raises(sa.exc.DBAPIError, match="kept as it is"):
            async with app.database.unit_of_work() as db:
                await (await db.connection()).exec_driver_sql(f"UPDATE {table} SET {change}")


async def test_what_no_key_signed_is_not_signed_by_a_rotation(app: App) -> None:
    async with app.database.unit_of_work() as db:
        db.add(AuditEntry(at=app.clock(), actor="program", act="x", object_id=new_id(), signature="f" * 64))
    settings = with_both(app)
    await seal_all(app.database, settings.audit_head, at=app.clock())
    vault.use(*settings.keys)
    await rotate(app.database, settings.files, at=app.clock())
    async with app.database.reading() as db:
        (found,) = await damage_of(db, settings.audit_head, at=app.clock())
    assert "inserted past Heyet" in found


def test_links_and_addresses_in_mails_work_while_the_former_key_is_given_and_end_with_it(
    tmp_path: Path,
) -> None:
    def settings(key: str, old: str = "") -> Settings:
        return settings_for("", tmp_path, secret_key_old=SecretStr(old)).model_copy(
            update={"secret_key": SecretStr(key)}
        )

    person, project = new_id(), new_id()
    before, during, after = settings(KEY), settings(NEW, KEY), settings(NEW)
    token = unsubscribe_link(before, person, project).rpartition("/")[2]
    address = address_about(About.bounce, person, "in@example.org", key_of(before))
    assert read_unsubscribe(during, token)[:2] == (person, project)
    assert read_address(address, *keys_of(during)) == (About.bounce, person)
    fresh = unsubscribe_link(during, person, project).rpartition("/")[2]
    assert read_unsubscribe(after, fresh)[:2] == (person, project)
    assert read_address(address, *keys_of(after)) is None
    with pytest.raises(NotFound):
        read_unsubscribe(after, token)


def test_a_former_key_that_is_still_given_is_said_by_check(tmp_path: Path) -> None:
    settings = settings_for("", tmp_path, secret_key_old=SecretStr(NEW))
    assert any("HEYET_SECRET_KEY_OLD" in problem for problem in settings.problems())
