"""What goes back to the pool of connections has no transaction open, whatever became of it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import select, update

from models.engine import Database
from models.server_meta import ServerMeta
from tests.apps import own_database
from tests.broken import Plan, Struck, breakable, server_fault, sqlite_fault


@pytest.fixture
def database(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    with closing(Database(own_database(server, tmp_path))) as made:
        breakable(made)
        yield made


def test_a_commit_that_failed_leaves_neither_its_work_nor_its_lock(database: Database) -> None:
    full = sqlite_fault("SQLITE_FULL") if database.is_sqlite else server_fault("53100")
    with (
        Struck(Plan(full, commit="instead")),
        pytest.raises(Exception, match=r"SQLITE_FULL|no"),
        database.begin(write=True) as connection,
    ):
        connection.execute(update(ServerMeta).values(epoch="half done"))
        connection.commit()
    assert not is_in_transaction(database)
    with database.begin(write=True) as connection:
        connection.execute(update(ServerMeta).values(epoch="done"))
        connection.commit()
    with database.begin(write=False) as connection:
        assert connection.scalar(select(ServerMeta.epoch)) == "done"


def is_in_transaction(database: Database) -> bool:
    """Whether the connection that the pool hands out next has a transaction open."""
    with closing(database.engine.raw_connection()) as pooled:
        driver: Any = pooled.driver_connection
        if database.is_sqlite:
            return bool(driver.in_transaction)
        return bool(driver.pgconn.transaction_status != TransactionStatus.IDLE)
