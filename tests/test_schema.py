"""The shape of the tables: every key begins with the clinic, every rule has a name."""

import pytest
from flask import Flask
from sqlalchemy import (
    CheckConstraint,
    Constraint,
    ForeignKeyConstraint,
    Inspector,
    Integer,
    Table,
    UniqueConstraint,
    inspect,
)

from models.db import NAMING_CONVENTION, PRECEDES_CLINIC, Base, UTCDateTime

TABLES = Base.metadata.sorted_tables
OF_A_CLINIC = [table for table in TABLES if table.name not in PRECEDES_CLINIC]

# An account belongs to no clinic, so what points at one cannot begin with a clinic: by name.
TO_AN_ACCOUNT = {"fk_membership_account"}
# At login only the account is known, and its places in all clinics are asked for.
BEFORE_THE_CLINIC_IS_KNOWN = {"ix_membership_account_id"}
# Among the tables that precede a clinic: these hang from one another, by an id alone.
WITHOUT_A_CLINIC = {
    "fk_login_account",
    "fk_refresh_token_login",
    "fk_password_reset_account",
}
# Columns that came when there were rows: what those rows had all along, as a constant.
ADDED_WITH_A_CONSTANT = {"assessment.status", "assessment.revision"}

name_of = Table.__str__


def test_the_tables_that_precede_a_clinic_exist() -> None:
    assert set(Base.metadata.tables) >= PRECEDES_CLINIC


@pytest.mark.parametrize("table", OF_A_CLINIC, ids=name_of)
def test_a_primary_key_begins_with_the_clinic(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "clinic_id"


@pytest.mark.parametrize("table", OF_A_CLINIC, ids=name_of)
def test_every_index_and_unique_rule_begins_with_the_clinic(table: Table) -> None:
    firsts = {str(index.name): next(iter(index.columns)).name for index in table.indexes}
    for rule in table.constraints:
        if isinstance(rule, UniqueConstraint):
            firsts[str(rule.name)] = next(iter(rule.columns)).name
    others = {name for name, column in firsts.items() if column != "clinic_id"}
    assert others <= BEFORE_THE_CLINIC_IS_KNOWN


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_every_foreign_key_begins_with_the_clinic(table: Table) -> None:
    for rule in table.foreign_key_constraints:
        if rule.name in TO_AN_ACCOUNT | WITHOUT_A_CLINIC:
            assert rule.referred_table.name in PRECEDES_CLINIC
            continue
        assert rule.column_keys[0] == "clinic_id", rule.name
        assert rule.elements[0].column.name == "clinic_id", rule.name


def test_no_exception_is_kept_that_nothing_needs() -> None:
    foreign = {str(rule.name) for table in TABLES for rule in table.foreign_key_constraints}
    indexes = {str(index.name) for table in TABLES for index in table.indexes}
    assert foreign >= TO_AN_ACCOUNT | WITHOUT_A_CLINIC
    assert indexes >= BEFORE_THE_CLINIC_IS_KNOWN


PREFIXES = {kind: pattern.partition("_")[0] for kind, pattern in NAMING_CONVENTION.items()}


def kind_of(rule: Constraint) -> str:
    kinds = {ForeignKeyConstraint: "fk", UniqueConstraint: "uq", CheckConstraint: "ck"}
    return kinds.get(type(rule), "pk")


@pytest.mark.parametrize("table", TABLES, ids=name_of)
def test_every_rule_of_a_table_has_a_name_that_says_what_it_is(table: Table) -> None:
    for rule in table.constraints:
        assert str(rule.name).startswith(f"{PREFIXES[kind_of(rule)]}_{table.name}"), rule
    for index in table.indexes:
        prefix = "uq" if index.unique else "ix"
        assert str(index.name).startswith(f"{prefix}_{table.name}_")


def test_every_rule_in_the_database_has_a_name(app: Flask) -> None:
    inspector: Inspector = inspect(app.extensions["services"].database.engine)
    for table in Base.metadata.tables:
        rules = [
            inspector.get_pk_constraint(table),
            *inspector.get_foreign_keys(table),
            *inspector.get_unique_constraints(table),
            *inspector.get_check_constraints(table),
        ]
        assert all(rule["name"] for rule in rules), table


def test_names_are_used_once() -> None:
    names = [str(index.name) for table in TABLES for index in table.indexes]
    names += [str(rule.name) for table in TABLES for rule in table.constraints]
    assert len(names) == len(set(names))
    assert all(len(name) <= 63 for name in names)  # PostgreSQL cuts off what is longer


def test_nothing_counts_up_by_itself(app: Flask) -> None:
    engine = app.extensions["services"].database.engine
    inspector: Inspector = inspect(engine)
    if engine.dialect.name == "postgresql":
        assert inspector.get_sequence_names() == []
    else:
        assert "sqlite_sequence" not in inspector.get_table_names()
    for table in TABLES:
        keys = [column for column in table.primary_key if isinstance(column.type, Integer)]
        assert all(column.autoincrement is False for column in keys), table.name
        defaults = {str(column) for column in table.columns if column.server_default is not None}
        assert defaults <= ADDED_WITH_A_CONSTANT, table.name


def test_every_instant_is_an_instant_in_utc() -> None:
    for table in TABLES:
        for column in table.columns:
            if column.name.endswith(("_at", "_hour")) or column.name in ("at", "since", "until"):
                wall_clock = column.name == "reminder_at"
                assert isinstance(column.type, UTCDateTime) is not wall_clock, column
