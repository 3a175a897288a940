"""What is true of the sync of check-ins whatever happens: twelve sentences, each held here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinical.checkins import ANSWER_KEYS, normalized
from clinical.safety import SAFETY_EPISODE, SEVERITIES
from models.alert import Alert
from tests.entries import APPLIED_ACTIONS, Rows
from tests.sync.device import Phone
from tests.sync.ledger import Ledger
from tests.sync.scene import Scene

PAYLOAD = (*ANSWER_KEYS, "recorded_at", "timezone", "utc_offset_minutes", "entered_late")


@dataclass(frozen=True, slots=True)
class Seen:
    """All there is to judge one patient's days by. `collected` are days whose tombstone went."""

    scene: Scene
    ledger: Ledger
    phones: Sequence[Phone]
    patient_id: UUID
    collected: frozenset[str]

    def rows(self) -> Rows:
        return self.scene.rows(self.patient_id)


def i1_what_was_acknowledged_is_there(seen: Seen) -> None:
    """No acknowledged answer is ever absent, unless a later one, or one that knew it, stands."""
    lost = seen.ledger.unexplained(seen.scene.stored(seen.patient_id))
    assert lost == [], f"lost: {lost}"


def i1_nothing_is_invented(seen: Seen) -> None:
    """No stored answer is one that nobody gave."""
    invented = seen.ledger.invented(seen.scene.stored(seen.patient_id))
    assert invented == [], f"invented: {invented}"


def i1_a_restore_is_heard_of(phone: Phone, epoch: str) -> None:
    """Whatever is answered, a device knows from it which history the server speaks of."""
    assert phone.client.kept.epoch == epoch, phone.name


def i2_every_device_has_what_the_server_has(seen: Seen) -> None:
    """After everybody synced, every device's days are the server's."""
    for phone in seen.phones:
        knows_the_servers_days(seen, phone)


def knows_the_servers_days(seen: Seen, phone: Phone) -> None:
    """A device that has read to the end knows the server's days, and no others."""
    stored = seen.scene.stored(seen.patient_id)
    there = {day: (row.revision, _answers(row)) for day, row in stored.items() if not row.deleted}
    known = {
        day: (known.revision, known.answers)
        for day, known in phone.client.kept.days.items()
        if known.answers is not None
    }
    assert known == there, phone.name


def i3_what_was_sent_changes_nothing(seen: Seen, send_again: Iterable[Callable[[], None]]) -> None:
    """Replaying any of the requests in any order leaves the days as they are."""
    before = _applied_state(seen)
    for send in send_again:
        send()
    assert _applied_state(seen) == before


def i4_what_was_created_is_there(seen: Seen, rows: Rows) -> None:
    """Created means present, or tombstoned by an applied delete."""
    created = {str(row.local_date) for row in rows.applied}
    there = {str(day) for day in rows.days}
    assert there <= created
    assert created - there <= seen.collected
    last = {str(row.local_date): row for row in sorted(rows.applied, key=lambda row: row.version)}
    for day, row in rows.days.items():
        assert row.deleted == last[str(day)].body["deleted"]


def i5_revisions_are_counted(seen: Seen, rows: Rows) -> None:
    """A day's revision is the number of its applied history rows."""
    revisions: dict[Any, list[int]] = {}
    for row in rows.applied:
        revisions.setdefault(row.local_date, []).append(row.revision)
    for told in revisions.values():
        assert sorted(told) == list(range(1, len(told) + 1))
    for day, row in rows.days.items():
        assert row.revision == len(revisions[day])


def i5_an_accepted_edit_knew_the_one_before(
    item: Mapping[str, Any], result: Mapping[str, Any], before: Any
) -> None:
    """An accepted edit's base equals the previous revision; 0 where nothing was stored."""
    stored = 0 if before is None else before.revision
    is_from_a_call = before is not None and before.source == "staff"
    assert item["base_revision"] == stored or is_from_a_call, (item, result)


def i6_versions_have_no_gap(seen: Seen, rows: Rows) -> None:
    """Versions are unique and gap-free, and each day bears that of its last applied edit."""
    versions = sorted(row.version for row in rows.applied)
    assert versions == list(range(1, rows.version + 1))
    last = {row.local_date: row.version for row in sorted(rows.applied, key=lambda r: r.version)}
    assert {day: row.version for day, row in rows.days.items()} == {
        day: last[day] for day in rows.days
    }


def i7_reading_ends(pages: int, most: int) -> None:
    """Pulling terminates: no more pages than there are changes, and one start anew."""
    assert pages <= most, "a pull that does not end"


def i9_what_was_told_of_safety_is_looked_at(seen: Seen, told: Iterable[str]) -> None:
    """At most one alert of the episode is open, and it is as severe as the worst that was told."""
    alerts = seen.scene.world.rows(select(Alert).where(Alert.patient_id == seen.patient_id))
    about = [one for one in alerts if one.episode == SAFETY_EPISODE and one.is_open]
    assert len(about) <= 1
    if {"often", "most_of_the_time"} & set(told):
        assert [one.severity for one in about] >= ["high"]
        assert SEVERITIES.index(about[0].severity) >= SEVERITIES.index("high")


def i10_others_are_left_alone(seen: Seen, before: Any) -> None:
    """An operation of one patient never changes a byte of another's."""
    assert fingerprint(seen.scene, seen.patient_id) == before


def fingerprint(scene: Scene, patient_id: UUID | None) -> Any:
    """All that is stored of a patient's days."""
    rows = scene.rows(patient_id)
    history = sorted(map(tuple, (*rows.applied, *rows.conflicts)), key=repr)
    return rows.version, sorted(map(tuple, rows.days.values()), key=repr), history, rows.audited


def i11_every_applied_operation_is_audited_once(seen: Seen, rows: Rows) -> None:
    """Every applied operation has exactly one audit event, and every conflict its own."""
    applied = [action for action in rows.audited if action in APPLIED_ACTIONS]
    assert len(applied) == len(rows.applied)
    assert len(rows.audited) - len(applied) == len(rows.conflicts)


def i11_a_losing_edit_is_kept(seen: Seen, op_id: str) -> None:
    """An edit that was answered `conflict` is in the history under its name."""
    assert op_id in {row.op_id for row in seen.rows().conflicts}


def i12_tombstones_say_nothing(seen: Seen, rows: Rows) -> None:
    """A tombstone carries no payload."""
    for row in rows.days.values():
        if row.deleted:
            assert [getattr(row, name) for name in PAYLOAD] == [None] * len(PAYLOAD)


OF_THE_ROWS: tuple[Callable[[Seen, Rows], None], ...] = (
    i4_what_was_created_is_there,
    i5_revisions_are_counted,
    i6_versions_have_no_gap,
    i11_every_applied_operation_is_audited_once,
    i12_tombstones_say_nothing,
)


def _answers(row: Any) -> dict[str, Any]:
    return normalized({key: getattr(row, key) for key in ANSWER_KEYS})


def _applied_state(seen: Seen) -> Any:
    rows = seen.rows()
    days = {
        day: (row.revision, row.version, row.deleted, _answers(row))
        for day, row in rows.days.items()
    }
    return rows.version, days, len(rows.applied)
