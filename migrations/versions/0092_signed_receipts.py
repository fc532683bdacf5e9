"""Receipts signed on the screen, where a project allows it.

Safe beside the previous release: to it neither table nor column is there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0092_signed_receipts"
down_revision = "0091_shown_statements"


def upgrade() -> None:
    with op.batch_alter_table("pay_rules") as table:
        table.add_column(sa.Column("signs_on_screen", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("pay_rules") as table:
        table.alter_column("signs_on_screen", server_default=None, existing_type=sa.Boolean(), existing_nullable=False)
    op.create_table(
        "signed_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("picture_digest", sa.String(length=64), nullable=False),
        sa.Column("typed_name", sa.Text(), nullable=False),
        sa.Column("statement_digest", sa.String(length=64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_signed_receipt_event_id_event")),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["per_diem_sheet.id"], name=op.f("fk_signed_receipt_sheet_id_per_diem_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_signed_receipt_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_receipt")),
        sa.UniqueConstraint("sheet_id", "registration_id", name=op.f("uq_signed_receipt_sheet_id_registration_id")),
    )
    for name in ("event_id", "registration_id"):
        op.create_index(op.f(f"ix_signed_receipt_{name}"), "signed_receipt", [name])


def downgrade() -> None:
    op.drop_table("signed_receipt")
    with op.batch_alter_table("pay_rules") as table:
        table.drop_column("signs_on_screen")
