"""Positions, projects, donors, components and materials in a second language.

Safe beside the previous release: new columns are empty unless somebody fills them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0102_titles_in_two_languages"
down_revision = "0100_venue_rooms"
ADDED = (
    ("person", "title_en", 120),
    ("project", "title_tr", 200),
    ("project", "donor_tr", 200),
    ("component", "title_tr", 200),
    ("material", "title_en", 200),
    ("material", "title_tr", 200),
)


def upgrade() -> None:
    for table, column, length in ADDED:
        op.add_column(table, sa.Column(column, sa.String(length=length), nullable=False, server_default=""))


def downgrade() -> None:
    for table, column, _ in reversed(ADDED):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
