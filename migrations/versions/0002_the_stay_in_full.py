"""The stay in full: screening, answers, conflicts, consent, extensions, duties of an emergency."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blind_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("nik", "phone", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "owner_kind",
            sa.Enum(
                "resident",
                "reported_person",
                "staff_relation",
                "guardian",
                name="owner_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blind_index")),
        sa.UniqueConstraint("owner", "kind", name=op.f("uq_blind_index_owner")),
    )
    with op.batch_alter_table("blind_index", schema=None) as batch_op:
        batch_op.create_index("ix_blind_index_digest", ["digest"], unique=False)

    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("do", "never", "allergy", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_alert_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_alert_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_alert_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("ref", name=op.f("uq_alert_ref")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            "ix_alert_resident",
            ["resident_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "same_reported",
                "reported_lives_here",
                "opposite_sides",
                "relatives",
                "staff_related",
                "denied",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_conflict_lifted")),
        sa.CheckConstraint("(other_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_conflict_household_or_account")),
        sa.CheckConstraint("other_id IS NULL OR household_id < other_id", name=op.f("ck_conflict_in_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_conflict_account_id_account")),
        sa.ForeignKeyConstraint(["found_by_id"], ["account.id"], name=op.f("fk_conflict_found_by_id_account")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_conflict_household_id_household")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["account.id"], name=op.f("fk_conflict_lifted_by_id_account")),
        sa.ForeignKeyConstraint(["other_id"], ["household.id"], name=op.f("fk_conflict_other_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint("ref", name=op.f("uq_conflict_ref")),
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(
            "ix_conflict_other",
            ["other_id"],
            unique=False,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )
        batch_op.create_index(
            "uq_conflict_standing_account",
            ["household_id", "account_id", "kind"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_conflict_standing_households",
            ["household_id", "other_id", "kind"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL AND other_id IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND other_id IS NOT NULL"),
        )

    op.create_table(
        "danger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("low", "medium", "high", name="dangerlevel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("grounds", sa.String(length=400), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_danger_by_id_account")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_danger_household_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger")),
        sa.UniqueConstraint("ref", name=op.f("uq_danger_ref")),
    )
    with op.batch_alter_table("danger", schema=None) as batch_op:
        batch_op.create_index("ix_danger_household", ["household_id", "at"], unique=False)

    op.create_table(
        "denial",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("stand_in_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(account_id IS NULL) <> (agency_id IS NULL)", name=op.f("ck_denial_account_or_agency")),
        sa.CheckConstraint("stand_in_id IS NULL OR stand_in_id <> account_id", name=op.f("ck_denial_stand_in")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_denial_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_denial_account_id_account")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_denial_agency_id_agency")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_denial_resident_id_resident")),
        sa.ForeignKeyConstraint(["stand_in_id"], ["account.id"], name=op.f("fk_denial_stand_in_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_denial")),
        sa.UniqueConstraint("ref", name=op.f("uq_denial_ref")),
    )
    with op.batch_alter_table("denial", schema=None) as batch_op:
        batch_op.create_index(
            "ix_denial_account",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )
        batch_op.create_index(
            "uq_denial_open_account",
            ["resident_id", "account_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
        )

    op.create_table(
        "matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("sexual_violence", sa.Boolean(), nullable=False),
        sa.Column("child_offender", sa.Boolean(), nullable=False),
        sa.Column("victim_reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("police_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("police_report_number", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= opened_at", name=op.f("ck_matter_period")),
        sa.CheckConstraint(
            "police_told_at IS NULL OR victim_reported_at IS NULL OR police_told_at >= victim_reported_at",
            name=op.f("ck_matter_told_after_report"),
        ),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_matter_household_id_household")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["account.id"], name=op.f("fk_matter_opened_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("ref", name=op.f("uq_matter_ref")),
    )
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.create_index("ix_matter_household", ["household_id"], unique=False)

    op.create_table(
        "medicine",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("dose", sa.LargeBinary(), nullable=True),
        sa.Column("times", sa.String(length=60), nullable=False),
        sa.Column("checker_needed", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_medicine_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_medicine_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_medicine_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine")),
        sa.UniqueConstraint("ref", name=op.f("uq_medicine_ref")),
    )
    with op.batch_alter_table("medicine", schema=None) as batch_op:
        batch_op.create_index(
            "ix_medicine_resident",
            ["resident_id"],
            unique=False,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "reported_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column(
            "relationship",
            sa.Enum(
                "husband",
                "former_husband",
                "partner",
                "father",
                "stepfather",
                "mother",
                "sibling",
                "other_family",
                "neighbour",
                "teacher",
                "employer",
                "official",
                "acquaintance",
                "stranger",
                "unknown",
                name="relationship",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("nik", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("plate", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "name IS NOT NULL OR nik IS NOT NULL OR phone IS NOT NULL OR plate IS NOT NULL",
            name=op.f("ck_reported_person_known_by"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_reported_person_household_id_household")
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["account.id"], name=op.f("fk_reported_person_noted_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_person")),
        sa.UniqueConstraint("ref", name=op.f("uq_reported_person_ref")),
    )
    with op.batch_alter_table("reported_person", schema=None) as batch_op:
        batch_op.create_index("ix_reported_person_household", ["household_id"], unique=False)

    op.create_table(
        "resident_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("justified", sa.Boolean(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (justified IS NULL)",
            name=op.f("ck_resident_grant_reviewed"),
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> account_id", name=op.f("ck_resident_grant_other_person")
        ),
        sa.CheckConstraint("until > since", name=op.f("ck_resident_grant_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_resident_grant_account_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_resident_grant_resident_id_resident")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_resident_grant_reviewed_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_grant")),
        sa.UniqueConstraint("ref", name=op.f("uq_resident_grant_ref")),
    )
    with op.batch_alter_table("resident_grant", schema=None) as batch_op:
        batch_op.create_index("ix_resident_grant_account", ["account_id", "until"], unique=False)
        batch_op.create_index("ix_resident_grant_resident", ["resident_id"], unique=False)

    op.create_table(
        "return_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("resident_id <> earlier_id", name=op.f("ck_return_answer_two_rows")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_return_answer_by_id_account")),
        sa.ForeignKeyConstraint(["earlier_id"], ["resident.id"], name=op.f("fk_return_answer_earlier_id_resident")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_return_answer_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_answer")),
        sa.UniqueConstraint("resident_id", "earlier_id", name=op.f("uq_return_answer_resident_id")),
    )

    op.create_table(
        "staff_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("nik", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "name IS NOT NULL OR nik IS NOT NULL OR phone IS NOT NULL", name=op.f("ck_staff_relation_known_by")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_staff_relation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_relation")),
        sa.UniqueConstraint("ref", name=op.f("uq_staff_relation_ref")),
    )
    with op.batch_alter_table("staff_relation", schema=None) as batch_op:
        batch_op.create_index("ix_staff_relation_account", ["account_id"], unique=False)

    op.create_table(
        "cleaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ready_at IS NULL OR ready_at >= since", name=op.f("ck_cleaning_period")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_cleaning_bed_id_bed")),
        sa.ForeignKeyConstraint(["ready_by_id"], ["account.id"], name=op.f("fk_cleaning_ready_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cleaning")),
        sa.UniqueConstraint("ref", name=op.f("uq_cleaning_ref")),
    )
    with op.batch_alter_table("cleaning", schema=None) as batch_op:
        batch_op.create_index(
            "uq_cleaning_open_bed",
            ["bed_id"],
            unique=True,
            sqlite_where=sa.text("ready_at IS NULL"),
            postgresql_where=sa.text("ready_at IS NULL"),
        )

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column(
            "decided_as",
            sa.Enum(
                "head", "plh", "plt", "manager", name="decidedas", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_decision_by_id_account")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_decision_house_id_house")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_decision_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("number", name=op.f("uq_decision_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_decision_ref")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            "uq_decision_standing",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("nik", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column(
            "relationship",
            sa.Enum(
                "husband",
                "former_husband",
                "partner",
                "father",
                "stepfather",
                "mother",
                "sibling",
                "other_family",
                "neighbour",
                "teacher",
                "employer",
                "official",
                "acquaintance",
                "stranger",
                "unknown",
                name="relationship",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reported_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(adult_id IS NULL) <> (name IS NULL)", name=op.f("ck_guardian_resident_or_outsider")),
        sa.CheckConstraint("adult_id IS NULL OR adult_id <> child_id", name=op.f("ck_guardian_other_person")),
        sa.ForeignKeyConstraint(["adult_id"], ["resident.id"], name=op.f("fk_guardian_adult_id_resident")),
        sa.ForeignKeyConstraint(["child_id"], ["resident.id"], name=op.f("fk_guardian_child_id_resident")),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["reported_person.id"], name=op.f("fk_guardian_reported_id_reported_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("ref", name=op.f("uq_guardian_ref")),
    )
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.create_index("ix_guardian_child", ["child_id"], unique=False)

    op.create_table(
        "matter_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.Column("reported_id", sa.Integer(), nullable=True),
        sa.Column(
            "side",
            sa.Enum("victim", "witness", "reported", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(resident_id IS NULL) <> (reported_id IS NULL)", name=op.f("ck_matter_party_resident_or_reported")
        ),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_matter_party_matter_id_matter")),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["reported_person.id"], name=op.f("fk_matter_party_reported_id_reported_person")
        ),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_matter_party_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_party")),
        sa.UniqueConstraint("matter_id", "resident_id", name=op.f("uq_matter_party_matter_id")),
    )
    with op.batch_alter_table("matter_party", schema=None) as batch_op:
        batch_op.create_index("ix_matter_party_resident", ["resident_id"], unique=False)

    op.create_table(
        "referral_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "accepted",
                "waiting",
                "refused",
                "withdrawn",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "full",
                "hospital_care",
                "acute_psychiatric",
                "acute_substance",
                "house_safety",
                "conflict",
                "not_target",
                "unwilling",
                "boys_age",
                "not_equipped",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("onward_id", sa.Integer(), nullable=True),
        sa.Column("declined_onward", sa.Boolean(), nullable=False),
        sa.Column("call_again", sa.Date(), nullable=True),
        sa.Column(
            "waiting_place",
            sa.Enum(
                "hospital",
                "relatives",
                "referrer",
                "nowhere_safe",
                name="waiting_place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'refused' OR (onward_id IS NOT NULL) <> declined_onward",
            name=op.f("ck_referral_answer_refusal_leads_on"),
        ),
        sa.CheckConstraint(
            "kind <> 'refused' OR ground IS NOT NULL", name=op.f("ck_referral_answer_refusal_has_ground")
        ),
        sa.CheckConstraint(
            "kind <> 'waiting' OR call_again IS NOT NULL", name=op.f("ck_referral_answer_waiting_has_day")
        ),
        sa.CheckConstraint(
            "kind = 'refused' OR (onward_id IS NULL AND NOT declined_onward)",
            name=op.f("ck_referral_answer_onward_of_refusal"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_referral_answer_by_id_account")),
        sa.ForeignKeyConstraint(["onward_id"], ["agency.id"], name=op.f("fk_referral_answer_onward_id_agency")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_answer_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_answer")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_answer_ref")),
    )
    with op.batch_alter_table("referral_answer", schema=None) as batch_op:
        batch_op.create_index("ix_referral_answer_referral", ["referral_id"], unique=False)
        batch_op.create_index(
            "uq_referral_answer_last_word",
            ["referral_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL AND kind <> 'waiting'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind <> 'waiting'"),
        )

    op.create_table(
        "screening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("low", "medium", "high", name="dangerlevel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("grounds", sa.String(length=400), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "unknown >= 0 AND unanswered >= 0 AND unknown + unanswered <= 12", name=op.f("ck_screening_unknown")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_screening_made_by_id_account")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_screening_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening")),
        sa.UniqueConstraint("ref", name=op.f("uq_screening_ref")),
    )
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.create_index("ix_screening_referral", ["referral_id"], unique=False)

    op.create_table(
        "belonging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column(
            "kept",
            sa.Enum("safe", "with_her", name="keptwhere", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_by_id", sa.Integer(), nullable=False),
        sa.Column("co_signature_id", sa.Integer(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("returned_at IS NULL OR returned_at >= listed_at", name=op.f("ck_belonging_period")),
        sa.ForeignKeyConstraint(
            ["co_signature_id"], ["co_signature.id"], name=op.f("fk_belonging_co_signature_id_co_signature")
        ),
        sa.ForeignKeyConstraint(["listed_by_id"], ["account.id"], name=op.f("fk_belonging_listed_by_id_account")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_belonging_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_belonging")),
        sa.UniqueConstraint("ref", name=op.f("uq_belonging_ref")),
    )
    with op.batch_alter_table("belonging", schema=None) as batch_op:
        batch_op.create_index("ix_belonging_placement", ["placement_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "stay",
                "house_rules",
                "health_check",
                "counselling",
                "legal_aid",
                "agency",
                "photograph",
                "after_care",
                name="item",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column(
            "tells",
            sa.Enum(
                "safe",
                "examination_day",
                "hearing_day",
                "high_danger",
                "not_family",
                name="tells",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column(
            "reading",
            sa.Enum(
                "herself", "aloud", "interpreter", name="reading", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "signed",
            sa.Enum("paper", "thumb", "spoken", name="signed", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=True),
        sa.Column(
            "given_by",
            sa.Enum(
                "herself",
                "guardian",
                "best_interest",
                name="given_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("guardian_id", sa.Integer(), nullable=True),
        sa.Column("co_signature_id", sa.Integer(), nullable=True),
        sa.Column("child_agrees", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("sheet_number", sa.String(length=30), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(given_by = 'best_interest') = (co_signature_id IS NOT NULL)", name=op.f("ck_consent_two_staff")
        ),
        sa.CheckConstraint("(given_by = 'guardian') = (guardian_id IS NOT NULL)", name=op.f("ck_consent_guardian")),
        sa.CheckConstraint("(item = 'agency') = (agency_id IS NOT NULL)", name=op.f("ck_consent_agency")),
        sa.CheckConstraint("(item = 'agency') = (tells IS NOT NULL)", name=op.f("ck_consent_one_thing")),
        sa.CheckConstraint("item <> 'agency' OR NOT granted OR until IS NOT NULL", name=op.f("ck_consent_agency_ends")),
        sa.CheckConstraint(
            "given_by <> 'best_interest' OR reason IS NOT NULL", name=op.f("ck_consent_best_interest_reason")
        ),
        sa.CheckConstraint("given_by = 'best_interest' OR witness_id IS NOT NULL", name=op.f("ck_consent_witness")),
        sa.CheckConstraint("withdrawn_at IS NULL OR granted", name=op.f("ck_consent_only_a_yes_is_withdrawn")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= since", name=op.f("ck_consent_withdrawn")),
        sa.CheckConstraint("witness_id IS NULL OR witness_id <> read_by_id", name=op.f("ck_consent_other_witness")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_consent_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["co_signature_id"], ["co_signature.id"], name=op.f("fk_consent_co_signature_id_co_signature")
        ),
        sa.ForeignKeyConstraint(["guardian_id"], ["guardian.id"], name=op.f("fk_consent_guardian_id_guardian")),
        sa.ForeignKeyConstraint(["read_by_id"], ["account.id"], name=op.f("fk_consent_read_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_consent_resident_id_resident")),
        sa.ForeignKeyConstraint(["witness_id"], ["account.id"], name=op.f("fk_consent_witness_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("ref", name=op.f("uq_consent_ref")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_resident", ["resident_id"], unique=False)
        batch_op.create_index(
            "uq_consent_standing",
            ["resident_id", "item"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
        )

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "threat",
                "legal_process",
                "health",
                "psychological",
                "next_place",
                "family",
                "school_exam",
                name="extensionreason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "own_wish",
            sa.Enum(
                "stay", "go_home", "undecided", name="ownwish", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("way_home", sa.LargeBinary(), nullable=True),
        sa.Column("danger_id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column(
            "answered",
            sa.Enum(
                "as_asked",
                "fewer_days",
                "incomplete",
                "refused",
                "lapsed",
                "withdrawn",
                name="answered_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("exit_before", sa.Date(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (granted IS NULL)", name=op.f("ck_extension_decided")),
        sa.CheckConstraint(
            "granted IS NULL OR (granted_until IS NOT NULL) = granted", name=op.f("ck_extension_granted")
        ),
        sa.CheckConstraint(
            "granted_until IS NULL OR granted_until <= until", name=op.f("ck_extension_not_more_than_asked")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (answered IS NULL)", name=op.f("ck_extension_answered")),
        sa.CheckConstraint(
            "granted IS NULL OR granted = (answered IN ('as_asked', 'fewer_days'))",
            name=op.f("ck_extension_answered_so"),
        ),
        sa.CheckConstraint("until > from_day", name=op.f("ck_extension_more_days")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_extension_approval_id_approval")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_extension_asked_by_id_account")),
        sa.ForeignKeyConstraint(["danger_id"], ["danger.id"], name=op.f("fk_extension_danger_id_danger")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_extension_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("placement_id", "number", name=op.f("uq_extension_placement_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_extension_ref")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_approval", ["approval_id"], unique=False)
        batch_op.create_index(
            "uq_extension_waiting",
            ["placement_id"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "intake_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "allergies",
                "medicines",
                "belongings",
                name="intakeitem",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("some", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_intake_answer_by_id_account")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_intake_answer_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_answer")),
        sa.UniqueConstraint("placement_id", "item", name=op.f("uq_intake_answer_placement_id")),
    )
    op.create_table(
        "step_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_in_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until > since", name=op.f("ck_step_up_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_step_up_account_id_account")),
        sa.ForeignKeyConstraint(["sign_in_id"], ["sign_in.id"], name=op.f("fk_step_up_sign_in_id_sign_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_up")),
        sa.UniqueConstraint("ref", name=op.f("uq_step_up_ref")),
    )
    with op.batch_alter_table("step_up", schema=None) as batch_op:
        batch_op.create_index("ix_step_up_sign_in", ["sign_in_id"], unique=False)
        batch_op.create_index("ix_step_up_subject", ["subject"], unique=False)

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("family_card", sa.LargeBinary(), nullable=True))

    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.add_column(sa.Column("caregiver_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("caring_resident_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("without_notice", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_leave_caregiver_id_account"), "account", ["caregiver_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_leave_caring_resident_id_resident"), "resident", ["caring_resident_id"], ["id"]
        )

    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tell_manager_after_hours", sa.Integer(), server_default="24", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_office_tell_manager_after"), "tell_manager_after_hours BETWEEN 0 AND 168"
        )

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("household_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("message", sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_referral_household_id_household"), "household", ["household_id"], ["id"]
        )

    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.add_column(sa.Column("born", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("home_village", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_column("home_village")
        batch_op.drop_column("born")

    with op.batch_alter_table("referral", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_referral_household_id_household"), type_="foreignkey")
        batch_op.drop_column("message")
        batch_op.drop_column("household_id")

    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_office_tell_manager_after"), type_="check")
        batch_op.drop_column("tell_manager_after_hours")

    with op.batch_alter_table("leave", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_leave_caring_resident_id_resident"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_leave_caregiver_id_account"), type_="foreignkey")
        batch_op.drop_column("without_notice")
        batch_op.drop_column("caring_resident_id")
        batch_op.drop_column("caregiver_id")

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_column("family_card")
        batch_op.drop_column("address")

    with op.batch_alter_table("step_up", schema=None) as batch_op:
        batch_op.drop_index("ix_step_up_subject")
        batch_op.drop_index("ix_step_up_sign_in")

    op.drop_table("step_up")
    op.drop_table("intake_answer")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_extension_waiting",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index("ix_extension_approval")

    op.drop_table("extension")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consent_standing",
            sqlite_where=sa.text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND replaced_at IS NULL AND item <> 'agency'"),
        )
        batch_op.drop_index("ix_consent_resident")

    op.drop_table("consent")
    with op.batch_alter_table("belonging", schema=None) as batch_op:
        batch_op.drop_index("ix_belonging_placement")

    op.drop_table("belonging")
    with op.batch_alter_table("screening", schema=None) as batch_op:
        batch_op.drop_index("ix_screening_referral")

    op.drop_table("screening")
    with op.batch_alter_table("referral_answer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_referral_answer_last_word",
            sqlite_where=sa.text("undone_at IS NULL AND kind <> 'waiting'"),
            postgresql_where=sa.text("undone_at IS NULL AND kind <> 'waiting'"),
        )
        batch_op.drop_index("ix_referral_answer_referral")

    op.drop_table("referral_answer")
    with op.batch_alter_table("matter_party", schema=None) as batch_op:
        batch_op.drop_index("ix_matter_party_resident")

    op.drop_table("matter_party")
    with op.batch_alter_table("guardian", schema=None) as batch_op:
        batch_op.drop_index("ix_guardian_child")

    op.drop_table("guardian")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_decision_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.drop_table("decision")
    with op.batch_alter_table("cleaning", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cleaning_open_bed",
            sqlite_where=sa.text("ready_at IS NULL"),
            postgresql_where=sa.text("ready_at IS NULL"),
        )

    op.drop_table("cleaning")
    with op.batch_alter_table("staff_relation", schema=None) as batch_op:
        batch_op.drop_index("ix_staff_relation_account")

    op.drop_table("staff_relation")
    op.drop_table("return_answer")
    with op.batch_alter_table("resident_grant", schema=None) as batch_op:
        batch_op.drop_index("ix_resident_grant_resident")
        batch_op.drop_index("ix_resident_grant_account")

    op.drop_table("resident_grant")
    with op.batch_alter_table("reported_person", schema=None) as batch_op:
        batch_op.drop_index("ix_reported_person_household")

    op.drop_table("reported_person")
    with op.batch_alter_table("medicine", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_medicine_resident", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

    op.drop_table("medicine")
    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.drop_index("ix_matter_household")

    op.drop_table("matter")
    with op.batch_alter_table("denial", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_denial_open_account",
            sqlite_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("until IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_denial_account", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

    op.drop_table("denial")
    with op.batch_alter_table("danger", schema=None) as batch_op:
        batch_op.drop_index("ix_danger_household")

    op.drop_table("danger")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_conflict_standing_households",
            sqlite_where=sa.text("lifted_at IS NULL AND other_id IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND other_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_conflict_standing_account",
            sqlite_where=sa.text("lifted_at IS NULL AND account_id IS NOT NULL"),
            postgresql_where=sa.text("lifted_at IS NULL AND account_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_conflict_other",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("conflict")
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_alert_resident", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )

    op.drop_table("alert")
    with op.batch_alter_table("blind_index", schema=None) as batch_op:
        batch_op.drop_index("ix_blind_index_digest")

    op.drop_table("blind_index")
