"""Dumps of a PostgreSQL database, by the programs that come with it: pg_dump, pg_restore, psql."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import text
from sqlalchemy.engine import URL

from commands.backups import contents
from commands.backups.refused import Refused, new_file
from models.db import Base
from models.engine import Database, database_url

_BARE = ("--no-owner", "--no-privileges")
_CREATED = re.compile(r"^; *Archive created at (.+)$", re.MULTILINE)
# Only the first line: what follows may quote a row.
_ERROR = re.compile(r"(?:error|ERROR|FATAL): *(.+)")


def backup(url: URL, target: Path, _now: datetime) -> None:
    """The whole database as it is at one moment, in pg_dump's custom format, read back once."""
    with new_file(target) as filling:
        dump = ("--format=custom", *_BARE, f"--file={filling}", f"--dbname={_address(url)}")
        _run("pg_dump", *dump, url=url)
        _run("pg_restore", f"--file={os.devnull}", filling)


def restore(url: str, source: Path, *, replace: bool) -> str:
    """The database as it was, in one transaction, or unchanged; answers when it was dumped."""
    taken = _CREATED.search(_run("pg_restore", "--list", source))
    contents.refuse_newer(_revision_in(source))
    _run("pg_restore", f"--file={os.devnull}", source)  # whole, before anything is touched
    with closing(Database(url)) as database:
        _refuse_company(database)
        if contents.has_data(database) and not replace:
            raise Refused("The database has data: with --replace it is lost.")
    _play(database_url(url), source)
    return "at a time it does not tell" if taken is None else taken[1]


def _revision_in(source: Path) -> str | None:
    rows = _run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", source)
    found = re.search(r"^COPY .*alembic_version .*;\n(.+)$", rows, re.MULTILINE)
    return None if found is None else found[1].strip()


def _refuse_company(database: Database) -> None:
    with database.begin(write=False) as connection:
        others = connection.scalar(text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ))  # fmt: skip
    if others:
        raise Refused(f"{others} others are connected: stop the server and its jobs first.")


# Functions are no table's: those our triggers call go with them, or a migration would meet them.
_DROP_FUNCTIONS = """
    DO $$ DECLARE called record; BEGIN
        FOR called IN
            SELECT DISTINCT tgfoid::regprocedure AS name FROM pg_trigger
            WHERE NOT tgisinternal AND tgrelid = ANY (ARRAY[{tables}])
        LOOP EXECUTE 'DROP FUNCTION ' || called.name || ' CASCADE'; END LOOP;
    END $$;
"""


def _play(url: URL, source: Path) -> None:
    """Our tables go and the dump's come, committed only after its last line has been taken."""
    names = [*(table.name for table in Base.metadata.sorted_tables), "alembic_version"]
    tables = ", ".join(f"to_regclass('{name}')" for name in names)
    gone = _DROP_FUNCTIONS.format(tables=tables)
    gone += "".join(f'DROP TABLE IF EXISTS "{name}" CASCADE;\n' for name in names)
    with _psql(url) as psql:
        psql.write(f"BEGIN;\n{gone}".encode())
        psql.flush()
        options = ("--file=-", *_BARE, source)
        _run("pg_restore", *options, output=psql)
        psql.write(b"COMMIT;\n")


@contextmanager
def _psql(url: URL) -> Iterator[IO[bytes]]:
    """What is written goes to the database, up to the first error; Refused if there was one."""
    options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-")
    command = [_program("psql"), *options, f"--dbname={_address(url)}"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(url)
    ) as running:
        assert running.stdin is not None
        assert running.stderr is not None
        fault: Exception | None = None
        try:
            yield running.stdin
            running.stdin.close()
        except (OSError, Refused) as error:  # it listens no more, or the dump ended early
            fault = error
            running.kill()
        errors = running.stderr.read().decode(errors="replace")
        if running.wait() != 0 or fault is not None:
            raise Refused(_first_line("psql", errors) if errors else str(fault)) from None


def _run(
    program: str, *options: object, url: URL | None = None, output: IO[bytes] | None = None
) -> str:
    """What a program prints; Refused, in a line of its own, where it fails."""
    command = [_program(program), *map(str, options)]
    done = subprocess.run(  # noqa: S603
        command,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(url),
        check=False,
    )
    if done.returncode != 0:
        raise Refused(_first_line(program, done.stderr.decode(errors="replace")))
    return "" if done.stdout is None else done.stdout.decode(errors="replace")


def _first_line(program: str, errors: str) -> str:
    found = _ERROR.search(errors)
    return f"{program}: {found[1] if found else 'failed'}"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(f"There is no {name} on PATH: install PostgreSQL's client programs.")
    return found


def _address(url: URL) -> str:
    # Without the password: everybody on the machine can read a command line.
    bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return bare.render_as_string()


def _environment(url: URL | None) -> dict[str, str]:
    """This process's, times in UTC, the password where libpq looks for it."""
    ours = {"TZ": "UTC", "PGTZ": "UTC", "PGOPTIONS": "-c client_min_messages=warning"}
    if url is not None and url.password is not None:
        ours["PGPASSWORD"] = str(url.password)
    return os.environ | ours
