"""`flask intake`: bring in history from a CSV file; it asks by default, and writes with --write."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from care import intake
from care.intake.run import WORDS, Outcome, Row, Run, close_run, open_run
from care.refusals import NotFound
from commands.clinic import database
from commands.intake_report import Report, one_line
from formats.csv_in import LARGEST_BYTES, Unreadable
from formats.mapping import IntakeMapping, read_mapping
from formats.tables import Row as Parsed
from formats.tables import Table
from models.faults import Busy

AT_ONCE = 200  # rows: few enough for the parameters of one statement
SHOWN = 10  # rows with reasons on the terminal; all of them are in the report
LONG = 2000  # rows: from here on it takes long enough to show how far it is

group = click.Group("intake", help="Bring in history from a CSV file.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator asked for."""

    kind: str
    file: Path
    clinic_id: UUID
    write: bool
    skip_refused: bool
    confirm_unlikely: bool
    report: Path | None


@dataclass(slots=True)
class Told:
    """What there is to tell: how many rows came to what, and the first ones that came to grief."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    @property
    def in_the_way(self) -> int:
        return self.counts["refused"] + self.counts["asked"]


class BadFile(click.ClickException):
    """A file that cannot be taken at all: no row was looked at."""

    exit_code = 2


def _command(kind: str) -> click.Command:
    path = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
    to_write = click.Path(dir_okay=False, writable=True, path_type=Path)

    @click.command(kind, help=f"Bring in {kind} from FILE; without --write nothing is changed.")
    @click.argument("file", type=path)
    @click.option("--mapping", required=True, type=path, help="What each column means, in TOML.")
    @click.option("--clinic", "clinic_id", required=True, type=click.UUID, help="The clinic's id.")
    @click.option("--write", is_flag=True, help="Write it; without, it is only a trial.")
    @click.option("--skip-refused", is_flag=True, help="Write the rest where rows are refused.")
    @click.option("--confirm-unlikely", is_flag=True, help="Stand by what is asked about.")
    @click.option("--report", type=to_write, help="A CSV file with a line on each row.")
    @with_appcontext
    def command(mapping: Path, **options: Any) -> None:
        _run(Asked(kind, **options), mapping)

    return command


for _kind in intake.KINDS:
    group.add_command(_command(_kind))


def _run(asked: Asked, mapping_file: Path) -> None:
    if asked.report is not None and asked.report.resolve() in (
        asked.file.resolve(),
        mapping_file.resolve(),
    ):
        raise click.BadParameter("would overwrite a file that is read", param_hint="--report")
    try:
        mapping = read_mapping(_bytes(mapping_file), asked.kind)
        told = _taken_in(asked, mapping, Table(_bytes(asked.file), mapping))
    except Unreadable as unreadable:
        raise BadFile("\n".join(unreadable.faults)) from None
    except OSError as error:
        raise BadFile(f"{error.filename}: {error.strerror}.") from None
    except (Busy, DBAPIError):
        why = "The database did not take it, and nothing was written. Run it again later."
        raise click.ClickException(why) from None
    if told.in_the_way:
        raise click.exceptions.Exit(1)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST_BYTES + 1)  # one more is too many, and is told so


def _taken_in(asked: Asked, mapping: IntakeMapping, table: Table) -> Told:
    """Everything in one transaction, which is kept only where it was asked for and may be."""
    writes = asked.write or asked.kind in intake.REHEARSED
    with Report(asked.report) as report, database().begin(write=writes) as connection:
        run = _opened(connection, asked, mapping)
        told = _each(connection, run, table, report)
        stays = asked.write and (asked.skip_refused or not told.in_the_way)
        if stays:
            close_run(connection, run, asked.kind)
            connection.commit()
        else:
            connection.rollback()
        report.keep()
    _tell(told, asked, wrote=stays)
    return told


def _opened(connection: Connection, asked: Asked, mapping: IntakeMapping) -> Run:
    try:
        run = open_run(
            connection,
            asked.clinic_id,
            datetime.now(UTC),
            write=asked.write,
            confirm_unlikely=asked.confirm_unlikely,
        )
    except NotFound:
        told = "no such clinic: see `flask clinic list`"
        raise click.BadParameter(told, param_hint="--clinic") from None
    unknown = sorted(mapping.custom - set(run.principal.clinic.measures))
    if unknown:
        raise Unreadable(["The clinic has no measure of its own called " + ", ".join(unknown)])
    return run


def _each(connection: Connection, run: Run, table: Table, report: Report) -> Told:
    """What becomes of every row, told to the report as it comes."""
    told = Told()
    take, hear = intake.KINDS[table.kind], intake.HEARD.get(table.kind)
    for part in _parts(table):
        good = [Row(row.number, row.values) for row in part if not row.faults]
        outcomes = {outcome.number: outcome for outcome in take(connection, run, good)}
        if hear is not None and run.write:
            hear(connection, run, [Row(one.number, one.readable) for one in part if one.faults])
        for row in part:
            outcome = outcomes.get(row.number) or Outcome(row.number, "refused")
            reasons = _reasons(table, row, outcome)
            told.counts[outcome.word] += 1
            report.line(row.number, outcome.word, reasons)
            if outcome.word in ("refused", "asked") and len(told.lines) < SHOWN:
                told.lines.append(one_line(row.number, reasons))
    return told


def _parts(table: Table) -> Iterator[list[Parsed]]:
    """The rows, as many at a time as one statement takes, with how far it is on the terminal."""
    hidden = table.about_rows < LONG or not sys.stderr.isatty()
    rows = iter(table)
    with click.progressbar(length=table.about_rows, file=sys.stderr, hidden=hidden) as bar:
        while part := list(islice(rows, AT_ONCE)):
            yield part
            bar.update(len(part))


def _reasons(table: Table, row: Parsed, outcome: Outcome) -> Sequence[tuple[str, str]]:
    if row.faults:
        return row.faults
    return [(table.column_at(fault.pointer, row), fault.detail) for fault in outcome.reasons]


def _tell(told: Told, asked: Asked, *, wrote: bool) -> None:
    counted = ", ".join(f"{told.counts[word]} {word}" for word in WORDS)
    click.echo(f"{told.counts.total()} rows: {counted}")
    for line in told.lines:
        click.echo(line)
    if told.in_the_way > len(told.lines):
        click.echo(f"... and {told.in_the_way - len(told.lines)} more; --report lists all.")
    if wrote and told.counts["new"]:
        click.echo("Written.")
    elif wrote:
        click.echo("Nothing has changed: no row was new.")
    elif not asked.write:
        click.echo("A trial: nothing was written. Add --write to write it.")
    else:
        click.echo("Nothing was written. Mend these rows, or add --skip-refused.")
