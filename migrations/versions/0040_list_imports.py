"""One import for every list: what was uploaded, and what a project remembers of its lists. Reserves among the invited,
and what letters to institutions carry, some of which have a printed link that is nobody's.

Lists that were previewed and not imported are dropped: they are uploaded again. Not safe beside the previous release,
whose tables go. Stop it first.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0040_list_imports"
down_revision = "0039_rejected"

IMPORTS = sa.table(
    "list_import",
    *(sa.column(n) for n in ("id", "project_id", "purpose", "about_id", "file_name", "state", "content", "choices")),
    *(sa.column(n) for n in ("rows", "made", "uploaded_at", "added", "changed", "left_out", "revision")),
)
FORMER = sa.table(
    "nomination_import", *(sa.column(n) for n in ("id", "event_id", "file_name", "state", "uploaded_at", "named"))
)
EVENTS = sa.table("event", sa.column("id"), sa.column("project_id"))
HEADINGS = sa.table("remembered_heading", *(sa.column(n) for n in ("id", "project_id", "heading", "field")))
MEMORY = sa.table("import_memory", *(sa.column(n) for n in ("id", "project_id", "purpose", "kind", "text", "value")))


def upgrade() -> None:
    op.create_table(
        "list_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_list_import_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_import")),
    )
    op.create_index(op.f("ix_list_import_project_id"), "list_import", ["project_id"])
    op.create_index(op.f("ix_list_import_about_id"), "list_import", ["about_id"])
    op.create_table(
        "import_memory",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(250), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_import_memory_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_memory")),
        sa.UniqueConstraint(
            "project_id", "purpose", "kind", "text", name=op.f("uq_import_memory_project_id_purpose_kind_text")
        ),
    )
    with op.batch_alter_table("invitation") as table:
        table.add_column(sa.Column("is_reserve", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "nomination_letter",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("signer", sa.String(120), nullable=False),
        sa.Column("signer_title", sa.String(120), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_nomination_letter_event_id_event")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_nomination_letter")),
    )
    with op.batch_alter_table("call_link") as table:
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=True)
    _carry_over()
    op.drop_table("remembered_heading")
    op.drop_table("nomination_import")


def _carry_over() -> None:
    columns = {
        "id": FORMER.c.id,
        "project_id": EVENTS.c.project_id,
        "purpose": sa.literal("participants"),
        "about_id": FORMER.c.event_id,
        "file_name": FORMER.c.file_name,
        "state": FORMER.c.state,
        **{name: sa.literal("") for name in ("content", "choices", "rows", "made")},
        "uploaded_at": FORMER.c.uploaded_at,
        "added": FORMER.c.named,
        **{name: sa.literal(0) for name in ("changed", "left_out", "revision")},
    }
    imported = (
        sa.select(*columns.values())
        .join_from(FORMER, EVENTS, EVENTS.c.id == FORMER.c.event_id)
        .where(FORMER.c.state.in_(["applied", "undone"]))
    )
    op.execute(IMPORTS.insert().from_select(list(columns), imported))
    seen: set[tuple[object, str]] = set()
    for row in op.get_bind().execute(sa.select(HEADINGS)).all():
        text = " ".join(re.findall(r"[^\W_]+|#", row.heading))
        if text and (row.project_id, text) not in seen:
            seen.add((row.project_id, text))
            values = {"purpose": "participants", "kind": "heading", "text": text, "value": row.field}
            op.execute(MEMORY.insert().values(id=row.id, project_id=row.project_id, **values))


def downgrade() -> None:
    links = sa.table("call_link", sa.column("person_id"))
    op.execute(links.delete().where(links.c.person_id.is_(None)))
    with op.batch_alter_table("call_link") as table:
        table.alter_column("person_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("nomination_letter")
    with op.batch_alter_table("invitation") as table:
        table.drop_column("is_reserve")
    op.create_table(
        "nomination_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_nomination_import_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_import")),
    )
    op.create_index(op.f("ix_nomination_import_event_id"), "nomination_import", ["event_id"])
    op.create_table(
        "remembered_heading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("heading", sa.String(120), nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_remembered_heading_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_heading")),
        sa.UniqueConstraint("project_id", "heading", name=op.f("uq_remembered_heading_project_id_heading")),
    )
    op.drop_table("import_memory")
    op.drop_table("list_import")
