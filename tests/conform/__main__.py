"""`make conform URL=...`: one line for each rule, and what was expected where it is not kept."""

import argparse
import os
import sys
from collections.abc import Iterator

from tests.conform import batches, bodies, days, pulls  # noqa: F401
from tests.conform.ground import Ground
from tests.conform.rules import RULES
from tests.conform.speaker import Broken, logged_in

# Two patients of `make demo`.
DEMO = {
    "EMAIL": "patient@demo.example",
    "PASSWORD": "demo-interlude",
    "OTHER_EMAIL": "hanna.steady@demo.example",
    "OTHER_PASSWORD": "demo-interlude",
}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.conform", description=__doc__)
    parser.add_argument("url", help="of a running server, like http://localhost:8000")
    for name, known in DEMO.items():
        flag = f"--{name.lower().replace('_', '-')}"
        parser.add_argument(flag, default=os.environ.get(name, known), help=f"or ${name}")
    return parser.parse_args()


def checked(ground: Ground) -> Iterator[tuple[str, str | None]]:
    """Each rule, and what is wrong with the server's way of it."""
    for says, check in RULES:
        try:
            check(ground)
        except (Broken, AssertionError, KeyError, TypeError, ValueError, IndexError) as broken:
            told = str(broken) if isinstance(broken, Broken) else type(broken).__name__
            yield says, told
        else:
            yield says, None


def main() -> int:
    """0: every rule is kept. 1: some are not. 2: the logins were not taken."""
    asked = options()
    try:
        me = logged_in(asked.url, asked.email, asked.password)
        other = logged_in(asked.url, asked.other_email, asked.other_password)
    except (OSError, Broken) as error:
        sys.stdout.write(f"{error}\n")
        return 2
    ground = Ground(me, other)
    failed = 0
    try:
        for says, wrong in checked(ground):
            failed += wrong is not None
            sys.stdout.write(f"{'ok    ' if wrong is None else 'FAILED'} {says}\n")
            sys.stdout.write("" if wrong is None else f"       {wrong}\n")
    finally:
        left = ground.clean_up()
    sys.stdout.write(f"{len(RULES) - failed} of {len(RULES)} rules are kept")
    sys.stdout.write(f"; days left behind: {left}\n" if left else "\n")
    return int(bool(failed or left))


if __name__ == "__main__":
    sys.exit(main())
