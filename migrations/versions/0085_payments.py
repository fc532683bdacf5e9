"""Batches of payments, the account that a project pays from, and money that people give back.

Safe beside the previous release: the tables are new.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0085_payments"
down_revision = "0084_statements"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "paying_account",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("bic", sa.Text(), nullable=False),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("explanation", sa.String(length=60), nullable=False),
        sa.Column("books", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_paying_account_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_paying_account")),
    )
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("executes_on", sa.Date(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("exported_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_payment_batch_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("project_id", "number", name=op.f("uq_payment_batch_project_id_number")),
    )
    op.create_index(op.f("ix_payment_batch_project_id"), "payment_batch", ["project_id"])
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_person(),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("name", "holder", "iban", "bic", "bank_name", "account")
        ),
        sa.Column("account_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        *_keys("payment"),
        sa.ForeignKeyConstraint(["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_batch_id_payment_batch")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_positive_payment")),
    )
    for name in ("event_id", "batch_id", "sheet_id", "sheet_person_id", "registration_id", "account_key"):
        op.create_index(op.f(f"ix_payment_{name}"), "payment", [name])
    op.create_table(
        "money_returned",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_person(),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("entered_at", INSTANT, nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        *_keys("money_returned"),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_money_returned_positive_return")),
    )
    for name in ("event_id", "sheet_id", "sheet_person_id"):
        op.create_index(op.f(f"ix_money_returned_{name}"), "money_returned", [name])


def _of_person() -> list[Any]:
    return [
        *(
            sa.Column(n, sa.Uuid(), nullable=False)
            for n in ("event_id", "sheet_id", "sheet_person_id", "registration_id")
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
    ]


def _keys(table: str) -> list[sa.Constraint]:
    to = {
        "event_id": "event",
        "sheet_id": "per_diem_sheet",
        "sheet_person_id": "sheet_person",
        "registration_id": "registration",
    }
    return [
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}_{other}"))
            for name, other in to.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def downgrade() -> None:
    for table in ("money_returned", "payment", "payment_batch", "paying_account"):
        op.drop_table(table)
