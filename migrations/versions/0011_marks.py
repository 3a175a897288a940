"""The marks by which an SQLite file that was replaced by an older copy is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_MARKS = ("mark", "next_mark")


def upgrade() -> None:
    for name in _MARKS:
        op.add_column("server_meta", sa.Column(name, sa.String(length=36), nullable=True))


def downgrade() -> None:
    for name in reversed(_MARKS):
        op.drop_column("server_meta", name)
