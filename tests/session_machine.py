"""One session's life in random steps through HTTP, beside an oracle that knows what it must say."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests.people import Household
from tests.visits import (
    DOSE,
    actions,
    booking,
    completed,
    history,
    inputs_version,
    made,
    sessions,
)

MINUTES, VALUES, NOTES = (0, 40, 60), (120, 130, None), ("calm", "tired", None)
DOSES = (30, 35)
NEVER_BEGAN: Mapping[str, Any] = {"started_at": None, "doses": []}


@dataclass(frozen=True)
class State:
    """What a session says, as far as the steps touch it. `dose` None: none was given."""

    status: str = "booked"
    reason: str | None = None
    dose: int | None = None
    note: str | None = None
    readings: Mapping[int, int] = field(default_factory=dict)

    def loses(self, other: "State") -> bool:
        """Whether anything said here is gone or otherwise there."""
        mine = (self.reason, self.dose, self.note, *self.readings.items())
        theirs = (other.reason, other.dose, other.note, *other.readings.items())
        if self.status != other.status:
            return True
        fields = zip(mine[:3], theirs[:3], strict=True)
        gone = any(said is not None and said != now for said, now in fields)
        return gone or not set(mine[3:]) <= set(theirs[3:])


@dataclass
class Oracle:
    """All revisions there must be, and what has closed the session."""

    revisions: list[State] = field(default_factory=lambda: [State()])
    signed: bool = False
    void: bool = False
    addenda: int = 0

    @property
    def now(self) -> State:
        return self.revisions[-1]

    def patch(self, state: State, base: int | None) -> int:
        """The status a change to this state is answered with."""
        if self.void or self.signed:
            return 409
        if state == self.now:
            return 200
        if base is not None and base != len(self.revisions):
            return 412
        if base is None and self.now.status == "completed" and self.now.loses(state):
            return 428
        self.revisions.append(state)
        return 200

    def sign(self) -> int:
        if self.void or (not self.signed and self.now.status != "completed"):
            return 409
        if not self.signed:
            self.signed = True
            self.revisions.append(self.now)
        return 200

    def add(self) -> int:
        if self.void or not self.signed:
            return 409
        self.addenda += 1
        return 201

    def take_back(self) -> int:
        if self.void:
            return 409
        self.void = True
        self.revisions.append(self.now)
        return 200


class SessionMachine(RuleBasedStateMachine):
    """One booking, and whatever is done to it."""

    def __init__(self, home: Household) -> None:
        super().__init__()
        self.home, self.oracle = home, Oracle()
        self.inputs = inputs_version(home)
        self.done = {key: completed(-1)[key] for key in ("status", "started_at")}
        self.booked = booking(7)
        self.id = made(home, self.booked)["id"]

    @rule(dose=st.sampled_from(DOSES), seen=st.sampled_from(("nothing", "now", "now", "before")))
    def complete(self, dose: int, seen: str) -> None:
        body = {**self.done, "doses": [dict(DOSE) | {"dose_mg": dose}]}
        state = replace(self.oracle.now, status="completed", reason=None, dose=dose)
        self._patch(body, state, seen)

    @rule(seen=st.sampled_from(("nothing", "now", "before")), called_off=st.booleans())
    def take_off(self, seen: str, called_off: bool) -> None:
        """Cancelled after all, or booked again: in both it never began."""
        status, reason = ("cancelled", "cost") if called_off else ("booked", None)
        body = {"status": status, "status_reason": reason, **NEVER_BEGAN}
        state = replace(self.oracle.now, status=status, reason=reason, dose=None)
        self._patch(body, state, seen)

    @rule(note=st.sampled_from(NOTES), seen=st.sampled_from(("nothing", "now", "before")))
    def write(self, note: str | None, seen: str) -> None:
        self._patch({"note": note}, replace(self.oracle.now, note=note), seen)

    @rule(
        minute=st.sampled_from(MINUTES),
        value=st.sampled_from(VALUES),
        seen=st.sampled_from(("nothing", "nothing", "now", "before")),
    )
    def measure(self, minute: int, value: int | None, seen: str) -> None:
        """One nurse's reading leaves the others' alone; one without a value takes its own back."""
        readings = {at: told for at, told in self.oracle.now.readings.items() if at != minute}
        readings |= {} if value is None else {minute: value}
        body = {"vitals": [{"minute": minute, "systolic_mmhg": value}]}
        self._patch(body, replace(self.oracle.now, readings=readings), seen)

    @rule()
    def sign(self) -> None:
        self._post("sign", None, self.oracle.sign())

    @rule()
    def add(self) -> None:
        text = f"addendum {self.oracle.addenda}"
        self._post("addenda", {"text": text}, self.oracle.add())

    @rule(really=st.sampled_from((False, False, False, True)))
    def take_back(self, really: bool) -> None:
        if really:
            self._post("void", {"reason": "wrong"}, self.oracle.take_back())

    def _patch(self, body: dict[str, Any], state: State, seen: str) -> None:
        revision = len(self.oracle.revisions)
        base = {"nothing": None, "now": revision, "before": revision - 1 or 99}[seen]
        headers = {} if base is None else {"If-Match": f'"r{base}"'}
        path = sessions(self.home, self.id)
        answer = self.home.clinician.patch(path, body, headers=headers)
        expected = self.oracle.patch(state, base)
        assert answer.status_code == expected, (body, seen, answer.json)

    def _post(self, below: str, body: Any, expected: int) -> None:
        answer = self.home.clinician.post(sessions(self.home, self.id, below), body)
        assert answer.status_code == expected, (below, answer.json)

    def teardown(self) -> None:
        """What is shown and every revision kept is what the oracle says; nothing is missing."""
        shown = self.home.clinician.get(sessions(self.home, self.id)).json
        assert state_of(shown) == self.oracle.now
        assert shown["revision"] == len(self.oracle.revisions)
        assert (shown["signed_at"] is not None) == self.oracle.signed
        assert (shown["voided_at"] is not None) == self.oracle.void
        texts = [f"addendum {number}" for number in range(self.oracle.addenda)]
        assert [added["text"] for added in shown["addenda"]] == texts
        kept = history(self.home.world, self.id)
        assert [row.revision for row in kept] == list(range(1, len(kept) + 1))
        assert [state_of(row.body) for row in kept] == self.oracle.revisions
        assert inputs_version(self.home) - self.inputs == len(kept)
        traces = actions(self.home.world, self.id)
        assert len(traces) == len(kept) + self.oracle.addenda
        if not self.oracle.void:  # the next life books the same hour
            self._post("void", {"reason": "over"}, 200)


def state_of(body: Mapping[str, Any]) -> State:
    """A session, as shown or as kept in its history, as the oracle knows it."""
    doses = [int(dose["dose_mg"]) for dose in body["doses"]]
    assert len(doses) <= 1
    return State(
        body["status"],
        body["status_reason"],
        doses[0] if doses else None,
        body["note"],
        {reading["minute"]: reading["systolic_mmhg"] for reading in body["vitals"]},
    )
