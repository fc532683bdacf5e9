"""Drop the code of a certificate: what the certificate says holds it, and it is looked up by its hash.

Not safe beside the previous release, which writes the column: stop it first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0060_certificate_code"
down_revision = "0059_booking_files"


def upgrade() -> None:
    op.drop_column("certificate", "code")


def downgrade() -> None:
    # Empty for those there are: nothing reads it.
    op.add_column("certificate", sa.Column("code", sa.Text(), nullable=False, server_default=""))
