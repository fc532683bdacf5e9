"""Papers that go with mails.

Safe beside the previous release: it sends such a mail without its papers, and writes none that has any.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027_papers"
down_revision = "0026_digests"

document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("message") as message:
        message.add_column(sa.Column("attachments", document, server_default="[]", nullable=False))
    with op.batch_alter_table("campaign") as campaign:
        campaign.add_column(sa.Column("papers", document, server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("campaign") as campaign:
        campaign.drop_column("papers")
    with op.batch_alter_table("message") as message:
        message.drop_column("attachments")
