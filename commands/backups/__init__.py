"""`flask backup` and `flask restore`: a copy while everybody works, and the way back from one."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from commands.backups import contents, postgres, sqlite
from commands.backups.refused import Refused
from commands.clinic import database
from models.engine import database_url
from models.faults import DATABASE_ERRORS


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(target: Path) -> None:
    """Copy the database to TARGET, a new file, while the server works on."""
    url = database_url(current_app.extensions["settings"].database_url)
    copy = sqlite.backup if database().is_sqlite else postgres.backup
    try:
        copy(url, target, datetime.now(UTC))
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    except OSError as error:
        raise click.ClickException(f"{target} cannot be written: {error.strerror}.") from None
    click.echo(f"{target}: {target.stat().st_size} bytes, checked.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Though the database has data: it is lost.")
@with_appcontext
def restore(source: Path, replace: bool) -> None:
    """Bring the backup in SOURCE back, with server and jobs stopped.

    Every client notices, and offers again what it kept and the backup does not have.
    """
    settings = current_app.extensions["settings"]
    put_back = sqlite.restore if database().is_sqlite else postgres.restore
    database().close()  # what this process itself holds open
    try:
        taken = put_back(settings.database_url, source, replace=replace)
        told = contents.after_restore(database())
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    except OSError as error:
        named = error.filename or source
        raise click.ClickException(f"{named}: {error.strerror}.") from None
    except DATABASE_ERRORS as error:
        kind = type(error.orig if isinstance(error, DBAPIError) else error).__name__
        raise click.ClickException(f"The database did not take it ({kind}).") from None
    click.echo(f"Restored {told.rows} rows, of the backup taken {taken}.")
    click.echo(f"The newest check-in in it was received {told.newest}.")
    click.echo("The history has a new name: clients will offer again what they kept.")
