"""Search keys without marks in every script, and a key by which lists of people are sorted.

Safe beside the previous release, which finds and sorts a little less well meanwhile.
"""

import sqlalchemy as sa
from alembic import op

from core.collation import sort_key
from core.columns import folded

revision = "0057_search_keys"
down_revision = "0056_session_waiting_lists"
_BATCH = 500


def upgrade() -> None:
    op.add_column("person", sa.Column("sort_key", sa.String(length=700), server_default="", nullable=False))
    op.create_index("ix_person_sort_key", "person", ["sort_key"])
    _rewrite("person", ("name", "search", "name_key"), _of_person)
    _rewrite("event", ("search",), lambda row: {"search": folded(row.search)[:700]})
    _fold_institutions()


def _of_person(row: sa.Row[tuple[str, ...]]) -> dict[str, str]:
    # What was folded before is folded again: that is the same as folding the texts anew.
    return {
        "search": folded(row.search)[:700],
        "name_key": " ".join(sorted(folded(row.name_key).split()))[:160],
        "sort_key": sort_key(row.name) if row.name else "",
    }


def _rewrite(name, columns, new) -> None:  # type: ignore[no-untyped-def]
    """Every row of a table, in batches by id."""
    db = op.get_bind()
    table = sa.table(name, *(sa.column(one) for one in ("id", *columns, "sort_key")))
    last = None
    while True:
        wanted = sa.select(table.c.id, *(table.c[one] for one in columns)).order_by(table.c.id).limit(_BATCH)
        rows = db.execute(wanted if last is None else wanted.where(table.c.id > last)).all()
        for row in rows:
            before, after = {one: getattr(row, one) for one in columns}, new(row)
            if {**before, **after} != before:
                db.execute(sa.update(table).where(table.c.id == row.id).values(**after))
        if len(rows) < _BATCH:
            return
        last = rows[-1].id


def _fold_institutions() -> None:
    """Two names that are one without their marks stay two, found as they were: no two may be the same."""
    db = op.get_bind()
    table = sa.table("institution", *(sa.column(one) for one in ("id", "project_id", "search", "search_en")))
    rows = db.execute(sa.select(table)).all()
    taken = {(row.project_id, row.search) for row in rows}
    for row in rows:
        search, search_en = folded(row.search)[:250], folded(row.search_en)[:250]
        if (row.project_id, search) in taken:
            search = row.search
        taken.add((row.project_id, search))
        if (search, search_en) != (row.search, row.search_en):
            changed = {"search": search, "search_en": search_en}
            db.execute(sa.update(table).where(table.c.id == row.id).values(**changed))


def downgrade() -> None:
    op.drop_index("ix_person_sort_key", "person")
    op.drop_column("person", "sort_key")
