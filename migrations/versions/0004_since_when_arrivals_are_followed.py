"""Since when arrivals are followed: an office that has people in it already owes nothing it was never asked."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OFFICE = sa.table("office", sa.column("follows_arrivals_since", sa.DateTime(timezone=True)))
PLACEMENT = sa.table("placement", sa.column("id", sa.Integer()))


def upgrade() -> None:
    op.add_column("office", sa.Column("follows_arrivals_since", sa.DateTime(timezone=True), nullable=True))
    op.get_bind().execute(
        sa.update(OFFICE)
        .values(follows_arrivals_since=dt.datetime.now(dt.UTC))
        .where(sa.exists(sa.select(PLACEMENT.c.id)))
    )


def downgrade() -> None:
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_column("follows_arrivals_since")
