"""Tasks that Heyet wrote down keep their sentence and its facts, so that each reader gets them in their language.

Safe beside the previous release, which leaves the column empty: such a task is read as it was written.
"""

import sqlalchemy as sa
from alembic import op

revision = "0113_keep_the_wording_of_tasks"
down_revision = "0112_progress_index"


def upgrade() -> None:
    op.add_column("visit_task", sa.Column("wording", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("visit_task", "wording")
