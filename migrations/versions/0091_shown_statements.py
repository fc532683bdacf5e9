"""Whether participants see what they get and why.

Safe beside the previous release: to it the column is not there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0091_shown_statements"
down_revision = "0090_adjustments"


def upgrade() -> None:
    with op.batch_alter_table("pay_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shows_statements", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("pay_rules", schema=None) as batch_op:
        batch_op.drop_column("shows_statements")
