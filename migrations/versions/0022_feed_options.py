"""Options of personal calendars.

Safe beside the previous release: to it every calendar shows sessions without alarms.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022_feed_options"
down_revision = "0021_shared_feeds"


def upgrade() -> None:
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_days", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("alarm_minutes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("client", sa.String(length=120), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.drop_column("client")
        batch_op.drop_column("fetched_at")
        batch_op.drop_column("alarm_minutes")
        batch_op.drop_column("as_days")
