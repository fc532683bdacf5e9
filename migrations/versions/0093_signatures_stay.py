"""What somebody signed for stays as it was signed; an erasure takes the name and the file only.

Safe beside the previous release: nothing changes these rows.
"""

from alembic import op

revision = "0093_signatures_stay"
down_revision = "0092_signed_receipts"

TABLE = "signed_receipt"
KEPT = "id, event_id, sheet_id, registration_id, picture_digest, statement_digest, amount_minor, currency, signed_at"
# Rows that another one could stand in for.
SAME = "id = NEW.id OR (sheet_id = NEW.sheet_id AND registration_id = NEW.registration_id)"


def upgrade() -> None:
    _guard("update", f"BEFORE UPDATE OF {KEPT}")
    _guard("name", "BEFORE UPDATE OF typed_name", "NEW.typed_name <> ''")
    _guard("delete", "BEFORE DELETE")
    if _is_postgres():
        op.execute(f"CREATE TRIGGER guard_{TABLE}_truncate BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION heyet_refuse()")
        return
    there = f"SELECT 1 FROM {TABLE} WHERE"  # noqa: S608
    _guard("replace", "BEFORE INSERT", f"EXISTS ({there} {SAME} OR rowid = NEW.rowid)")
    # UPDATE OR REPLACE does the same, and a row's place in the file is no column that a trigger could name.
    moved = f"EXISTS ({there} rowid <> OLD.rowid AND ({SAME} OR rowid = NEW.rowid))"
    _guard("moved", "BEFORE UPDATE", f"NEW.rowid <> OLD.rowid OR {moved}")


def downgrade() -> None:
    for act in ("update", "name", "delete", *(("truncate",) if _is_postgres() else ("replace", "moved"))):
        op.execute(f"DROP TRIGGER guard_{TABLE}_{act}" + (f" ON {TABLE}" if _is_postgres() else ""))


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard(act: str, when: str, condition: str = "") -> None:
    does = (
        "EXECUTE FUNCTION heyet_refuse()"
        if _is_postgres()
        else "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
    )
    condition = f"WHEN ({condition})" if condition else ""
    op.execute(f"CREATE TRIGGER guard_{TABLE}_{act} {when} ON {TABLE} FOR EACH ROW {condition} {does}")
