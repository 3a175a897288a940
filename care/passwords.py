"""Passwords: what is accepted, how they are hashed, and how many are hashed at a time."""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from care.refusals import Unavailable

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 128
# OWASP's second recommended setting: 19 MiB, two passes; ~25 ms, so logins cannot starve check-ins.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_GATE = threading.BoundedSemaphore(os.cpu_count() or 1)
_GATE_WAIT_SECONDS = 5
# Words somebody guessing this system's passwords would try first (ASVS 6.2.11).
_CONTEXT = ("interlude", "ketamine", "esketamine", "clinic", "password", "patient")
_DISTINCT_CHARACTERS = 5
# Verified in place of a hash where there is no account, so that both take the same time.
_NOBODY = _HASHER.hash(os.urandom(16).hex())


def hash_password(password: str) -> str:
    """A salted argon2id hash; Unavailable when too many are being computed."""
    with _one_at_the_gate():
        return _HASHER.hash(password)


def verify(stored: str | None, password: str) -> bool:
    """Whether the password is the stored hash's; takes as long when nothing is stored."""
    with _one_at_the_gate():
        try:
            return _HASHER.verify(stored or _NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other settings than today's."""
    return _HASHER.check_needs_rehash(stored)


def weakness(password: str, personal: Iterable[str]) -> str | None:
    """What is wrong with a new password, None if nothing; `personal` are words of its owner."""
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        return f"Must have {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters."
    lowered = password.lower()
    if len(set(lowered)) < _DISTINCT_CHARACTERS:
        return "Repeats too few characters."
    for word in (*_CONTEXT, *(part.lower() for part in personal if len(part) > 3)):
        lowered = lowered.replace(word, "")
    if len(lowered) < MINIMUM_LENGTH // 2:
        return "Is made of words anybody would try here."
    return None


@contextmanager
def _one_at_the_gate() -> Iterator[None]:
    """Lets as many hashes run at once as there are cores; the rest wait, then are sent away."""
    if not _GATE.acquire(timeout=_GATE_WAIT_SECONDS):
        raise Unavailable(retry_after_seconds=2)
    try:
        yield
    finally:
        _GATE.release()
