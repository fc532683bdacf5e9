"""Answers, offers and admission.

Safe beside the previous release: it knows fewer answers and writes none of the new ones; do not take new answers until
all run this one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_answers"
down_revision = "0008_quotas"


def upgrade() -> None:
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("admission", sa.String(length=32), nullable=False, server_default="by-list"))
        batch_op.add_column(sa.Column("offer_hours", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("names_freeze_on", sa.Date(), nullable=True))

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=32), nullable=False, server_default="organiser"))
        batch_op.add_column(sa.Column("instead_of_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("answered_by", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_invitation_instead_of_id"), ["instead_of_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_invitation_instead_of_id_invitation"), "invitation", ["instead_of_id"], ["id"]
        )

    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("offered_until")
        batch_op.drop_column("priority")

    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_invitation_instead_of_id_invitation"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_invitation_instead_of_id"))
        batch_op.drop_column("opened_at")
        batch_op.drop_column("answered_by")
        batch_op.drop_column("instead_of_id")
        batch_op.drop_column("origin")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_column("names_freeze_on")
        batch_op.drop_column("offer_hours")
        batch_op.drop_column("admission")
