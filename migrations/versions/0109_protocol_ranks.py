"""Where a person stands in the order of protocol.

Safe beside the previous release: it does not know the column, which may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0109_protocol_ranks"
down_revision = "0108_message_indexes"


def upgrade() -> None:
    op.add_column("person", sa.Column("protocol_rank", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "protocol_rank")
