"""A run: what its steps do to the scene, what is written beside them, and how it comes to rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from api.tokens import tokens
from care import logins
from care.principal import Origin
from clinical.checkins import answers_anything
from tests.entries import entry, of_patient
from tests.people import Person
from tests.sync import invariants
from tests.sync.client import MOST_ITEMS
from tests.sync.device import Fate, Phone, Wire
from tests.sync.invariants import Seen
from tests.sync.ledger import BY_STAFF, Ledger
from tests.sync.scene import Backup, Scene
from tests.sync.wire import Reply, Round

PATIENT, OTHER = "x", "y"
SERIOUS = ("fleeting", "often", "most_of_the_time")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What goes back when a backup is restored."""

    rows: Backup
    told: frozenset[str]
    collected: frozenset[str]


class Run:
    """The devices are named for their patient, `x` or `y`, and one letter more."""

    def __init__(self, scene: Scene, names: Sequence[str]) -> None:
        self.scene = scene
        self.people: dict[str, Person] = {name: scene.patient() for name in (PATIENT, OTHER)}
        self.ledgers = {name: Ledger(scene.time) for name in self.people}
        self.phones = [Phone(name, self._wire, scene.time) for name in names]
        today = scene.time.start.date()
        self.days = [str(today - timedelta(days=back)) for back in (1, 2, 3)]
        self.sent: list[tuple[str, Any]] = []
        self.told: frozenset[str] = frozenset()
        self.collected: frozenset[str] = frozenset()
        self.backup: Snapshot | None = None
        self.others = self._others()

    # The network

    def _wire(self, phone: Phone) -> Wire:
        def ask(method: str, path: str, query: Any, body: Any, fate: Fate) -> Reply:
            return self.ask(phone.name[0], (method, path, query, body), fate)

        def hear(method: str, body: Any, reply: Reply) -> None:
            if reply.status == 200:
                self._hear(phone, method, body, reply.body)

        return Wire(ask, hear, lambda body: self.sent.append((phone.name[0], body)))

    def ask(self, name: str, request: tuple[str, str, Any, Any], fate: Fate) -> Reply:
        """One request of a patient; what it came to is judged at once."""
        person = self.people[name]
        before = self.scene.stored(person.patient_id) if request[0] == "POST" else {}
        reply = self.scene.ask(person, request, fate)
        if request[0] == "POST" and reply.status == 200:
            self._judge_results(name, request[3]["items"], reply.body["results"], before)
        if name == OTHER:
            self.others = self._others()
        return reply

    def _judge_results(
        self, name: str, items: Sequence[Any], results: Sequence[Any], before: Mapping[str, Any]
    ) -> None:
        for item, result in zip(items, results, strict=True):
            if result["status"] == "applied":
                stored = before.get(item["date"])
                invariants.i5_an_accepted_edit_knew_the_one_before(item, result, stored)
            if result["status"] == "conflict":
                invariants.i11_a_losing_edit_is_kept(self.seen(name), item["op_id"])
            assert result["status"] not in ("mismatch", "retry"), result
            # Of two edits each may have taken back what the other left: then there is no day.
            assert result["status"] != "rejected" or not answers_anything(item), result
        if name == PATIENT:
            self.told |= {item.get("suicidal_thoughts") for item in items} & set(SERIOUS)

    def _hear(self, phone: Phone, method: str, body: Any, answer: Any) -> None:
        """What a device learns of others' edits from an answer that reached it."""
        if method == "GET":
            days = [told["date"] for told in answer["items"]]
        else:
            told = ("applied", "conflict")
            days = [one["date"] for one in answer["results"] if one["status"] in told]
        if not days:
            return
        name = phone.name[0]
        applied = self.scene.applied_names(self.people[name].patient_id)
        for day in days:
            self.ledgers[name].hear(phone, day, applied.get(day, ()))

    # Steps

    def wait(self, seconds: float) -> None:
        """Time passes, for all clocks."""
        self.scene.time.ahead += timedelta(seconds=seconds)

    def look(self, phone: Phone) -> None:
        self.ledgers[phone.name[0]].look(phone)

    def pull(self, phone: Phone, limit: int) -> bool:
        """One page; whether there are more. Who has read to the end knows the server's days."""
        told = phone.client.pull(limit)
        self._judge_epoch(phone, told)
        if told.status == 200 and not told.more:
            invariants.knows_the_servers_days(self.seen(phone.name[0]), phone)
            self._has_read_all(phone)
        return told.more

    def _has_read_all(self, phone: Phone) -> None:
        """Who has read to the end has seen all there is, the deletions that are collected too."""
        name = phone.name[0]
        for day, applied in self.scene.applied_names(self.people[name].patient_id).items():
            self.ledgers[name].hear(phone, day, applied)

    def push(self, phone: Phone, at_most: int = MOST_ITEMS) -> Round:
        told = phone.client.push(at_most)
        self._judge_epoch(phone, told)
        self.look(phone)
        return told

    def _judge_epoch(self, phone: Phone, told: Round) -> None:
        if told.status:
            invariants.i1_a_restore_is_heard_of(phone, self.scene.epoch())

    def read_to_the_end(self, phone: Phone, limit: int) -> None:
        pages = 1
        while self.pull(phone, limit):
            pages += 1
            # Twice all days there are, one page that is refused, and one that is empty.
            invariants.i7_reading_ends(pages, 2 * len(self.days) + 4)

    def send_again(self, sent: tuple[str, Any]) -> None:
        name, body = sent
        self.ask(name, ("POST", "/v1/me/checkins/batch", None, body), "arrives")

    def answer(self, phone: Phone, *, yes: bool) -> None:
        one = phone.client.questions()[0]
        reason = one.reason
        yes = yes and reason != "rejected"  # again would be refused again
        phone.client.answer(one, yes=yes)
        self.ledgers[phone.name[0]].answered(phone, one, reason, yes=yes)
        self.look(phone)

    def call(self, day: str) -> None:
        who = self._logged_in(self.scene.clinician)
        path = of_patient(self.people[PATIENT].patient_id or who.clinic_id, day)
        noted = who.put(path, entry(day, **dict.fromkeys(BY_STAFF, 4)))
        assert noted.status_code in (200, 201, 409), noted.json
        if noted.status_code == 201:
            self.ledgers[PATIENT].call(day)

    def _logged_in(self, person: Person) -> Person:
        """A new login, now: staff are logged out soon."""
        with self.scene.writing() as connection:
            place = logins.memberships(connection, person.account_id)[0]
            device = logins.Device(None, None, Origin())
            grant = logins.begin(connection, place, device, self.scene.time())
        with self.scene.world.app.test_request_context():
            person.token = tokens(grant, self.scene.time())[0]
        return person

    def back_up(self) -> None:
        self.backup = Snapshot(self.scene.back_up(), self.told, self.collected)

    def restore(self) -> None:
        assert self.backup is not None
        self.scene.restore(self.backup.rows)
        self.told, self.collected = self.backup.told, self.backup.collected
        self.others = self._others()

    def collect(self) -> None:
        """Nothing is under way for a season; of the days whose tombstone goes, no row is left."""
        before = self.stored()
        self.collected |= {day for day, row in before.items() if row.deleted}
        self.scene.collect()
        self.sent.clear()
        self.others = self._others()

    # Rest

    def come_to_rest(self) -> None:
        """Everybody syncs and answers what is asked, until nothing changes."""
        for _ in range(3 * len(self.phones) + 3):
            before = [phone.memory.document for phone in self.phones]
            for phone in self.phones:
                self.settle(phone)
            if before == [phone.memory.document for phone in self.phones]:
                return
        raise AssertionError("the devices do not come to rest")

    def settle(self, phone: Phone) -> None:
        """One device sends all, answers yes to all, and reads all; what it reads may be news."""
        for _ in range(40):
            self.look(phone)
            if phone.client.questions():
                self.answer(phone, yes=True)
            elif self.push(phone).status is None:
                self.read_to_the_end(phone, 200)
                self.look(phone)
                if not phone.client.has_anything_to_send:
                    return
        raise AssertionError(f"{phone.name} is never done")

    def stored(self) -> dict[str, Any]:
        """The patient's days as the server has them."""
        return self.scene.stored(self.people[PATIENT].patient_id)

    def seen(self, name: str) -> Seen:
        patient_id = self.people[name].patient_id
        assert patient_id is not None
        phones = [phone for phone in self.phones if phone.name[0] == name]
        return Seen(self.scene, self.ledgers[name], phones, patient_id, self.collected)

    def judge_rows(self) -> None:
        """What holds at any moment."""
        seen = self.seen(PATIENT)
        rows = seen.rows()
        for check in invariants.OF_THE_ROWS:
            check(seen, rows)
        invariants.i9_what_was_told_of_safety_is_looked_at(seen, self.told)
        invariants.i10_others_are_left_alone(self.seen(OTHER), self.others)

    def judge(self) -> None:
        """What holds once everybody has synced."""
        self.judge_rows()
        for name in self.people:
            seen = self.seen(name)
            invariants.i1_what_was_acknowledged_is_there(seen)
            invariants.i2_every_device_has_what_the_server_has(seen)
        invariants.i1_nothing_is_invented(self.seen(PATIENT))
        invariants.i3_what_was_sent_changes_nothing(self.seen(PATIENT), self._all_again())

    def _all_again(self) -> list[Callable[[], None]]:
        """Each batch of the patient once more, the newest first, then as they were sent."""
        sent = [partial(self.send_again, one) for one in self.sent if one[0] == PATIENT]
        return [*reversed(sent), *sent]

    def _others(self) -> Any:
        return invariants.fingerprint(self.scene, self.people[OTHER].patient_id)
