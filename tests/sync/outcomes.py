"""What the outcome of an operation does to what a device keeps; pure but for the document given."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from clinical.checkins import ANSWER_KEYS, normalized
from tests.sync.merge import Sides, merge
from tests.sync.outbox import Answers, Base, Kept, Known, Operation, Reason

CLOCK_AHEAD_TOLERANCE = timedelta(hours=48)
EARLIEST_YEAR = 2020
DECIDED = ("applied", "duplicate", "conflict", "gone", "rejected", "mismatch")


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer of the server: the history it spoke of, and when, by its own clock."""

    kept: Kept
    epoch: str | None
    at: datetime | None
    now: str


def take(heard: Heard, operation: Operation, result: Mapping[str, Any]) -> None:
    """Carry one result into the outbox; the caller saves."""
    status = result["status"]
    if status not in DECIDED:  # `retry`, or what a newer server says
        operation.stage = "pending"
        return
    if status in ("applied", "duplicate"):
        _learn(heard, operation, result["revision"])
        _acknowledge(heard, operation)
        return
    operation = _give_way(heard.kept, operation)
    if status == "conflict":
        _meet(heard, operation, result["current"])
    elif status == "gone":
        _find_gone(heard, operation)
    elif operation.stage == "waiting":  # it says anew what was refused of the one before
        operation.stage = "pending"
    else:
        operation.problem = result["problem"]
        ask(operation, "rejected" if status == "rejected" else "mismatch")


def ask(operation: Operation, reason: Reason) -> None:
    operation.stage, operation.reason = "attention", reason


def answer(kept: Kept, operation: Operation, *, yes: bool, now: str) -> None:
    """The patient's answer to what an operation asks; no drops what they do not want any more."""
    reason, current = operation.reason, operation.current
    operation.reason = operation.current = operation.problem = None
    if reason == "lowering":
        _answer_lowering(operation, now, yes=yes)
    elif not yes:
        kept.operations.remove(operation)
    elif reason == "log_again":
        _offer_anew(operation, (0, None, operation.epoch, None))
    elif current is not None:
        _offer_anew(operation, Known(**current).base)
    elif reason == "mismatch":
        _offer_anew(operation, operation.base)
    else:
        operation.stage = "pending"


def _answer_lowering(operation: Operation, now: str, *, yes: bool) -> None:
    assert operation.answers is not None
    assert operation.base_answers is not None
    operation.stage, operation.confirmed_lower = "pending", yes
    if yes:
        return
    higher = {"suicidal_thoughts": operation.base_answers["suicidal_thoughts"]}
    operation.answers = {**operation.answers, **higher}
    if operation.answers == operation.base_answers:  # nothing else was changed
        operation.stage, operation.acked_at = "acked", now


def _learn(heard: Heard, operation: Operation, revision: int) -> None:
    """The day as it was just acknowledged, unless a later state of this history is known."""
    now = Known(revision, operation.answers, heard.epoch, operation.op_id)
    known = heard.kept.days.get(operation.date)
    if known is None or known.epoch != heard.epoch or known.revision < revision:
        heard.kept.days[operation.date] = now
    later = _next_of_day(heard.kept, operation)
    if later is not None and later.stage == "waiting":
        later.stage, later.base = "pending", now.base
    elif later is not None and _is_made_from(later, operation):
        later.base = now.base  # both are offered again


def _acknowledge(heard: Heard, operation: Operation) -> None:
    operation.stage, operation.acked_at = "acked", heard.now


def _give_way(kept: Kept, operation: Operation) -> Operation:
    """A later edit of the day takes the place of one that was not taken: it says all it said."""
    later = _next_of_day(kept, operation)
    if later is None or later.stage != "waiting":
        return operation
    kept.operations.remove(operation)
    later.base = operation.base
    return later


def _next_of_day(kept: Kept, operation: Operation) -> Operation | None:
    queue = kept.of_day(operation.date)
    behind = queue[queue.index(operation) + 1 :]
    return behind[0] if behind else None


def _is_made_from(later: Operation, operation: Operation) -> bool:
    """Whether a later edit was made from the day that an earlier one of this device made."""
    root = (later.base_op or "").partition(".")[0]
    return root == operation.root and later.base_answers == operation.answers


def _meet(heard: Heard, operation: Operation, current: dict[str, Any]) -> None:
    """Another state of the day is stored than the one the edit began with."""
    mine, theirs = operation.answers, _answers(current)
    found = Known(current["revision"], theirs, heard.epoch, current["op_id"])
    heard.kept.days[operation.date] = found
    if mine is None or theirs is None:
        _meet_deletion(heard, operation, found)
        return
    is_later = later_than(heard, operation, current["touched"])
    sides = Sides(operation.base_answers, mine, theirs, is_later, operation.confirmed_lower)
    merged = merge(sides)
    for key in merged.both:
        heard.kept.notices.append(
            {"date": operation.date, "answer": key, "mine": mine[key], "theirs": theirs[key]}
        )
    answers = merged.answers
    if merged.lower is not None:
        answers = {**answers, "suicidal_thoughts": merged.lower}
    elif answers == theirs:
        _acknowledge(heard, operation)
        return
    operation.answers = answers
    operation.confirmed_lower = merged.is_confirmed
    _offer_anew(operation, found.base)
    if merged.lower is not None:
        ask(operation, "lowering")


def _meet_deletion(heard: Heard, operation: Operation, found: Known) -> None:
    """An edit of what was deleted, or a deletion of what was edited, is asked about."""
    if operation.answers is None and found.answers is None:
        _acknowledge(heard, operation)
    elif operation.answers is None and found.answers == operation.base_answers:
        _offer_anew(operation, found.base)
    else:
        operation.current = asdict(found)
        ask(operation, "edit_of_deleted" if found.answers is None else "delete_of_changed")


def _find_gone(heard: Heard, operation: Operation) -> None:
    """Nothing is stored of the day: forgotten by a restore, or its tombstone was collected."""
    heard.kept.days.pop(operation.date, None)
    if operation.answers is None:
        operation.was_gone = True
        _acknowledge(heard, operation)
    elif operation.epoch != heard.epoch:
        _offer_anew(operation, (0, operation.base_answers, heard.epoch, None))
    else:
        ask(operation, "log_again")


def delete_again(kept: Kept, day: str, told: Known) -> None:
    """Another device, which had not heard of my deletion, brought back what a restore had lost."""
    of_day = [one for one in kept.operations if one.date == day]
    if not of_day or told.answers is None:
        return
    last = of_day[-1]
    if last.stage == "acked" and last.was_gone and last.base_op == told.op_id:
        _offer_anew(last, told.base)


def _offer_anew(operation: Operation, base: Base) -> None:
    """The same edit under its next name, upon another state of the day."""
    operation.tries += 1
    operation.stage, operation.was_sent, operation.base = "pending", False, base
    operation.was_gone, operation.acked_at = False, None


def later_than(
    heard: Heard, operation: Operation, touched: Mapping[str, Any]
) -> Callable[[str], bool]:
    """Whether my answer is later than the stored one; a clock that cannot be right says nothing."""
    mine = (not _is_suspect(operation, heard.at), _instant(operation.recorded_at), operation.root)

    def is_later(key: str) -> bool:
        told = touched.get(key)
        if told is None or told["recorded_at"] is None:
            return True
        root = told["op_id"].partition(".")[0]
        return mine > (not told["clock_suspect"], _instant(told["recorded_at"]), root)

    return is_later


def _is_suspect(operation: Operation, server_time: datetime | None) -> bool:
    instant = _instant(operation.recorded_at)
    ahead = server_time is not None and instant - server_time > CLOCK_AHEAD_TOLERANCE
    return instant.year < EARLIEST_YEAR or ahead


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _answers(told: Mapping[str, Any] | None) -> Answers | None:
    """The answers of a day as the server tells it, None of a tombstone."""
    if told is None or told["deleted"]:
        return None
    return normalized({key: told[key] for key in ANSWER_KEYS})
