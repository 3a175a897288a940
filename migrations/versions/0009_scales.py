"""Assessments are answered in part, corrected and voided; a clinic adds scales of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


_ASSESSMENT: tuple[sa.Column[Any], ...] = (
    sa.Column("prorated_total", sa.Double(), nullable=True),
    sa.Column("status", sa.String(length=8), nullable=False, server_default="complete"),
    sa.Column("not_answered", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
    sa.Column("instrument_revision", sa.Integer(), nullable=True),
    sa.Column("session_id", sa.Uuid(), nullable=True),
    sa.Column("minute", sa.Integer(), nullable=True),
    sa.Column("timezone", sa.String(length=64), nullable=True),
    sa.Column("note", sa.String(length=4000), nullable=True),
    sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("voided_by", sa.Uuid(), nullable=True),
    sa.Column("void_reason", sa.String(length=500), nullable=True),
    sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
)


def upgrade() -> None:
    for column in _ASSESSMENT:
        op.add_column("assessment", column._copy())
    op.create_table(
        "clinic_instrument",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_clinic_instrument_clinic")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "key", "revision", name=op.f("pk_clinic_instrument")),
    )


def downgrade() -> None:
    op.drop_table("clinic_instrument")
    for column in reversed(_ASSESSMENT):
        op.drop_column("assessment", column.name)
