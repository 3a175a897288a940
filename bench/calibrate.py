"""`python -m bench.calibrate`: how often wear-off is told rightly; docs/methods/calibration.md.

The windows are simulated (clinical/calibration.py) from seeds that nothing was tuned on, the same
on every machine.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

from clinical.calibration import (
    GAINS,
    HALF_LIVES_DAYS,
    INTERVALS_DAYS,
    NOISE_SDS,
    OTHERWISE,
    SHAPES,
    Case,
    Score,
    score,
)

PAGE = Path(__file__).parent.parent / "docs" / "methods" / "calibration.md"
BEGIN = "<!-- written by `make calibrate` -->"
# The constants were looked at on patients 20000 on; these are others.
FIRST_SEED = 100_000
PATIENTS, PATIENTS_IN_THE_MIDDLE = 250, 2000
MIDDLE = Case(seed=FIRST_SEED)
WORDS = {"worn_off": "worn off", "no_response": "no response", "holding": "holding"}
HEAD = (
    "true state | **right** | insufficient | error, days | interval holds "
    "| *rule:* right | insufficient | error, days"
)
Row = tuple[tuple[str, ...], Case, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS, help="per row")
    asked = parser.parse_args()
    rows = [*middle(asked.patients), *shapes(asked.patients), *grid(asked.patients)]
    with ProcessPoolExecutor() as pool:
        told = list(pool.map(_line, rows))
    written = page(dict(zip(map(_key, rows), told, strict=True)), asked.patients)
    PAGE.write_text(PAGE.read_text().partition(BEGIN)[0] + BEGIN + "\n" + written)
    print(written)


def middle(patients: int) -> Iterator[Row]:
    most = max(patients, PATIENTS_IN_THE_MIDDLE)
    yield ("the middle", "10"), MIDDLE, most


def shapes(patients: int) -> Iterator[Row]:
    """Gain 3, noise 1.2 and 28 days, but another decline; then other noise and gaps."""
    for shape, half in product(SHAPES, HALF_LIVES_DAYS):
        yield (shape, f"{half:g}"), replace(MIDDLE, shape=shape, half_life_days=half), patients
    for name, other in OTHERWISE.items():
        yield (name, "10"), replace(MIDDLE, **other), patients  # type: ignore[arg-type]


def grid(patients: int) -> Iterator[Row]:
    """Every gain, half-life, noise and interval."""
    for gain, half, noise, interval in product(GAINS, HALF_LIVES_DAYS, NOISE_SDS, INTERVALS_DAYS):
        case = Case(gain, half, noise, interval, seed=FIRST_SEED)
        yield (f"{gain:g}", f"{half:g}", f"{noise:g}", f"{interval}"), case, patients


def page(told: dict[tuple[str, ...], str], patients: int) -> str:
    """The two tables, with the day they were made on."""
    of_shapes, of_grid = (
        [f"| {' | '.join(key)} | {line} |" for key, line in told.items() if len(key) == columns]
        for columns in (2, 4)
    )
    return "\n".join(
        (
            f"\nMade on {datetime.now(UTC).date()}; {patients} windows a row, "
            f"{max(patients, PATIENTS_IN_THE_MIDDLE)} in the middle, seeds from {FIRST_SEED}.\n",
            "## The middle, other declines, other noise\n",
            "Gain 3, noise sd 1.2, interval 28 days, but for what the first column says.\n",
            f"| decline or what differs | half-life, days | {HEAD} |",
            "| --- " * 10 + "|",
            *of_shapes,
            "\n## The grid\n",
            f"| gain | half-life, days | noise sd | interval, days | {HEAD} |",
            "| --- " * 12 + "|",
            *of_grid,
            "",
        )
    )


def _key(row: Row) -> tuple[str, ...]:
    return row[0]


def _line(row: Row) -> str:
    _, case, patients = row
    estimated, ruled = score(case, patients)
    state, windows = max(estimated.true.items(), key=lambda each: each[1])
    true = f"{WORDS[state]} {_share(windows / patients)}"
    return f"{true} | {_told(estimated)} | {_share(estimated.coverage)} | {_told(ruled)}"


def _told(found: Score) -> str:
    error = "-" if found.error_days is None else f"{found.error_days:.1f}"
    return f"{_share(found.right)} | {_share(found.insufficient)} | {error}"


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.2f}".removeprefix("0")


if __name__ == "__main__":
    main()
