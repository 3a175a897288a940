"""The reference client: edits are durable at once, sent until acknowledged, and nothing is dropped.

Storage and transport are given. A transport does one HTTP request of the patient's and answers, or
raises Unanswered: then nobody knows whether the server has it, and it is sent again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from clinical.checkins import ANSWER_KEYS, normalized
from tests.sync import outcomes
from tests.sync.outbox import Answers, Base, Kept, Known, Operation, Storage, read, written
from tests.sync.outcomes import Heard
from tests.sync.wire import Reply, Round, Transport, Unanswered, date_of, retry_after

MOST_ITEMS, MOST_BYTES, MOST_CHANGES = 400, 1_000_000, 200
# Too large, or not understood: one item may be at fault alone, and the others must not wait for it.
HALVED = (413, 400, 415, 422)
KEPT_FOR = timedelta(days=35)  # as long as the oldest backup that may be restored
BATCH, CHANGES = "/v1/me/checkins/batch", "/v1/me/changes"


@dataclass(frozen=True, slots=True)
class Device:
    """What a device is to its client; `clock` is its own, right or wrong."""

    device_id: str
    patient_id: str
    storage: Storage
    transport: Transport
    clock: Callable[[], datetime]
    new_root: Callable[[], str]
    timezone: str = "Europe/Berlin"


@dataclass
class Client:
    """One device of one patient. `most_items` falls when a batch was too large."""

    device: Device
    kept: Kept = field(init=False)
    most_items: int = MOST_ITEMS

    def __post_init__(self) -> None:
        document = self.device.storage.load()
        self.kept = Kept(self.device.patient_id) if document is None else read(document)
        # An outbox is sent by nobody but the person it is of.
        assert self.kept.patient_id == self.device.patient_id

    # Edits

    def edit(
        self, day: str, answers: Answers | None, *, confirmed_lower: bool = False
    ) -> Operation | None:
        """Keep an edit, None deletes; once this returns it is saved on this device. None comes back
        where there is nothing to keep: what was never sent is taken back whole."""
        said = None if answers is None else normalized(answers)
        base = self._base(day)
        operation = Operation(
            root=self.device.new_root(),
            date=day,
            answers=said,
            recorded_at=self.device.clock().isoformat(),
            timezone=self.device.timezone,
            base_revision=base[0],
            base_answers=base[1],
            epoch=base[2],
            base_op=base[3],
            sequence=self.kept.next_number(),
            confirmed_lower=confirmed_lower,
        )
        self._queue(operation)
        if operation.answers is None and operation.base_answers is None:
            self.kept.operations.remove(operation)
        self._save()
        return operation if operation in self.kept.operations else None

    def _base(self, day: str) -> Base:
        known = self.kept.days.get(day)
        return (0, None, self.kept.epoch, None) if known is None else known.base

    def _queue(self, operation: Operation) -> None:
        """Behind what was sent of the day; in the place of what was not, or could not be taken."""
        before = self.kept.of_day(operation.date)
        last = before[-1] if before else None
        if last is not None and last.is_frozen:
            operation.stage, operation.base_answers = "waiting", last.answers
            operation.base_op = last.op_id
        elif last is not None:
            self.kept.operations.remove(last)
            operation.base = last.base
            operation.stage = "waiting" if last.stage == "waiting" else "pending"
        self.kept.operations.append(operation)

    def answer(self, operation: Operation, *, yes: bool) -> None:
        """The patient has answered what an operation in `attention` asks."""
        outcomes.answer(self.kept, operation, yes=yes, now=self._now())
        self._save()

    def shown(self, day: str) -> Answers | None:
        return self.kept.shown(day)

    def questions(self) -> list[Operation]:
        return [one for one in self.kept.operations if one.stage == "attention"]

    @property
    def has_anything_to_send(self) -> bool:
        return bool(self._batch(1))

    # Sending

    def push(self, at_most: int = MOST_ITEMS) -> Round:
        """Send one batch of what has no outcome yet, oldest first."""
        batch = self._batch(min(at_most, self.most_items))
        if not batch:
            return Round(None)
        for operation in batch:
            operation.stage, operation.was_sent = "sent", True
        self._save()
        reply = self._ask("POST", BATCH, body=self._envelope(batch))
        return self._sent(batch, reply)

    def _batch(self, at_most: int) -> list[Operation]:
        """At most one of a day, and all bases of one history."""
        chosen: dict[str, Operation] = {}
        blocked: set[str] = set()
        epochs: set[str | None] = set()
        size = 0
        for one in sorted(self.kept.operations, key=lambda one: one.sequence):
            if not one.is_live or one.date in blocked:
                continue
            blocked.add(one.date)
            size += len(orjson.dumps(one.item()))
            epoch = {one.epoch} if one.base_revision else set()
            is_fit = len(epochs | epoch) <= 1 and size < MOST_BYTES and len(chosen) < at_most
            if one.stage in ("pending", "sent") and is_fit:
                chosen[one.date] = one
                epochs |= epoch
        return list(chosen.values())

    def _envelope(self, batch: Sequence[Operation]) -> dict[str, Any]:
        epoch = next((one.epoch for one in batch if one.base_revision), self.kept.epoch)
        return {
            "device_id": self.device.device_id,
            "epoch": epoch,
            "sent_at": self._now(),
            "items": [one.item() for one in batch],
        }

    def _sent(self, batch: Sequence[Operation], reply: Reply | None) -> Round:
        if reply is None:
            return Round(0)
        if reply.status == 200:
            self._take_results(batch, reply)
        elif reply.status in HALVED and len(batch) > 1:
            self.most_items = max(1, len(batch) // 2)
        elif reply.status in HALVED:
            for operation in batch:
                operation.problem = reply.body
                outcomes.ask(operation, "not_understood")
        self._save()
        more = reply.status in (200, *HALVED) and bool(self._batch(1))
        return Round(reply.status, more, retry_after(reply))

    def _take_results(self, batch: Sequence[Operation], reply: Reply) -> None:
        self.most_items = MOST_ITEMS
        self._forget_old(reply)
        heard = Heard(self.kept, reply.headers.get("Epoch"), date_of(reply), self._time(reply))
        for operation, result in zip(batch, reply.body["results"], strict=True):
            assert result["op_id"] == operation.op_id
            outcomes.take(heard, operation, result)

    # Reading

    def pull(self, limit: int = MOST_CHANGES) -> Round:
        """Read one page of what others changed."""
        cursor = self.kept.cursor
        if cursor is None and self.kept.told is None:
            self.kept.told = []
        query = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
        reply = self._ask("GET", CHANGES, query=query)
        if reply is None:
            return Round(0)
        more = False
        if reply.status in (400, 410):
            self._read_from_the_start()
            more = True
        elif reply.status == 200:
            is_of_this_history = cursor is None or self.kept.cursor is not None
            more = not is_of_this_history or self._take_page(reply)
        self._save()
        return Round(reply.status, more, retry_after(reply))

    def _take_page(self, reply: Reply) -> bool:
        for told in reply.body["items"]:
            answers = {key: told[key] for key in ANSWER_KEYS}
            said = None if told["deleted"] else normalized(answers)
            epoch = reply.headers.get("Epoch")
            known = Known(told["revision"], said, epoch, told["op_id"])
            self.kept.days[told["date"]] = known
            outcomes.delete_again(self.kept, told["date"], known)
            if self.kept.told is not None:
                self.kept.told.append(told["date"])
        self.kept.cursor = reply.body["next"]
        if not reply.body["more"] and self.kept.told is not None:
            self._forget_days_not_told(self.kept.told)
            self.kept.told = None
        return bool(reply.body["more"])

    def _forget_days_not_told(self, told: Sequence[str]) -> None:
        """What the server does not have is not shown; what is under way keeps showing itself."""
        self.kept.days = {day: self.kept.days[day] for day in self.kept.days if day in set(told)}

    def _read_from_the_start(self) -> None:
        self.kept.cursor, self.kept.told = None, []

    # Every answer

    def _ask(self, method: str, path: str, *, query: Any = None, body: Any = None) -> Reply | None:
        """The answer; None where there is none, or none that tells the outcome."""
        try:
            reply = self.device.transport(method, path, query=query, body=body)
        except Unanswered:
            return None
        self._look_at_epoch(reply)
        return reply

    def _look_at_epoch(self, reply: Reply) -> None:
        """Another history: what was acknowledged in the one before is offered again."""
        epoch = reply.headers.get("Epoch")
        if epoch is None or epoch == self.kept.epoch:
            return
        is_first = self.kept.epoch is None
        self.kept.epoch = epoch
        if not is_first:
            self._read_from_the_start()
            self._forget_old(reply)
            self._offer_again()
        self._save()

    def _offer_again(self) -> None:
        """Each under its own name, so that what the server still has is answered `duplicate`."""
        for one in self.kept.operations:
            if one.stage == "acked":
                one.stage, one.base_revision, one.acked_at = "pending", 0, None
                one.was_sent, one.was_gone = True, False

    def _forget_old(self, reply: Reply) -> None:
        """Let go of what was acknowledged so long ago that no backup is older."""
        oldest = datetime.fromisoformat(self._time(reply)) - KEPT_FOR
        self.kept.operations = [
            one
            for one in self.kept.operations
            if one.acked_at is None or datetime.fromisoformat(one.acked_at) > oldest
        ]

    def _time(self, reply: Reply) -> str:
        """The server's time where it tells it: a device's own clock may jump."""
        told = date_of(reply)
        return self._now() if told is None else told.isoformat()

    def _now(self) -> str:
        return self.device.clock().isoformat()

    def _save(self) -> None:
        self.device.storage.save(written(self.kept))
