"""Mails keep the words they were sent with, speakers what they knew; the state of bulk e-mail is read from its mails.

Not safe beside the previous release: it writes the state of bulk e-mail into columns that are gone. Stop it first.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0106_mails_as_they_were_sent"
down_revision = "0105_surname_keys"
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("message_batch", sa.Column("former_words", sa.Text(), nullable=True))
    op.add_column("part_told", sa.Column("known_before", DOCUMENT, nullable=False, server_default="{}"))
    with op.batch_alter_table("campaign") as table:
        table.drop_column("state")
        table.drop_column("released_at")


def downgrade() -> None:
    with op.batch_alter_table("campaign") as table:
        table.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("state", sa.String(length=32), nullable=False, server_default="draft"))
    op.execute("UPDATE campaign SET state = 'written' WHERE written_at IS NOT NULL")
    op.drop_column("part_told", "known_before")
    op.drop_column("message_batch", "former_words")
