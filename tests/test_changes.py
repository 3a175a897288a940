"""A phone learns what others did: every change once it asks, deletions too, and never a gap."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete as remove
from sqlalchemy import select, update

from care import tombstones
from commands.jobs.rounds import ROUNDS
from models.checkin import Checkin
from models.checkin_revision import CheckinRevision
from models.patient_stream import PatientStream
from models.server_meta import ServerMeta
from tests.apps import app_on, own_database
from tests.areas.sync import batch_of, item
from tests.entries import SEARCH, check_invariants, entry, match, of_patient, own, someone
from tests.people import Household, World, household

URL = "/v1/me/changes"
DAYS = [str(date(2024, 5, 1) + timedelta(days=at)) for at in range(7)]


def pull(home: Household, cursor: str | None = None, limit: int = 200) -> Any:
    query = {"limit": limit} | ({} if cursor is None else {"cursor": cursor})
    return home.patient.get(URL, query_string=query)


def told(answer: Any) -> list[tuple[str, int, bool]]:
    assert answer.status_code == 200, answer.json
    return [(one["date"], one["revision"], one["deleted"]) for one in answer.json["items"]]


def everything(home: Household, cursor: str | None, limit: int) -> tuple[list[Any], str]:
    """All there is since a cursor, page by page; ends within a bounded number of pages."""
    items: list[Any] = []
    for _ in range(100):
        answer = pull(home, cursor, limit).json
        items += answer["items"]
        cursor = answer["next"]
        assert cursor is not None
        if not answer["more"]:
            return items, cursor
    raise AssertionError("pulling does not end")


def log(home: Household, *days: str) -> None:
    items = [item(f"op-{day}", day) for day in days]
    assert home.patient.post("/v1/me/checkins/batch", batch_of(*items)).status_code == 200


def delete(home: Household, day: str) -> None:
    held = home.patient.get(own(day))
    assert home.patient.delete(own(day), headers=match(held)).status_code == 204


def collect(home: Household, days_later: int = 91) -> int:
    later = home.world.now + timedelta(days=days_later)
    with home.world.services.database.begin(write=True) as connection:
        collected = tombstones.collect(connection, home.clinic_id, later)
        connection.commit()
    return collected


def test_a_new_patient_has_nothing_and_a_cursor(home: Household) -> None:
    answer = pull(home)
    assert (told(answer), answer.json["more"]) == ([], False)
    assert told(pull(home, answer.json["next"])) == []


def test_days_are_told_in_the_order_they_were_written(home: Household) -> None:
    log(home, DAYS[3], DAYS[0])
    log(home, DAYS[1])
    answer = pull(home)
    assert told(answer) == [(DAYS[3], 1, False), (DAYS[0], 1, False), (DAYS[1], 1, False)]
    day = answer.json["items"][0]
    assert (day["op_id"], day["mood"], day["source"]) == (f"op-{DAYS[3]}", 6, "app")
    assert "session_id" not in day


def test_only_what_changed_since_is_told_and_a_deletion_as_a_tombstone(home: Household) -> None:
    log(home, *DAYS[:3])
    cursor = pull(home).json["next"]
    home.patient.put(own(DAYS[0]), entry(DAYS[0], mood=1), headers={"If-Match": '"r1"'})
    home.clinician.put(of_patient(home.patient_id, DAYS[5]), entry(DAYS[5]))
    delete(home, DAYS[2])
    answer = pull(home, cursor)
    assert told(answer) == [(DAYS[0], 2, False), (DAYS[5], 1, False), (DAYS[2], 2, True)]
    assert [one["source"] for one in answer.json["items"]] == ["app", "staff", "app"]
    assert answer.json["items"][2]["mood"] is None
    assert told(pull(home, answer.json["next"])) == []


def test_pages_continue_one_another(home: Household) -> None:
    log(home, *DAYS)
    items, cursor = everything(home, None, 2)
    assert [one["date"] for one in items] == DAYS
    assert told(pull(home, cursor)) == []


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1", "1.5"])
def test_a_limit_out_of_range_is_refused(home: Household, limit: str) -> None:
    assert home.patient.get(URL, query_string={"limit": limit}).status_code == 422


def test_a_cursor_that_is_not_ours_is_refused(home: Household) -> None:
    log(home, DAYS[0])
    cursor = pull(home).json["next"]
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    forged = hashlib.sha256(b"guess").digest()[:16] + raw[16:]
    flipped = [
        base64.urlsafe_b64encode(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]).decode()
        for at in (0, 15, 16, len(raw) - 1)
    ]
    wrong = ["", "x", "%", cursor[:-1], cursor[:10], cursor + "A", "é", "\0", *flipped]
    for sent in [*wrong, base64.urlsafe_b64encode(forged).decode().rstrip("=")]:
        answer = pull(home, sent)
        assert (answer.status_code, answer.json["type"]) == (400, "/problems/bad-cursor"), sent


def test_somebody_elses_cursor_is_refused_as_a_forged_one_is(home: Household) -> None:
    other = someone(home.world, home.clinic_id)
    theirs = other.get(URL).json["next"]
    assert pull(home, theirs).json["type"] == "/problems/bad-cursor"


def test_after_a_restore_one_reads_from_the_start(own_home: Household) -> None:
    log(own_home, DAYS[0])
    cursor = pull(own_home).json["next"]
    run(own_home, update(ServerMeta).values(epoch="another"))
    own_home.world.services.database.epoch.forget()
    answer = pull(own_home, cursor)
    assert (answer.status_code, answer.json["type"]) == (410, "/problems/must-refetch")
    assert told(pull(own_home)) == [(DAYS[0], 1, False)]


def test_a_disk_that_went_back_unnoticed_is_noticed_by_a_pull(own_home: Household) -> None:
    """Whoever has read more than there is proves it; every phone then offers again what it has."""
    log(own_home, DAYS[0])
    kept = own_home.world.rows(select(PatientStream.version))[0].version
    cursor_at_1 = pull(own_home).json["next"]
    log(own_home, DAYS[1])
    cursor = pull(own_home).json["next"]
    before = pull(own_home).headers["Epoch"]
    forget(own_home, DAYS[1], kept)
    answer = pull(own_home, cursor)
    assert (answer.status_code, answer.json["type"]) == (410, "/problems/must-refetch")
    assert answer.headers["Epoch"] != before
    assert pull(own_home, cursor_at_1).status_code == 410  # the epoch is another one now
    assert told(pull(own_home)) == [(DAYS[0], 1, False)]


def test_another_history_of_the_same_length_is_noticed_too(own_home: Household) -> None:
    log(own_home, DAYS[0], DAYS[1])
    cursor = pull(own_home).json["next"]
    forget(own_home, DAYS[1], 1)
    log(own_home, DAYS[2])  # version 2 again, by another operation
    assert pull(own_home, cursor).status_code == 410


def test_collected_tombstones_are_told_by_the_floor(home: Household) -> None:
    log(home, *DAYS[:4])
    at_four = pull(home).json["next"]
    delete(home, DAYS[0])
    seen = pull(home).json["next"]
    assert (collect(home, 89), collect(home)) == (0, 1)
    assert collect(home) == 0
    assert pull(home, at_four).status_code == 410  # it never saw the deletion
    assert told(pull(home, seen)) == []
    assert [day for day, *_ in told(pull(home))] == DAYS[1:4]


def test_reading_from_the_start_below_the_floor_ends(home: Household) -> None:
    log(home, *DAYS)
    delete(home, DAYS[6])
    collect(home)
    items, _ = everything(home, None, 1)  # each cursor's version is below the floor
    assert [one["date"] for one in items] == DAYS[:6]


def test_a_floor_raised_while_one_reads_from_the_start_begins_it_anew(home: Household) -> None:
    log(home, *DAYS[:4])
    cursor = pull(home, limit=1).json["next"]
    delete(home, DAYS[0])
    collect(home)
    assert pull(home, cursor).status_code == 410


def test_a_collected_day_counts_on_and_its_edits_are_gone(home: Household) -> None:
    log(home, DAYS[0])
    delete(home, DAYS[0])
    collect(home)
    late = item("late", DAYS[0], 1, mood=1)
    result = home.patient.post("/v1/me/checkins/batch", batch_of(late)).json["results"][0]
    assert result["status"] == "gone"
    anew = home.patient.put(own(DAYS[0]), entry(DAYS[0], mood=2))
    assert (anew.status_code, anew.json["revision"]) == (201, 3)
    assert told(pull(home)) == [(DAYS[0], 3, False)]
    rows = check_invariants(home.world, home.patient_id)
    assert [row.kind for row in rows.applied] == ["applied"] * 3


def test_others_days_are_not_told(home: Household) -> None:
    other = someone(home.world, home.clinic_id)
    other.put(own(DAYS[0]), entry(DAYS[0]))
    assert told(pull(home)) == []


@given(
    edits=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 10)), max_size=25),
    pulls=st.lists(st.integers(0, 25), max_size=8),
    limit=st.integers(1, 5),
)
@settings(SEARCH, max_examples=12)
def test_whoever_pulls_whenever_ends_with_the_servers_days(
    world: World, edits: list[tuple[int, int]], pulls: list[int], limit: int
) -> None:
    """At any moments, in pages of any size: the days put together are the server's."""
    home = household(world)
    held: dict[str, Any] = {}
    cursor: str | None = None
    for at, (day, mood) in enumerate(edits):
        text = DAYS[day]
        now = home.patient.get(own(text))
        headers = match(now) if now.status_code == 200 else {}
        home.patient.put(own(text), entry(text, mood=mood), headers=headers)
        if at in pulls:
            items, cursor = everything(home, cursor, limit)
            held |= {one["date"]: one["mood"] for one in items}
    items, cursor = everything(home, cursor, limit)
    held |= {one["date"]: one["mood"] for one in items}
    stored = home.patient.get("/v1/me/checkins").json["items"]
    assert held == {one["date"]: one["mood"] for one in stored}


# An app of the test's own: its epoch is changed, its disk set back


@pytest.fixture
def own_home(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Household]:
    is_sqlite = engine_name == "sqlite"
    server = None if is_sqlite else request.getfixturevalue("postgres_server")
    with app_on(own_database(server, tmp_path)) as app:
        yield household(World(app))


def run(home: Household, statement: Any) -> None:
    with home.world.services.database.begin(write=True) as connection:
        connection.execute(statement)
        connection.commit()


def forget(home: Household, day: str, version: int) -> None:
    """As if the disk had gone back to that version, before the day was logged."""
    when = datetime.fromisoformat(day).date()
    of_patient_ = Checkin.patient_id == home.patient_id
    run(home, remove(Checkin).where(of_patient_, Checkin.local_date == when))
    run(
        home,
        remove(CheckinRevision).where(
            CheckinRevision.patient_id == home.patient_id, CheckinRevision.local_date == when
        ),
    )
    run(
        home,
        update(PatientStream)
        .where(PatientStream.patient_id == home.patient_id)
        .values(version=version),
    )


def test_the_jobs_collect_what_is_old_and_look_before_they_write(home: Household) -> None:
    log(home, DAYS[0])
    delete(home, DAYS[0])
    later = home.world.now + timedelta(days=91)
    with home.world.services.database.begin(write=False) as connection:
        assert not tombstones.are_waiting(connection, home.clinic_id, home.world.now)
        assert tombstones.are_waiting(connection, home.clinic_id, later)
    assert collect(home) == 1
    assert "tombstones" in [one.name for one in ROUNDS]
