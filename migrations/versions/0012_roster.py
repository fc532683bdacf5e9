"""Columns of the roster.

Safe beside the previous release: it knows nothing of this table.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012_roster"
down_revision = "0011_questions"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "roster_columns",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("columns", document, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_roster_columns_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_roster_columns")),
    )


def downgrade() -> None:
    op.drop_table("roster_columns")
