"""What is written for the auditor cannot be rewritten: not by a role, not by a slip of the hand.

Safe beside the previous release: nothing changes these rows.
"""

from alembic import op

revision = "0002_guards"
down_revision = "0001_house"

# table, act, when it is refused
GUARDS = (
    ("audit_entry", "UPDATE", ""),
    ("audit_entry", "DELETE", ""),
    ("per_diem_line", "UPDATE", ""),
    ("per_diem_line", "DELETE", ""),
    ("per_diem_sheet", "UPDATE", "OLD.state = 'approved'"),
    ("per_diem_sheet", "DELETE", ""),
)


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION heyet_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'this row is kept as it is' USING ERRCODE = "
            "'integrity_constraint_violation'; END $$"
        )
    for table, act, condition in GUARDS:
        name = f"guard_{table}_{act.lower()}"
        when = f"WHEN ({condition})" if condition else ""
        if postgres:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION heyet_refuse()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {when} "
                "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
            )


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table, act, _ in GUARDS:
        name = f"guard_{table}_{act.lower()}"
        op.execute(f"DROP TRIGGER {name} ON {table}" if postgres else f"DROP TRIGGER {name}")
    if postgres:
        op.execute("DROP FUNCTION heyet_refuse()")
