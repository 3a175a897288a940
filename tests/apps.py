"""Apps and databases of a test's own, to be broken without harm to others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from api.app import create_app
from api.settings import Settings
from models.db import new_id
from tests import postgres
from tests.conftest import SECRET_KEY, migrated

# Nobody listens on port 1; nobody may make a file in /proc.
UNREACHABLE = ("postgresql://nobody@127.0.0.1:1/none", "sqlite:////proc/none/none.sqlite")


def own_database(server: str | None, folder: Path) -> str:
    """The URL of a new, migrated database: PostgreSQL on `server`, SQLite without one."""
    if server is None:
        return migrated(f"sqlite:///{folder}/own.sqlite")
    return migrated(postgres.create_database(server, f"own_{new_id().hex}"))


@contextmanager
def app_on(database_url: str, **given: Any) -> Iterator[Flask]:
    """An app on that database; its client holds nothing to the contract."""
    settings = {"secret_key": SECRET_KEY, "environment": "test", "log_level": "error"}
    app = create_app(Settings(database_url=database_url, **settings | given))
    try:
        yield app
    finally:
        app.extensions["services"].database.close()


def nobody(app: Flask) -> Any:
    """A client without a token."""
    return app.test_client(use_cookies=False)


def run_sql(app: Flask, sql: str) -> None:
    """Change the app's database behind its back."""
    with app.extensions["services"].database.begin(write=True) as connection:
        connection.execute(text(sql))
        connection.commit()
