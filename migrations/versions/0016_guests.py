"""Guests.

Safe beside the previous release: it counts one place a person; allow no guests until all run this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_guests"
down_revision = "0015_choices"


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guests_allowed", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guests", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("guests")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("guests_allowed")
