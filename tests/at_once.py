"""Sends requests in the same moment, each through a client of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

from tests.people import Person, World


def at_once(requests: Sequence[Callable[[], Any]]) -> list[Any]:
    """The answers, in the order of the requests."""
    start = Barrier(len(requests))

    def ask(request: Callable[[], Any]) -> Any:
        start.wait(timeout=30)
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(ask, requests))


def twin(world: World, person: Person) -> Person:
    """The same person and login in another tab."""
    return replace(person, client=world.client())
