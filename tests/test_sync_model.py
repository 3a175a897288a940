"""Whatever is edited, lost, sent again, restored and collected, what was acknowledged is there."""

from datetime import timedelta
from itertools import permutations
from typing import Any

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from clinical.checkins import ANSWER_KEYS, NO_ANSWERS, normalized
from tests.entries import SEARCH
from tests.sync.machine import AFTER, ANSWERS, BEFORE, NAMES, SLOW, SyncMachine
from tests.sync.run import PATIENT, Run
from tests.sync.scene import Scene, Time

# What each of three devices says of a day; of one answer no two say the same, but where what they
# say is put together.
MOODS, NOTES, PAINS = (3, 7, 10), ("one", "two", "three"), (2, 5, 9)
FEW, FEWER = settings(SEARCH, max_examples=12), settings(SEARCH, max_examples=2)


def said_by(number: int) -> st.SearchStrategy[dict[str, Any]]:
    own = {
        "mood": st.just(MOODS[number]),
        "note": st.just(NOTES[number]),
        "custom": st.just({"pain": PAINS[number]}),
        "suicidal_thoughts": st.sampled_from(("none", "declined", "fleeting", "often")),
        "side_effects": st.sampled_from(ANSWERS["side_effects"][1:]),
    }
    some = st.lists(st.sampled_from(sorted(own)), min_size=1, unique=True)
    return some.flatmap(lambda keys: st.fixed_dictionaries({key: own[key] for key in keys}))


def test_nothing_acknowledged_is_lost_whatever_goes_wrong(sync_app: Flask, sync_time: Time) -> None:
    here = type("Here", (SyncMachine,), {"app": sync_app, "time": sync_time})
    run_state_machine_as_test(here, settings=settings(FEW, stateful_step_count=30))


@FEWER
@given(
    edits=st.tuples(*map(said_by, range(3))),
    clocks=st.tuples(*[st.sampled_from((timedelta(), SLOW, BEFORE, AFTER))] * 3),
)
def test_the_merged_day_does_not_depend_on_who_syncs_first(
    sync_app: Flask, sync_time: Time, edits: Any, clocks: Any
) -> None:
    days = [
        merged_in(Run(Scene(sync_app, sync_time), NAMES), order, (edits, clocks))
        for order in permutations(range(3))
    ]
    assert days == [days[0]] * len(days)


def merged_in(run: Run, order: tuple[int, ...], said: Any) -> dict[str, Any]:
    """The day that comes of three edits made apart, the devices syncing in that order."""
    for phone, answers, clock in zip(run.phones, *said, strict=False):
        phone.off = clock
        run.wait(1)
        phone.client.edit(run.days[0], {**NO_ANSWERS, **answers})
        run.look(phone)
    for number in order:
        run.settle(run.phones[number])
    run.come_to_rest()
    row = run.scene.stored(run.people[PATIENT].patient_id)[run.days[0]]
    return normalized({key: getattr(row, key) for key in ANSWER_KEYS})
