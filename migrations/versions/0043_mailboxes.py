"""People and blocked addresses are known by the mailbox, without tags and points that the large providers ignore.

Safe beside the previous release: it looks such addresses up by their spelling and would add those few people anew.
"""

import sqlalchemy as sa
from alembic import op

from core.text import address_key

revision = "0043_mailboxes"
down_revision = "0042_substitution"
_TABLES = ("person", "person_address", "suppression")


def upgrade() -> None:
    db = op.get_bind()
    for name in _TABLES:
        table = sa.table(
            name, sa.column("id", sa.Uuid()), sa.column("project_id", sa.Uuid()), sa.column("address_key", sa.String())
        )
        known = {(row.project_id, row.address_key) for row in db.execute(sa.select(table)) if row.address_key}
        for row in db.execute(sa.select(table)).all():
            key = address_key(row.address_key or "") or None
            # Two of one project who share a mailbox stay two, until somebody merges them.
            if key != row.address_key and (row.project_id, key) not in known:
                known.add((row.project_id, key))
                db.execute(sa.update(table).where(table.c.id == row.id).values(address_key=key))


def downgrade() -> None:
    """The former keys are the addresses as they are spelled; blocked addresses keep the mailbox."""
    db = op.get_bind()
    for name in ("person", "person_address"):
        table = sa.table(
            name, sa.column("id", sa.Uuid()), sa.column("address", sa.String()), sa.column("address_key", sa.String())
        )
        for row in db.execute(sa.select(table).where(table.c.address_key.is_not(None))).all():
            key = (row.address or "").strip().casefold()
            if key != row.address_key:
                db.execute(sa.update(table).where(table.c.id == row.id).values(address_key=key))
