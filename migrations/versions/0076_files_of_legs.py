"""Tickets and boarding passes lie with a leg; amounts of costs may be beyond two thousand million cents.

Safe beside the previous release: to it the column is not there, and new rows without it lie with no leg.
"""

import sqlalchemy as sa
from alembic import op

revision = "0076_files_of_legs"
down_revision = "0075_exports_follow_the_event"


def upgrade() -> None:
    with op.batch_alter_table("booking_file") as table:
        table.add_column(sa.Column("leg_id", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_booking_file_leg_id_leg"), "leg", ["leg_id"], ["id"])
        table.create_index(op.f("ix_booking_file_leg_id"), ["leg_id"])
    for name, is_empty in (("cost_line", False), ("visit_budget", True)):
        with op.batch_alter_table(name) as table:
            table.alter_column(
                "amount_minor", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=is_empty
            )


def downgrade() -> None:
    for name, is_empty in (("cost_line", False), ("visit_budget", True)):
        with op.batch_alter_table(name) as table:
            table.alter_column(
                "amount_minor", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=is_empty
            )
    with op.batch_alter_table("booking_file") as table:
        table.drop_index(op.f("ix_booking_file_leg_id"))
        table.drop_constraint(op.f("fk_booking_file_leg_id_leg"), type_="foreignkey")
        table.drop_column("leg_id")
