"""Whatever is edited, lost, sent again, restored and collected, what was acknowledged is there."""

from flask import Flask
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.entries import SEARCH
from tests.sync.machine import SyncMachine
from tests.sync.scene import Time


def test_nothing_acknowledged_is_lost_whatever_goes_wrong(sync_app: Flask, sync_time: Time) -> None:
    here = type("Here", (SyncMachine,), {"app": sync_app, "time": sync_time})
    run_state_machine_as_test(here, settings=FEW)


FEW = settings(SEARCH, max_examples=40, stateful_step_count=30)
