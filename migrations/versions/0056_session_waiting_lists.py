"""Waiting lists of sessions.

Not safe beside the previous release: it would count who waits for a session as having a place in it.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0056_session_waiting_lists"
down_revision = "0055_guest_names"


def upgrade() -> None:
    op.add_column("session_place", sa.Column("waiting_since", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM session_place WHERE waiting_since IS NOT NULL")
    op.drop_column("session_place", "waiting_since")
