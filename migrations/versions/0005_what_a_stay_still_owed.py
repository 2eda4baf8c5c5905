"""What a stay still owed: a health check, a doctor in time, the day a child comes of age, a review of a return to the
partner, who looks after a child left alone, and what a leave was written by."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LOOKED_UP: tuple[tuple[str, list[str]], ...] = (
    ("resident", ["household_id"]),
    ("alias_use", ["resident_id", "house_id"]),
    ("assignment", ["resident_id"]),
    ("placement", ["resident_id"]),
    ("departure", ["at"]),
)


def upgrade() -> None:
    op.create_table(
        "health_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "examiner",
            sa.Enum(
                "health_worker",
                "clinic",
                "hospital",
                name="examiner_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "nothing_needed",
                "care_needed",
                "declined",
                name="outcome_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = 'declined') = (examiner IS NULL)", name=op.f("ck_health_check_examined")),
        sa.CheckConstraint("at <= noted_at", name=op.f("ck_health_check_not_in_the_future")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_health_check_withdrawn")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_health_check_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_health_check_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_check")),
        sa.UniqueConstraint("ref", name=op.f("uq_health_check_ref")),
    )
    with op.batch_alter_table("health_check", schema=None) as batch_op:
        batch_op.create_index("ix_health_check_resident", ["resident_id", "at"], unique=False)

    op.create_table(
        "departure_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("departure_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("safety_plan", sa.Boolean(), nullable=False),
        sa.Column("own_choice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_departure_review_by_id_account")),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departure.id"], name=op.f("fk_departure_review_departure_id_departure")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure_review")),
        sa.UniqueConstraint("departure_id", name=op.f("uq_departure_review_departure_id")),
    )
    op.create_table(
        "child_carer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_child_carer_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_child_carer_account_id_account")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_child_carer_by_id_account")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_child_carer_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child_carer")),
    )
    with op.batch_alter_table("child_carer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_child_carer_open_placement",
            ["placement_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.add_column(sa.Column("act_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_leave_act_id_act"), "act", ["act_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_leave_act_id"), ["act_id"], unique=False)

    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("of_age_on", sa.Date(), nullable=True))

    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doctor_since", sa.DateTime(timezone=True), nullable=True))

    # Asked of one person or of lately, among everybody who was ever here.
    for table, columns in LOOKED_UP:
        op.create_index(f"ix_{table}_{columns[0].removesuffix('_id')}", table, columns, unique=False)


def downgrade() -> None:
    for table, columns in reversed(LOOKED_UP):
        op.drop_index(f"ix_{table}_{columns[0].removesuffix('_id')}", table_name=table)

    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_column("doctor_since")

    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_column("of_age_on")

    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_act_id"))
        batch_op.drop_constraint(batch_op.f("fk_leave_act_id_act"), type_="foreignkey")
        batch_op.drop_column("act_id")

    with op.batch_alter_table("child_carer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_child_carer_open_placement",
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.drop_table("child_carer")
    op.drop_table("departure_review")
    with op.batch_alter_table("health_check", schema=None) as batch_op:
        batch_op.drop_index("ix_health_check_resident")

    op.drop_table("health_check")
