"""Webhooks, and the history by project and moment.

Safe beside the previous release: to it there is no such table, and it finds a project's history by the new index too.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025_webhooks"
down_revision = "0024_relays"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=254), nullable=False),
        sa.Column("signing_secret", sa.Text(), nullable=False),
        sa.Column("topics", document, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_webhook_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_project_id"), "webhook", ["project_id"])
    op.create_index("ix_audit_entry_project_id_at", "audit_entry", ["project_id", "at"])
    op.drop_index(op.f("ix_audit_entry_project_id"), "audit_entry")


def downgrade() -> None:
    op.create_index(op.f("ix_audit_entry_project_id"), "audit_entry", ["project_id"])
    op.drop_index("ix_audit_entry_project_id_at", "audit_entry")
    op.drop_table("webhook")
