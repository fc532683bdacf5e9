"""Finding what went lately.

Safe beside the previous release: one more index.
"""

from alembic import op

revision = "0020_sent_at"
down_revision = "0019_inbound"


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_sent_at", ["sent_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_sent_at")
