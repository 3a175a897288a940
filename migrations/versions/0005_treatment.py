"""Courses, treatment sessions with their vitals and history, doses, decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "course",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("indication", sa.String(length=24), nullable=False),
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("plan", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(phase = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_course_ended")
        ),
        sa.CheckConstraint(
            "indication IN ('trd', 'mdd', 'bipolar_depression', 'suicidal_crisis', 'ptsd', 'anxiety', 'ocd', 'chronic_pain', 'other')",
            name=op.f("ck_course_indication"),
        ),
        sa.CheckConstraint(
            "phase IN ('induction', 'maintenance', 'ended')", name=op.f("ck_course_phase")
        ),
        sa.CheckConstraint(
            "route IN ('intravenous', 'intranasal', 'intramuscular', 'subcutaneous', 'oral', 'sublingual')",
            name=op.f("ck_course_route"),
        ),
        sa.CheckConstraint(
            "ended_on IS NULL OR ended_on >= started_on", name=op.f("ck_course_ended_on")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_course_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_course")),
    )
    op.create_table(
        "treatment_session",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("status_reason", sa.String(length=24), nullable=True),
        sa.Column("status_note", sa.String(length=500), nullable=True),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scheduled_minutes", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("planned", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("weight_kg", sa.Double(), nullable=True),
        sa.Column("last_food_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_drink_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("driver_confirmed", sa.Boolean(), nullable=True),
        sa.Column("pregnancy_status", sa.String(length=16), nullable=True),
        sa.Column("adverse_effects", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rescue_medications", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("ready_to_leave_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("import_key", sa.String(length=128), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "pregnancy_status IN ('not_applicable', 'not_pregnant', 'pregnant', 'unknown')",
            name=op.f("ck_treatment_session_pregnancy_status"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'import')", name=op.f("ck_treatment_session_source")
        ),
        sa.CheckConstraint(
            "status IN ('booked', 'completed', 'aborted', 'cancelled', 'missed')",
            name=op.f("ck_treatment_session_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('completed', 'aborted') OR started_at IS NOT NULL",
            name=op.f("ck_treatment_session_started"),
        ),
        sa.CheckConstraint(
            "status_reason IN ('patient_unwell', 'patient_declined', 'no_driver', 'not_fasting', 'blood_pressure', 'adverse_effect', 'access_failed', 'cost', 'travel', 'clinic', 'no_contact', 'other')",
            name=op.f("ck_treatment_session_status_reason"),
        ),
        sa.CheckConstraint(
            "(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_treatment_session_signed")
        ),
        sa.CheckConstraint(
            "scheduled_at IS NOT NULL OR started_at IS NOT NULL",
            name=op.f("ck_treatment_session_when"),
        ),
        sa.CheckConstraint(
            "stopped_at >= started_at", name=op.f("ck_treatment_session_stopped_at")
        ),
        sa.CheckConstraint(
            "weight_kg BETWEEN 20 AND 400", name=op.f("ck_treatment_session_weight_kg")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "course_id"],
            ["course.clinic_id", "course.patient_id", "course.id"],
            name=op.f("fk_treatment_session_course"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient_stream.clinic_id", "patient_stream.patient_id"],
            name=op.f("fk_treatment_session_patient_stream"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_treatment_session")),
    )
    op.create_index(
        "ix_treatment_session_date", "treatment_session", ["clinic_id", "local_date"], unique=False
    )
    op.create_index(
        "ix_treatment_session_patient_date",
        "treatment_session",
        ["clinic_id", "patient_id", "local_date"],
        unique=False,
    )
    op.create_index(
        "ix_treatment_session_course",
        "treatment_session",
        ["clinic_id", "patient_id", "course_id", "local_date"],
        unique=False,
    )
    op.create_index(
        "uq_treatment_session_import_key",
        "treatment_session",
        ["clinic_id", "patient_id", "import_key"],
        unique=True,
    )
    op.create_table(
        "session_vitals",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("systolic_mmhg", sa.SmallInteger(), nullable=True),
        sa.Column("diastolic_mmhg", sa.SmallInteger(), nullable=True),
        sa.Column("heart_rate_bpm", sa.SmallInteger(), nullable=True),
        sa.Column("spo2_percent", sa.SmallInteger(), nullable=True),
        sa.Column("cadss", sa.SmallInteger(), nullable=True),
        sa.Column("cadss_6", sa.SmallInteger(), nullable=True),
        sa.Column("moaas", sa.SmallInteger(), nullable=True),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("cadss BETWEEN 0 AND 92", name=op.f("ck_session_vitals_cadss")),
        sa.CheckConstraint("cadss_6 BETWEEN 0 AND 24", name=op.f("ck_session_vitals_cadss_6")),
        sa.CheckConstraint(
            "diastolic_mmhg BETWEEN 20 AND 200", name=op.f("ck_session_vitals_diastolic_mmhg")
        ),
        sa.CheckConstraint(
            "heart_rate_bpm BETWEEN 20 AND 250", name=op.f("ck_session_vitals_heart_rate_bpm")
        ),
        sa.CheckConstraint("minute BETWEEN -240 AND 1440", name=op.f("ck_session_vitals_minute")),
        sa.CheckConstraint("moaas BETWEEN 0 AND 5", name=op.f("ck_session_vitals_moaas")),
        sa.CheckConstraint(
            "spo2_percent BETWEEN 50 AND 100", name=op.f("ck_session_vitals_spo2_percent")
        ),
        sa.CheckConstraint(
            "systolic_mmhg > diastolic_mmhg", name=op.f("ck_session_vitals_blood_pressure")
        ),
        sa.CheckConstraint(
            "systolic_mmhg BETWEEN 40 AND 300", name=op.f("ck_session_vitals_systolic_mmhg")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
            name=op.f("fk_session_vitals_treatment_session"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "session_id", "minute", name=op.f("pk_session_vitals")
        ),
    )
    op.create_table(
        "session_addendum",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
            name=op.f("fk_session_addendum_treatment_session"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "session_id", "id", name=op.f("pk_session_addendum")
        ),
    )
    op.create_table(
        "session_revision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
            name=op.f("fk_session_revision_treatment_session"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "session_id", "revision", name=op.f("pk_session_revision")
        ),
    )
    op.create_table(
        "dose",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=6), nullable=False),
        sa.Column("drug", sa.String(length=12), nullable=False),
        sa.Column("formulation", sa.String(length=12), nullable=True),
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("dose_mg", sa.Double(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Double(), nullable=True),
        sa.Column("lot", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(place = 'home') = (session_id IS NULL)", name=op.f("ck_dose_session")),
        sa.CheckConstraint(
            "drug IN ('ketamine', 'esketamine', 'arketamine')", name=op.f("ck_dose_drug")
        ),
        sa.CheckConstraint(
            "formulation IN ('solution', 'nasal_spray', 'tablet', 'lozenge', 'capsule', 'syrup', 'other')",
            name=op.f("ck_dose_formulation"),
        ),
        sa.CheckConstraint("place IN ('clinic', 'home')", name=op.f("ck_dose_place")),
        sa.CheckConstraint(
            "route IN ('intravenous', 'intranasal', 'intramuscular', 'subcutaneous', 'oral', 'sublingual')",
            name=op.f("ck_dose_route"),
        ),
        sa.CheckConstraint("source IN ('staff', 'app', 'import')", name=op.f("ck_dose_source")),
        sa.CheckConstraint("dose_mg > 0 AND dose_mg <= 2000", name=op.f("ck_dose_dose_mg")),
        sa.CheckConstraint(
            "duration_minutes BETWEEN 0 AND 1440", name=op.f("ck_dose_duration_minutes")
        ),
        sa.CheckConstraint("weight_kg BETWEEN 20 AND 400", name=op.f("ck_dose_weight_kg")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "session_id"],
            ["treatment_session.clinic_id", "treatment_session.patient_id", "treatment_session.id"],
            name=op.f("fk_dose_treatment_session"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient_stream.clinic_id", "patient_stream.patient_id"],
            name=op.f("fk_dose_patient_stream"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_dose")),
    )
    op.create_index(
        "ix_dose_patient_date", "dose", ["clinic_id", "patient_id", "local_date"], unique=False
    )
    op.create_index(
        "ix_dose_session", "dose", ["clinic_id", "patient_id", "session_id"], unique=False
    )
    op.create_table(
        "dose_revision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("dose_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "dose_id"],
            ["dose.clinic_id", "dose.patient_id", "dose.id"],
            name=op.f("fk_dose_revision_dose"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "dose_id", "revision", name=op.f("pk_dose_revision")
        ),
    )
    op.create_table(
        "decision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.Uuid(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("next_in_days", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("next_in_days BETWEEN 1 AND 730", name=op.f("ck_decision_next_in_days")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "course_id"],
            ["course.clinic_id", "course.patient_id", "course.id"],
            name=op.f("fk_decision_course"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_decision_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_decision")),
    )
    op.create_index(
        "ix_decision_patient", "decision", ["clinic_id", "patient_id", "created_at"], unique=False
    )


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_table("dose_revision")
    op.drop_table("dose")
    op.drop_table("session_revision")
    op.drop_table("session_addendum")
    op.drop_table("session_vitals")
    op.drop_table("treatment_session")
    op.drop_table("course")
