"""`python -m bench.calibrate`: how often wear-off is named right, cell by cell, as a page.

Seeds are fixed, so that the figures move with the method alone; the date is of the run.
"""

import argparse
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import product
from pathlib import Path

from clinical import calibration, smoother, wear_off
from clinical.calibration import Case, Score, score

PAGE = Path(__file__).parent.parent / "docs" / "methods" / "calibration.md"
MIDDLE = Case()
# The middle cell is what the method is held to, so it is measured with more patients.
MIDDLE_TIMES = 10
_HEAD = (
    "| right | insufficient | error, days | interval holds | rule: right | insufficient | error, "
    "days | interval holds |"
)
_RULE = "| --- | --- | --- | --- | --- | --- | --- | --- |"

Named = tuple[str, Case]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=300, help="per cell")
    parser.add_argument("--print", action="store_true", help="print the page, write nothing")
    asked = parser.parse_args()
    with ProcessPoolExecutor() as pool:
        page = _page(pool, asked.patients)
    print(page)
    if not asked.print:
        PAGE.write_text(page)


def grid() -> list[Named]:
    """Every cell of the grid; the middle cell's parameters are those of `Case()`."""
    cells = product(
        calibration.GAINS,
        calibration.HALF_LIVES_DAYS,
        calibration.NOISE_SDS,
        calibration.INTERVALS_DAYS,
    )
    return [
        (
            f"| {gain:g} | {half_life:g} | {noise_sd:g} | {interval}",
            Case(gain, half_life, noise_sd, interval, seed=1000 * number),
        )
        for number, (gain, half_life, noise_sd, interval) in enumerate(cells)
    ]


def _page(pool: ProcessPoolExecutor, patients: int) -> str:
    middle = [("| the middle cell", MIDDLE)]
    shapes = [
        (f"| {shape} | {half_life:g}", Case(shape=shape, half_life_days=half_life, seed=500_000))
        for shape in calibration.SHAPES
        for half_life in calibration.HALF_LIVES_DAYS
    ]
    other = [
        ("| a first window: no earlier one to fall back on", Case(windows=1)),
        ("| a tenth of days missing", Case(missing=0.1)),
        ("| four tenths of days missing", Case(missing=0.4)),
        ("| neighbouring days less alike, .3", Case(lag_1=0.3)),
        ("| neighbouring days more alike, .55", Case(lag_1=0.55)),
    ]
    table = partial(_table, pool, patients)
    thorough = partial(_table, pool, MIDDLE_TIMES * patients)
    return "\n".join(
        [
            *_words(patients),
            *thorough("| cell ", middle),
            "",
            "## The middle cell with one thing otherwise",
            "",
            *table("| what ", other),
            "",
            "## Other shapes of decline, else as the middle cell",
            "",
            *table("| shape | half gone after, days ", shapes),
            "",
            "## Every cell",
            "",
            *table("| gain | half-life, days | noise sd | interval, days ", grid()),
            "",
        ]
    )


def _words(patients: int) -> list[str]:
    return [
        "# How often wear-off is named right",
        "",
        f"Written by `make calibrate` on {datetime.now(UTC).date()}; methods "
        f"`{wear_off.METHOD_VERSION}`, {smoother.DRAWS} draws, seeds fixed. "
        f"{patients} simulated patients per row, {MIDDLE_TIMES * patients} in the middle cell.",
        "",
        "Each patient logs a week before the first session, has six sessions at one interval, and "
        "the sixth window is judged as the product does; a quarter of the days is missing, worse "
        "days more often. What is true is told by the same rule from the noise-free level. In the "
        "middle cell the gain is 3, half of it is gone in 10 days, the noise has sd 1.2, the "
        "interval is 28 days, and so half of the gain of days 1 to 3 is lost on day 12:",
        "",
        "```pycon",
        ">>> import numpy as np",
        ">>> from clinical.calibration import truth",
        ">>> truth(7 - 3 * np.exp2(-np.arange(1, 28) / 10), 7.0)",
        "('worn_off', 12)",
        "",
        "```",
        "",
        "*Right*: the share of windows whose state was named, `insufficient` counting as wrong. "
        "*Error* and *interval holds* are over windows that wore off and were said to; the "
        "interval is 10-90 % (80 %), the rule's is the days it was not seen on. A dash: no such "
        "window.",
        "",
        "How the method works: [wear-off](wear-off.md) and [the smoothed level](smoother.md).",
        "",
    ]


def _table(
    pool: ProcessPoolExecutor, patients: int, head: str, cells: Sequence[Named]
) -> list[str]:
    scores = pool.map(partial(score, patients=patients), [case for _, case in cells])
    columns = "| --- " * (head.count("|") - 1) + "| --- "
    rows = (f"{name} {_figures(both)}" for (name, _), both in zip(cells, scores, strict=True))
    return [head + _HEAD, columns + _RULE, *rows]


def _figures(both: Iterable[Score]) -> str:
    told = []
    for one in both:
        told += [f"{one.right:.2f}", f"{one.insufficient:.2f}"]
        told += ["-" if one.error_days is None else f"{one.error_days:.1f}"]
        told += ["-" if one.coverage is None else f"{one.coverage:.2f}"]
    return f"| {' | '.join(told)} |"


if __name__ == "__main__":
    main()
