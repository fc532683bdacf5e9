"""When and where each session is used, and recovery codes.

Safe beside the previous release: its sessions say nothing of either and never end by being idle.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037_accounts"
down_revision = "0036_link_sessions"


def upgrade() -> None:
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("browser", sa.String(length=60), server_default="", nullable=False))
        for name in ("started_at", "seen_at", "confirmed_at"):
            sign_in.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])


def downgrade() -> None:
    op.drop_table("recovery_code")
    with op.batch_alter_table("sign_in") as sign_in:
        for name in ("confirmed_at", "seen_at", "started_at", "browser"):
            sign_in.drop_column(name)
