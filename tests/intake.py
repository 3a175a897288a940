"""Runs `flask intake` on files a test writes, and reads what it tells and leaves behind."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from click.testing import Result
from sqlalchemy import func, select

import commands
from models.audit_event import AuditEvent
from models.db import Base
from tests.people import World

MRN = "M-1001"


@dataclass
class Told:
    """What one run answered: its exit status, all it printed, and its report row by row."""

    status: int
    output: str
    report: list[dict[str, str]]

    @property
    def outcomes(self) -> list[str]:
        return [row["outcome"] for row in self.report]

    def why(self, number: int) -> tuple[str, str, str]:
        """Outcome, column and reason of the row with this number."""
        row = next(row for row in self.report if row["row"] == str(number))
        return row["outcome"], row["column"], row["reason"]


class Intake:
    """`flask intake KIND FILE --mapping M --clinic C --report R ...` for one clinic."""

    def __init__(self, world: World, clinic_id: UUID, folder: Path) -> None:
        commands.register(world.app)
        self.world, self.clinic_id, self.folder = world, clinic_id, folder

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, kind: str, table: str | bytes | Path, mapping: str | Path, *flags: str) -> Told:
        """The answer to a table and a mapping, each a file or what is to be in one."""
        file = table if isinstance(table, Path) else self.file("table.csv", table)
        how = mapping if isinstance(mapping, Path) else self.file("mapping.toml", mapping)
        report = self.folder / "report.csv"
        report.unlink(missing_ok=True)
        words = (kind, file, "--mapping", how, "--clinic", self.clinic_id, "--report", report)
        result = self.invoke(*words, *flags)
        return Told(result.exit_code, result.output, self._report(report))

    def invoke(self, *words: object) -> Result:
        result = self.world.app.test_cli_runner().invoke(args=["intake", *map(str, words)])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result

    @staticmethod
    def _report(path: Path) -> list[dict[str, str]]:
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def events(self) -> list[str]:
        """What the audit trail of the clinic says the operator did, sorted."""
        by_operator = select(AuditEvent.action).where(
            AuditEvent.clinic_id == self.clinic_id, AuditEvent.membership_id.is_(None)
        )
        return sorted(row.action for row in self.world.rows(by_operator))

    def counted(self) -> dict[str, int]:
        """How many rows every table of the clinic has."""
        return {
            table.name: self._count(table)
            for table in Base.metadata.sorted_tables
            if "clinic_id" in table.c
        }

    def _count(self, table: Any) -> int:
        own = select(func.count()).select_from(table).where(table.c.clinic_id == self.clinic_id)
        return int(self.world.rows(own)[0][0])
