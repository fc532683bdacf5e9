"""An event's people counted by how far they are without reading a row.

Safe beside the previous release. Where building it takes too long (nobody answers meanwhile on PostgreSQL, some
seconds for a million), `CREATE INDEX CONCURRENTLY` it under this name before.
"""

from alembic import op

revision = "0112_progress_index"
down_revision = "0110_sheet_numbers"


def upgrade() -> None:
    op.create_index(
        "ix_invitation_progress",
        "invitation",
        ["event_id", "standing", "invited_at", "opened_at", "answered_at"],
        if_not_exists=True,
    )
    op.drop_index("ix_invitation_event_id_standing", "invitation")


def downgrade() -> None:
    op.create_index("ix_invitation_event_id_standing", "invitation", ["event_id", "standing"])
    op.drop_index("ix_invitation_progress", "invitation")
