"""Check-ins, their history, and the stream that orders them."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "server_meta",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_server_meta_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_meta")),
    )
    # A new database is a new history: clients of an older one must notice.
    first = sa.text("INSERT INTO server_meta (id, epoch) VALUES (1, :epoch)")
    op.execute(first.bindparams(epoch=str(uuid4())))
    op.create_table(
        "patient_stream",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inputs_version", sa.Integer(), nullable=False),
        sa.Column("gc_floor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_patient_stream_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_patient_stream")),
    )
    op.create_table(
        "checkin_revision",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.String(length=128), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('applied', 'conflict')", name=op.f("ck_checkin_revision_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'applied') = (version IS NOT NULL)", name=op.f("ck_checkin_revision_version")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient_stream.clinic_id", "patient_stream.patient_id"],
            name=op.f("fk_checkin_revision_patient_stream"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "op_id", name=op.f("pk_checkin_revision")
        ),
    )
    op.create_index(
        "uq_checkin_revision_applied",
        "checkin_revision",
        ["clinic_id", "patient_id", "local_date", "revision"],
        unique=True,
        sqlite_where=sa.text("kind = 'applied'"),
        postgresql_where=sa.text("kind = 'applied'"),
    )
    op.create_index(
        "uq_checkin_revision_version",
        "checkin_revision",
        ["clinic_id", "patient_id", "version"],
        unique=True,
    )
    op.create_table(
        "checkin",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("skew_ms", sa.Integer(), nullable=True),
        sa.Column("entered_late", sa.Boolean(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("mood", sa.SmallInteger(), nullable=True),
        sa.Column("interest", sa.SmallInteger(), nullable=True),
        sa.Column("energy", sa.SmallInteger(), nullable=True),
        sa.Column("anxiety", sa.SmallInteger(), nullable=True),
        sa.Column("irritability", sa.SmallInteger(), nullable=True),
        sa.Column("sleep_hours", sa.Double(), nullable=True),
        sa.Column("sleep_quality", sa.SmallInteger(), nullable=True),
        sa.Column("suicidal_thoughts", sa.String(length=16), nullable=True),
        sa.Column("side_effects", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("custom", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.CheckConstraint("source IN ('app', 'staff', 'import')", name=op.f("ck_checkin_source")),
        sa.CheckConstraint(
            "suicidal_thoughts IN ('none', 'fleeting', 'often', 'most_of_the_time', 'declined')",
            name=op.f("ck_checkin_suicidal_thoughts"),
        ),
        sa.CheckConstraint(
            "NOT deleted OR (mood IS NULL AND interest IS NULL AND energy IS NULL AND anxiety IS NULL AND irritability IS NULL AND sleep_hours IS NULL AND sleep_quality IS NULL AND suicidal_thoughts IS NULL AND side_effects IS NULL AND custom IS NULL AND note IS NULL AND recorded_at IS NULL AND timezone IS NULL)",
            name=op.f("ck_checkin_tombstone"),
        ),
        sa.CheckConstraint("anxiety BETWEEN 0 AND 10", name=op.f("ck_checkin_anxiety")),
        sa.CheckConstraint("energy BETWEEN 0 AND 10", name=op.f("ck_checkin_energy")),
        sa.CheckConstraint("interest BETWEEN 0 AND 10", name=op.f("ck_checkin_interest")),
        sa.CheckConstraint("irritability BETWEEN 0 AND 10", name=op.f("ck_checkin_irritability")),
        sa.CheckConstraint("mood BETWEEN 0 AND 10", name=op.f("ck_checkin_mood")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_checkin_revision")),
        sa.CheckConstraint("sleep_hours BETWEEN 0 AND 24", name=op.f("ck_checkin_sleep_hours")),
        sa.CheckConstraint("sleep_quality BETWEEN 1 AND 5", name=op.f("ck_checkin_sleep_quality")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient_stream.clinic_id", "patient_stream.patient_id"],
            name=op.f("fk_checkin_patient_stream"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "local_date", name=op.f("pk_checkin")),
    )
    op.create_index(
        "uq_checkin_version", "checkin", ["clinic_id", "patient_id", "version"], unique=True
    )


def downgrade() -> None:
    op.drop_table("checkin")
    op.drop_table("checkin_revision")
    op.drop_table("patient_stream")
    op.drop_table("server_meta")
