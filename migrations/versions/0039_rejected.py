"""Invitations and nominees that were refused are rejected, as pages and programs call it.

Not safe beside the previous release: it does not know the new word. Stop it first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039_rejected"
down_revision = "0038_vault"

COLUMNS = (("invitation", "standing"), ("nominee", "state"))


def _replace(before: str, after: str) -> None:
    for table, column in COLUMNS:
        rows = sa.table(table, sa.column(column))
        op.execute(rows.update().where(rows.c[column] == before).values({column: after}))


def upgrade() -> None:
    _replace("refused", "rejected")


def downgrade() -> None:
    _replace("rejected", "refused")
