"""What a device keeps: its operations, the days it knows, and how far it has read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import orjson

Answers = Mapping[str, Any]
# A day as an edit found it: its revision, its answers, the history both are of, and the name of the
# operation that made it so.
Base = tuple[int, Answers | None, str | None, str | None]
# `waiting`: not to be sent before the operation of the same day in front of it has its outcome.
Stage = Literal["waiting", "pending", "sent", "acked", "attention"]
# Why an operation needs the patient; those of the first line are questions to answer yes or no.
Reason = Literal[
    "log_again", "edit_of_deleted", "delete_of_changed", "lowering",
    "rejected", "mismatch", "not_understood",
]  # fmt: skip


@dataclass
class Operation:
    """One edit of one day; `answers` None deletes it. `base_*` is the day as this device knew it
    when the edit began, `epoch` the history that knowledge was of. `tries` counts the names."""

    root: str
    date: str
    answers: Answers | None
    recorded_at: str
    timezone: str
    base_revision: int
    base_answers: Answers | None
    epoch: str | None
    base_op: str | None
    sequence: int
    stage: Stage = "pending"
    tries: int = 0
    was_sent: bool = False
    confirmed_lower: bool = False
    acked_at: str | None = None
    was_gone: bool = False  # a deletion of what was not there when it came
    reason: Reason | None = None
    current: dict[str, Any] | None = None  # the stored day a question is about
    problem: dict[str, Any] | None = None

    @property
    def op_id(self) -> str:
        return f"{self.root}.{self.tries}" if self.tries else self.root

    @property
    def is_live(self) -> bool:
        return self.stage != "acked"

    @property
    def is_frozen(self) -> bool:
        """Whether it may have arrived: then it stays as it is until its outcome is known."""
        return self.stage == "sent" or (self.stage == "pending" and self.was_sent)

    @property
    def base(self) -> Base:
        return self.base_revision, self.base_answers, self.epoch, self.base_op

    @base.setter
    def base(self, base: Base) -> None:
        self.base_revision, self.base_answers, self.epoch, self.base_op = base

    def item(self) -> dict[str, Any]:
        """As it is sent."""
        named = {"op_id": self.op_id, "date": self.date, "base_revision": self.base_revision}
        if self.answers is None:
            return named | {"delete": True}
        confirmed = {"confirmed_lower": True} if self.confirmed_lower else {}
        entered = {"recorded_at": self.recorded_at, "timezone": self.timezone}
        return {**named, **confirmed, **self.answers, **entered}


@dataclass(frozen=True)
class Known:
    """A day as the server last told it; `answers` None is a tombstone."""

    revision: int
    answers: Answers | None
    epoch: str | None
    op_id: str | None

    @property
    def base(self) -> Base:
        return self.revision, self.answers, self.epoch, self.op_id


@dataclass
class Kept:
    """All of a device's durable storage. `told` is which days a read from the start has told so
    far, None when none is under way. `notices` are answers two devices gave differently."""

    patient_id: str
    epoch: str | None = None
    cursor: str | None = None
    sequence: int = 0
    told: list[str] | None = field(default_factory=list)
    days: dict[str, Known] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)

    def of_day(self, day: str) -> list[Operation]:
        """What is under way for a day, oldest first."""
        return [one for one in self.operations if one.date == day and one.is_live]

    def next_number(self) -> int:
        self.sequence += 1
        return self.sequence

    def shown(self, day: str) -> Answers | None:
        """The day as the patient sees it on this device: what they said last, else the server's."""
        under_way = self.of_day(day)
        if under_way:
            return under_way[-1].answers
        known = self.days.get(day)
        return None if known is None else known.answers


class Storage(Protocol):
    """Durable, one document whole: a save is there wholly or not at all."""

    def load(self) -> bytes | None: ...

    def save(self, document: bytes) -> None: ...


def written(kept: Kept) -> bytes:
    return orjson.dumps(kept)


def read(document: bytes) -> Kept:
    told = orjson.loads(document)
    told["days"] = {day: Known(**known) for day, known in told["days"].items()}
    told["operations"] = [Operation(**one) for one in told["operations"]]
    return Kept(**told)
