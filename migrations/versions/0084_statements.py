"""Sheets hold statements: people with their balance, lines of every kind, and nights that are paid for once.

A sheet says of which project, institution and dates it is and who checked, closed and paid it; a line is a document
with its day, kind and amount beside it, so that two nights may carry one date. What there was becomes that: amounts,
reasons and states stay to the cent.

Not safe beside the previous release, which writes lines of the former shape. Stop it first.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op
from babel.numbers import get_currency_precision
from sqlalchemy.dialects import postgresql

from core.columns import vault
from core.ids import new_id

revision = "0084_statements"
down_revision = "0083_unit_costs"

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
COMPONENTS = ("bed", "breakfast", "lunch", "dinner")
# All of a sheet but how far it came, and all of a person but what can be erased.
FROZEN = {
    "per_diem_sheet": "id project_id event_id currency institution_id institution_key version rule_set basis people "
    "first_day last_day total_minor return_minor submitted_at submitted_by",
    "sheet_person": "id event_id sheet_id registration_id number institution earned_minor balance_minor content",
    "per_diem_line": "id sheet_id registration_id number kind day currency amount_minor rate_row_id content",
}
# Rows that another one could stand in for.
IN_THE_WAY = {
    "per_diem_sheet": "id = NEW.id OR (event_id = NEW.event_id AND currency = NEW.currency "
    "AND institution_key = NEW.institution_key AND version = NEW.version)",
    "sheet_person": "id = NEW.id OR (sheet_id = NEW.sheet_id AND registration_id = NEW.registration_id)",
    "per_diem_line": "id = NEW.id OR (sheet_id = NEW.sheet_id AND registration_id = NEW.registration_id "
    "AND number = NEW.number)",
}


def upgrade() -> None:
    lines, sheets = _all("per_diem_line"), _all("per_diem_sheet")
    op.drop_table("per_diem_line")
    op.drop_table("per_diem_sheet")
    _create_sheets()
    _create_rows()
    _create_rules()
    projects = {row["id"]: row["project_id"] for row in _all("event")} if sheets else {}
    by_sheet: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_sheet[line["sheet_id"]].append(line)
    for sheet in sheets:
        _fill(sheet, projects[sheet["event_id"]], by_sheet[sheet["id"]])
    _take_nights([sheet for sheet in sheets if sheet["state"] == "approved"], by_sheet)
    for table, columns in FROZEN.items():
        _guard(table, "update", f"BEFORE UPDATE OF {', '.join(columns.split())}")
        _guard(table, "delete", "BEFORE DELETE")
        if _is_postgres():
            op.execute(
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION heyet_refuse()"
            )
        else:
            there = f"SELECT 1 FROM {table} WHERE"  # noqa: S608
            same = f"({IN_THE_WAY[table]} OR rowid = NEW.rowid)"
            _guard(table, "replace", "BEFORE INSERT", f"EXISTS ({there} {same})")
            # UPDATE OR REPLACE does the same, and a row's place in the file is no column that a trigger could name.
            moved = f"NEW.rowid <> OLD.rowid OR EXISTS ({there} rowid <> OLD.rowid AND {same})"
            _guard(table, "moved", "BEFORE UPDATE", moved)
    _guard("sheet_person", "name", "BEFORE UPDATE OF name", "NEW.name <> ''")
    ended = "OLD.state IN ('closed', 'returned', 'recalled')"
    _guard("per_diem_sheet", "state", "BEFORE UPDATE OF state", ended)
    _guard("per_diem_sheet", "decision", "BEFORE UPDATE OF decided_at, decided_by", "OLD.state <> 'submitted'")


def downgrade() -> None:
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(sa.table("per_diem_sheet"))):
        raise RuntimeError("sheets cannot become nights again: restore the copy of before")
    for table in ("paid_night", "sheet_comment", "per_diem_line", "sheet_person", "per_diem_sheet", "pay_rules"):
        op.drop_table(table)
    _create_former()


def _all(name: str) -> list[dict[str, Any]]:
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
    return [dict(row._mapping) for row in op.get_bind().execute(sa.select(table))]


def _insert(name: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
        op.get_bind().execute(sa.insert(table), rows)


def _new_id() -> UUID | str:
    """As the tables read here hold one: SQLite knows none but as text."""
    return new_id() if _is_postgres() else new_id().hex


def _fill(sheet: dict[str, Any], project_id: Any, lines: list[dict[str, Any]]) -> None:
    days = [line["night"] for line in lines] or [sheet["submitted_at"].date()]
    kept = {name: value for name, value in sheet.items() if name != "table_id"}
    people: dict[Any, list[dict[str, Any]]] = {}
    for line in lines:
        people.setdefault(line["registration_id"], []).append(line)
    more = {
        "project_id": project_id,
        "institution_key": "",
        "basis": {"rule_set": sheet["rule_set"], "table": str(UUID(str(sheet["table_id"])))},
        "people": len(people),
        "first_day": min(days),
        "last_day": max(days),
        "return_minor": 0,
        "reason": vault.encrypt(sheet["reason"]) if sheet["reason"] else "",
    }
    _insert("per_diem_sheet", [kept | more])
    _insert("sheet_person", [_person(sheet, n, mine) for n, mine in enumerate(people.values(), 1)])
    _insert(
        "per_diem_line",
        [_line(sheet, number, line) for mine in people.values() for number, line in enumerate(mine, 1)],
    )


def _take_nights(approved: list[dict[str, Any]], by_sheet: dict[Any, list[dict[str, Any]]]) -> None:
    """Nights that approved sheets pay are paid by no other event. Where two paid one, the first that was approved."""
    if not approved:
        return
    keys = _mailboxes()
    taken: dict[tuple[str, Any], dict[str, Any]] = {}
    for sheet in sorted(approved, key=lambda one: (one["decided_at"] or one["submitted_at"], one["id"])):
        for line in by_sheet[sheet["id"]]:
            if line["amount_minor"] > 0 or any(line[f"{name}_minor"] for name in COMPONENTS):
                row = {
                    "id": _new_id(),
                    "person_key": keys[line["registration_id"]],
                    "night": line["night"],
                    "event_id": sheet["event_id"],
                    "registration_id": line["registration_id"],
                }
                taken.setdefault((row["person_key"], row["night"]), row)
    _insert("paid_night", list(taken.values()))


def _mailboxes() -> dict[Any, str]:
    """By registration: the keyed digest by which nights of one person are compared, as approvals make it."""
    found = op.get_bind().execute(
        sa.text(
            "SELECT r.id AS registration, p.id AS person, p.address_key FROM registration r "
            "JOIN person p ON p.id = r.person_id WHERE r.id IN (SELECT registration_id FROM per_diem_line)"
        )
    )
    return {row.registration: vault.sign(f"paid night of {row.address_key or UUID(str(row.person))}") for row in found}


def _person(sheet: dict[str, Any], number: int, lines: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(line["amount_minor"] for line in lines)
    said = _amount(total, sheet["currency"])
    registration = sa.Table("registration", sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
    person = op.get_bind().scalar(
        sa.select(registration.c.person_id).where(registration.c.id == lines[0]["registration_id"])
    )
    return {
        "id": _new_id(),
        "event_id": sheet["event_id"],
        "sheet_id": sheet["id"],
        "registration_id": lines[0]["registration_id"],
        "number": number,
        # Sealed as it was.
        "name": lines[0]["name"],
        "institution": lines[0]["institution"],
        "earned_minor": total,
        "balance_minor": total,
        "reasons": "",
        "reserved_minor": 0,
        "returned_minor": 0,
        "content": {
            "person": str(UUID(str(person))),
            "institution_id": None,
            "rule_set": sheet["rule_set"],
            "rule_version": 1,
            "grade": "",
            "is_cash": False,
            "totals": [
                {
                    "currency": sheet["currency"],
                    "total": said,
                    "converted": said,
                    "factor": "1",
                    "divisor": "1",
                    "source": "",
                    "day": None,
                }
            ],
            "adjustments": [],
            "advances": "0",
            "earlier": "0",
        },
    }


def _line(sheet: dict[str, Any], number: int, line: dict[str, Any]) -> dict[str, Any]:
    currency = sheet["currency"]
    cuts = {name: _amount(line[f"{name}_minor"], currency) for name in COMPONENTS if line[f"{name}_minor"]}
    content = {
        "kind": "night",
        "day": line["night"].isoformat(),
        "place": f"{line['country']}/{line['city']}" if line["city"] else line["country"],
        "currency": currency,
        "share": "1" if line["counts"] else "0",
        "gross": _amount(line["rate_minor"] if line["counts"] else 0, currency),
        "amount": _amount(line["amount_minor"], currency),
        "rate": _amount(line["rate_minor"], currency),
        "deductions": cuts,
        "reason": "" if line["counts"] else "not_attended",
    }
    return {
        "id": line["id"],
        "sheet_id": line["sheet_id"],
        "registration_id": line["registration_id"],
        "number": number,
        "kind": "night",
        "day": line["night"],
        "currency": currency,
        "amount_minor": line["amount_minor"],
        "rate_row_id": None,
        "content": {name: value for name, value in content.items() if value not in ("", {})},
    }


def _amount(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-get_currency_precision(currency)))


def _create_sheets() -> None:
    op.create_table(
        "per_diem_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=True),
        sa.Column("institution_key", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.String(length=32), nullable=False),
        sa.Column("basis", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("return_minor", sa.BigInteger(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=True),
        sa.Column("checked_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paid_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_per_diem_sheet_event_id_event")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_per_diem_sheet_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_per_diem_sheet")),
        sa.UniqueConstraint(
            "event_id",
            "currency",
            "institution_key",
            "version",
            name=op.f("uq_per_diem_sheet_event_id_currency_institution_key_version"),
        ),
    )
    with op.batch_alter_table("per_diem_sheet") as table:
        for name in ("project_id", "event_id", "institution_id"):
            table.create_index(op.f(f"ix_per_diem_sheet_{name}"), [name])
        table.create_index(
            "uq_per_diem_sheet_open",
            ["event_id", "currency", "institution_key"],
            unique=True,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )


def _create_rows() -> None:
    op.create_table(
        "sheet_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("earned_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("content", DOCUMENT, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reserved_minor", sa.BigInteger(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reserved_minor = 0 OR (reserved_minor > 0 AND reserved_minor <= balance_minor)",
            name=op.f("ck_sheet_person_paid_once"),
        ),
        sa.CheckConstraint(
            "returned_minor = 0 OR (returned_minor > 0 AND returned_minor <= -balance_minor)",
            name=op.f("ck_sheet_person_returned_once"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sheet_person_event_id_event")),
        *_of_sheet_and_person("sheet_person"),
        sa.UniqueConstraint("sheet_id", "registration_id", name=op.f("uq_sheet_person_sheet_id_registration_id")),
    )
    with op.batch_alter_table("sheet_person") as table:
        for name in ("event_id", "registration_id"):
            table.create_index(op.f(f"ix_sheet_person_{name}"), [name])
    op.create_table(
        "per_diem_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate_row_id", sa.Uuid(), nullable=True),
        sa.Column("content", DOCUMENT, nullable=False),
        *_of_sheet_and_person("per_diem_line"),
        sa.UniqueConstraint(
            "sheet_id",
            "registration_id",
            "number",
            name=op.f("uq_per_diem_line_sheet_id_registration_id_number"),
        ),
    )
    with op.batch_alter_table("per_diem_line") as table:
        table.create_index(op.f("ix_per_diem_line_rate_row_id"), ["rate_row_id"])


def _of_sheet_and_person(name: str) -> list[Any]:
    return [
        sa.ForeignKeyConstraint(["sheet_id"], ["per_diem_sheet.id"], name=op.f(f"fk_{name}_sheet_id_per_diem_sheet")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f(f"fk_{name}_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    ]


def _create_rules() -> None:
    op.create_table(
        "paid_night",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_paid_night_event_id_event")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_paid_night_registration_id_registration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paid_night")),
        sa.UniqueConstraint("person_key", "night", name=op.f("uq_paid_night_person_key_night")),
    )
    with op.batch_alter_table("paid_night") as table:
        for name in ("event_id", "registration_id"):
            table.create_index(op.f(f"ix_paid_night_{name}"), [name])
    op.create_table(
        "sheet_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_sheet_comment_event_id_event")),
        *_of_sheet_and_person("sheet_comment"),
    )
    with op.batch_alter_table("sheet_comment") as table:
        for name in ("event_id", "sheet_id"):
            table.create_index(op.f(f"ix_sheet_comment_{name}"), [name])
    op.create_table(
        "pay_rules",
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("home_country", sa.String(length=2), nullable=False),
        sa.Column("home", sa.String(length=32), nullable=False),
        sa.Column("abroad", sa.String(length=32), nullable=False),
        sa.Column("contract_date", sa.Date(), nullable=True),
        sa.Column("pay_currency", sa.String(length=3), nullable=False),
        sa.Column("receipt_currency", sa.String(length=3), nullable=False),
        sa.Column("switches", DOCUMENT, nullable=False),
        sa.Column("official_days", sa.Integer(), nullable=False),
        sa.Column("assumes_nights", sa.Boolean(), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_pay_rules_project_id_project")),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_pay_rules")),
    )


def _is_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard(table: str, act: str, when: str, condition: str = "") -> None:
    does = (
        "EXECUTE FUNCTION heyet_refuse()"
        if _is_postgres()
        else "BEGIN SELECT RAISE(ABORT, 'this row is kept as it is'); END"
    )
    condition = f"WHEN ({condition})" if condition else ""
    op.execute(f"CREATE TRIGGER guard_{table}_{act} {when} ON {table} FOR EACH ROW {condition} {does}")


def _create_former() -> None:
    op.create_table(
        "per_diem_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("table_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule_set", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("total_minor", sa.Integer(), nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_per_diem_sheet_event_id_event")),
        sa.ForeignKeyConstraint(["table_id"], ["rate_table.id"], name=op.f("fk_per_diem_sheet_table_id_rate_table")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_per_diem_sheet")),
    )
    with op.batch_alter_table("per_diem_sheet") as table:
        table.create_index(op.f("ix_per_diem_sheet_event_id"), ["event_id"])
        table.create_index(
            "uq_per_diem_sheet_open",
            ["event_id", "currency"],
            unique=True,
            sqlite_where=sa.text("state != 'returned'"),
            postgresql_where=sa.text("state != 'returned'"),
        )
    minors = [f"{name}_minor" for name in ("rate", *COMPONENTS, "amount")]
    op.create_table(
        "per_diem_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("registration_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("institution", sa.String(length=200), nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in minors),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("facts", DOCUMENT, nullable=False),
        *_of_sheet_and_person("per_diem_line"),
        sa.UniqueConstraint(
            "sheet_id", "registration_id", "night", name=op.f("uq_per_diem_line_sheet_id_registration_id_night")
        ),
    )
    _guard_former()


def _guard_former() -> None:
    """As the migrations before left them, for going back before those."""
    _guard("per_diem_sheet", "update", "BEFORE UPDATE", "OLD.state = 'approved'")
    _guard("per_diem_line", "update", "BEFORE UPDATE OF sheet_id, registration_id, night, amount_minor")
    _guard("per_diem_line", "name", "BEFORE UPDATE OF name", "NEW.name <> ''")
    for table in ("per_diem_sheet", "per_diem_line"):
        _guard(table, "delete", "BEFORE DELETE")
        if _is_postgres():
            op.execute(
                f"CREATE TRIGGER guard_{table}_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION heyet_refuse()"
            )
        else:
            for act in ("replace", "moved"):
                _guard(table, act, "BEFORE INSERT" if act == "replace" else "BEFORE UPDATE", "FALSE")
