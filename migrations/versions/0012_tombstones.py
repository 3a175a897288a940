"""Old tombstones are found by an index of their own."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0012", "0011"
branch_labels, depends_on = None, None


def upgrade() -> None:
    deleted = sa.text("deleted")
    op.create_index(
        "ix_checkin_tombstones",
        "checkin",
        ["clinic_id", "received_at"],
        sqlite_where=deleted,
        postgresql_where=deleted,
    )


def downgrade() -> None:
    op.drop_index("ix_checkin_tombstones", "checkin")
