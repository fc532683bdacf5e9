"""People whom only the organiser can let in ask on the public page again.

Safe beside the previous release: to it the column is not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0048_reapplied"
down_revision = "0047_certificates"


def upgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.add_column(sa.Column("reapplied_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("invitation") as batch_op:
        batch_op.drop_column("reapplied_at")
