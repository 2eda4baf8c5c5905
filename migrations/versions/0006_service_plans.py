"""Service plans: domains, goals, sessions, appointments, health, school, law and its stages, reviews.

The stages of law are data. They are named as they are on the day of this migration; a later change of the law adds
rows.
"""

import datetime as dt
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


OFFICE = sa.table("office", sa.column("follows_plans_since", sa.DateTime(timezone=True)))
PLACEMENT = sa.table("placement", sa.column("id", sa.Integer()))
STAGE = sa.table(
    "legal_stage",
    sa.column("ref", sa.Uuid()),
    sa.column("track", sa.String()),
    sa.column("procedural_code", sa.String()),
    sa.column("key", sa.String()),
    sa.column("position", sa.Integer()),
    sa.column("name_id", sa.String()),
    sa.column("name_en", sa.String()),
    sa.column("again", sa.Boolean()),
    sa.column("ends", sa.Boolean()),
    sa.column("refused", sa.Boolean()),
    sa.column("aside", sa.Boolean()),
)

# key, Indonesian, English, and what it is: `again` may come back, `ends` closes the way, `aside` is off the path,
# `refused` is never recorded.
CRIMINAL = (
    ("consultation", "Konsultasi", "Advice", ""),
    ("police_report", "Laporan polisi", "Report to the police", ""),
    ("inquiry", "Penyelidikan", "Inquiry", ""),
    ("investigation", "Penyidikan", "Investigation", ""),
    ("file_sent", "Berkas ke kejaksaan (tahap 1)", "File sent to the prosecutor (stage 1)", "again"),
    ("file_returned", "Berkas dikembalikan (P-19)", "File returned (P-19)", "again aside"),
    ("file_complete", "Berkas lengkap (P-21)", "File complete (P-21)", ""),
    (
        "handed_over",
        "Pelimpahan terlapor dan bukti (tahap 2)",
        "Reported person and evidence handed over (stage 2)",
        "",
    ),
    ("prosecution", "Penuntutan, dakwaan", "Prosecution, indictment", ""),
    ("trial", "Persidangan", "Trial", "again"),
    ("sentence_asked", "Tuntutan", "Sentence asked for", ""),
    ("verdict", "Putusan", "Verdict", ""),
    ("appeal", "Banding", "Appeal", "aside"),
    ("cassation", "Kasasi", "Cassation", "aside"),
    ("final", "Berkekuatan hukum tetap", "Final and binding", ""),
    ("execution", "Eksekusi", "Execution", ""),
    ("finished", "Selesai", "Finished", "ends"),
    ("inquiry_stopped", "Penyelidikan dihentikan", "Inquiry stopped", "ends aside"),
    ("investigation_stopped", "Penyidikan dihentikan (SP3)", "Investigation stopped (SP3)", "ends aside"),
    ("prosecution_stopped", "Penuntutan dihentikan (SKP2)", "Prosecution stopped (SKP2)", "ends aside"),
    ("diversion", "Diversi, terlapor anak", "Diversion, the reported person is a child", "ends aside"),
    ("withdrawn", "Pengaduan dicabut, hanya delik aduan", "Complaint withdrawn, where the law allows it", "ends aside"),
    ("restorative_justice", "Keadilan restoratif", "Restorative justice", "ends aside refused"),
)
COURT = (
    ("consultation", "Konsultasi", "Advice", ""),
    ("filed", "Didaftarkan ke pengadilan", "Filed with the court", ""),
    ("hearing", "Sidang", "Hearing", "again"),
    ("verdict", "Putusan", "Judgment", ""),
    ("appeal", "Banding", "Appeal", "aside"),
    ("final", "Berkekuatan hukum tetap", "Final and binding", "ends"),
    ("withdrawn", "Dicabut", "Withdrawn", "ends aside"),
)
OTHER = {
    "lpsk": (
        ("asked", "Permohonan diajukan", "Protection asked for", ""),
        ("examined", "Ditelaah LPSK", "Examined by LPSK", ""),
        ("granted", "Perlindungan diberikan", "Protection granted", ""),
        ("refused", "Tidak diberikan", "Not granted", "ends aside"),
        ("over", "Perlindungan berakhir", "Protection over", "ends"),
    ),
    "restitution": (
        ("computed", "Dihitung LPSK", "Computed by LPSK", ""),
        ("in_charge", "Diajukan dalam tuntutan", "Put into the charge", ""),
        ("granted", "Dikabulkan", "Granted", ""),
        ("refused", "Ditolak", "Refused", "ends aside"),
        ("paid_partly", "Dibayar sebagian", "Paid in part", "again aside"),
        ("paid", "Dibayar penuh", "Paid in full", "ends"),
        ("not_paid", "Tidak dibayar", "Not paid", "ends aside"),
    ),
    "victim_fund": (
        ("asked", "Dana Bantuan Korban diajukan", "Victim fund asked for", ""),
        ("approved", "Disetujui LPSK", "Approved by LPSK", ""),
        ("refused", "Tidak disetujui", "Not approved", "ends aside"),
        ("paid", "Dibayar", "Paid", "ends"),
    ),
    "mediation": (
        ("agreed_to", "Para pihak bersedia", "Both sides are willing", ""),
        ("held", "Mediasi dilakukan", "Mediation held", "again"),
        ("agreed", "Ada kesepakatan", "Agreement reached", "ends"),
        ("not_agreed", "Tidak ada kesepakatan", "No agreement", "ends aside"),
    ),
}
BEFORE_COURT = ("divorce", "custody", "maintenance", "guardianship", "marriage_confirmation", "marriage_dispensation")


def stages() -> list[dict[str, object]]:
    ways = [("criminal", code, CRIMINAL) for code in ("kuhap_1981", "kuhap_2025")]
    ways += [(track, None, COURT) for track in BEFORE_COURT]
    ways += [(track, None, listed) for track, listed in OTHER.items()]
    return [
        {
            "ref": uuid.uuid4(),
            "track": track,
            "procedural_code": code,
            "key": key,
            "position": position,
            "name_id": indonesian,
            "name_en": english,
            **{what: what in said.split() for what in ("again", "ends", "refused", "aside")},
        }
        for track, code, listed in ways
        for position, (key, indonesian, english, said) in enumerate(listed)
    ]


def upgrade() -> None:
    op.create_table(
        "legal_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "criminal",
                "lpsk",
                "restitution",
                "victim_fund",
                "divorce",
                "custody",
                "maintenance",
                "guardianship",
                "marriage_confirmation",
                "marriage_dispensation",
                "mediation",
                name="track",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "procedural_code",
            sa.Enum(
                "kuhap_1981", "kuhap_2025", name="proceduralcode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_id", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("ends", sa.Boolean(), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(track = 'criminal') = (procedural_code IS NOT NULL)", name=op.f("ck_legal_stage_code")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_legal_stage_position")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_stage")),
        sa.UniqueConstraint("ref", name=op.f("uq_legal_stage_ref")),
        sa.UniqueConstraint("track", "procedural_code", "key", name=op.f("uq_legal_stage_track")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column(
            "domain",
            sa.Enum(
                "social_work",
                "psychology",
                "health",
                "legal",
                "education",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "check_up",
                "treatment",
                "pregnancy_check",
                "immunisation",
                "visum",
                "psychiatrist",
                "counselling",
                "assessment",
                "police_report",
                "examination",
                "hearing",
                "legal_advice",
                "protection_agency",
                "school_visit",
                "exam",
                "report_book",
                "accompaniment",
                "family_meeting",
                "papers",
                "training",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "place",
            sa.Enum(
                "house",
                "office",
                "hospital",
                "clinic",
                "police",
                "prosecutor",
                "court",
                "school",
                "agency",
                "online",
                name="place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("companion_id", sa.Integer(), nullable=True),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column(
            "transport",
            sa.Enum(
                "not_yet",
                "not_needed",
                "office_car",
                "hired_car",
                "agency_car",
                "ambulance",
                name="transport",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "safe_way",
            sa.Enum(
                "inside",
                "via_office",
                "side_entrance",
                "no_logo",
                "ordinary",
                name="safe_way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "children",
            sa.Enum(
                "none", "with_her", "with_staff", name="children", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "kept",
                "missed",
                "moved",
                "cancelled",
                name="state_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column(
            "missed_answer",
            sa.Enum(
                "new_day",
                "reached",
                "not_needed",
                name="missed_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'planned') = (settled_at IS NULL)", name=op.f("ck_appointment_settled")),
        sa.CheckConstraint("missed_answer IS NULL OR state = 'missed'", name=op.f("ck_appointment_missed_answer")),
        sa.CheckConstraint("(missed_answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_appointment_answered")),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_appointment_settled_by")),
        sa.CheckConstraint("ends_at > at", name=op.f("ck_appointment_period")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_appointment_minutes")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_appointment_agency_id_agency")),
        sa.ForeignKeyConstraint(["companion_id"], ["account.id"], name=op.f("fk_appointment_companion_id_account")),
        sa.ForeignKeyConstraint(["follows_id"], ["appointment.id"], name=op.f("fk_appointment_follows_id_appointment")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_appointment_made_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_appointment_resident_id_resident")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["account.id"], name=op.f("fk_appointment_settled_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("ref", name=op.f("uq_appointment_ref")),
    )
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.create_index("ix_appointment_at", ["at"], unique=False)
        batch_op.create_index("ix_appointment_companion", ["companion_id", "at"], unique=False)
        batch_op.create_index(
            "ix_appointment_missed",
            ["settled_at"],
            unique=False,
            sqlite_where=sa.text("state = 'missed' AND answered_at IS NULL"),
            postgresql_where=sa.text("state = 'missed' AND answered_at IS NULL"),
        )
        batch_op.create_index(
            "ix_appointment_planned",
            ["at"],
            unique=False,
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.create_index("ix_appointment_resident", ["resident_id", "at"], unique=False)

    op.create_table(
        "pregnancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.Integer(), nullable=False),
        sa.Column("expected", sa.LargeBinary(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_pregnancy_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_pregnancy_by_id_account")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_pregnancy_resident_id_resident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pregnancy")),
        sa.UniqueConstraint("ref", name=op.f("uq_pregnancy_ref")),
    )
    with op.batch_alter_table("pregnancy", schema=None) as batch_op:
        batch_op.create_index("ix_pregnancy_resident", ["resident_id"], unique=False)

    op.create_table(
        "simfoni_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("case_number", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(entered_at IS NULL) = (entered_by_id IS NULL)", name=op.f("ck_simfoni_sheet_entered")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_simfoni_sheet_changed_by_id_account")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name=op.f("fk_simfoni_sheet_entered_by_id_account")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_simfoni_sheet_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simfoni_sheet")),
        sa.UniqueConstraint("household_id", name=op.f("uq_simfoni_sheet_household_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_simfoni_sheet_ref")),
    )
    op.create_table(
        "investigation_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "a1", "a2", "a3", "a4", "a5", name="noticecode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_investigation_notice_by_id_account")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_investigation_notice_matter_id_matter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigation_notice")),
        sa.UniqueConstraint("ref", name=op.f("uq_investigation_notice_ref")),
    )
    with op.batch_alter_table("investigation_notice", schema=None) as batch_op:
        batch_op.create_index("ix_investigation_notice_matter", ["matter_id"], unique=False)

    op.create_table(
        "legal_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column(
            "track",
            sa.Enum(
                "criminal",
                "lpsk",
                "restitution",
                "victim_fund",
                "divorce",
                "custody",
                "maintenance",
                "guardianship",
                "marriage_confirmation",
                "marriage_dispensation",
                "mediation",
                name="track",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "procedural_code",
            sa.Enum(
                "kuhap_1981", "kuhap_2025", name="proceduralcode", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("approval_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(track = 'criminal') = (procedural_code IS NOT NULL)", name=op.f("ck_legal_process_code")),
        sa.CheckConstraint(
            "(track = 'mediation') = (approval_id IS NOT NULL)", name=op.f("ck_legal_process_mediation_approved")
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_legal_process_approval_id_approval")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_legal_process_by_id_account")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_legal_process_matter_id_matter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_process")),
        sa.UniqueConstraint("matter_id", "track", name=op.f("uq_legal_process_matter_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_legal_process_ref")),
    )
    op.create_table(
        "protection_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "police_domestic",
                "police_sexual",
                "court",
                "lpsk",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("renews_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_protection_order_settled")),
        sa.CheckConstraint("until >= from_day", name=op.f("ck_protection_order_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_protection_order_by_id_account")),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f("fk_protection_order_matter_id_matter")),
        sa.ForeignKeyConstraint(
            ["renews_id"], ["protection_order.id"], name=op.f("fk_protection_order_renews_id_protection_order")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["account.id"], name=op.f("fk_protection_order_settled_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_order")),
        sa.UniqueConstraint("ref", name=op.f("uq_protection_order_ref")),
        sa.UniqueConstraint("renews_id", name=op.f("uq_protection_order_renews_id")),
    )
    with op.batch_alter_table("protection_order", schema=None) as batch_op:
        batch_op.create_index("ix_protection_order_matter", ["matter_id"], unique=False)
        batch_op.create_index("ix_protection_order_until", ["until"], unique=False)

    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by_id"], ["account.id"], name=op.f("fk_plan_opened_by_id_account")),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], name=op.f("fk_plan_placement_id_placement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("placement_id", name=op.f("uq_plan_placement_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_plan_ref")),
    )
    op.create_table(
        "process_stage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column(
            "accompanied",
            sa.Enum(
                "worker", "advocate", "nobody", name="accompanied", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_process_stage_amount")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_process_stage_withdrawn")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_process_stage_by_id_account")),
        sa.ForeignKeyConstraint(
            ["process_id"], ["legal_process.id"], name=op.f("fk_process_stage_process_id_legal_process")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["legal_stage.id"], name=op.f("fk_process_stage_stage_id_legal_stage")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_stage")),
        sa.UniqueConstraint("ref", name=op.f("uq_process_stage_ref")),
    )
    with op.batch_alter_table("process_stage", schema=None) as batch_op:
        batch_op.create_index("ix_process_stage_process", ["process_id", "on_day"], unique=False)

    op.create_table(
        "plan_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "reading",
            sa.Enum(
                "herself", "aloud", "interpreter", name="reading", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "signed",
            sa.Enum(
                "paper", "thumb", "spoken", name="signed_choice", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("sheet_number", sa.String(length=30), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "signed <> 'spoken' OR witness_id IS NOT NULL", name=op.f("ck_plan_agreement_spoken_has_witness")
        ),
        sa.CheckConstraint(
            "witness_id IS NULL OR witness_id <> read_by_id", name=op.f("ck_plan_agreement_other_witness")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_agreement_plan_id_plan")),
        sa.ForeignKeyConstraint(["read_by_id"], ["account.id"], name=op.f("fk_plan_agreement_read_by_id_account")),
        sa.ForeignKeyConstraint(["witness_id"], ["account.id"], name=op.f("fk_plan_agreement_witness_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_agreement")),
    )
    with op.batch_alter_table("plan_agreement", schema=None) as batch_op:
        batch_op.create_index("ix_plan_agreement_plan", ["plan_id"], unique=False)

    op.create_table(
        "plan_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "domain",
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
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_domain_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_domain")),
        sa.UniqueConstraint("plan_id", "domain", name=op.f("uq_plan_domain_plan_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_plan_domain_ref")),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "overall",
            sa.Enum("back", "same", "forward", name="overall", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column(
            "next_plan",
            sa.Enum(
                "stay",
                "prepare_home",
                "other_service",
                name="nextplan",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("conclusion", sa.LargeBinary(), nullable=True),
        sa.Column("own_words", sa.LargeBinary(), nullable=True),
        sa.Column("family", sa.LargeBinary(), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.String(length=8000), nullable=True),
        sa.Column("approval_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(approved_at IS NULL) = (number IS NULL)", name=op.f("ck_review_numbered")),
        sa.CheckConstraint("(handed_in_at IS NULL) = (figures IS NULL)", name=op.f("ck_review_figures")),
        sa.CheckConstraint("(number IS NULL) = (year IS NULL)", name=op.f("ck_review_year")),
        sa.CheckConstraint("approved_at IS NULL OR handed_in_at IS NOT NULL", name=op.f("ck_review_approved")),
        sa.CheckConstraint(
            "handed_in_at IS NULL OR (overall IS NOT NULL AND next_plan IS NOT NULL)", name=op.f("ck_review_complete")
        ),
        sa.CheckConstraint("until >= from_day", name=op.f("ck_review_period")),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_review_approval_id_approval")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_review_by_id_account")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_review_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("ref", name=op.f("uq_review_ref")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_review_year")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_plan", ["plan_id", "until"], unique=False)
        batch_op.create_index(
            "uq_review_open",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text("approved_at IS NULL"),
            postgresql_where=sa.text("approved_at IS NULL"),
        )

    op.create_table(
        "care_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assessment",
                "individual",
                "group",
                "family",
                "trauma",
                "play",
                "crisis",
                "for_court",
                "accompaniment",
                "advice",
                "exercise",
                "lesson",
                "spiritual",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column(
            "place",
            sa.Enum(
                "office",
                "house",
                "mobile",
                "outreach",
                "online",
                name="place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "attendance",
            sa.Enum(
                "attended", "absent", "moved", name="attendance", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(attendance = 'attended') = (minutes IS NOT NULL)", name=op.f("ck_care_session_attended")),
        sa.CheckConstraint("NOT ready OR attendance = 'attended'", name=op.f("ck_care_session_ready")),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 1440", name=op.f("ck_care_session_minutes")),
        sa.CheckConstraint("starts_at <= noted_at", name=op.f("ck_care_session_not_in_the_future")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_care_session_withdrawn")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_care_session_appointment_id_appointment")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_care_session_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_care_session_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_session")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_care_session_appointment_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_care_session_ref")),
    )
    with op.batch_alter_table("care_session", schema=None) as batch_op:
        batch_op.create_index("ix_care_session_domain", ["plan_domain_id", "starts_at"], unique=False)

    op.create_table(
        "domain_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("need", "summary", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_domain_words_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_domain_words_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain_words")),
        sa.UniqueConstraint("ref", name=op.f("uq_domain_words_ref")),
    )
    with op.batch_alter_table("domain_words", schema=None) as batch_op:
        batch_op.create_index("ix_domain_words_domain", ["plan_domain_id", "kind", "at"], unique=False)

    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "taken",
                "missed",
                "later",
                name="examstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_exam_by_id_account")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_exam_changed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_exam_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
        sa.UniqueConstraint("ref", name=op.f("uq_exam_ref")),
    )
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.create_index("ix_exam_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("measure", sa.LargeBinary(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= set_at", name=op.f("ck_goal_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_goal_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_goal_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("ref", name=op.f("uq_goal_ref")),
    )
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.create_index("ix_goal_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("who_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "postponed",
                "cancelled",
                "declined",
                name="state_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column(
            "funding",
            sa.Enum(
                "apbd",
                "dak_nonfisik_ppa",
                "apbn_kemensos",
                "jkn",
                "lpsk",
                "dana_desa",
                "baznas_zakat",
                "csr_donasi",
                "lsm_mitra",
                "lainnya",
                name="funding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name=op.f("ck_plan_action_done")),
        sa.CheckConstraint(
            "cost IS NULL OR cost = 0 OR funding IS NOT NULL", name=op.f("ck_plan_action_cost_has_funding")
        ),
        sa.CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", name=op.f("ck_plan_action_cost")),
        sa.CheckConstraint("who_id IS NOT NULL OR agency_id IS NOT NULL", name=op.f("ck_plan_action_somebody")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_plan_action_agency_id_agency")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_plan_action_changed_by_id_account")),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_plan_action_made_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_plan_action_plan_domain_id_plan_domain")
        ),
        sa.ForeignKeyConstraint(["who_id"], ["account.id"], name=op.f("fk_plan_action_who_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("ref", name=op.f("uq_plan_action_ref")),
    )
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.create_index("ix_plan_action_domain", ["plan_domain_id"], unique=False)
        batch_op.create_index("ix_plan_action_who", ["who_id", "due"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "partly",
                "not_done",
                name="recommendationoutcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("outcome_review_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (outcome_review_id IS NULL)", name=op.f("ck_recommendation_outcome")),
        sa.ForeignKeyConstraint(
            ["outcome_review_id"], ["review.id"], name=op.f("fk_recommendation_outcome_review_id_review")
        ),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_recommendation_responsible_id_account")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name=op.f("fk_recommendation_review_id_review")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("ref", name=op.f("uq_recommendation_ref")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_responsible", ["responsible_id", "due"], unique=False)
        batch_op.create_index("ix_recommendation_review", ["review_id"], unique=False)

    op.create_table(
        "school_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "stay_enrolled",
                "absence",
                "tasks",
                "later_exam",
                "transfer",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("school", sa.LargeBinary(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("answered_on IS NULL OR answered_on >= on_day", name=op.f("ck_school_letter_answered")),
        sa.CheckConstraint("until IS NULL OR until >= from_day", name=op.f("ck_school_letter_period")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_school_letter_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_school_letter_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_letter")),
        sa.UniqueConstraint("ref", name=op.f("uq_school_letter_ref")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_school_letter_year")),
    )
    with op.batch_alter_table("school_letter", schema=None) as batch_op:
        batch_op.create_index("ix_school_letter_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "school_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("of_days", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 0 AND of_days AND of_days BETWEEN 1 AND 7", name=op.f("ck_school_week_days")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_school_week_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_school_week_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_week")),
        sa.UniqueConstraint("plan_domain_id", "monday", name=op.f("uq_school_week_plan_domain_id")),
    )
    op.create_table(
        "schooling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "none",
                "early",
                "primary",
                "lower_secondary",
                "upper_secondary",
                "vocational",
                "special",
                "higher",
                name="schoollevel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("last_school", sa.LargeBinary(), nullable=True),
        sa.Column(
            "way",
            sa.Enum(
                "not_yet",
                "same_school",
                "transfer",
                "online",
                "package_a",
                "package_b",
                "package_c",
                "home_teacher",
                "play_at_home",
                "no_more",
                name="schoolway",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("new_school", sa.LargeBinary(), nullable=True),
        sa.Column("stays_enrolled", sa.Boolean(), nullable=True),
        sa.Column("silence_agreed_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("grade IS NULL OR grade BETWEEN 1 AND 13", name=op.f("ck_schooling_grade")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_schooling_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_schooling_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schooling")),
        sa.UniqueConstraint("ref", name=op.f("uq_schooling_ref")),
    )
    with op.batch_alter_table("schooling", schema=None) as batch_op:
        batch_op.create_index("ix_schooling_domain", ["plan_domain_id", "at"], unique=False)

    op.create_table(
        "support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "food_parcel",
                "clothes",
                "baby",
                "school_goods",
                "cash",
                "skills",
                "business_tools",
                "business_start",
                "job",
                "housing",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column(
            "funding",
            sa.Enum(
                "apbd",
                "dak_nonfisik_ppa",
                "apbn_kemensos",
                "jkn",
                "lpsk",
                "dana_desa",
                "baznas_zakat",
                "csr_donasi",
                "lsm_mitra",
                "lainnya",
                name="funding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", name=op.f("ck_support_cost")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_support_withdrawn")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_support_agency_id_agency")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_support_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_support_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support")),
        sa.UniqueConstraint("ref", name=op.f("uq_support_ref")),
    )
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.create_index("ix_support_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "treatment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "check_up",
                "wound",
                "post_assault",
                "pregnancy",
                "childbirth",
                "immunisation",
                "child_health",
                "psychiatry",
                "inpatient",
                "laboratory",
                "dental",
                "aid",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "facility",
            sa.Enum(
                "hospital",
                "police_hospital",
                "clinic",
                "practice",
                "house",
                name="facility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "scheduled",
                "done",
                "cancelled",
                name="state_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column(
            "funding",
            sa.Enum(
                "apbd",
                "dak_nonfisik_ppa",
                "apbn_kemensos",
                "jkn",
                "lpsk",
                "dana_desa",
                "baznas_zakat",
                "csr_donasi",
                "lsm_mitra",
                "lainnya",
                name="funding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state NOT IN ('scheduled', 'done') OR on_day IS NOT NULL", name=op.f("ck_treatment_day")),
        sa.CheckConstraint(
            "cost IS NULL OR cost = 0 OR funding IS NOT NULL", name=op.f("ck_treatment_cost_has_funding")
        ),
        sa.CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", name=op.f("ck_treatment_cost")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_treatment_agency_id_agency")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_treatment_by_id_account")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_treatment_changed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_treatment_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment")),
        sa.UniqueConstraint("ref", name=op.f("uq_treatment_ref")),
    )
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        batch_op.create_index("ix_treatment_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "urgent_care",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "hiv",
            sa.Enum(
                "given",
                "not_needed",
                "declined",
                "too_late",
                name="hiv",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("hiv_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "contraception",
            sa.Enum(
                "given",
                "not_needed",
                "declined",
                "too_late",
                name="contraception",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("contraception_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("event_at <= noted_at", name=op.f("ck_urgent_care_not_in_the_future")),
        sa.CheckConstraint(
            "(hiv IS NOT NULL AND hiv = 'given') = (hiv_at IS NOT NULL)", name=op.f("ck_urgent_care_hiv_given")
        ),
        sa.CheckConstraint(
            "(contraception IS NOT NULL AND contraception = 'given') = (contraception_at IS NOT NULL)",
            name=op.f("ck_urgent_care_contraception_given"),
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_urgent_care_withdrawn")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_urgent_care_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_urgent_care_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_care")),
        sa.UniqueConstraint("ref", name=op.f("uq_urgent_care_ref")),
    )
    with op.batch_alter_table("urgent_care", schema=None) as batch_op:
        batch_op.create_index("ix_urgent_care_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "visum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "physical",
                "psychiatric",
                "medical_letter",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("letter_number", sa.LargeBinary(), nullable=True),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column(
            "facility",
            sa.Enum(
                "hospital",
                "police_hospital",
                "clinic",
                "practice",
                "house",
                name="facility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("report_number", sa.LargeBinary(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "scheduled",
                "done",
                "cancelled",
                name="state_choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column(
            "funding",
            sa.Enum(
                "apbd",
                "dak_nonfisik_ppa",
                "apbn_kemensos",
                "jkn",
                "lpsk",
                "dana_desa",
                "baznas_zakat",
                "csr_donasi",
                "lsm_mitra",
                "lainnya",
                name="funding",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind = 'medical_letter' OR letter_on IS NOT NULL", name=op.f("ck_visum_letter")),
        sa.CheckConstraint("state NOT IN ('scheduled', 'done') OR on_day IS NOT NULL", name=op.f("ck_visum_day")),
        sa.CheckConstraint("cost IS NULL OR cost = 0 OR funding IS NOT NULL", name=op.f("ck_visum_cost_has_funding")),
        sa.CheckConstraint("cost IS NULL OR cost BETWEEN 0 AND 2000000000", name=op.f("ck_visum_cost")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_visum_agency_id_agency")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["agency.id"], name=op.f("fk_visum_asked_by_id_agency")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_visum_by_id_account")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["account.id"], name=op.f("fk_visum_changed_by_id_account")),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_visum_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visum")),
        sa.UniqueConstraint("ref", name=op.f("uq_visum_ref")),
    )
    with op.batch_alter_table("visum", schema=None) as batch_op:
        batch_op.create_index("ix_visum_domain", ["plan_domain_id"], unique=False)

    op.create_table(
        "goal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("care_session_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("step BETWEEN 0 AND 4", name=op.f("ck_goal_step_step")),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= noted_at", name=op.f("ck_goal_step_withdrawn")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_goal_step_by_id_account")),
        sa.ForeignKeyConstraint(
            ["care_session_id"], ["care_session.id"], name=op.f("fk_goal_step_care_session_id_care_session")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_step_goal_id_goal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_step")),
    )
    with op.batch_alter_table("goal_step", schema=None) as batch_op:
        batch_op.create_index("ix_goal_step_goal", ["goal_id", "at"], unique=False)
        batch_op.create_index("ix_goal_step_session", ["care_session_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_domain_id", sa.Integer(), nullable=False),
        sa.Column("care_session_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
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
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_note_author_id_account")),
        sa.ForeignKeyConstraint(
            ["care_session_id"], ["care_session.id"], name=op.f("fk_note_care_session_id_care_session")
        ),
        sa.ForeignKeyConstraint(
            ["plan_domain_id"], ["plan_domain.id"], name=op.f("fk_note_plan_domain_id_plan_domain")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("ref", name=op.f("uq_note_ref")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_domain", ["plan_domain_id", "at"], unique=False)
        batch_op.create_index("ix_note_session", ["care_session_id"], unique=False)

    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan_within_days", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(sa.Column("review_every_months", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(sa.Column("follows_plans_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_office_plan_within"), "plan_within_days BETWEEN 1 AND 30")
        batch_op.create_check_constraint(batch_op.f("ck_office_review_every"), "review_every_months BETWEEN 1 AND 12")
    op.bulk_insert(STAGE, stages())
    op.get_bind().execute(
        sa.update(OFFICE)
        .values(follows_plans_since=dt.datetime.now(dt.UTC))
        .where(sa.exists(sa.select(PLACEMENT.c.id)))
    )


def downgrade() -> None:
    with op.batch_alter_table("office", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_office_review_every"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_office_plan_within"), type_="check")
        batch_op.drop_column("follows_plans_since")
        batch_op.drop_column("review_every_months")
        batch_op.drop_column("plan_within_days")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_session")
        batch_op.drop_index("ix_note_domain")

    op.drop_table("note")
    with op.batch_alter_table("goal_step", schema=None) as batch_op:
        batch_op.drop_index("ix_goal_step_session")
        batch_op.drop_index("ix_goal_step_goal")

    op.drop_table("goal_step")
    with op.batch_alter_table("visum", schema=None) as batch_op:
        batch_op.drop_index("ix_visum_domain")

    op.drop_table("visum")
    with op.batch_alter_table("urgent_care", schema=None) as batch_op:
        batch_op.drop_index("ix_urgent_care_domain")

    op.drop_table("urgent_care")
    with op.batch_alter_table("treatment", schema=None) as batch_op:
        batch_op.drop_index("ix_treatment_domain")

    op.drop_table("treatment")
    with op.batch_alter_table("support", schema=None) as batch_op:
        batch_op.drop_index("ix_support_domain")

    op.drop_table("support")
    with op.batch_alter_table("schooling", schema=None) as batch_op:
        batch_op.drop_index("ix_schooling_domain")

    op.drop_table("schooling")
    op.drop_table("school_week")
    with op.batch_alter_table("school_letter", schema=None) as batch_op:
        batch_op.drop_index("ix_school_letter_domain")

    op.drop_table("school_letter")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendation_review")
        batch_op.drop_index("ix_recommendation_responsible")

    op.drop_table("recommendation")
    with op.batch_alter_table("plan_action", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_who")
        batch_op.drop_index("ix_plan_action_domain")

    op.drop_table("plan_action")
    with op.batch_alter_table("goal", schema=None) as batch_op:
        batch_op.drop_index("ix_goal_domain")

    op.drop_table("goal")
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_index("ix_exam_domain")

    op.drop_table("exam")
    with op.batch_alter_table("domain_words", schema=None) as batch_op:
        batch_op.drop_index("ix_domain_words_domain")

    op.drop_table("domain_words")
    with op.batch_alter_table("care_session", schema=None) as batch_op:
        batch_op.drop_index("ix_care_session_domain")

    op.drop_table("care_session")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_review_open",
            sqlite_where=sa.text("approved_at IS NULL"),
            postgresql_where=sa.text("approved_at IS NULL"),
        )
        batch_op.drop_index("ix_review_plan")

    op.drop_table("review")
    op.drop_table("plan_domain")
    with op.batch_alter_table("plan_agreement", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_agreement_plan")

    op.drop_table("plan_agreement")
    with op.batch_alter_table("process_stage", schema=None) as batch_op:
        batch_op.drop_index("ix_process_stage_process")

    op.drop_table("process_stage")
    op.drop_table("plan")
    with op.batch_alter_table("protection_order", schema=None) as batch_op:
        batch_op.drop_index("ix_protection_order_until")
        batch_op.drop_index("ix_protection_order_matter")

    op.drop_table("protection_order")
    op.drop_table("legal_process")
    with op.batch_alter_table("investigation_notice", schema=None) as batch_op:
        batch_op.drop_index("ix_investigation_notice_matter")

    op.drop_table("investigation_notice")
    op.drop_table("simfoni_sheet")
    with op.batch_alter_table("pregnancy", schema=None) as batch_op:
        batch_op.drop_index("ix_pregnancy_resident")

    op.drop_table("pregnancy")
    with op.batch_alter_table("appointment", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_resident")
        batch_op.drop_index(
            "ix_appointment_planned",
            sqlite_where=sa.text("state = 'planned'"),
            postgresql_where=sa.text("state = 'planned'"),
        )
        batch_op.drop_index(
            "ix_appointment_missed",
            sqlite_where=sa.text("state = 'missed' AND answered_at IS NULL"),
            postgresql_where=sa.text("state = 'missed' AND answered_at IS NULL"),
        )
        batch_op.drop_index("ix_appointment_companion")
        batch_op.drop_index("ix_appointment_at")

    op.drop_table("appointment")
    op.drop_table("legal_stage")
