"""Lists that go out regularly until the event's last day, wherever that moves.

Safe beside the previous release: to it the table is not there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0075_exports_follow_the_event"
down_revision = "0074_travel_settings_of_projects"


def upgrade() -> None:
    with op.batch_alter_table("scheduled_export") as table:
        table.alter_column("ends_on", existing_type=sa.Date(), nullable=True)


def downgrade() -> None:
    op.execute(
        "UPDATE scheduled_export SET ends_on = (SELECT last_day FROM event WHERE event.id = event_id) "
        "WHERE ends_on IS NULL"
    )
    with op.batch_alter_table("scheduled_export") as table:
        table.alter_column("ends_on", existing_type=sa.Date(), nullable=False)
