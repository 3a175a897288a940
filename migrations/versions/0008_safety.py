"""Alerts with their events, safety plans, and what a clinic sets for its reviews."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


_CLINIC: dict[str, Any] = {
    "reviewer_id": sa.Uuid(),
    "backup_reviewer_id": sa.Uuid(),
    "review_hours": sa.JSON(none_as_null=True),
    "escalation_minutes": sa.Integer(),
    "silent_days": sa.JSON(none_as_null=True),
    "vitals_alarms": sa.JSON(none_as_null=True),
    "screens": sa.JSON(none_as_null=True),
    "crisis_lines": sa.JSON(none_as_null=True),
}
# An event that was written is never changed and never deleted, an alert never deleted, whoever asks.
_WORDS = {
    "alert_event": "an event of an alert is never changed",
    "alert": "an alert is never deleted",
}
_REFUSED = (("alert_event", "UPDATE"), ("alert_event", "DELETE"), ("alert", "DELETE"))
# SQLite's INSERT OR REPLACE deletes the row that is in the way, and asks no trigger.
_REPLACED = {
    "alert_event": "EXISTS (SELECT 1 FROM alert_event AS old "
    "WHERE old.clinic_id = NEW.clinic_id AND old.patient_id = NEW.patient_id "
    "AND (old.sent_key = NEW.sent_key OR (old.alert_id = NEW.alert_id "
    "AND (old.number = NEW.number OR old.dedupe_key = NEW.dedupe_key))))",
    "alert": "EXISTS (SELECT 1 FROM alert AS old "
    "WHERE old.clinic_id = NEW.clinic_id AND old.patient_id = NEW.patient_id "
    "AND (old.id = NEW.id OR (old.episode = NEW.episode AND old.is_open AND NEW.is_open)))",
}


def upgrade() -> None:
    for name, kind in _CLINIC.items():
        op.add_column("clinic", sa.Column(name, kind, nullable=True))
    _alert()
    _alert_event()
    _refuse_to_forget()
    op.create_table(
        "safety_plan",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_safety_plan_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_safety_plan")),
    )


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=4), nullable=False),
        sa.Column("episode", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=6), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalation", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Uuid(), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=18), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "severity IN ('low', 'normal', 'high', 'urgent')", name=op.f("ck_alert_severity")
        ),
        sa.CheckConstraint(
            "outcome IN ('reached', 'safety_plan', 'emergency_referral', 'not_reached', "
            "'no_action_needed', 'entered_in_error')",
            name=op.f("ck_alert_outcome"),
        ),
        sa.CheckConstraint("is_open = (resolved_at IS NULL)", name=op.f("ck_alert_open")),
        sa.CheckConstraint(
            "is_open = (outcome IS NULL)", name=op.f("ck_alert_outcome_when_resolved")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_alert_patient"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "id", name=op.f("pk_alert")),
    )
    op.create_index(
        "uq_alert_episode",
        "alert",
        ["clinic_id", "patient_id", "episode"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_index("ix_alert_opened_at", "alert", ["clinic_id", "is_open", "opened_at"])


def _alert_event() -> None:
    op.create_table(
        "alert_event",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.String(length=4), nullable=True),
        sa.Column("severity", sa.String(length=6), nullable=True),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("outcome", sa.String(length=18), nullable=True),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=4000), nullable=True),
        sa.Column("dedupe_key", sa.String(length=200), nullable=True),
        sa.Column("sent_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "kind IN ('raised', 'appended', 'seen', 'acknowledged', 'assigned', 'contact_tried', "
            "'escalated', 'resolved', 'reopened')",
            name=op.f("ck_alert_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "alert_id"],
            ["alert.clinic_id", "alert.patient_id", "alert.id"],
            name=op.f("fk_alert_event_alert"),
        ),
        sa.PrimaryKeyConstraint(
            "clinic_id", "patient_id", "alert_id", "number", name=op.f("pk_alert_event")
        ),
    )
    op.create_index(
        "uq_alert_event_dedupe_key",
        "alert_event",
        ["clinic_id", "patient_id", "alert_id", "dedupe_key"],
        unique=True,
    )
    op.create_index(
        "uq_alert_event_sent_key", "alert_event", ["clinic_id", "patient_id", "sent_key"],
        unique=True,
    )  # fmt: skip


def _refuse_to_forget() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, verb in _REFUSED:
            _refuse_on_sqlite(table, verb)
        for table, is_there in _REPLACED.items():
            _refuse_on_sqlite(table, "INSERT", is_there)
        return
    for table, words in _WORDS.items():
        verbs = " OR ".join([verb for name, verb in _REFUSED if name == table] + ["TRUNCATE"])
        op.execute(
            f"CREATE FUNCTION {table}_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE {verbs} ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_stays()"
        )


def _refuse_on_sqlite(table: str, verb: str, when: str = "1") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{_WORDS[table]}'); END"
    )


def downgrade() -> None:
    op.drop_table("safety_plan")
    op.drop_table("alert_event")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION alert_event_stays()")
    op.drop_table("alert")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION alert_stays()")
    for name in reversed(_CLINIC):
        op.drop_column("clinic", name)
