"""Evaluations and tests of an event, what was answered, and who has answered.

Safe beside the previous release: to it the tables are not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049_evaluations"
down_revision = "0048_reapplied"


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("is_anonymous", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evaluation_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("event_id", "kind", name=op.f("uq_evaluation_event_id_kind")),
    )
    op.create_table(
        "evaluation_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_receipt_evaluation_id_evaluation")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_evaluation_receipt_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_receipt")),
        sa.UniqueConstraint(
            "evaluation_id", "registration_id", name=op.f("uq_evaluation_receipt_evaluation_id_registration_id")
        ),
    )
    with op.batch_alter_table("evaluation_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_receipt_registration_id"), ["registration_id"], unique=False)

    op.create_table(
        "evaluation_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evaluation_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("pair_hash", sa.String(length=64), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_response_evaluation_id_evaluation")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_evaluation_response_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_response")),
    )
    with op.batch_alter_table("evaluation_response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_response_evaluation_id"), ["evaluation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evaluation_response_registration_id"), ["registration_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("evaluation_response", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_response_registration_id"))
        batch_op.drop_index(batch_op.f("ix_evaluation_response_evaluation_id"))

    op.drop_table("evaluation_response")
    with op.batch_alter_table("evaluation_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_receipt_registration_id"))

    op.drop_table("evaluation_receipt")
    op.drop_table("evaluation")
