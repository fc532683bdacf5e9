"""Who was erased by versions 0.2.0 to 0.2.2 kept a protocol rank; it goes.

Safe beside the previous release.
"""

from alembic import op

revision = "0114_ranks_of_the_erased"
down_revision = "0113_keep_the_wording_of_tasks"


def upgrade() -> None:
    op.execute("UPDATE person SET protocol_rank = NULL WHERE name = '–' AND protocol_rank IS NOT NULL")


def downgrade() -> None:
    """What was erased does not come back."""
