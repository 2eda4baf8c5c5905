"""The first tables: keys, record, people who work here, residents, rooms and stays."""

import sqlalchemy as sa
from alembic import op

from safehouse.guards import create_guards, drop_guards

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEQ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("name", name=op.f("uq_agency_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_agency_ref")),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "owner_kind",
            sa.Enum(
                "resident",
                "household",
                "referral",
                "account",
                "house",
                "agency",
                "office",
                name="owner_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(length=60), nullable=True),
        sa.Column("kek_version", sa.Integer(), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name=op.f("ck_data_key_destroyed")),
        sa.CheckConstraint("version BETWEEN 1 AND 65535", name=op.f("ck_data_key_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("owner", "version", name=op.f("uq_data_key_owner")),
        sa.UniqueConstraint("ref", name=op.f("uq_data_key_ref")),
    )
    op.create_table(
        "house",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("stay_limit_days", sa.Integer(), nullable=False),
        sa.Column("boys_age", sa.Integer(), nullable=False),
        sa.Column("separation_age", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("boys_age BETWEEN 0 AND 18", name=op.f("ck_house_boys_age")),
        sa.CheckConstraint("separation_age BETWEEN 0 AND 18", name=op.f("ck_house_separation_age")),
        sa.CheckConstraint("stay_limit_days BETWEEN 1 AND 365", name=op.f("ck_house_stay_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house")),
        sa.UniqueConstraint("name", name=op.f("uq_house_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_house_ref")),
    )
    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("ref", name=op.f("uq_household_ref")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(length=32), nullable=False),
        sa.Column("idle_shared_minutes", sa.Integer(), nullable=False),
        sa.Column("idle_own_minutes", sa.Integer(), nullable=False),
        sa.Column("code_after_minutes", sa.Integer(), nullable=False),
        sa.Column("sign_in_hours", sa.Integer(), nullable=False),
        sa.Column("hold_hours", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("code_after_minutes BETWEEN 1 AND 240", name=op.f("ck_office_code_after")),
        sa.CheckConstraint("hold_hours BETWEEN 1 AND 24", name=op.f("ck_office_hold_hours")),
        sa.CheckConstraint("id = 1", name=op.f("ck_office_one_row")),
        sa.CheckConstraint("idle_own_minutes BETWEEN 1 AND 60", name=op.f("ck_office_idle_own")),
        sa.CheckConstraint("idle_shared_minutes BETWEEN 1 AND 60", name=op.f("ck_office_idle_shared")),
        sa.CheckConstraint("sign_in_hours BETWEEN 1 AND 12", name=op.f("ck_office_sign_in_hours")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("ref", name=op.f("uq_office_ref")),
    )
    op.create_table(
        "throttle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "factor",
            sa.Enum("password", "code", "source", name="factor", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle")),
        sa.UniqueConstraint("subject", "factor", "known", name=op.f("uq_throttle_subject")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "account",
                "stranger",
                "system",
                "partner",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("sign_in", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("fields", sa.String(length=400), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=True),
        sa.Column(
            "result",
            sa.Enum("done", "refused", "failed", name="result", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("previous_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail_entry")),
    )
    op.create_index("ix_trail_entry_actor", "trail_entry", ["actor", "seq"], unique=False)
    op.create_index("ix_trail_entry_at", "trail_entry", ["at"], unique=False)
    op.create_index("ix_trail_entry_subject", "trail_entry", ["subject", "seq"], unique=False)
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column(
            "realm",
            sa.Enum("house", "partner", name="realm", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "staff",
                "caseworker",
                "manager",
                "security_officer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "invited", "active", "disabled", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("shown_name", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("theme", sa.String(length=5), nullable=True),
        sa.Column("password", sa.LargeBinary(), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unconfirmed_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(realm = 'partner') = (agency_id IS NOT NULL)", name=op.f("ck_account_partner_has_agency")),
        sa.CheckConstraint(
            "realm = 'house' OR (role IS NULL AND NOT is_head)", name=op.f("ck_account_partner_has_no_role")
        ),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_account_username_lower")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_account_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("ref", name=op.f("uq_account_ref")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("birth_month", sa.Date(), nullable=True),
        sa.Column("birth_estimated", sa.Boolean(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=True),
        sa.Column("arrived_by_import", sa.Boolean(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("nik", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(code) = 4", name=op.f("ck_resident_code_length")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_resident_house_id_house")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_resident_household_id_household")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("code", name=op.f("uq_resident_code")),
        sa.UniqueConstraint("ref", name=op.f("uq_resident_ref")),
    )
    op.create_index(
        "ix_resident_house",
        "resident",
        ["house_id"],
        unique=False,
        sqlite_where=sa.text("house_id IS NOT NULL"),
        postgresql_where=sa.text("house_id IS NOT NULL"),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "mother_child",
                "adult_women",
                "girls",
                "infants",
                "isolation",
                "any_family",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ground_floor", sa.Boolean(), nullable=False),
        sa.Column("wheelchair", sa.Boolean(), nullable=False),
        sa.Column("isolation", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_room_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("ref", name=op.f("uq_room_ref")),
    )
    op.create_index(
        "uq_room_house_label",
        "room",
        ["house_id", "label"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "trail_subject",
        sa.Column("entry_seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_seq"], ["trail_entry.seq"], name=op.f("fk_trail_subject_entry_seq_trail_entry")
        ),
        sa.PrimaryKeyConstraint("entry_seq", "subject", name=op.f("pk_trail_subject")),
    )
    op.create_index("ix_trail_subject_subject", "trail_subject", ["subject", "entry_seq"], unique=False)
    op.create_table(
        "account_discipline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "discipline",
            sa.Enum(
                "social_work",
                "psychology",
                "health",
                "legal",
                "education",
                name="discipline",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_discipline_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_discipline")),
        sa.UniqueConstraint("account_id", "discipline", name=op.f("uq_account_discipline_account_id")),
    )
    op.create_table(
        "act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("undone_by_id IS NULL OR undo_until IS NOT NULL", name=op.f("ck_act_undoable")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_act_account_id_account")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["act.id"], name=op.f("fk_act_undone_by_id_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("key", name=op.f("uq_act_key")),
        sa.UniqueConstraint("ref", name=op.f("uq_act_ref")),
    )
    op.create_table(
        "activation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("account", "password", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_activation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activation")),
    )
    op.create_index(op.f("ix_activation_account_id"), "activation", ["account_id"], unique=False)
    op.create_table(
        "adjoining",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("room_id < other_id", name=op.f("ck_adjoining_in_order")),
        sa.ForeignKeyConstraint(["other_id"], ["room.id"], name=op.f("fk_adjoining_other_id_room")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_adjoining_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjoining")),
        sa.UniqueConstraint("room_id", "other_id", name=op.f("uq_adjoining_room_id")),
    )
    op.create_table(
        "alias_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_alias_use_house_id_house")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_alias_use_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias_use")),
    )
    op.create_index(op.f("ix_alias_use_house_id"), "alias_use", ["house_id"], unique=False)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("parameters", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL) AND (decided_at IS NULL) = (granted IS NULL)",
            name=op.f("ck_approval_decided"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_approval_other_person")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["account.id"], name=op.f("fk_approval_asked_by_id_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_approval_decided_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("ref", name=op.f("uq_approval_ref")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "discipline",
            sa.Enum(
                "social_work",
                "psychology",
                "health",
                "legal",
                "education",
                name="discipline",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("coordinator", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_assignment_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_assignment_account_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_assignment_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_account",
        "assignment",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "uq_assignment_open_account",
        "assignment",
        ["resident_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_index(
        "uq_assignment_open_coordinator",
        "assignment",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL AND coordinator"),
        postgresql_where=sa.text("until IS NULL AND coordinator"),
    )
    op.create_table(
        "bed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bed", "cot", "mattress", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_bed_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed")),
        sa.UniqueConstraint("ref", name=op.f("uq_bed_ref")),
    )
    op.create_index(
        "uq_bed_room_label",
        "bed",
        ["room_id", "label"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("house_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_clearance_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_clearance_account_id_account")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_clearance_house_id_house")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    op.create_index(
        "uq_clearance_open",
        "clearance",
        ["account_id", "house_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("plh", "plt", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_delegation_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_delegation_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("ref", name=op.f("uq_delegation_ref")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("digest", "account_id", name=op.f("uq_device_digest")),
        sa.UniqueConstraint("ref", name=op.f("uq_device_ref")),
    )
    op.create_index(op.f("ix_device_account_id"), "device", ["account_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("ref", name=op.f("uq_draft_ref")),
    )
    op.create_index(op.f("ix_draft_account_id"), "draft", ["account_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inventory", sa.LargeBinary(), nullable=True),
        sa.Column("register", sa.LargeBinary(), nullable=True),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.String(length=400), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_import_run_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
        sa.UniqueConstraint("ref", name=op.f("uq_import_run_ref")),
    )
    op.create_index(op.f("ix_import_run_account_id"), "import_run", ["account_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("account_id", "digest", name=op.f("uq_recovery_code_account_id")),
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "self",
                "family",
                "public",
                "own_unit",
                "other_unit",
                "police",
                "prosecutor",
                "court",
                "health",
                "social_affairs",
                "school",
                "village",
                "ngo",
                "lpsk",
                "sapa129",
                "migrant_agency",
                "other",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("their_reference", sa.String(length=60), nullable=True),
        sa.Column(
            "urgency",
            sa.Enum("now", "today", "planned", name="urgency", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "waiting",
                "accepted",
                "refused",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_referral_agency_id_agency")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["account.id"], name=op.f("fk_referral_taken_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("number", name=op.f("uq_referral_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_referral_ref")),
    )
    op.create_index(op.f("ix_referral_state"), "referral", ["state"], unique=False)
    op.create_table(
        "totp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_totp_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp")),
        sa.UniqueConstraint("account_id", name=op.f("uq_totp_account_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_totp_ref")),
    )
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("bed_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(room_id IS NULL) <> (bed_id IS NULL)", name=op.f("ck_closure_room_or_bed")),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_closure_period")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_closure_reason")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_closure_bed_id_bed")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_closure_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("ref", name=op.f("uq_closure_ref")),
    )
    op.create_table(
        "co_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_co_signature_account_id_account")),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_co_signature_act_id_act")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_co_signature")),
        sa.UniqueConstraint("act_id", name=op.f("uq_co_signature_act_id")),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expires_at > held_at", name=op.f("ck_hold_period")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_hold_bed_id_bed")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_hold_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_referral", "hold", ["referral_id"], unique=False)
    op.create_index(
        "uq_hold_live_bed",
        "hold",
        ["bed_id"],
        unique=True,
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.create_table(
        "placement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("planned_exit", sa.Date(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "decided", "emergency", "import", name="basis", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR left_at IS NOT NULL", name=op.f("ck_placement_closed_after_leaving")),
        sa.CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name=op.f("ck_placement_period")),
        sa.CheckConstraint("limit_days BETWEEN 1 AND 3650", name=op.f("ck_placement_limit")),
        sa.ForeignKeyConstraint(["previous_id"], ["placement.id"], name=op.f("fk_placement_previous_id_placement")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_placement_referral_id_referral")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_placement_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
        sa.UniqueConstraint("ref", name=op.f("uq_placement_ref")),
    )
    op.create_index(op.f("ix_placement_referral_id"), "placement", ["referral_id"], unique=False)
    op.create_index(
        "uq_placement_open_resident",
        "placement",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "referral_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "wheelchair",
                "ground_floor",
                "pregnant",
                "isolation",
                name="need",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_need_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_need")),
        sa.UniqueConstraint("referral_id", "need", name=op.f("uq_referral_need_referral_id")),
    )
    op.create_table(
        "referral_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("female", "male", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("age_months", sa.Integer(), nullable=True),
        sa.Column("resident_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("adult OR age_months IS NOT NULL", name=op.f("ck_referral_person_child_has_age")),
        sa.CheckConstraint("age_months IS NULL OR age_months BETWEEN 0 AND 1440", name=op.f("ck_referral_person_age")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_person_referral_id_referral")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_referral_person_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_person")),
        sa.UniqueConstraint("referral_id", "position", name=op.f("uq_referral_person_referral_id")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column(
            "level",
            sa.Enum(
                "password", "enrolling", "full", name="level", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_recovery", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id_account")),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_sign_in_device_id_device")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("ref", name=op.f("uq_sign_in_ref")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    op.create_index(
        "ix_sign_in_open",
        "sign_in",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "against_advice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("co_signature_id", sa.Integer(), nullable=False),
        sa.Column("unmet", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_against_advice_act_id_act")),
        sa.ForeignKeyConstraint(
            ["co_signature_id"], ["co_signature.id"], name=op.f("fk_against_advice_co_signature_id_co_signature")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_against_advice_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_against_advice")),
        sa.UniqueConstraint("act_id", name=op.f("uq_against_advice_act_id")),
        sa.UniqueConstraint("co_signature_id", name=op.f("uq_against_advice_co_signature_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_against_advice_ref")),
    )
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "place_kind",
            sa.Enum(
                "own_family",
                "extended_family",
                "foster_family",
                "independent",
                "partner",
                "child_care_home",
                "social_home",
                "boarding_school",
                "other_region",
                "hospital",
                "lpsk",
                "home_country",
                "unknown",
                name="place_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("act_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["act.id"], name=op.f("fk_departure_act_id_act")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_departure_by_id_account")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_departure_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
    )
    op.create_index(op.f("ix_departure_act_id"), "departure", ["act_id"], unique=False)
    op.create_index(
        "uq_departure_standing",
        "departure",
        ["placement_id"],
        unique=True,
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_table(
        "imported_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_imported_row_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_row")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_imported_row_fingerprint")),
    )
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "hospital",
                "court",
                "school",
                "family",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_back", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("back_at IS NULL OR back_at >= from_at", name=op.f("ck_leave_back")),
        sa.CheckConstraint("due_back >= from_at", name=op.f("ck_leave_period")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_leave_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index("ix_leave_placement", "leave", ["placement_id"], unique=False)
    op.create_index(
        "uq_leave_open_placement",
        "leave",
        ["placement_id"],
        unique=True,
        sqlite_where=sa.text("back_at IS NULL"),
        postgresql_where=sa.text("back_at IS NULL"),
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("bed_id", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ended_by",
            sa.Enum(
                "moved", "left", "undone", name="ended_by_choice", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "ended_by IS NULL OR ended_by <> 'undone' OR ended_at = started_at", name=op.f("ck_stay_undone_is_empty")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_stay_ended_by")),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_stay_period")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_stay_bed_id_bed")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_stay_placement_id_placement")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_stay_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    op.create_index("ix_stay_bed_started", "stay", ["bed_id", "started_at"], unique=False)
    op.create_index("ix_stay_placement", "stay", ["placement_id"], unique=False)
    op.create_index(
        "uq_stay_open_bed",
        "stay",
        ["bed_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND NOT sharing"),
        postgresql_where=sa.text("ended_at IS NULL AND NOT sharing"),
    )
    op.create_index(
        "uq_stay_open_resident",
        "stay",
        ["resident_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    create_guards(op.get_bind())


def downgrade() -> None:
    drop_guards(op.get_bind())
    op.drop_index(
        "uq_stay_open_resident",
        table_name="stay",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(
        "uq_stay_open_bed",
        table_name="stay",
        sqlite_where=sa.text("ended_at IS NULL AND NOT sharing"),
        postgresql_where=sa.text("ended_at IS NULL AND NOT sharing"),
    )
    op.drop_index("ix_stay_placement", table_name="stay")
    op.drop_index("ix_stay_bed_started", table_name="stay")
    op.drop_table("stay")
    op.drop_index(
        "uq_leave_open_placement",
        table_name="leave",
        sqlite_where=sa.text("back_at IS NULL"),
        postgresql_where=sa.text("back_at IS NULL"),
    )
    op.drop_index("ix_leave_placement", table_name="leave")
    op.drop_table("leave")
    op.drop_table("imported_row")
    op.drop_index(
        "uq_departure_standing",
        table_name="departure",
        sqlite_where=sa.text("undone_at IS NULL"),
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.drop_index(op.f("ix_departure_act_id"), table_name="departure")
    op.drop_table("departure")
    op.drop_table("against_advice")
    op.drop_index(
        "ix_sign_in_open",
        table_name="sign_in",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("sign_in")
    op.drop_table("referral_person")
    op.drop_table("referral_need")
    op.drop_index(
        "uq_placement_open_resident",
        table_name="placement",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(op.f("ix_placement_referral_id"), table_name="placement")
    op.drop_table("placement")
    op.drop_index(
        "uq_hold_live_bed",
        table_name="hold",
        sqlite_where=sa.text("released_at IS NULL"),
        postgresql_where=sa.text("released_at IS NULL"),
    )
    op.drop_index("ix_hold_referral", table_name="hold")
    op.drop_table("hold")
    op.drop_table("co_signature")
    op.drop_table("closure")
    op.drop_table("totp")
    op.drop_index(op.f("ix_referral_state"), table_name="referral")
    op.drop_table("referral")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_import_run_account_id"), table_name="import_run")
    op.drop_table("import_run")
    op.drop_index(op.f("ix_draft_account_id"), table_name="draft")
    op.drop_table("draft")
    op.drop_index(op.f("ix_device_account_id"), table_name="device")
    op.drop_table("device")
    op.drop_table("delegation")
    op.drop_index(
        "uq_clearance_open",
        table_name="clearance",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_table("clearance")
    op.drop_index(
        "uq_bed_room_label",
        table_name="bed",
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_table("bed")
    op.drop_index(
        "uq_assignment_open_coordinator",
        table_name="assignment",
        sqlite_where=sa.text("until IS NULL AND coordinator"),
        postgresql_where=sa.text("until IS NULL AND coordinator"),
    )
    op.drop_index(
        "uq_assignment_open_account",
        table_name="assignment",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index(
        "ix_assignment_account",
        table_name="assignment",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_table("assignment")
    op.drop_table("approval")
    op.drop_index(op.f("ix_alias_use_house_id"), table_name="alias_use")
    op.drop_table("alias_use")
    op.drop_table("adjoining")
    op.drop_index(op.f("ix_activation_account_id"), table_name="activation")
    op.drop_table("activation")
    op.drop_table("act")
    op.drop_table("account_discipline")
    op.drop_index("ix_trail_subject_subject", table_name="trail_subject")
    op.drop_table("trail_subject")
    op.drop_index(
        "uq_room_house_label",
        table_name="room",
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_table("room")
    op.drop_index(
        "ix_resident_house",
        table_name="resident",
        sqlite_where=sa.text("house_id IS NOT NULL"),
        postgresql_where=sa.text("house_id IS NOT NULL"),
    )
    op.drop_table("resident")
    op.drop_table("account")
    op.drop_index("ix_trail_entry_subject", table_name="trail_entry")
    op.drop_index("ix_trail_entry_at", table_name="trail_entry")
    op.drop_index("ix_trail_entry_actor", table_name="trail_entry")
    op.drop_table("trail_entry")
    op.drop_table("throttle")
    op.drop_table("office")
    op.drop_table("household")
    op.drop_table("house")
    op.drop_table("data_key")
    op.drop_table("agency")
