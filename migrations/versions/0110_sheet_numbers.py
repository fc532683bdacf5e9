"""Sheets have a number in their event and currency: versions are counted for each institution, so that sheets of two
institutions bore one number on paper and in the names of their files.

Numbers follow the order of submission; files that were printed before keep the former one. Not safe beside the previous
release, which writes sheets without a number. Stop it first.
"""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0110_sheet_numbers"
down_revision = "0109_protocol_ranks"

TABLE = "per_diem_sheet"
# As migration 0084 guards them, here with the number.
FROZEN = (
    "id project_id event_id currency institution_id institution_key version rule_set basis people first_day last_day "
    "total_minor return_minor submitted_at submitted_by"
)
SAME_VERSION = (
    "id = NEW.id OR (event_id = NEW.event_id AND currency = NEW.currency "
    "AND institution_key = NEW.institution_key AND version = NEW.version)"
)
SAME_NUMBER = "(event_id = NEW.event_id AND currency = NEW.currency AND number = NEW.number)"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("number", sa.Integer(), server_default="0", nullable=False))
    db, given = op.get_bind(), Counter[Any]()
    sheet = sa.table(TABLE, *(sa.column(one) for one in ("id", "event_id", "currency", "submitted_at", "number")))
    for row in db.execute(sa.select(sheet).order_by(sheet.c.submitted_at, sheet.c.id)).all():
        given[row.event_id, row.currency] += 1
        number = given[row.event_id, row.currency]
        db.execute(sa.update(sheet).where(sheet.c.id == row.id).values(number=number))
    op.create_index("uq_per_diem_sheet_number", TABLE, ["event_id", "currency", "number"], unique=True)
    _guard_anew(f"{FROZEN} number", f"{SAME_VERSION} OR {SAME_NUMBER}")


def downgrade() -> None:
    _guard_anew(FROZEN, SAME_VERSION)
    op.drop_index("uq_per_diem_sheet_number", TABLE)
    op.drop_column(TABLE, "number")


def _guard_anew(frozen: str, same: str) -> None:
    acts = {"update": (f"BEFORE UPDATE OF {', '.join(frozen.split())}", "")}
    if not _is_postgres():
        there = f"SELECT 1 FROM {TABLE} WHERE"  # noqa: S608
        same = f"({same} OR rowid = NEW.rowid)"
        acts["replace"] = ("BEFORE INSERT", f"EXISTS ({there} {same})")
        acts["moved"] = ("BEFORE UPDATE", f"NEW.rowid <> OLD.rowid OR EXISTS ({there} rowid <> OLD.rowid AND {same})")
    for act, (when, condition) in acts.items():
        on = f" ON {TABLE}" if _is_postgres() else ""
        op.execute(f"DROP TRIGGER guard_{TABLE}_{act}{on}")
        does = (
            "EXECUTE FUNCTION heyet_refuse()"
            if _is_postgres()
            else "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
        )
        condition = f"WHEN ({condition})" if condition else ""
        op.execute(f"CREATE TRIGGER guard_{TABLE}_{act} {when} ON {TABLE} FOR EACH ROW {condition} {does}")


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"
