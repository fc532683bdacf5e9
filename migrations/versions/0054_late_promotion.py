"""Free places that go to the waiting list after the deadline too.

Safe beside the previous release: its inserts take the default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054_late_promotion"
down_revision = "0053_platform_logs"


def upgrade() -> None:
    op.add_column("event", sa.Column("fills_late", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("event", "fills_late")
