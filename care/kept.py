"""Results kept in memory by the content they were made from: nothing stale can be answered."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """At most `most` results, those asked for least recently forgotten first.

    A key is a digest of everything its result depends on, so that it names nobody. Two threads may
    make the same result at once; it is the same result.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._results: OrderedDict[bytes, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes, make: Callable[[], Result]) -> Result:
        """The result of this key, made now if it is not here."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = make()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._most:
                self._results.popitem(last=False)
        return result

    def __contains__(self, key: bytes) -> bool:
        return key in self._results

    def __len__(self) -> int:
        return len(self._results)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._results.clear()
