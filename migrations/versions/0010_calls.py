"""Calls for nominations.

Safe beside the previous release: it knows nothing of these tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_calls"
down_revision = "0009_answers"


def upgrade() -> None:
    op.create_table(
        "nomination_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("institution_id", sa.Uuid(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places >= 1", name=op.f("ck_nomination_call_asks_for_somebody")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_nomination_call_event_id_event")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_nomination_call_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination_call")),
        sa.UniqueConstraint("event_id", "institution_id", name=op.f("uq_nomination_call_event_id_institution_id")),
    )
    with op.batch_alter_table("nomination_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nomination_call_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "call_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["nomination_call.id"], name=op.f("fk_call_link_call_id_nomination_call")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_call_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_call_link_token_hash")),
    )
    with op.batch_alter_table("call_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_link_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_call_link_person_id"), ["person_id"], unique=False)

    op.create_table(
        "nominee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["nomination_call.id"], name=op.f("fk_nominee_call_id_nomination_call")),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_nominee_invitation_id_invitation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominee")),
    )
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nominee_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominee_invitation_id"), ["invitation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("nominee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominee_invitation_id"))
        batch_op.drop_index(batch_op.f("ix_nominee_call_id"))

    op.drop_table("nominee")
    with op.batch_alter_table("call_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_link_person_id"))
        batch_op.drop_index(batch_op.f("ix_call_link_call_id"))

    op.drop_table("call_link")
    with op.batch_alter_table("nomination_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nomination_call_institution_id"))

    op.drop_table("nomination_call")
