"""Senders of projects, and channels of messages.

Safe beside the previous release: what it writes leaves as mail from the installation's address, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_relays"
down_revision = "0023_tellings"


def upgrade() -> None:
    with op.batch_alter_table("project") as project:
        project.add_column(sa.Column("mail_from", sa.String(length=254), server_default="", nullable=False))
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("sender_address", sa.String(length=254), server_default="", nullable=False))
        message.add_column(sa.Column("channel", sa.String(length=16), server_default="mail", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("message") as message:
        message.drop_column("channel")
        message.drop_column("sender_address")
    with op.batch_alter_table("project") as project:
        project.drop_column("mail_from")
