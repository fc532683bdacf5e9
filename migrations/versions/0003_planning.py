"""Components, the states of an event, an agenda with people and versions.

Not safe beside the previous release: it knows neither the new states of an event nor their columns.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003_planning"
down_revision = "0002_guards"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "component",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("target_events", sa.Integer(), nullable=False),
        sa.Column("target_participants", sa.Integer(), nullable=False),
        sa.Column("target_women", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("target_women BETWEEN 0 AND 100", name=op.f("ck_component_share_of_women")),
        sa.ForeignKeyConstraint(["parent_id"], ["component.id"], name=op.f("fk_component_parent_id_component")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_component_project_id_project")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint("project_id", "code", name=op.f("uq_component_project_id_code")),
    )
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "agenda_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=120), nullable=False),
        sa.Column("content", document, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_agenda_version_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_version")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_agenda_version_event_id_number")),
    )
    op.create_table(
        "session_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("languages", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_person_id_person")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_person_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_person")),
        sa.UniqueConstraint(
            "session_id", "person_id", "part", name=op.f("uq_session_person_session_id_person_id_part")
        ),
    )
    with op.batch_alter_table("session_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_person_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_en", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("title_tr", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("description_en", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("description_tr", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("component_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("budget_line", sa.String(length=80), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("target_group", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("languages", document, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("interpretation", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("confidentiality", sa.String(length=32), nullable=False, server_default="by-link")
        )
        batch_op.add_column(sa.Column("contact_name", sa.String(length=120), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("contact_address", sa.String(length=254), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("online_url", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("map_url", sa.String(length=500), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("opens_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("series_id", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_event_component_id"), ["component_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_series_id"), ["series_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_event_component_id_component"), "component", ["component_id"], ["id"]
        )

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_en", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("title_tr", sa.String(length=200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("host_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_session_host_id_institution"), "institution", ["host_id"], ["id"])

    op.execute(
        "UPDATE event SET state = CASE WHEN EXISTS (SELECT 1 FROM invitation WHERE invitation.event_id = event.id "
        "AND invitation.standing <> 'nominated') THEN 'published' ELSE 'draft' END WHERE state = 'planned'"
    )
    _same_again("state NOT IN ('cancelled', 'archived')")


def _same_again(condition: str) -> None:
    """The index that keeps one event from being planned twice, over other states than before."""
    op.drop_index("uq_event_same_again", table_name="event")
    op.create_index(
        "uq_event_same_again",
        "event",
        ["project_id", "title", "first_day", "last_day"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def downgrade() -> None:
    op.execute("UPDATE event SET state = 'planned' WHERE state <> 'cancelled'")
    _same_again("state = 'planned'")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_session_host_id_institution"), type_="foreignkey")
        batch_op.drop_column("host_id")
        batch_op.drop_column("title_tr")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_event_component_id_component"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_event_series_id"))
        batch_op.drop_index(batch_op.f("ix_event_component_id"))
        batch_op.drop_column("series_id")
        batch_op.drop_column("opens_on")
        batch_op.drop_column("map_url")
        batch_op.drop_column("online_url")
        batch_op.drop_column("contact_address")
        batch_op.drop_column("contact_name")
        batch_op.drop_column("confidentiality")
        batch_op.drop_column("interpretation")
        batch_op.drop_column("languages")
        batch_op.drop_column("target_group")
        batch_op.drop_column("budget_line")
        batch_op.drop_column("component_id")
        batch_op.drop_column("description_tr")
        batch_op.drop_column("description_en")
        batch_op.drop_column("title_tr")
        batch_op.drop_column("title_en")

    with op.batch_alter_table("session_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_person_person_id"))

    op.drop_table("session_person")
    op.drop_table("agenda_version")
    with op.batch_alter_table("component", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_component_parent_id"))

    op.drop_table("component")
