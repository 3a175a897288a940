"""A real series of 238 days comes in whole, and its trends are what the file itself gives.

The figures are computed here from the file's own cells, with the standard library, numpy and scipy:
nothing of the product takes part but the answer that is checked.
"""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.entries import check_invariants
from tests.intake import Intake, Told
from tests.kossakowski import FIRST, LAST, series, simulated
from tests.people import Household, World, household

MAPPING = Path(__file__).parent / "mappings" / "kossakowski.toml"
MRN = "KOSSAKOWSKI"
WORSE = {"direction": "higher_is_worse", "low_end": "none at all", "high_end": "worst"}
MEASURES = [{"key": key, "prompt": key, **WORSE} for key in ("low_mood", "restless")]
EFFECTS = {
    "dizziness": "dizzy", "dry_mouth": "drymouth", "nausea": "nausea", "headache": "headache",
    "sedation": "sleepy", "fatigue": "tired",
}  # fmt: skip
# The mapping's table, written out: the day's maximum 1-7 -> our severity, 0 = absent.
SEVERITY = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 4}


@dataclass
class Scene:
    """One clinic with the whole series in it, and what each run told."""

    home: Household
    intake: Intake
    first: Told
    rows: list[dict[str, str]]

    @property
    def trends(self) -> Any:
        period = {"from": str(FIRST), "to": str(LAST)}
        path = f"/v1/patients/{self.home.patient_id}/trends"
        answer = self.home.clinician.get(path, query_string=period)
        assert answer.status_code == 200
        return answer.json

    def measure(self, key: str) -> Any:
        return next(one for one in self.trends["measures"] if one["key"] == key)


@pytest.fixture
def scene(world: World, tmp_path: Path) -> Scene:
    home = household(world, custom_measures=MEASURES)
    home.clinician.patch(f"/v1/patients/{home.patient_id}", {"mrn": MRN})
    intake = Intake(world, home.clinic_id, tmp_path)
    raw = series()
    told = intake.run("checkins", intake.file("days.csv", raw), MAPPING, "--write")
    return Scene(home, intake, told, list(csv.DictReader(io.StringIO(raw.decode()))))


def half_up(text: str) -> int:
    return int(Decimal(text).quantize(Decimal(1), ROUND_HALF_UP))


def five_steps(text: str) -> int:
    """1-7 to 1-5 on a straight line: 1 + (x - 1) * 4 / 6; no whole x falls on a half."""
    return half_up(str(1 + (Decimal(text) - 1) * 4 / 6))


READ: dict[str, tuple[str, Callable[[str], int]]] = {
    "mood": ("mood_0_10", half_up),
    "energy": ("energy_0_10", half_up),
    "anxiety": ("anxiety_0_10", half_up),
    "irritability": ("irritability_0_10", half_up),
    "sleep_quality": ("sleep_quality_1_7", five_steps),
    "low_mood": ("low_mood_0_10", half_up),
    "restless": ("restless_0_10", half_up),
}


def expected(scene: Scene, key: str) -> tuple[Any, Any]:
    """(day numbers, values) of one measure, straight from the file."""
    column, read = READ[key]
    found = [
        ((date.fromisoformat(row["date"]) - FIRST).days, read(row[column]))
        for row in scene.rows
        if row[column]
    ]
    days, values = zip(*found, strict=True)
    return np.array(days), np.array(values, dtype=float)


def four(value: float) -> float:
    return float(f"{value:.4g}")


def test_all_238_rows_go_in_and_repeating_changes_nothing(scene: Scene) -> None:
    assert (scene.first.status, set(scene.first.outcomes)) == (0, {"new"})
    assert len(scene.first.outcomes) == len(scene.rows) == 238
    assert (LAST - FIRST).days + 1 == 239
    before = scene.intake.counted()
    again = scene.intake.run("checkins", scene.intake.folder / "days.csv", MAPPING, "--write")
    assert (again.status, again.outcomes) == (0, ["same"] * 238)
    assert scene.intake.counted() == before
    stored = check_invariants(scene.home.world, scene.home.patient_id)
    assert (len(stored.days), stored.version) == (238, 238)


def test_every_measures_figures_are_the_files_own(scene: Scene) -> None:
    trends = {one["key"]: one for one in scene.trends["measures"]}
    for key in READ:
        days, values = expected(scene, key)
        assert [point["value"] for point in trends[key]["points"]] == values.tolist(), key
        assert {name: one["value"] for name, one in stated(trends[key]["period"])} == {
            name: four(value) for name, value in level(values).items()
        }, key
        figures = trends[key]["period"]
        slope, _, low, high = stats.theilslopes(values, days, alpha=0.95)
        assert figures["slope_per_week"]["value"] == four(7 * slope), key
        assert figures["slope_per_week"]["interval"] == [four(7 * low), four(7 * high)], key
        assert figures["last"]["value"] == values[-1], key
        assert figures["coverage"]["n_observed"] == len(values), key


def level(values: Any) -> dict[str, float]:
    lower, median, upper = np.percentile(values, [25, 50, 75])
    return {
        "mean": values.mean(),
        "median": median,
        "lower_quartile": lower,
        "upper_quartile": upper,
        "standard_deviation": values.std(ddof=1),
        "minimum": values.min(),
        "maximum": values.max(),
        "coverage": len(values) / 239,
    }


def stated(figures: Any) -> list[tuple[str, Any]]:
    """The figures that `level` computes too."""
    return [(name, figures[name]) for name in level(np.array([1.0, 2.0]))]


def test_what_was_asked_each_day_covers_238_of_239_days(scene: Scene) -> None:
    for key in READ.keys() - {"sleep_quality"}:
        coverage = scene.measure(key)["period"]["coverage"]
        assert (coverage["n_observed"], coverage["n_expected"]) == (238, 239)
        assert coverage["value"] == 0.9958  # 238 / 239
    assert scene.measure("interest")["period"]["mean"]["reason"] == "too_few_days"  # never asked


def test_side_effect_days_are_counted_by_code(scene: Scene) -> None:
    severities = {
        code: [SEVERITY[int(float(row[f"se_{name}_max_1_7"]))] for row in scene.rows]
        for code, name in EFFECTS.items()
    }
    effects = scene.trends["side_effects"]["period"]
    assert (effects["days_asked"], effects["days_expected"]) == (238, 239)
    told = {one["code"]: one for one in effects["codes"]}
    there = {code: [value for value in found if value] for code, found in severities.items()}
    assert {code: one["days"] for code, one in told.items()} == {
        code: len(found) for code, found in there.items() if found
    }
    for code, one in told.items():
        assert one["share"]["value"] == four(len(there[code]) / 238), code
        assert one["worst_severity"] == max(there[code]), code
        assert one["mean_severity"]["value"] == four(sum(there[code]) / len(there[code])), code
        assert one["burden"]["value"] == four(sum(there[code]) / 238), code


def test_the_stand_in_has_the_shape_of_the_series() -> None:
    ours = list(csv.reader(io.StringIO(simulated().decode())))
    theirs = list(csv.reader(io.StringIO(series().decode())))
    assert ours[0] == theirs[0]
    assert [row[1] for row in ours] == [row[1] for row in theirs]
    assert len(ours) == 239


def test_a_session_among_the_days_is_a_fixture_and_cuts_them(scene: Scene) -> None:
    """It was a taper, not a treatment: the session is made up, the days after it are not."""
    mapping = (
        'kind = "sessions"\ntimezone = "patient"\ndefault_time = 09:00:00\n'
        f'[constants]\nmrn = "{MRN}"\n"doses.1.drug" = "ketamine"\n'
        '"doses.1.route" = "intravenous"\n[columns.date]\nfield = "date"\n'
        '[columns.mg]\nfield = "doses.1.dose_mg"\n'
    )
    table = "date,mg\n2013-01-07,35\n"
    assert scene.intake.run("sessions", table, mapping, "--write").outcomes == ["new"]
    days, values = expected(scene, "mood")
    after = values[days > (date(2013, 1, 7) - FIRST).days]
    since = scene.measure("mood")["since_session"]
    assert (since["from"], since["mean"]["n_observed"]) == ("2013-01-08", len(after))
    assert since["mean"]["value"] == four(after.mean())
