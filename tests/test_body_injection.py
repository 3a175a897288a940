"""No body sets what it was not asked for: columns are not fields."""

from models.db import Base
from tests.operations import properties, sendings, snapshot
from tests.people import Household

AT_ONCE = 90  # an answer names a hundred faults at most


def batches(columns: list[str]) -> list[list[str]]:
    return [columns[start : start + AT_ONCE] for start in range(0, len(columns), AT_ONCE)]


def test_no_column_of_any_table_is_a_field_unless_the_contract_says_so(home: Household) -> None:
    columns = {column.name for table in Base.metadata.sorted_tables for column in table.columns}
    operations = sendings(home)
    before = snapshot(home.world, home)
    for name, operation in operations.items():
        injected = columns - properties(operation.schema).keys()
        assert {"clinic_id", "revision", "version"} <= injected
        for value in (None, 1, "x"):
            for batch in batches(sorted(injected)):
                refused = operation.send(dict(operation.body) | dict.fromkeys(batch, value))
                assert refused.status_code == 422, (name, refused.json)
                told = {fault["pointer"] for fault in refused.json["errors"]}
                assert told == {f"/{column}" for column in batch}, name
    assert snapshot(home.world, home) == before


def test_each_of_these_bodies_is_taken_without_the_injected_columns(home: Household) -> None:
    for name, operation in sendings(home).items():
        taken = operation.send(operation.body)
        assert taken.status_code in (200, 201, 204), (name, taken.json)
