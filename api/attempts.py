"""What the database undid on behalf of others, or lost, is tried again here, not by the sender."""

import time
from collections.abc import Callable
from random import SystemRandom
from typing import TypeVar

import structlog
from flask import g, request

from api.problems import Problem
from models.engine import Database
from models.faults import DATABASE_ERRORS, is_passing, is_unavailable

Done = TypeVar("Done")

# How often in all, and from when on no more: whoever waits has waited enough (u).
ATTEMPTS, PATIENCE_SECONDS = 3, 2.0
# The longest pause before the second attempt, twice that before the third: two that met part (u).
_PAUSE_SECONDS = 0.05
_RANDOM = SystemRandom()
_MAY_BE_SAVED = (
    "The connection to the database was lost while this was being saved: it may have been saved. "
    "Look before sending it again."
)


class Attempts:
    """The attempts at one piece of work.

    Before its first commit has begun anything may be repeated: it was undone. After that only what
    `is_repeatable`: done twice, it is as if done once.
    """

    def __init__(
        self, database: Database, *, undo: Callable[[], None], is_repeatable: bool
    ) -> None:
        self._database, self._undo, self._is_repeatable = database, undo, is_repeatable
        self._began, self._commits = time.monotonic(), database.commits_begun()
        self._made = 1
        self._judged: tuple[BaseException, bool] | None = None

    def run(self, work: Callable[[], Done], *, renew: Callable[[], None] | None = None) -> Done:
        """What `work` answers, at last; `renew` is called before each further attempt."""
        while True:
            try:
                if renew is not None and self._made > 1:
                    renew()
                return work()
            except DATABASE_ERRORS as error:
                if not self.has_another(error):
                    self._refuse_as_unknown(error)
                    raise
                structlog.get_logger().info("tried again", error=type(error).__name__)
            self._undo()
            time.sleep(_RANDOM.uniform(0, _PAUSE_SECONDS * self._made))
            self._made, self._judged = self._made + 1, None

    def has_another(self, error: BaseException) -> bool:
        """Whether this error is not the end; asked twice, it says the same."""
        if self._judged is None or self._judged[0] is not error:
            self._judged = (error, self._judge(error))
        return self._judged[1]

    def _judge(self, error: BaseException) -> bool:
        in_time = time.monotonic() - self._began < PATIENCE_SECONDS
        may_repeat = self._is_repeatable or not self._has_begun_to_commit()
        return self._made < ATTEMPTS and in_time and may_repeat and is_passing(error)

    def _has_begun_to_commit(self) -> bool:
        return self._database.commits_begun() != self._commits

    def _refuse_as_unknown(self, error: Exception) -> None:
        """Nobody may be told that nothing was saved once a commit has begun."""
        is_write = request.method not in ("GET", "HEAD")
        if is_write and self._has_begun_to_commit() and is_unavailable(error):
            structlog.get_logger().warning("unavailable", error=type(error).__name__)
            raise Problem("unavailable", _MAY_BE_SAVED).with_headers(Retry_After="1") from error


def another_follows(error: BaseException | None) -> bool:
    """Whether this request's view runs again after this error: what it leaves behind is undone."""
    attempts: Attempts | None = g.get("attempts")
    return attempts is not None and error is not None and attempts.has_another(error)
