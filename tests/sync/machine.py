"""The real app, two patients' devices, a clinician, and everything that can go wrong between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from clinical.checkins import NO_ANSWERS, answers_anything
from tests.sync.device import FATES, Crash, Fate, Phone
from tests.sync.run import Run
from tests.sync.scene import Scene, Time

NAUSEA = {"code": "nausea", "severity": 1}
WORSE, HEADACHE = NAUSEA | {"severity": 3}, {"code": "headache", "severity": 2}
ANSWERS: dict[str, tuple[Any, ...]] = {
    "mood": (None, 0, 3, 7, 10),
    "sleep_hours": (6.25, 8),
    "suicidal_thoughts": (None, "none", "declined", "fleeting", "often"),
    "side_effects": (None, [], [NAUSEA], [WORSE], [HEADACHE, NAUSEA]),
    "custom": (None, {"pain": 2}, {"pain": 9}),
    "note": ("new",),  # made unlike any other
}
CHANGES = st.sampled_from([(key, said) for key, each in ANSWERS.items() for said in each])
SOMETIMES: st.SearchStrategy[Fate] = st.sampled_from((*["arrives"] * 4, *FATES))
# How wrong the devices' clocks are: right, slow, and one that cannot be right (1970 or 2099).
NAMES = ("xa", "xb", "xc", "ya")
SLOW, BEFORE, AFTER = timedelta(minutes=-40), timedelta(days=-20_000), timedelta(days=27_000)
CLOCKS = (timedelta(), SLOW, BEFORE, AFTER)

LONGEST = timedelta(days=9)  # the oldest day may be logged for two weeks


class SyncMachine(RuleBasedStateMachine):
    """Three devices of one patient, one of another; `app` and `time` are given by whoever runs it,
    `steps` counts what all runs did."""

    app: Flask
    time: Time
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.run = Run(Scene(self.app, self.time), NAMES)
        self.scene, self.phones = self.run.scene, self.run.phones
        self.notes = 0
        self.is_whole = True

    @contextmanager
    def step(self, phone: Phone | None = None) -> Iterator[None]:
        """One step; whatever device goes off in it comes on again with what was durable."""
        type(self).steps += 1
        self.is_whole = False
        self.run.wait(1)
        try:
            yield
        except Crash:
            assert phone is not None
            phone.restart()
        if phone is not None:
            phone.wire.fate, phone.memory.crash_in = "arrives", None
            self.run.look(phone)
        self.is_whole = True

    @rule(
        which=st.integers(0, 3),
        day=st.integers(0, 2),
        changes=st.lists(CHANGES, min_size=1, max_size=3),
        confirmed=st.sampled_from((False, False, True)),
        fate=st.one_of(st.none(), SOMETIMES),
    )
    def edit(
        self, which: int, day: int, changes: list[Any], confirmed: bool, fate: Fate | None
    ) -> None:
        """The patient changes some answers of a day, or logs it; mostly it is sent at once."""
        phone, date = self.phones[which], self.run.days[day]
        self.notes += 1
        said = {key: f"note {self.notes}" if key == "note" else value for key, value in changes}
        answers = {**NO_ANSWERS, **(phone.client.shown(date) or {}), **said}
        if not answers_anything(answers):
            answers["note"] = f"note {self.notes}"
        with self.step(phone):
            phone.client.edit(date, answers, confirmed_lower=confirmed)
            self.send(phone, fate)

    @rule(which=st.integers(0, 3), day=st.integers(0, 2), fate=st.one_of(st.none(), SOMETIMES))
    def delete(self, which: int, day: int, fate: Fate | None) -> None:
        phone, date = self.phones[which], self.run.days[day]
        with self.step(phone):
            if phone.client.shown(date) is not None:
                phone.client.edit(date, None)
                self.send(phone, fate)

    def send(self, phone: Phone, fate: Fate | None) -> None:
        if fate is not None:
            self.run.look(phone)
            phone.wire.fate = fate
            self.run.push(phone)

    @rule(
        which=st.integers(0, 3),
        at_most=st.sampled_from((400, 400, 1)),
        fate=SOMETIMES,
        crash=st.sampled_from((None, None, None, 0, 1, 2)),
    )
    def push(self, which: int, at_most: int, fate: Fate, crash: int | None) -> None:
        """Send a batch, whole or in part; it, its answer, or the device may be lost."""
        phone = self.phones[which]
        with self.step(phone):
            phone.wire.fate, phone.memory.crash_in = fate, crash
            self.run.push(phone, at_most)

    @rule(
        which=st.integers(0, 3),
        limit=st.sampled_from((200, 1, 2)),
        fate=SOMETIMES,
        crash=st.sampled_from((None, None, None, 0, 1)),
    )
    def pull(self, which: int, limit: int, fate: Fate, crash: int | None) -> None:
        """Read one page."""
        phone = self.phones[which]
        with self.step(phone):
            phone.wire.fate, phone.memory.crash_in = fate, crash
            self.run.pull(phone, limit)

    @rule(which=st.integers(0, 3), limit=st.sampled_from((200, 1)))
    def sync(self, which: int, limit: int) -> None:
        """A device with a good network for a while."""
        phone = self.phones[which]
        with self.step(phone):
            while self.run.push(phone).more:
                pass
            self.run.read_to_the_end(phone, limit)

    @precondition(lambda self: self.run.sent)
    @rule(choice=st.integers(0, 999))
    def arrive_late(self, choice: int) -> None:
        """A batch sent once arrives again, or only now; nobody waits for its answer."""
        with self.step():
            self.run.send_again(self.run.sent[choice % len(self.run.sent)])

    @rule(which=st.integers(0, 3), yes=st.booleans())
    def answer(self, which: int, yes: bool) -> None:
        phone = self.phones[which]
        with self.step(phone):
            if phone.client.questions():
                self.run.answer(phone, yes=yes)

    @rule(which=st.integers(0, 3), clock=st.sampled_from(CLOCKS), hours=st.sampled_from((0, 5, 50)))
    def let_time_pass(self, which: int, clock: timedelta, hours: int) -> None:
        """For all clocks; one of them is set, right or wrong."""
        with self.step():
            self.phones[which].off = clock
            if self.time.ahead < LONGEST:
                self.run.wait(3600 * hours)

    @rule(day=st.integers(0, 2))
    def call(self, day: int) -> None:
        """A clinician notes a day from a phone call, where the patient has not logged it."""
        with self.step():
            self.run.call(self.run.days[day])

    @rule(is_back=st.booleans())
    def back_up(self, is_back: bool) -> None:
        """A backup, or the server goes back to it; before, what is true of its rows still is."""
        with self.step():
            if is_back and self.run.backup is not None:
                self.run.judge_rows()
                self.run.restore()
            else:
                self.run.back_up()

    @rule(which=st.integers(0, 3), day=st.integers(0, 2))
    def collect(self, which: int, day: int) -> None:
        """A season passes for the tombstones; before, somebody may have deleted one more day."""
        phone, date = self.phones[which], self.run.days[day]
        with self.step(phone):
            if phone.client.shown(date) is not None:
                phone.client.edit(date, None)
                self.send(phone, "arrives")
            self.run.collect()

    def teardown(self) -> None:
        """Everybody syncs until nothing changes; then everything has to be true."""
        if self.is_whole:  # or the step that failed is the failure
            self.run.come_to_rest()
            self.run.judge()
