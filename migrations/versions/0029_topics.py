"""Topics of mail that people may do without.

Safe beside the previous release: what it knows is the first topic, and who ended that gets nothing of it from either.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_topics"
down_revision = "0028_texts"

PAIR, TRIPLE = "uq_unsubscription_person_id_project_id", "uq_unsubscription_person_id_project_id_topic"


def upgrade() -> None:
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("topic", sa.String(length=16), server_default="news", nullable=False))
    with op.batch_alter_table("unsubscription") as unsubscription:
        unsubscription.add_column(sa.Column("topic", sa.String(length=32), server_default="news", nullable=False))
        unsubscription.drop_constraint(PAIR, type_="unique")
        unsubscription.create_unique_constraint(TRIPLE, ["person_id", "project_id", "topic"])


def downgrade() -> None:
    op.execute("DELETE FROM unsubscription WHERE topic <> 'news'")
    with op.batch_alter_table("unsubscription") as unsubscription:
        unsubscription.drop_constraint(TRIPLE, type_="unique")
        unsubscription.create_unique_constraint(PAIR, ["person_id", "project_id"])
        unsubscription.drop_column("topic")
    with op.batch_alter_table("message") as message:
        message.drop_column("topic")
