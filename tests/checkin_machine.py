"""Random writes of two days through HTTP, beside an oracle that knows the order of decisions."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.entries import check_invariants, entry, own
from tests.people import Person, World

DAYS = (date(2024, 5, 10), date(2024, 5, 11))
Answer = tuple[int, int | None]  # status, and the revision its ETag names


@dataclass(frozen=True, slots=True)
class Request:
    """`mood` None deletes; `base` None sends no precondition, 0 the star, n the revision n."""

    day: date
    mood: int | None
    base: int | None
    key: str | None


@dataclass
class Oracle:
    """What must be stored, as (revision, mood) by day, and what each known key was answered."""

    days: dict[date, tuple[int, int | None]] = field(default_factory=dict)
    known: dict[str, tuple[tuple[date, int | None], Answer | None]] = field(default_factory=dict)
    applied: int = 0
    conflicts: int = 0

    def answer(self, sent: Request) -> Answer:
        revision, mood = self.days.get(sent.day, (0, None))
        if sent.key in self.known:
            asked, outcome = self.known[sent.key]
            return (outcome or (412, revision)) if asked == (sent.day, sent.mood) else (422, None)
        if revision == 0:
            return self._answer_absent(sent)
        if mood == sent.mood:
            return (204 if mood is None else 200), revision
        return self._answer_changed(sent, (revision, mood))

    def _answer_changed(self, sent: Request, stored: tuple[int, int | None]) -> Answer:
        revision, mood = stored
        if sent.base is None:
            return 428, revision
        if sent.base != revision:
            self.conflicts += 1
            self._remember(sent, None)
            return 412, revision
        return self._apply(sent, 201 if mood is None else 200)

    def _answer_absent(self, sent: Request) -> Answer:
        if sent.mood is None:
            return 404, None
        return (412, None) if sent.base else self._apply(sent, 201)

    def _apply(self, sent: Request, status: int) -> Answer:
        revision = self.days.get(sent.day, (0, None))[0] + 1
        self.days[sent.day] = (revision, sent.mood)
        self.applied += 1
        answer = (204 if sent.mood is None else status, revision)
        self._remember(sent, answer)
        return answer

    def _remember(self, sent: Request, outcome: Answer | None) -> None:
        if sent.key is not None:
            self.known[sent.key] = ((sent.day, sent.mood), outcome)


class CheckinMachine(RuleBasedStateMachine):
    """One patient, two days, three moods, four keys."""

    def __init__(self, world: World, patient: Person) -> None:
        super().__init__()
        self.world, self.patient = world, patient
        self.oracle = Oracle()
        self.sent: list[Request] = []

    @rule(
        day=st.sampled_from(DAYS),
        mood=st.sampled_from((1, 2, 3, None)),
        seen=st.sampled_from(("nothing", "star", "now", "now", "before")),
        key=st.sampled_from((None, None, "a", "b", "c", "d")),
    )
    def write(self, day: date, mood: int | None, seen: str, key: str | None) -> None:
        """Send an edit by a client that saw nothing, the present revision, or the one before."""
        revision = self.oracle.days.get(day, (0, None))[0]
        base = {"nothing": None, "star": 0, "now": revision or None, "before": max(revision - 1, 0)}
        request = Request(day, mood, base[seen], key)
        self.sent.append(request)
        self._send(request)

    @precondition(lambda self: self.sent)
    @rule(choice=st.integers(0, 1000))
    def replay(self, choice: int) -> None:
        """Whatever was sent once changes nothing when it arrives again."""
        before = dict(self.oracle.days)
        self._send(self.sent[choice % len(self.sent)])
        assert self.oracle.days == before

    def _send(self, request: Request) -> None:
        response = self._respond(request)
        tag = response.headers.get("ETag")
        revision = None if tag is None else int(tag.strip('"').partition(".")[0].removeprefix("r"))
        assert (response.status_code, revision) == self.oracle.answer(request), request
        if response.status_code in (200, 201):
            assert response.json["mood"] == request.mood
        if response.status_code == 412:
            self._check_current(request.day, response.json["current"])

    def _respond(self, request: Request) -> Any:
        headers = {} if request.key is None else {"Idempotency-Key": request.key}
        if request.base is not None:
            headers |= (
                {"If-Match": f'"r{request.base}"'} if request.base else {"If-None-Match": "*"}
            )
        if request.mood is None:
            return self.patient.delete(own(request.day), headers=headers)
        return self.patient.put(
            own(request.day), entry(request.day, mood=request.mood), headers=headers
        )

    def _check_current(self, day: date, current: Any) -> None:
        if day not in self.oracle.days:
            assert current is None
        else:
            assert (current["revision"], current["mood"]) == self.oracle.days[day]

    def teardown(self) -> None:
        """The tables hold exactly what the oracle says, and every read tells it."""
        rows = check_invariants(self.world, self.patient.patient_id)
        stored = {day: (row.revision, row.mood) for day, row in rows.days.items()}
        assert stored == self.oracle.days
        assert (len(rows.applied), len(rows.conflicts)) == (
            self.oracle.applied,
            self.oracle.conflicts,
        )
        for day, (_, mood) in self.oracle.days.items():
            answer = self.patient.get(own(day))
            assert answer.status_code == (404 if mood is None else 200)
