"""Places in sessions that are kept for the answer of who waits.

Safe beside the previous release: it counts an offered place as one that somebody waits for, and may give it at once.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0070_session_offers"
down_revision = "0069_scheduled_exports"


def upgrade() -> None:
    op.add_column("session_place", sa.Column("offered_until", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("session_place", "offered_until")
