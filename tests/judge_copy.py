"""Runs pytest in a copy of the tree; a script, told by its globals what and where (judging.py).

It is run in a process that has imported the libraries and none of our own modules.
"""

import os
import sys
from pathlib import Path

import pytest

GIVEN = globals()["GIVEN"]
COPY, HOME = GIVEN["copy"], Path(GIVEN["home"])  # nothing may be imported from home

sys.dont_write_bytecode = True
os.environ |= {"COLUMNS": "500", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
os.chdir(COPY)
sys.path[:] = [COPY, *(path for path in sys.path if path and Path(path) != HOME)]
with Path(GIVEN["told"]).open("w") as printed:
    os.dup2(printed.fileno(), sys.stdout.fileno())
    os.dup2(printed.fileno(), sys.stderr.fileno())
base = f"--basetemp={Path(COPY).parent / 'base'}"
sys.exit(pytest.main(["-q", "--tb=short", "-rf", base, *GIVEN["tests"]]))
