"""Whether those invited may send a substitute is the event's rule, and proposals wait for the organiser.

Safe beside the previous release: events that it writes take substitutes freely, as they did before.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0042_substitution"
down_revision = "0041_institutions_in_bulk"


def upgrade() -> None:
    op.create_table(
        "substitution_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_substitution_proposal_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution_proposal")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_substitution_proposal_invitation_id")),
    )

    with op.batch_alter_table("event") as batch_op:
        batch_op.add_column(sa.Column("substitution", sa.String(length=32), server_default="free", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("event") as batch_op:
        batch_op.drop_column("substitution")

    op.drop_table("substitution_proposal")
