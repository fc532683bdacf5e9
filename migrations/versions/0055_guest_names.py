"""Names of guests, where an event asks for them.

Safe beside the previous release: its inserts take the defaults.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055_guest_names"
down_revision = "0054_late_promotion"


def upgrade() -> None:
    op.add_column("event", sa.Column("asks_guest_names", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("registration", sa.Column("guest_names", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("registration", "guest_names")
    op.drop_column("event", "asks_guest_names")
