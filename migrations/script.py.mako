"""${message}

Rules of this folder: one thought per migration, numbered. Import alembic and sqlalchemy only, never
models: those move on, this file does not. Expand, fill, contract: in separate releases, so that the
version before still runs. Name every constraint with op.f(). Downgrade undoes it with rows in place.
"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
