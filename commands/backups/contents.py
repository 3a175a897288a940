"""What a database holds: whether anything, of which revision, and up to when."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import func, inspect, select, text

from commands.backups.refused import Refused
from models.account import Account
from models.checkin import Checkin
from models.clinic import Clinic
from models.db import Base
from models.engine import Database
from models.epoch import new_epoch
from models.server_meta import SCHEMA_REVISION

_PROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: rows of all tables, and when its newest check-in was received."""

    rows: int
    newest: str


def after_restore(database: Database) -> Restored:
    """What came back, once its tables are this code's and its epoch is a new one."""
    migrate(database.engine.url.render_as_string(hide_password=False))
    database.close()
    with database.begin(write=True) as connection:
        new_epoch(connection)
        tables = Base.metadata.sorted_tables
        counted = [connection.scalar(select(func.count()).select_from(each)) for each in tables]
        newest = connection.scalar(select(func.max(Checkin.received_at)))
        connection.commit()
    database.epoch()  # which marks an SQLite file
    return Restored(sum(number or 0 for number in counted), shown(newest))


def shown(instant: datetime | None) -> str:
    """An instant for the terminal."""
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def migrate(url: str) -> None:
    """Bring the tables of an older backup up to date."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config(toml_file=_PROJECT)
    config.attributes["database_url"] = url
    command.upgrade(config, "head")


def refuse_newer(revision: str | None) -> None:
    """Refused unless this code knows the revision of a backup's tables."""
    if revision is None:
        raise Refused("It is no backup of Interlude's: it has no revision of its tables.")
    if not revision.isdigit() or revision > SCHEMA_REVISION:
        raise Refused(
            f"The backup's tables are of revision {revision}, this code's of {SCHEMA_REVISION}: "
            "restore it with the code it was made with, or newer."
        )


def has_data(database: Database) -> bool:
    """Whether anybody has used this database."""
    with database.begin(write=False) as connection:
        there = set(inspect(connection).get_table_names())
        used = [table for table in (Clinic, Account) if table.__tablename__ in there]
        return any(
            connection.execute(select(text("1")).select_from(table).limit(1)).first()
            for table in used
        )
