"""Digests to organisers.

Safe beside the previous release: to it there are no such tables, and it sends no digest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026_digests"
down_revision = "0025_webhooks"


def upgrade() -> None:
    op.create_table(
        "digest_refusal",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_digest_refusal_account_id_account")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_digest_refusal_project_id_project")),
        sa.PrimaryKeyConstraint("account_id", "project_id", name=op.f("pk_digest_refusal")),
    )
    op.create_table(
        "digest_day",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_digest_day_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_digest_day")),
    )


def downgrade() -> None:
    op.drop_table("digest_day")
    op.drop_table("digest_refusal")
