"""Assessments: completed rating scales."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("items", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("total", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("import_key", sa.String(length=128), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "source IN ('app', 'staff', 'import')", name=op.f("ck_assessment_source")
        ),
        sa.CheckConstraint(
            "total IS NOT NULL OR items IS NOT NULL", name=op.f("ck_assessment_answered")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient_stream.clinic_id", "patient_stream.patient_id"],
            name=op.f("fk_assessment_patient_stream"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_assessment")),
    )
    op.create_index(
        "ix_assessment_patient_date",
        "assessment",
        ["clinic_id", "patient_id", "local_date"],
        unique=False,
    )
    op.create_index(
        "uq_assessment_import_key",
        "assessment",
        ["clinic_id", "patient_id", "import_key"],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("assessment")
