"""Desk links and their devices, badge codes, and scans.

Safe beside the previous release: to it the tables are not there.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0051_check_in"
down_revision = "0050_outcomes"


def upgrade() -> None:
    op.create_table(
        "desk_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("most_devices", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_desk_link_event_id_event")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_desk_link_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_link_token_hash")),
    )
    op.create_index("ix_desk_link_event_id", "desk_link", ["event_id"])

    op.create_table(
        "badge_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_badge_code_event_id_event")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_badge_code_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_badge_code_code_hash")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_badge_code_invitation_id")),
    )
    op.create_index("ix_badge_code_event_id", "badge_code", ["event_id"])

    op.create_table(
        "desk_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_desk_device_event_id_event")),
        sa.ForeignKeyConstraint(["link_id"], ["desk_link.id"], name=op.f("fk_desk_device_link_id_desk_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_device_token_hash")),
    )
    op.create_index("ix_desk_device_event_id", "desk_device", ["event_id"])
    op.create_index("ix_desk_device_link_id", "desk_device", ["link_id"])

    op.create_table(
        "desk_scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("nonce", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("invitation_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("half", sa.String(length=32), nullable=False),
        sa.Column("said_at", UTCDateTime(), nullable=False),
        sa.Column("offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("happened_at", UTCDateTime(), nullable=False),
        sa.Column("is_time_unsure", sa.Boolean(), nullable=False),
        sa.Column("gate", sa.String(length=60), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("refusal", sa.String(length=32), nullable=True),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["desk_device.id"], name=op.f("fk_desk_scan_device_id_desk_device")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_desk_scan_event_id_event")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_desk_scan_invitation_id_invitation")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_desk_scan_session_id_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_scan")),
        sa.UniqueConstraint("event_id", "nonce", name=op.f("uq_desk_scan_event_id_nonce")),
    )
    op.create_index("ix_desk_scan_invitation_id", "desk_scan", ["invitation_id"])
    op.create_index("ix_desk_scan_of", "desk_scan", ["event_id", "invitation_id"])


def downgrade() -> None:
    for table in ("desk_scan", "desk_device", "badge_code", "desk_link"):
        op.drop_table(table)
