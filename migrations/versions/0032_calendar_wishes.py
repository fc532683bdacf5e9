"""What a subscription shows and in which language, and how often nights changed.

Safe beside the previous release: its subscriptions get what they got before, its nights count as never changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032_calendar_wishes"
down_revision = "0031_cancelled_from"


def upgrade() -> None:
    with op.batch_alter_table("feed") as feed:
        feed.add_column(sa.Column("language", sa.String(length=2), server_default="", nullable=False))
        feed.add_column(sa.Column("with_tentative", sa.Boolean(), server_default=sa.true(), nullable=False))
        feed.add_column(sa.Column("with_deadlines", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.batch_alter_table("shared_feed") as shared:
        shared.add_column(sa.Column("with_tentative", sa.Boolean(), server_default=sa.true(), nullable=False))
    with op.batch_alter_table("stay") as stay:
        stay.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("stay") as stay:
        stay.drop_column("sequence")
    with op.batch_alter_table("shared_feed") as shared:
        shared.drop_column("with_tentative")
    with op.batch_alter_table("feed") as feed:
        for name in ("with_deadlines", "with_tentative", "language"):
            feed.drop_column(name)
