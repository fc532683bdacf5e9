"""Superiors of those who attended, and what they answer.

Safe beside the previous release: the tables are new, and it does not know the column.
"""

import sqlalchemy as sa
from alembic import op

revision = "0096_superiors"
down_revision = "0095_letter_files"


def upgrade() -> None:
    op.create_table(
        "superior",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("has_answered", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_superior_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior")),
    )
    op.create_index(op.f("ix_superior_event_id"), "superior", ["event_id"])
    op.create_table(
        "superior_of",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("superior_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_superior_of_registration_id_registration")
        ),
        sa.ForeignKeyConstraint(["superior_id"], ["superior.id"], name=op.f("fk_superior_of_superior_id_superior")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_superior_of")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_superior_of_registration_id")),
    )
    op.create_index(op.f("ix_superior_of_superior_id"), "superior_of", ["superior_id"])
    with op.batch_alter_table("evaluation_response") as batch:
        batch.add_column(sa.Column("superior_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_evaluation_response_superior_id_superior"), "superior", ["superior_id"], ["id"]
        )
        batch.create_index(op.f("ix_evaluation_response_superior_id"), ["superior_id"])


def downgrade() -> None:
    with op.batch_alter_table("evaluation_response") as batch:
        batch.drop_index(op.f("ix_evaluation_response_superior_id"))
        batch.drop_constraint(op.f("fk_evaluation_response_superior_id_superior"), type_="foreignkey")
        batch.drop_column("superior_id")
    op.drop_table("superior_of")
    op.drop_table("superior")
