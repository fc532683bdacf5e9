"""A batch of payments keeps the account it is paid from: a second file of it is the same, whatever changes later.

Batches of before get the account that their project pays from now. Safe beside the previous release: new columns have
a value, and a batch that it makes takes the project's account of the moment.
"""

import sqlalchemy as sa
from alembic import op

revision = "0094_payer_of_a_batch"
down_revision = "0093_signatures_stay"

# column -> that of the project's account; sealed text goes over as it is
COPIED = {"payer_holder": "holder", "payer_iban": "iban", "payer_bic": "bic", "explanation": "explanation"}


def upgrade() -> None:
    with op.batch_alter_table("payment_batch") as table:
        for name in COPIED:
            kind = sa.String(length=60) if name == "explanation" else sa.Text()
            table.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    for name, source in COPIED.items():
        op.execute(
            f"UPDATE payment_batch SET {name} = COALESCE((SELECT {source} FROM paying_account "  # noqa: S608
            "WHERE paying_account.project_id = payment_batch.project_id), '')"
        )
    with op.batch_alter_table("payment_batch") as table:
        for name in COPIED:
            kind = sa.String(length=60) if name == "explanation" else sa.Text()
            table.alter_column(name, server_default=None, existing_type=kind, existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("payment_batch") as table:
        for name in COPIED:
            table.drop_column(name)
