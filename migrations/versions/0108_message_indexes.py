"""Messages of a project by their state, and of a person by what they are about: without reading a row.

Safe beside the previous release. Nobody writes mail while PostgreSQL builds them, about a minute for ten million; where
that is too long, `CREATE INDEX CONCURRENTLY` them under these names before.
"""

from alembic import op

revision = "0108_message_indexes"
down_revision = "0106_mails_as_they_were_sent"


def upgrade() -> None:
    op.create_index(
        "ix_message_project_id_state",
        "message",
        ["project_id", "state", "channel", "about_id"],
        if_not_exists=True,
    )
    op.create_index("ix_message_person_id_about_id", "message", ["person_id", "about_id"], if_not_exists=True)
    op.drop_index("ix_message_project_id", "message")
    op.drop_index("ix_message_person_id", "message")


def downgrade() -> None:
    op.create_index("ix_message_person_id", "message", ["person_id"])
    op.create_index("ix_message_project_id", "message", ["project_id"])
    op.drop_index("ix_message_person_id_about_id", "message")
    op.drop_index("ix_message_project_id_state", "message")
