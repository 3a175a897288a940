"""Prebuilt statements, compiled once and sent straight to the driver, many in one round trip."""

from collections import namedtuple
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Dialect, Executable


def together(
    connection: Connection, *steps: tuple[Executable, Mapping[str, Any]]
) -> list[Sequence[Any]]:
    """The rows of each statement, in order; on PostgreSQL all in one round trip.

    Statements must be prebuilt at module level: each is compiled once, then goes straight to the
    driver. One without rows gives [].
    """
    driver: Any = connection.connection.driver_connection
    prepared = [_prepared(statement, connection) for statement, _ in steps]
    bound = [step.bind(values) for step, (_, values) in zip(prepared, steps, strict=True)]
    if connection.dialect.name == "sqlite":
        return [
            step.rows(driver.execute(step.sql, values))
            for step, values in zip(prepared, bound, strict=True)
        ]
    try:
        with driver.pipeline():
            if driver.pgconn.transaction_status == TransactionStatus.IDLE:
                driver.execute("BEGIN")
            cursors = [
                driver.execute(step.sql, values)
                for step, values in zip(prepared, bound, strict=True)
            ]
    except psycopg.Error:
        if driver.closed:  # SQLAlchemy must meet that itself, to forget it and all the pool's
            connection.exec_driver_sql("SELECT 1")
        raise
    return [step.rows(cursor) for step, cursor in zip(prepared, cursors, strict=True)]


_compiled: dict[tuple[str, Executable], "Prepared"] = {}


def _prepared(statement: Executable, connection: Connection) -> "Prepared":
    dialect = connection.dialect
    key = (dialect.name, statement)
    if key not in _compiled:
        _compiled[key] = Prepared(statement, dialect)
    return _compiled[key]


class Prepared:
    """A statement as its driver wants it: SQL, values and rows converted by their column types."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self._defaults = {name: bind.value for name, bind in compiled.binds.items()}
        self._converters = {
            name: convert
            for name, bind in compiled.binds.items()
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._columns = tuple(getattr(statement, "selected_columns", ()))
        self._row_type = row_type(column.key for column in self._columns)
        self._dialect = dialect
        self._readers: list[tuple[int, Any]] | None = None

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by parameter name, as the driver takes them."""
        bound = {name: values.get(name, default) for name, default in self._defaults.items()}
        for name, convert in self._converters.items():
            bound[name] = convert(bound[name])
        return bound

    def rows(self, cursor: Any) -> Sequence[Any]:
        """The cursor's rows by column name, as Python values."""
        if not cursor.description:
            return []
        if self._readers is None:
            self._readers = list(self._find_readers(cursor.description))
        return [self._read(list(row)) for row in cursor.fetchall()]

    def _find_readers(self, description: Any) -> Iterator[tuple[int, Any]]:
        """Converters of result values; some depend on the type the driver says it delivers."""
        for index, column in enumerate(self._columns):
            kind = column.type.dialect_impl(self._dialect)
            read = kind.result_processor(self._dialect, description[index][1])
            if read is not None:
                yield index, read

    def _read(self, row: list[Any]) -> Any:
        for index, read in self._readers or ():
            row[index] = read(row[index])
        return self._row_type(*row)


def row_type(names: Iterable[str]) -> Any:
    """A named tuple for rows with these columns."""
    return namedtuple("Row", list(names))
