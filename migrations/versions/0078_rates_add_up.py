"""Rate tables with their rule set, scope, source and state; rows with all their amounts as exact decimals.

What there was is in force from now on, every table of a project together, as lists of EU external actions by the day of
the journey. Not safe beside the previous release, which reads amounts in minor units: stop it first.
"""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op
from babel.numbers import get_currency_precision
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0078_rates_add_up"
down_revision = "0077_pages_of_passports"

# Text that rows had no column for.
TEXTS = {"rule_set": 32, "scope": 32, "source": 300, "confidence": 32, "state": 32, "shipped": 80, "reason": 500}
BEFORE = {"rule_set": "eu_external", "scope": "travel", "confidence": "own", "state": "in_force"}
ROWS = sa.table(
    "rate_row",
    sa.column("id", sa.Uuid()),
    sa.column("currency", sa.String()),
    sa.column("amount_minor", sa.Integer()),
    sa.column("amounts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
)


def upgrade() -> None:
    amounts = sa.Column("amounts", ROWS.c.amounts.type, server_default="{}", nullable=False)
    with op.batch_alter_table("rate_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("grade", sa.String(length=120), server_default="", nullable=False))
        batch_op.add_column(amounts)
        batch_op.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch_op.alter_column("valid_from", existing_type=sa.DATE(), nullable=True)
        batch_op.drop_constraint(batch_op.f("uq_rate_row_table_id_country_city_valid_from"), type_="unique")
        batch_op.create_index(batch_op.f("ix_rate_row_table_id"), ["table_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_rate_row_table_id_country_city_grade_valid_from"),
            ["table_id", "country", "city", "grade", "valid_from"],
        )
        batch_op.create_index(
            "uq_rate_row_undated",
            ["table_id", "country", "city", "grade"],
            unique=True,
            sqlite_where=sa.text("valid_from IS NULL"),
            postgresql_where=sa.text("valid_from IS NULL"),
        )
    db = op.get_bind()
    for row in db.execute(sa.select(ROWS.c.id, ROWS.c.currency, ROWS.c.amount_minor)).all():
        amount = Decimal(row.amount_minor).scaleb(-get_currency_precision(row.currency))
        db.execute(sa.update(ROWS).where(ROWS.c.id == row.id).values(amounts={"amount": f"{amount:f}"}))
    with op.batch_alter_table("rate_row", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_rate_row_positive_amount"), type_="check")
        batch_op.drop_column("amount_minor")
    with op.batch_alter_table("rate_table", schema=None) as batch_op:
        for name, length in TEXTS.items():
            column = sa.Column(name, sa.String(length=length), server_default=BEFORE.get(name, ""), nullable=False)
            batch_op.add_column(column)
        batch_op.add_column(sa.Column("renewed", sa.Integer(), server_default="24", nullable=False))
        for name in ("imported_by", "in_force_by", "withdrawn_by"):
            batch_op.add_column(sa.Column(name, sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("in_force_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", UTCDateTime(), nullable=True))
    db.execute(sa.text("UPDATE rate_table SET in_force_at = imported_at"))


def downgrade() -> None:
    """Rows that the older tables cannot hold go with it: those without a day, for a grade, without a country."""
    db = op.get_bind()
    db.execute(sa.text("DELETE FROM rate_row WHERE valid_from IS NULL OR grade != '' OR country = ''"))
    db.execute(
        sa.text(
            "DELETE FROM rate_row WHERE table_id IN"
            " (SELECT id FROM rate_table WHERE state != 'in_force' OR rule_set != 'eu_external')"
        )
    )
    db.execute(
        sa.text(
            "DELETE FROM rate_table WHERE (state != 'in_force' OR rule_set != 'eu_external')"
            " AND id NOT IN (SELECT table_id FROM per_diem_sheet)"
        )
    )
    with op.batch_alter_table("rate_table", schema=None) as batch_op:
        for name in (*TEXTS, "renewed", "imported_by", "in_force_by", "withdrawn_by", "in_force_at", "withdrawn_at"):
            batch_op.drop_column(name)
    with op.batch_alter_table("rate_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("amount_minor", sa.Integer(), server_default="1", nullable=False))
        batch_op.drop_index("uq_rate_row_undated")
        batch_op.drop_constraint(batch_op.f("uq_rate_row_table_id_country_city_grade_valid_from"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_rate_row_table_id"))
        batch_op.create_unique_constraint(
            batch_op.f("uq_rate_row_table_id_country_city_valid_from"), ["table_id", "country", "city", "valid_from"]
        )
        batch_op.alter_column("valid_from", existing_type=sa.DATE(), nullable=False)
    for row in db.execute(sa.select(ROWS.c.id, ROWS.c.currency, ROWS.c.amounts)).all():
        minor = Decimal(row.amounts["amount"]).scaleb(get_currency_precision(row.currency))
        db.execute(sa.update(ROWS).where(ROWS.c.id == row.id).values(amount_minor=int(minor)))
    with op.batch_alter_table("rate_row", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_rate_row_positive_amount"), "amount_minor > 0")
        for name in ("valid_to", "amounts", "grade"):
            batch_op.drop_column(name)
