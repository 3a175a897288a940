"""Starts the Chromium that was found, with nothing of its own going over the network."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.find import chromium

DASHBOARD: ViewportSize = {"width": 1440, "height": 900}
SMALL_DASHBOARD: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 412, "height": 839}
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, alive as long as the block."""
    # Chromium's own sandbox refuses to start as root, and only then is it left out.
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()
