"""Keys by which lists of institutions are sorted.

Safe beside the previous release: what it writes meanwhile stands first in lists until it is next changed.
"""

import sqlalchemy as sa
from alembic import op

from core.collation import sort_key

revision = "0066_institution_order"
down_revision = "0065_stays_in_rooms"
_BATCH = 500


def upgrade() -> None:
    for name in ("sort_key", "sort_key_en"):
        op.add_column("institution", sa.Column(name, sa.String(length=700), server_default="", nullable=False))
    op.create_index("ix_institution_sort_key", "institution", ["sort_key"])
    _write_keys()


def _write_keys() -> None:
    """Of every institution, in batches by id."""
    db = op.get_bind()
    table = sa.table("institution", *(sa.column(one) for one in ("id", "name", "name_en", "sort_key", "sort_key_en")))
    last = None
    while True:
        wanted = sa.select(table.c.id, table.c.name, table.c.name_en).order_by(table.c.id).limit(_BATCH)
        rows = db.execute(wanted if last is None else wanted.where(table.c.id > last)).all()
        for row in rows:
            keys = {
                "sort_key": sort_key(row.name) if row.name else "",
                "sort_key_en": sort_key(row.name_en) if row.name_en else "",
            }
            db.execute(sa.update(table).where(table.c.id == row.id).values(**keys))
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def downgrade() -> None:
    op.drop_index("ix_institution_sort_key", "institution")
    for name in ("sort_key_en", "sort_key"):
        op.drop_column("institution", name)
