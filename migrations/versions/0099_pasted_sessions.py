"""Which sessions were pasted together, so that they can be taken back.

Safe beside the previous release: the column may be empty, and it does not know it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0099_pasted_sessions"
down_revision = "0098_event_hours"


def upgrade() -> None:
    op.add_column("session", sa.Column("pasted_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "pasted_id")
