"""What the documents say of medicine is what `clinical` does: examples run, lists compared."""

import doctest
import re

from clinical.days import DEFAULT_DAY_BOUNDARY_MINUTES, LATE_AFTER
from clinical.side_effects import SEVERITIES, SIDE_EFFECTS
from models.clinic import Clinic
from tests.contract import ROOT

SIGN_OFF = (ROOT / "docs" / "sign-off.md").read_text()


def test_every_worked_example_of_the_methods_comes_out_as_written() -> None:
    page = ROOT / "docs" / "methods" / "README.md"
    outcome = doctest.testfile(str(page), module_relative=False, optionflags=doctest.FAIL_FAST)
    assert outcome.failed == 0
    assert outcome.attempted == page.read_text().count("\n>>> ")


def test_every_unconfirmed_code_waits_for_a_signature() -> None:
    unconfirmed = {
        (effect.code, effect.snomed_code)
        for effect in SIDE_EFFECTS.values()
        if effect.snomed_code and not effect.snomed_confirmed
    }
    assert set(re.findall(r"\| (\w+) \| (\d+) (?=\|)", SIGN_OFF)) == unconfirmed


def test_the_defaults_to_be_signed_are_the_ones_in_use() -> None:
    words = ", ".join(f"{value} {word}" for value, word in SEVERITIES.items())
    assert f"| {words} |" in SIGN_OFF
    assert f"| {len(SIDE_EFFECTS)} entries |" in SIGN_OFF
    assert f"| {Clinic.__table__.c.backfill_days.default.arg} days |" in SIGN_OFF
    assert f"at {DEFAULT_DAY_BOUNDARY_MINUTES // 60:02}:00 on" in SIGN_OFF
    assert f"more than {LATE_AFTER.total_seconds() / 3600:.0f} h after" in SIGN_OFF
