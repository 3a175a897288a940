"""What the browser tests share: a Chromium, and a demo clinic that is served."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from tests import served
from tests.browser.launch import launched


@pytest.fixture(scope="package")
def url(made_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served.demo(tmp_path_factory.mktemp("served"), made_demo) as address:
        _wait_for(f"{address}/ready")
        yield address


def _wait_for(address: str) -> None:
    """Until it answers: a worker has started a moment before it listens."""
    for _ in range(100):
        try:
            urlopen(address).close()  # noqa: S310 (our own server)
            return
        except URLError:
            Event().wait(0.1)
    raise AssertionError(f"{address} does not answer")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched() as started:
        yield started
