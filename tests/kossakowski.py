"""The one real series there is to check against, or a simulated one of its shape."""

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from random import Random

FILE = Path(__file__).parents[2] / "shared" / "data" / "kossakowski_daily.csv"
FIRST, LAST, MISSING = date(2012, 8, 13), date(2013, 4, 8), date(2012, 12, 15)
RATINGS = ("mood", "low_mood", "anxiety", "irritability", "restless", "energy")
EFFECTS = ("dizzy", "drymouth", "nausea", "headache", "sleepy", "pain", "tired")
HEADER = (
    "dayno", "date", "phase", "antidepressant_mg", "n_beeps",
    *(f"{name}_0_10" for name in RATINGS), *(f"se_{name}_max_1_7" for name in EFFECTS),
    "sleep_quality_1_7", "sleep_onset_latency_cat", "n_awakenings", "lie_awake_cat",
    "scl90r_dep_1_5", "scl90r_item15_1_5",
)  # fmt: skip


def series() -> bytes:
    """The file's bytes; where it is absent, 238 simulated rows over as many days as it has."""
    if FILE.exists():
        return FILE.read_bytes()
    print(f"{FILE} is absent: a simulated series of its shape stands in")  # noqa: T201
    return simulated()


def simulated() -> bytes:
    """238 of 239 days: means with three decimals, maxima 1-7, sleep on part of the days."""
    chance = Random(7)  # noqa: S311 (the same series each time)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER)
    days = (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))
    for number, day in enumerate(days, 1):
        if day == MISSING:
            continue
        ratings = [f"{min(max(chance.gauss(5, 1.5), 0), 10):.3f}" for _ in RATINGS]
        effects = [f"{chance.choices(range(1, 8), [60, 20, 10, 4, 3, 2, 1])[0]}.0" for _ in EFFECTS]
        sleep = f"{chance.randint(1, 7)}.0" if chance.random() < 0.6 else ""
        writer.writerow([number, day, "exp", 150, 6, *ratings, *effects, sleep, *[""] * 5])
    return file.getvalue().encode()
