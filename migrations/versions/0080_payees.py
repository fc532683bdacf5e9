"""How people are paid stands in a table of its own, with what was told of an account for a journey.

Not safe beside the previous release, which asks travellers for their account with the journey: stop it first.
"""

import json

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.columns import vault
from core.ids import new_id

revision = "0080_payees"
down_revision = "0079_exchange_rates"

TOLD = sa.table(
    "travel_details",
    sa.column("id", sa.Uuid()),
    sa.column("event_id", sa.Uuid()),
    sa.column("registration_id", sa.Uuid()),
    sa.column("account", sa.Text()),
    sa.column("changed_at", UTCDateTime()),
)
SEALED = ("holder", "iban", "bic", "bank_name", "domestic_account", "home_city")
PAYEE = sa.table(
    "payee_details",
    sa.column("id", sa.Uuid()),
    sa.column("event_id", sa.Uuid()),
    sa.column("registration_id", sa.Uuid()),
    sa.column("method", sa.String()),
    *(sa.column(name, sa.Text()) for name in SEALED),
    sa.column("bank_country", sa.String()),
    sa.column("account_currency", sa.String()),
    sa.column("grade", sa.String()),
    sa.column("home_country", sa.String()),
    sa.column("is_complete", sa.Boolean()),
    sa.column("revision", sa.Integer()),
    sa.column("changed_at", UTCDateTime()),
)
PLAIN = {"bank_country": "", "account_currency": "", "grade": "", "home_country": "", "revision": 1}


def upgrade() -> None:
    op.create_table(
        "payee_details",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("iban", sa.Text(), nullable=False),
        sa.Column("bic", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("domestic_account", sa.Text(), nullable=False),
        sa.Column("bank_country", sa.String(length=2), nullable=False),
        sa.Column("account_currency", sa.String(length=3), nullable=False),
        sa.Column("grade", sa.String(length=60), nullable=False),
        sa.Column("home_country", sa.String(length=2), nullable=False),
        sa.Column("home_city", sa.Text(), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_payee_details_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_payee_details_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_details")),
        sa.UniqueConstraint("registration_id", name=op.f("uq_payee_details_registration_id")),
    )
    op.create_index(op.f("ix_payee_details_event_id"), "payee_details", ["event_id"])
    bind = op.get_bind()
    for row in bind.execute(sa.select(TOLD).where(TOLD.c.account != "")).all():
        account = json.loads(vault.decrypt(row.account))
        if not account:
            continue
        sealed = {name: vault.encrypt(str(account.get(name, ""))) for name in SEALED}
        of = {"event_id": row.event_id, "registration_id": row.registration_id, "changed_at": row.changed_at}
        is_complete = bool(account.get("holder") and account.get("iban"))
        more = {"id": new_id(), "method": "bank", "is_complete": is_complete}
        bind.execute(PAYEE.insert().values(**sealed, **of, **more, **PLAIN))
    with op.batch_alter_table("travel_details") as table:
        table.drop_column("account")


def downgrade() -> None:
    """Accounts go back to journeys of which something was told; what only the new table knows ends."""
    with op.batch_alter_table("travel_details") as table:
        table.add_column(sa.Column("account", sa.Text(), server_default="", nullable=False))
    bind = op.get_bind()
    for row in bind.execute(sa.select(PAYEE)).all():
        iban, holder = (vault.decrypt(sealed) if sealed else "" for sealed in (row.iban, row.holder))
        if iban:
            account = vault.encrypt(json.dumps({"holder": holder, "iban": iban}))
            here = TOLD.c.registration_id == row.registration_id
            bind.execute(TOLD.update().where(here).values(account=account))
    op.drop_table("payee_details")
