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


# PROMIS short forms: the T score of each raw score from 4 on, as clinical/instruments has them.
_T_TABLES: dict[str, tuple[float, ...]] = {
    "promis_sd4a": (
        *(32.0, 37.5, 41.1, 43.8, 46.2, 48.4, 50.5, 52.4, 54.3),
        *(56.1, 57.9, 59.8, 61.7, 63.8, 66.0, 68.8, 73.3),
    ),
    "promis_fatigue4a": (
        *(33.7, 39.7, 43.1, 46.0, 48.6, 51.0, 53.1, 55.1, 57.0),
        *(58.8, 60.7, 62.7, 64.6, 66.7, 69.0, 71.6, 75.8),
    ),
}
_LOWEST_RAW = 4
_assessment = sa.table("assessment", sa.column("instrument"), sa.column("total"))


def _change_totals(was: str, becomes: str) -> None:
    """No raw score is a T score, so a total says which of the two it is."""
    for key, table in _T_TABLES.items():
        for raw, t_score in enumerate(table, start=_LOWEST_RAW):
            value = {"raw": float(raw), "t": t_score}
            of_scale = _assessment.update().where(_assessment.c.instrument == key)
            op.execute(
                of_scale.where(_assessment.c.total == value[was]).values(total=value[becomes])
            )


def _change_key(was: str, becomes: str) -> None:
    op.execute(
        _assessment.update().where(_assessment.c.instrument == was).values(instrument=becomes)
    )


def upgrade() -> None:
    _change_key("cadss_6", "cadss6")
    _change_totals("raw", "t")
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
    _change_totals("t", "raw")
    _change_key("cadss6", "cadss_6")
