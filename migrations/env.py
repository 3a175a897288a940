"""Runs migrations: the database comes from DATABASE_URL, or from whoever calls alembic."""

import os

from alembic import context

from models.db import Base
from models.engine import Database

config = context.config


def run() -> None:
    """Each migration in its own transaction; batch mode on SQLite, which cannot alter in place."""
    url = config.attributes.get("database_url") or os.environ.get("DATABASE_URL")
    if not url:
        raise SystemExit("DATABASE_URL is missing: which database should be migrated?")
    database = Database(url, pool_size=1)
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            # Queue behind a long reader for a moment only: everybody else queues behind us.
            connection.exec_driver_sql("SET lock_timeout = '3s'")
            # A fill or an index takes as long as it takes; only requests are cut short.
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=database.is_sqlite,
            transaction_per_migration=True,
            compare_type=True,
            compare_server_default=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    database.close()


run()
