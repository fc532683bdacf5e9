"""Mail that came in says about which of our messages it is.

Safe beside the previous release: to it the column is not there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044_inbound_message"
down_revision = "0043_mailboxes"


def upgrade() -> None:
    with op.batch_alter_table("inbound_mail") as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_inbound_mail_message_id"), ["message_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("inbound_mail") as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbound_mail_message_id"))
        batch_op.drop_column("message_id")
