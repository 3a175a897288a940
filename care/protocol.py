"""The protocol of a check-in: what an operation on a day comes to, decided purely.

A known op id answers as before; a day with equal answers changes nothing; then the precondition.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

import orjson

from care.principal import Chart
from clinical.checkins import ANSWER_KEYS, lowers, normalized
from clinical.windows import NO_ANCHOR, Anchor

Day = Mapping[str, Any]

NO_BASE = -1  # a precondition that names no revision of ours: it matches nothing


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody says about one local day; `answers` None = the day is to be deleted."""

    date: date
    answers: Mapping[str, Any] | None
    recorded_at: datetime | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One sending of an entry. `base`: None = no precondition, 0 = the day must be absent, n = it
    must be at revision n. `op_id` is the sender's own name for it, kept for ever.

    `lowering` is what becomes of an answer of suicidal thoughts that says less than the stored one:
    sent by itself it is the patient's own word; in a batch, where a merge may have made it, it has
    to be confirmed. `skew_ms` is how far the sending device's clock was ahead.
    """

    chart: Chart
    entry: Entry
    base: int | None = None
    op_id: str | None = None
    source: Literal["app", "staff", "import"] = "app"
    lowering: Literal["own word", "confirmed", "unconfirmed"] = "own word"
    device_id: str | None = None
    skew_ms: int | None = None


class Verdict(Enum):
    """What an operation comes to."""

    CREATE = "create"
    REPLACE = "replace"
    DELETE = "delete"
    REPLAYED = "replayed"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    KNOWN_CONFLICT = "known conflict"
    GONE = "gone"
    ABSENT = "absent"
    MISMATCH = "mismatch"
    PRECONDITION_MISSING = "precondition missing"
    PATIENT_LOGGED = "patient logged"


APPLYING = frozenset({Verdict.CREATE, Verdict.REPLACE, Verdict.DELETE})


@dataclass(frozen=True, slots=True)
class Outcome:
    """`day` is the state to answer with (a tombstone has `deleted`), None where there is none.
    `created` tells whether the operation, now or when it was first sent, made a new day. `anchor`
    is where the day stands among the sessions as they are now."""

    verdict: Verdict
    day: Day | None
    created: bool = False
    anchor: Anchor = NO_ANCHOR


def request_hash(entry: Entry, *, confirms_lower: bool = False) -> str:
    """Binds an op id to what was asked: equal for equal entries, however they were written.

    The base is left out: the same entry may be offered again upon another.
    """
    asked: list[Any] = [
        entry.date,
        None if entry.answers is None else normalized(entry.answers),
        entry.recorded_at,
        entry.timezone,
    ]
    asked += ["confirmed lower"] if confirms_lower else []
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def operation_hash(operation: Operation) -> str:
    """What an operation's name is bound to."""
    return request_hash(operation.entry, confirms_lower=operation.lowering == "confirmed")


def decide(stored: Any, operation: Operation) -> Verdict:
    """The order of decisions: known op id, identical day, then the precondition.

    `stored` is a row of SELECT_DAY_AND_OPERATION.
    """
    if stored.op_kind is not None:
        return _decide_known(stored, operation)
    if stored.revision is None:
        return _decide_absent(operation)
    return _decide_stored(stored, operation)


def _decide_known(stored: Any, operation: Operation) -> Verdict:
    if stored.op_request_hash != operation_hash(operation):
        return Verdict.MISMATCH
    return Verdict.REPLAYED if stored.op_kind == "applied" else Verdict.KNOWN_CONFLICT


def _decide_absent(operation: Operation) -> Verdict:
    if operation.entry.answers is None:
        return Verdict.ABSENT
    return Verdict.GONE if operation.base else Verdict.CREATE


def _decide_stored(stored: Any, operation: Operation) -> Verdict:
    if _identical(stored, operation.entry):
        return Verdict.DUPLICATE
    if operation.source not in ("app", stored.source):
        return Verdict.PATIENT_LOGGED
    applied = Verdict.DELETE if operation.entry.answers is None else Verdict.REPLACE
    if applied is Verdict.REPLACE and _lowers_unheard(stored, operation):
        return Verdict.CONFLICT
    # What staff noted from a phone call gives way to the patient's own entry.
    if operation.source == "app" and stored.source == "staff" and applied is Verdict.REPLACE:
        return applied
    if operation.base is None:
        return Verdict.PRECONDITION_MISSING
    return applied if operation.base == stored.revision else Verdict.CONFLICT


def _lowers_unheard(stored: Any, operation: Operation) -> bool:
    """Whether it would take back a thought that the patient has not said they take back.

    Giving no answer takes nothing back, confirmed or not.
    """
    if operation.lowering == "own word" or operation.entry.answers is None:
        return False
    told = operation.entry.answers.get("suicidal_thoughts")
    if not lowers(stored.suicidal_thoughts, told):
        return False
    return operation.lowering == "unconfirmed" or told in (None, "declined")


def _identical(stored: Any, entry: Entry) -> bool:
    if stored.deleted or entry.answers is None:
        return bool(stored.deleted) and entry.answers is None
    return normalized(entry.answers) == {key: getattr(stored, key) for key in ANSWER_KEYS}
