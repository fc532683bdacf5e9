"""Entries of the history are signed and sealed, and rows that are kept cannot be replaced or emptied either.

SQLite's INSERT OR REPLACE removes the row that is in its way without asking the trigger that refuses removing: a row of
that id, of that place in the file, or of those unique columns. PostgreSQL's TRUNCATE asks no trigger of rows.

Entries that are there are signed as they are now: they are proven from here on, not from when they were written.
Not safe beside the previous release: it writes entries without a signature. Stop it first.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

from core.audit import content_of
from core.columns import vault
from core.settings import Settings

revision = "0038_vault"
down_revision = "0037_accounts"

BATCH = 1000
ENTRY = ("id", "at", "project_id", "actor_id", "actor", "act", "object_id", "facts")
SEAL = ("position", "entry_id", "digest", "link", "sealed_at")
# table -> which rows are in the way of a new one: every unique column and index
KEPT = {
    "audit_entry": ("id = NEW.id",),
    "audit_seal": ("position = NEW.position", "entry_id = NEW.entry_id"),
    "per_diem_line": (
        "id = NEW.id",
        "sheet_id = NEW.sheet_id AND registration_id = NEW.registration_id AND night = NEW.night",
    ),
    "per_diem_sheet": (
        "id = NEW.id",
        "event_id = NEW.event_id AND currency = NEW.currency AND state <> 'returned' AND NEW.state <> 'returned'",
    ),
}
SIGNED = sa.table(
    "audit_entry",
    sa.column("id", sa.Uuid()),
    sa.column("at", UTCDateTime()),
    sa.column("project_id", sa.Uuid()),
    sa.column("actor_id", sa.Uuid()),
    sa.column("actor", sa.String()),
    sa.column("act", sa.String()),
    sa.column("object_id", sa.Uuid()),
    sa.column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
    sa.column("signature", sa.String()),
)


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("signature", sa.String(length=64), server_default="", nullable=False))
    op.create_table(
        "audit_seal",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("link", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
    )
    _drop("audit_entry", "update")
    _sign()
    _guard_columns("audit_entry", ENTRY)
    _guard_columns("audit_seal", SEAL)
    _guard("audit_seal", "delete", "BEFORE DELETE")
    if _is_postgres():
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION heyet_refuse()"
            )
    else:
        for table, in_the_way in KEPT.items():
            _refuse_replacing(table, in_the_way)


def downgrade() -> None:
    if _is_postgres():
        for table in KEPT:
            _drop(table, "truncate")
    else:
        for table in KEPT:
            _drop(table, "replace")
            _drop(table, "moved")
    for act in ("update", "delete"):
        _drop("audit_entry", act)
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_entry") as entry:
        entry.drop_column("signature")
    for act in ("update", "delete"):
        _guard("audit_entry", act, f"BEFORE {act.upper()}")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _drop(table: str, act: str) -> None:
    name = f"guard_{table}_{act}"
    op.execute(f"DROP TRIGGER {name} ON {table}" if _is_postgres() else f"DROP TRIGGER {name}")


def _guard(table: str, act: str, when: str, condition: str = "") -> None:
    does = (
        "EXECUTE FUNCTION heyet_refuse()"
        if _is_postgres()
        else "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
    )
    condition = f"WHEN ({condition})" if condition else ""
    op.execute(f"CREATE TRIGGER guard_{table}_{act} {when} ON {table} FOR EACH ROW {condition} {does}")


def _guard_columns(table: str, columns: tuple[str, ...]) -> None:
    """All but the signature: a new key signs anew, and a wrong signature shows."""
    _guard(table, "update", f"BEFORE UPDATE OF {', '.join(columns)}")


def _refuse_replacing(table: str, in_the_way: tuple[str, ...]) -> None:
    there = " OR ".join(f"({one})" for one in (*in_the_way, "rowid = NEW.rowid"))
    _guard(table, "replace", "BEFORE INSERT", f"EXISTS (SELECT 1 FROM {table} WHERE {there})")  # noqa: S608
    # UPDATE OR REPLACE does the same, and a row's place in the file is no column that a trigger could name.
    _guard(
        table,
        "moved",
        "BEFORE UPDATE",
        f"NEW.rowid <> OLD.rowid OR EXISTS (SELECT 1 FROM {table} WHERE rowid <> OLD.rowid AND ({there}))",  # noqa: S608
    )


def _sign() -> None:
    """What is there, in batches; no key is asked for where nothing is there."""
    bind = op.get_bind()
    last = UUID(int=0)
    while True:
        wanted = sa.select(SIGNED).where(SIGNED.c.id > last).order_by(SIGNED.c.id).limit(BATCH)
        entries: list[Any] = list(bind.execute(wanted))
        if not entries:
            return
        if not vault.is_ready:
            vault.use(*Settings().keys)
        for entry in entries:
            signature = vault.sign(content_of(entry))
            bind.execute(SIGNED.update().where(SIGNED.c.id == entry.id).values(signature=signature))
        last = entries[-1].id
