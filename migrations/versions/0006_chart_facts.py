"""Diagnoses, trials, medications, contraindications, events, observations."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "diagnosis",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=True),
        sa.Column("icd_code", sa.String(length=12), nullable=True),
        sa.Column("since_date", sa.Date(), nullable=True),
        sa.Column("until_date", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "code IN ('mdd', 'persistent_depressive', 'bipolar', 'trd', 'anxiety', 'ptsd', 'ocd', 'chronic_pain', 'other')",
            name=op.f("ck_diagnosis_code"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_diagnosis_source")
        ),
        sa.CheckConstraint("until_date >= since_date", name=op.f("ck_diagnosis_until_date")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_diagnosis_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_diagnosis")),
    )
    op.create_index(
        "ix_diagnosis_patient", "diagnosis", ["clinic_id", "patient_id", "created_at"], unique=False
    )
    op.create_table(
        "trial",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drug", sa.String(length=100), nullable=False),
        sa.Column("dose_mg", sa.Double(), nullable=True),
        sa.Column("weeks", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('no_response', 'partial_response', 'response', 'remission', 'intolerance')",
            name=op.f("ck_trial_outcome"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_trial_source")
        ),
        sa.CheckConstraint("dose_mg > 0 AND dose_mg <= 10000", name=op.f("ck_trial_dose_mg")),
        sa.CheckConstraint("weeks BETWEEN 0 AND 1040", name=op.f("ck_trial_weeks")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_trial_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_trial")),
    )
    op.create_index(
        "ix_trial_patient", "trial", ["clinic_id", "patient_id", "created_at"], unique=False
    )
    op.create_table(
        "medication",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("drug", sa.String(length=100), nullable=False),
        sa.Column("drug_class", sa.String(length=16), nullable=False),
        sa.Column("dose_text", sa.String(length=100), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "drug_class IN ('benzodiazepine', 'maoi', 'stimulant', 'antidepressant', 'mood_stabilizer', 'antipsychotic', 'other')",
            name=op.f("ck_medication_drug_class"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_medication_source")
        ),
        sa.CheckConstraint("stopped_on >= started_on", name=op.f("ck_medication_stopped_on")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_medication_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_medication")),
    )
    op.create_index(
        "ix_medication_patient",
        "medication",
        ["clinic_id", "patient_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "contraindication",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=True),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "code IN ('aneurysmal_vascular_disease', 'arteriovenous_malformation', 'intracerebral_haemorrhage', 'hypersensitivity', 'uncontrolled_hypertension', 'cardiovascular_disease', 'psychosis', 'mania', 'substance_use', 'pregnancy', 'breastfeeding', 'liver_disease', 'bladder_disease', 'other')",
            name=op.f("ck_contraindication_code"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_contraindication_source")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_contraindication_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_contraindication")),
    )
    op.create_index(
        "ix_contraindication_patient",
        "contraindication",
        ["clinic_id", "patient_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "event",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("is_ongoing", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('medication_change', 'illness', 'life_event', 'other_treatment', 'other')",
            name=op.f("ck_event_kind"),
        ),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_event_source")
        ),
        sa.CheckConstraint("ended_on >= started_on", name=op.f("ck_event_ended_on")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_event_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_event")),
    )
    op.create_index(
        "ix_event_patient", "event", ["clinic_id", "patient_id", "created_at"], unique=False
    )
    op.create_table(
        "observation",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("code_system", sa.String(length=100), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=True),
        sa.Column("value_text", sa.String(length=500), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("source", sa.String(length=7), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "source IN ('staff', 'patient', 'import')", name=op.f("ck_observation_source")
        ),
        sa.CheckConstraint(
            "value IS NOT NULL OR value_text IS NOT NULL", name=op.f("ck_observation_value")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_observation_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_observation")),
    )
    op.create_index(
        "ix_observation_patient",
        "observation",
        ["clinic_id", "patient_id", "created_at"],
        unique=False,
    )
    op.create_table(
        "fact_revision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_fact_revision_patient"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id",
            "patient_id",
            "kind",
            "fact_id",
            "revision",
            name=op.f("pk_fact_revision"),
        ),
    )


def downgrade() -> None:
    op.drop_table("fact_revision")
    op.drop_table("observation")
    op.drop_table("event")
    op.drop_table("contraindication")
    op.drop_table("medication")
    op.drop_table("trial")
    op.drop_table("diagnosis")
