"""A key by which lists of people are sorted by surname.

Safe beside the previous release: it writes people without the key, who stand after all others in such a list until
they are saved again.
"""

import sqlalchemy as sa
from alembic import op

from core.collation import surname_key

revision = "0105_surname_keys"
down_revision = "0104_event_texts"
_BATCH = 500


def upgrade() -> None:
    op.add_column("person", sa.Column("surname_key", sa.String(length=700), server_default="", nullable=False))
    db, last = op.get_bind(), None
    person = sa.table("person", *(sa.column(one) for one in ("id", "name", "sort_key", "surname_key")))
    while True:
        wanted = sa.select(person.c.id, person.c.name).where(person.c.sort_key != "")
        wanted = wanted.order_by(person.c.id).limit(_BATCH)
        rows = db.execute(wanted if last is None else wanted.where(person.c.id > last)).all()
        for row in rows:
            filled = sa.update(person).where(person.c.id == row.id)
            db.execute(filled.values(surname_key=surname_key(row.name)))
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("person", "surname_key")
