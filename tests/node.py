"""Node for the tests of web/: the machine's own where it is new enough, else the one in .venv."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tests.contract import ROOT

WEB = ROOT / "web"
OLDEST = 20


def run(
    *words: str, settings: Mapping[str, str] = MappingProxyType({})
) -> "subprocess.CompletedProcess[str]":
    """What Node says when it runs these words in web/, with these in its environment."""
    command = [_node(), *words]
    # Not a terminal's colours in what is compared and shown.
    environment = os.environ | {"NO_COLOR": "1"} | dict(settings)
    return subprocess.run(  # noqa: S603
        command, cwd=WEB, env=environment, capture_output=True, text=True, check=False
    )


def _node() -> str:
    beside = str(Path(sys.executable).parent)
    for path in (beside, os.environ["PATH"]):
        found = shutil.which("node", path=path)
        if found is not None and _is_new_enough(found):
            return found
    raise AssertionError(f"No Node {OLDEST} or newer: `make test` sets one up.")


def _is_new_enough(node: str) -> bool:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = told.stdout.removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST
