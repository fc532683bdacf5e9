"""Places in sessions.

Safe beside the previous release: to it everybody takes part in every session.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_choices"
down_revision = "0014_headings"


def upgrade() -> None:
    op.create_table(
        "session_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_session_place_registration_id_registration"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_place_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_place")),
        sa.UniqueConstraint("session_id", "registration_id", name=op.f("uq_session_place_session_id_registration_id")),
    )
    with op.batch_alter_table("session_place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_place_registration_id"), ["registration_id"], unique=False)

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("places", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_column("places")

    with op.batch_alter_table("session_place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_place_registration_id"))

    op.drop_table("session_place")
