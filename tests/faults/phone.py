"""A patient with a phone: edits days at random, sends, reads, is asked and answers."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from clinical.checkins import NO_ANSWERS, lowers
from clinical.side_effects import SIDE_EFFECTS
from tests.faults.history import History
from tests.faults.network import Network, PhoneDied
from tests.sync.client import Client, Device
from tests.sync.wire import Round

# Days before today; only the first few are ever deleted, of the others the newest word must stand.
DAYS, DELETED_DAYS = 8, 3
# A phone that had no answer waits this long, not as long as it is told: harder for the server.
LONGEST_WAIT_SECONDS = 0.25
THOUGHTS = (None, "none", "declined", "fleeting", "often", "most_of_the_time")
EFFECTS = tuple(sorted(SIDE_EFFECTS))[:4]


@dataclass
class Memory:
    """A phone's storage: what was saved is there, whatever became of the rest."""

    document: bytes | None = None

    def load(self) -> bytes | None:
        return self.document

    def save(self, document: bytes) -> None:
        self.document = document


@dataclass
class Phone:
    """`name` begins every name it gives; `pace_seconds` is how long it rests between two things."""

    name: str
    patient: str
    network: Network
    history: History
    random: Random
    pace_seconds: float
    storage: Memory = field(default_factory=Memory)
    edits: int = 0

    def __post_init__(self) -> None:
        self.client = self._switched_on()
        today = datetime.now(UTC).date()
        self.days = [str(today - timedelta(days=back)) for back in range(1, DAYS + 1)]

    def _switched_on(self) -> Client:
        return Client(
            Device(
                device_id=self.name,
                patient_id=self.patient,
                storage=self.storage,
                transport=self.network,
                clock=lambda: datetime.now(UTC),
                new_root=self._new_root,
            )
        )

    def _new_root(self) -> str:
        self.edits += 1
        return f"{self.name}-{self.edits:05}"

    def live(self, until: threading.Event) -> None:
        """Do something every now and then until told to stop."""
        while not until.is_set():
            self.do_something()
            time.sleep(self.random.uniform(0, 2 * self.pace_seconds))

    def do_something(self) -> None:
        choice = self.random.random()
        try:
            if choice < 0.45:
                self.edit(self.random.choice(self.days))
            elif choice < 0.85:
                self.wait_after(self.client.push())
            else:
                self.wait_after(self.client.pull(self.random.choice((3, 200))))
            self.answer_questions()
        except PhoneDied:
            self.client = self._switched_on()

    def edit(self, day: str) -> None:
        """One to three answers changed, or the day deleted."""
        before = self.client.shown(day)
        may_delete = before is not None and day in self.days[:DELETED_DAYS]
        answers = None if may_delete and self.random.random() < 0.15 else self._changed(before)
        lower = before is not None and answers is not None and _lowers(before, answers)
        confirms = lower and self.random.random() < 0.5
        made = self.client.edit(day, answers, confirmed_lower=confirms)
        told: dict[str, Any] = {"op": f"{self.name}-{self.edits:05}", "date": day, "answers": None}
        if made is not None:  # else it took back what nobody had been told of yet
            told |= {"answers": made.answers, "base": made.base_answers, "when": made.recorded_at}
        self.history.write([{"what": "edit", "base": None, "when": "", **told}])

    def _changed(self, before: Mapping[str, Any] | None) -> dict[str, Any]:
        answers = dict(NO_ANSWERS if before is None else before)
        choices = {
            "mood": self.random.randint(0, 10),
            "energy": self.random.randint(0, 10),
            "sleep_hours": self.random.randint(0, 96) / 4,
            "note": f"{self.name} {self.edits}",
            "side_effects": self._effects(),
            "suicidal_thoughts": self.random.choice(THOUGHTS),
        }
        names = self.random.sample(sorted(choices), self.random.randint(1, 3))
        answers |= {name: choices[name] for name in names}
        return answers | ({"mood": choices["mood"]} if answers["mood"] is None else {})

    def _effects(self) -> list[dict[str, Any]]:
        codes = self.random.sample(EFFECTS, self.random.randint(0, 2))
        return [{"code": code, "severity": self.random.randint(1, 2)} for code in codes]

    def answer_questions(self) -> None:
        for question in self.client.questions():
            yes = self.random.random() < 0.5
            told = {"op": question.op_id, "date": question.date, "reason": question.reason}
            self.history.write(
                [{"what": "answer", "yes": yes, **told, "problem": question.problem}]
            )
            self.client.answer(question, yes=yes)

    def wait_after(self, came_to: Round) -> None:
        is_refused = came_to.status is not None and came_to.status not in (200, 400, 410, 413)
        if is_refused:
            time.sleep(self.random.uniform(0.02, LONGEST_WAIT_SECONDS))

    def drain(self) -> bool:
        """Send all there is and read all there is, once; whether there was anything to do."""
        self.answer_questions()
        sent = self.client.push()
        self.wait_after(sent)
        before = dict(self.client.kept.days)
        came_to = self.client.pull()
        while came_to.more:
            came_to = self.client.pull()
        self.wait_after(came_to)
        is_read = came_to.status == 200 and self.client.kept.days == before
        return sent.status is not None or not is_read or bool(self.client.questions())


def _lowers(before: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    return lowers(before["suicidal_thoughts"], answers["suicidal_thoughts"])
