"""Words of an event for its mails.

Safe beside the previous release: it does not know the column, which has a default.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0104_event_texts"
down_revision = "0102_titles_in_two_languages"
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("event", sa.Column("texts", DOCUMENT, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("event", "texts")
