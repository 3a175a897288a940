"""`python -m bench.run W|S|C|Y`: what is measured side by side, interleaved, on both databases.

Every round runs all sides in shuffled order on the same machine state, so ratios hold where
absolute figures drift. Results go to bench/results/ as JSON and a table; bench/README.md quotes
them with machine and date.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from typing import Any

from bench import serving, summaries, sync, windows, writes

WHAT: dict[str, Any] = {"W": writes, "S": summaries, "C": windows, "Y": sync}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    told = "; ".join(f"{letter}: {noun.TITLE}" for letter, noun in WHAT.items())
    parser.add_argument("what", choices=list(WHAT), help=told)
    parser.add_argument("--db", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=400, help="per side, round and level")
    asked = parser.parse_args()
    names = ["sqlite", "postgresql"] if asked.db == "both" else [asked.db]
    missed = []
    for name in names:
        report = _measured(asked, name)
        noun = WHAT[asked.what]
        print(f"{name}, {report['machine']}, {report['date']}", *noun.table(report), sep="\n")
        missed += [f"{name}: {told}" for told in noun.missed(report)]
    if missed:
        sys.exit("Under the goals of bench/goals.toml, the band allowed for:\n" + "\n".join(missed))


def _measured(asked: argparse.Namespace, name: str) -> dict[str, Any]:
    """One database's report, which also goes to bench/results/."""
    found = WHAT[asked.what].measure(name, asked.rounds, asked.requests)
    report = {"machine": serving.machine(), "date": datetime.now(UTC).date().isoformat(), **found}
    folder = serving.ROOT / "bench" / "results"
    folder.mkdir(exist_ok=True)
    (folder / f"{asked.what}-{name}.json").write_text(json.dumps(report, indent=1))
    return report


if __name__ == "__main__":
    main()
