"""Mails that wait belong to batches.

Safe beside the previous release: the tables are new, and what it writes without a batch is still sent.
"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0097_message_batches"
down_revision = "0096_superiors"


def upgrade() -> None:
    op.create_table(
        "message_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("reasons", sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("added_en", sa.Text(), nullable=False),
        sa.Column("added_tr", sa.Text(), nullable=False),
        sa.Column("about_version", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_batch")),
    )
    op.create_index(op.f("ix_message_batch_project_id"), "message_batch", ["project_id"])
    op.create_index(
        "ix_message_batch_open",
        "message_batch",
        ["about_id", "kind"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "batch_omission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["message_batch.id"], name=op.f("fk_batch_omission_batch_id_message_batch")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_batch_omission_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_omission")),
        sa.UniqueConstraint("batch_id", "person_id", name=op.f("uq_batch_omission_batch_id_person_id")),
    )
    op.create_index(op.f("ix_batch_omission_person_id"), "batch_omission", ["person_id"])
    op.add_column("message", sa.Column("batch_id", sa.Uuid(), nullable=True))
    op.add_column("message", sa.Column("added", sa.Text(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("told_before", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_message_batch_id"), "message", ["batch_id"])
    _join_batches()
    drafted = sa.text("state = 'draft'")
    op.create_index("ix_message_draft", "message", ["batch_id"], sqlite_where=drafted, postgresql_where=drafted)


def _join_batches() -> None:
    """Drafts that wait already become batches, one for each kind of mail about a thing."""
    message = sa.table(
        "message",
        sa.column("project_id", sa.Uuid()),
        sa.column("about_id", sa.Uuid()),
        sa.column("batch_id", sa.Uuid()),
        sa.column("kind"),
        sa.column("state"),
    )
    batch = sa.table(
        "message_batch",
        sa.column("id", sa.Uuid()),
        sa.column("project_id", sa.Uuid()),
        sa.column("about_id", sa.Uuid()),
        sa.column("kind"),
        sa.column("is_open", sa.Boolean()),
        sa.column("written_at", sa.DateTime(timezone=True)),
        sa.column("written_by"),
        sa.column("reasons", sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")),
        sa.column("added_en"),
        sa.column("added_tr"),
        sa.column("sent_by"),
    )
    here = op.get_bind()
    is_draft = sa.and_(message.c.state == "draft", message.c.project_id.is_not(None), message.c.about_id.is_not(None))
    keys = here.execute(
        sa.select(message.c.project_id, message.c.about_id, message.c.kind).where(is_draft).distinct()
    ).all()
    empty = dict.fromkeys(("written_by", "added_en", "added_tr", "sent_by"), "")
    for project_id, about_id, kind in keys:
        key = {"project_id": project_id, "about_id": about_id, "kind": kind}
        one = {"id": uuid4(), "is_open": True, "written_at": datetime.now(UTC), "reasons": []} | key | empty
        here.execute(sa.insert(batch).values(one))
        theirs = [message.c[name] == value for name, value in key.items()]
        here.execute(sa.update(message).where(is_draft, *theirs).values(batch_id=one["id"]))


def downgrade() -> None:
    op.drop_index("ix_message_draft", "message")
    op.drop_index(op.f("ix_message_batch_id"), "message")
    for name in ("told_before", "added", "batch_id"):
        op.drop_column("message", name)
    op.drop_table("batch_omission")
    op.drop_table("message_batch")
