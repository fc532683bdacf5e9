"""Institutions as a tree with focal points, people with all that is known of them, and merges.

Safe beside the previous release: every new column has a default that it does not need to know.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from directory.people.service import name_key

revision = "0004_directory"
down_revision = "0003_planning"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "distinct_people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["person.id"], name=op.f("fk_distinct_people_first_id_person")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_distinct_people_second_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct_people")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_distinct_people_first_id_second_id")),
    )
    with op.batch_alter_table("distinct_people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_distinct_people_second_id"), ["second_id"], unique=False)

    op.create_table(
        "focal_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_focal_point_institution_id_institution")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_focal_point_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focal_point")),
        sa.UniqueConstraint("institution_id", "person_id", name=op.f("uq_focal_point_institution_id_person_id")),
    )
    with op.batch_alter_table("focal_point", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_focal_point_person_id"), ["person_id"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved", document, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("ck_merge_two_people")),
        sa.ForeignKeyConstraint(["kept_id"], ["person.id"], name=op.f("fk_merge_kept_id_person")),
        sa.ForeignKeyConstraint(["merged_id"], ["person.id"], name=op.f("fk_merge_merged_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_kept_id"), ["kept_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_merge_merged_id"), ["merged_id"], unique=False)

    op.create_table(
        "person_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_address_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_address")),
        sa.UniqueConstraint("address_key", name=op.f("uq_person_address_address_key")),
    )
    with op.batch_alter_table("person_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_address_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("institution", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=32), nullable=False, server_default="other"))
        batch_op.add_column(sa.Column("country", sa.String(length=2), nullable=False, server_default="TR"))
        batch_op.add_column(sa.Column("address", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("letterhead_en", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("letterhead_tr", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_key", sa.String(length=160), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("passport_name", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("languages", document, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("phones", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("diet", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("accessibility", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("notes", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(batch_op.f("ix_person_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name_key"), ["name_key"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_person_merged_into_id_person"), "person", ["merged_into_id"], ["id"])

    people = sa.table(
        "person",
        sa.column("id", sa.Uuid()),
        sa.column("name", sa.String()),
        sa.column("name_key", sa.String()),
    )
    for id, name in op.get_bind().execute(sa.select(people.c.id, people.c.name)).all():
        op.execute(people.update().where(people.c.id == id).values(name_key=name_key(name)))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_merged_into_id_person"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_person_name_key"))
        batch_op.drop_index(batch_op.f("ix_person_merged_into_id"))
        batch_op.drop_column("revision")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("notes")
        batch_op.drop_column("accessibility")
        batch_op.drop_column("diet")
        batch_op.drop_column("phones")
        batch_op.drop_column("languages")
        batch_op.drop_column("passport_name")
        batch_op.drop_column("name_key")

    with op.batch_alter_table("institution", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("letterhead_tr")
        batch_op.drop_column("letterhead_en")
        batch_op.drop_column("address")
        batch_op.drop_column("country")
        batch_op.drop_column("kind")

    with op.batch_alter_table("person_address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_address_person_id"))

    op.drop_table("person_address")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merge_merged_id"))
        batch_op.drop_index(batch_op.f("ix_merge_kept_id"))

    op.drop_table("merge")
    with op.batch_alter_table("focal_point", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_focal_point_person_id"))

    op.drop_table("focal_point")
    with op.batch_alter_table("distinct_people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_distinct_people_second_id"))

    op.drop_table("distinct_people")
