"""Databases with the commands that copy them and bring them back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

import commands
from tests import postgres
from tests.apps import app_on, nobody, own_database


@dataclass
class Place:
    """One database of a test's own, what serves it, and its commands."""

    app: Flask
    folder: Path
    server: str | None

    @property
    def url(self) -> str:
        return str(self.app.extensions["settings"].database_url)

    def run(self, *words: object) -> tuple[int, str]:
        result = self.app.test_cli_runner().invoke(args=[str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result.exit_code, result.output

    def refused(self, *words: object) -> str:
        code, told = self.run(*words)
        assert code == 1, told
        assert told.startswith("Error: ")
        assert told.count("\n") == 1
        return told

    def epoch(self) -> str:
        """As a server tells it that is started now."""
        with app_on(self.url) as app:
            return str(nobody(app).get("/health").headers["Epoch"])

    def backed_up(self, name: str = "copy") -> Path:
        target = self.folder / name
        code, told = self.run("backup", target)
        assert code == 0, told
        return target

    def stop(self) -> None:
        self.app.extensions["services"].database.close()


def opened(server: str | None, folder: Path) -> Iterator[Place]:
    """A new database: PostgreSQL on `server`, SQLite in the folder without one."""
    folder.mkdir(exist_ok=True)
    with app_on(own_database(server, folder)) as app:
        commands.register(app)
        yield Place(app, folder, server)


@contextmanager
def programs_on_path() -> Iterator[None]:
    """pg_dump and its like can be called."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{postgres.programs()}:{os.environ['PATH']}")
        yield
