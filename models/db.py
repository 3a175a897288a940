"""What all tables share: base class, naming of constraints, column types, ids."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import JSON, DateTime, Dialect, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Tables that exist before a clinic is known: every other table leads all its keys with clinic_id.
PRECEDES_CLINIC = frozenset(
    {
        *("account", "login", "refresh_token", "invitation", "password_reset"),
        *("throttle", "server_meta"),
    }
)

# Rows about nobody's clinic yet (a failed login) carry this clinic_id in the audit trail.
NO_CLINIC = UUID(int=0)


class Base(DeclarativeBase):
    """Base of every row class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, answers aware UTC (SQLite alone would drop the offset)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime is no instant")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


# JSON null and SQL NULL are one thing here: a value nobody gave.
JsonValue = JSON(none_as_null=True)


def one_of(column: str, codes: Sequence[str]) -> str:
    """The condition of a CHECK that a column, where it is given, holds one of these codes."""
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def as_json(value: Any) -> Any:
    """The value as a JSON column keeps it: instants and days as text, so that two compare."""
    return orjson.loads(orjson.dumps(value, option=orjson.OPT_UTC_Z))


def new_id() -> UUID:
    """A random id: uuid4, because a time-ordered id tells when somebody enrolled."""
    return uuid4()
