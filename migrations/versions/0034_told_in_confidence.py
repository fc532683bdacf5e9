"""The history names people by id, and what people wrote as their reason is encrypted.

Entries lose names and words: the actor stays as an id, a reason that staff gave goes into an encrypted note beside the
entry, one that a participant gave stays with the invitation alone. A paid line may lose its name, and nothing else.

Not safe beside the previous release: it writes names into the history. Stop it first.
"""

import json
from collections.abc import Callable
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.columns import vault
from core.security import Vault
from core.settings import Settings

revision = "0034_told_in_confidence"
down_revision = "0033_projects_apart"

BATCH = 1000
SEALED = (
    ("invitation", "reason", 500),
    ("invitation", "answered_by", 120),
    ("inbound_mail", "note", 300),
    ("erasure_request", "outcome", 500),
)
# Facts that were written in words.
WORDS = ("event", "title", "name", "subject", "session", "url", "code")
# All of a paid line but the name.
LINE = (
    "id",
    "sheet_id",
    "registration_id",
    "institution",
    "night",
    "country",
    "city",
    "rate_minor",
    "counts",
    "bed_minor",
    "breakfast_minor",
    "lunch_minor",
    "dinner_minor",
    "amount_minor",
    "why",
    "facts",
)
ENTRY = sa.table(
    "audit_entry",
    sa.column("id", sa.Uuid()),
    sa.column("actor_id", sa.Uuid()),
    sa.column("actor", sa.String()),
    sa.column("act", sa.String()),
    sa.column("object_id", sa.Uuid()),
    sa.column("reason", sa.String()),
    sa.column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)
NOTE = sa.table("audit_note", sa.column("entry_id", sa.Uuid()), sa.column("text", sa.Text()))


def upgrade() -> None:
    op.create_table(
        "audit_note",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_note")),
    )
    for act in ("UPDATE", "DELETE"):
        _drop("audit_entry", act)
    _take_names_out()
    with op.batch_alter_table("audit_entry") as entry:
        entry.drop_column("reason")
        entry.alter_column("actor", existing_type=sa.String(), type_=sa.String(length=32), existing_nullable=False)
    for act in ("UPDATE", "DELETE"):
        _guard("audit_entry", act)
    _drop("per_diem_line", "UPDATE")
    _guard("per_diem_line", f"UPDATE OF {', '.join(LINE)}", "guard_per_diem_line_update")
    _guard("per_diem_line", "UPDATE OF name", "guard_per_diem_line_name", "NEW.name <> ''")
    for table, column, length in SEALED:
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.String(length=length), type_=sa.Text(), existing_nullable=False)
        _seal(table, column)
    _seal_payloads()


def downgrade() -> None:
    """Names do not come back into the history; what was encrypted stands in clear again."""
    for act in ("UPDATE", "DELETE"):
        _drop("audit_entry", act)
    with op.batch_alter_table("audit_entry") as entry:
        entry.add_column(sa.Column("reason", sa.String(), server_default="", nullable=False))
        entry.alter_column("actor", existing_type=sa.String(length=32), type_=sa.String(), existing_nullable=False)
    for act in ("UPDATE", "DELETE"):
        _guard("audit_entry", act)
    op.drop_table("audit_note")
    _drop("per_diem_line", "NAME")
    _drop("per_diem_line", "UPDATE")
    _guard("per_diem_line", "UPDATE")
    for table, column, length in SEALED:
        _seal(table, column, _unlocked)
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=sa.Text(), type_=sa.String(length=length), existing_nullable=False)
    _seal("job", "payload", _unlocked)
    with op.batch_alter_table("job") as job:
        job.alter_column(
            "payload",
            existing_type=sa.Text(),
            type_=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            existing_nullable=False,
            postgresql_using="payload::jsonb",
        )


def _drop(table: str, act: str) -> None:
    name = f"guard_{table}_{act.lower()}"
    is_postgres = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER {name} ON {table}" if is_postgres else f"DROP TRIGGER {name}")


def _guard(table: str, act: str, name: str = "", when: str = "") -> None:
    name = name or f"guard_{table}_{act.lower()}"
    does = (
        "EXECUTE FUNCTION heyet_refuse()"
        if op.get_bind().dialect.name == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
    )
    condition = f"WHEN ({when})" if when else ""
    op.execute(f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {condition} {does}")


def _take_names_out() -> None:
    bind = op.get_bind()
    last = UUID(int=0)
    while True:
        rows = bind.execute(sa.select(ENTRY).where(ENTRY.c.id > last).order_by(ENTRY.c.id).limit(BATCH)).all()
        for row in rows:
            kind, id = _actor_of(row)
            facts = {name: fact for name, fact in row.facts.items() if name not in WORDS}
            if not _is_id(facts.get("member", "")):
                facts.pop("member", None)
            bind.execute(ENTRY.update().where(ENTRY.c.id == row.id).values(actor=kind, actor_id=id, facts=facts))
            if row.reason and row.actor_id:
                bind.execute(NOTE.insert().values(entry_id=row.id, text=_locked(row.reason)))
        if len(rows) < BATCH:
            return
        last = rows[-1].id


def _actor_of(row: sa.Row[tuple[object, ...]]) -> tuple[str, UUID | None]:
    if row.actor_id:
        return "account", row.actor_id
    if row.act == "names.given":
        return "focal-point", None
    if row.act == "project.created":
        return "program" if row.actor == "command line" else "account", None
    return "person", row.object_id


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _opened() -> Vault:
    if not vault.is_ready:
        vault.use(Settings().key)
    return vault


def _locked(text: str) -> str:
    return _opened().encrypt(text)


def _unlocked(text: str) -> str:
    return _opened().decrypt(text)


def _seal(name: str, column: str, turn: Callable[[str], str] = _locked) -> None:
    bind = op.get_bind()
    table = sa.table(name, sa.column("id", sa.Uuid()), sa.column(column, sa.Text()))
    for row in bind.execute(sa.select(table).where(table.c[column] != "")).all():
        bind.execute(table.update().where(table.c.id == row.id).values({column: turn(row[1])}))


def _seal_payloads() -> None:
    """Of jobs that are still to be done; those that are over need theirs no more."""
    bind = op.get_bind()
    with op.batch_alter_table("job") as job:
        job.alter_column(
            "payload",
            existing_type=sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            type_=sa.Text(),
            existing_nullable=False,
            postgresql_using="payload::text",
        )
    table = sa.table(
        "job", sa.column("id", sa.Uuid()), sa.column("stage", sa.String()), sa.column("payload", sa.Text())
    )
    for row in bind.execute(sa.select(table)).all():
        is_over = row.stage in ("done", "failed")
        payload = _locked(json.dumps({} if is_over else json.loads(row.payload)))
        bind.execute(table.update().where(table.c.id == row.id).values(payload=payload))
