"""A project's own words for its mails.

Safe beside the previous release: it says everything in Heyet's words.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028_texts"
down_revision = "0027_papers"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("project") as project:
        project.add_column(sa.Column("texts", document, server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("project") as project:
        project.drop_column("texts")
