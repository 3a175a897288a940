"""Slows guessing down: attempts are counted per account and per address.

An attempt is booked before its password is looked at, so that parallel guesses cannot all slip
through; a right password takes its booking back. Nobody is ever locked out, only made to wait, and
whoever logs in from where they did before waits for nobody else's guesses. There is no limit over
all, for one guesser could reach it for everybody: how many hashes run at once is limited instead.
"""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from care.keys import Keys
from care.refusals import TooManyAttempts
from models.throttle import Throttle

# Counted by the hour: a count without end would slow a busy clinic's address down for ever.
COUNTED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` attempts at once, then waits of 1, 2, 4 ... up to `longest_wait_seconds`."""

    free: int
    longest_wait_seconds: int


# 5 + 3600 / 60 guesses an hour against one account: far below 100 (threat 9). A network from which
# the account's owner has logged in lately has a count of its own beside all the others' together.
LIMITS: Mapping[str, Limit] = {
    "account": Limit(5, 60),
    "familiar": Limit(5, 60),
    "address": Limit(50, 60),
    # Each asking may send a letter: nobody's mail box is filled by others (u).
    "reset": Limit(3, 900),
}


def attempt_keys(
    keys: Keys, email: str, address: str | None, *, familiar: bool = False
) -> dict[str, str]:
    """Throttle row keys of one attempt, by the limit they fall under."""
    caller = network(address)
    account = ("familiar", f"{email} {caller}") if familiar else ("account", email)
    subjects = (account, ("address", caller))
    return {keys.throttle_key(kind, subject): kind for kind, subject in subjects}


def reset_keys(keys: Keys, email: str, address: str | None) -> dict[str, str]:
    """The same for one asking for a password reset, whoever has that e-mail."""
    subjects = (("reset", email.lower()), ("address", network(address)))
    return {keys.throttle_key(kind, subject): kind for kind, subject in subjects}


def network_hash(keys: Keys, address: str | None) -> str:
    """What a login keeps of the network it began in: enough to know it again."""
    return keys.throttle_key("network", network(address))


def network(address: str | None) -> str:
    """What counts as one caller: an IPv4 address, or an IPv6 /64, which one household holds."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False).network_address)


def book(connection: Connection, attempt: Mapping[str, str], now: datetime) -> None:
    """Count an attempt under each key; TooManyAttempts (and nothing counted) if one must wait."""
    none_yet = {"attempts": 0, "counted_since": now, "next_at": now}
    fresh = [{"key": key, **none_yet} for key in sorted(attempt)]
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    connection.execute(dialect.insert(Throttle).on_conflict_do_nothing(), fresh)
    rows = _locked(connection, attempt)
    longest = max(_still_to_wait(row, LIMITS[attempt[row.key]], now) for row in rows)
    if longest > 0:
        raise TooManyAttempts(ceil(longest))
    for row in rows:
        is_over = abs(now - row.counted_since) > COUNTED
        count, since = (1, now) if is_over else (row.attempts + 1, row.counted_since)
        wait = timedelta(seconds=wait_seconds(count, LIMITS[attempt[row.key]]))
        changed = {"attempts": count, "counted_since": since, "next_at": now + wait}
        connection.execute(update(Throttle).where(Throttle.key == row.key).values(changed))


def _locked(connection: Connection, attempt: Mapping[str, str]) -> Sequence[Any]:
    """The attempt's rows, always locked in one order, so that no two wait for each other."""
    of_attempt = select(Throttle).where(Throttle.key.in_(attempt)).order_by(Throttle.key)
    return connection.execute(of_attempt.with_for_update()).all()


def _still_to_wait(row: Any, limit: Limit, now: datetime) -> float:
    """Seconds; `now` may lie before the last attempt's, whose request began later than this."""
    left: timedelta = row.next_at - now
    if wait_seconds(row.attempts, limit) == 0 or left > COUNTED:
        return 0  # no wait is that long: the server's clock was ahead when it was set
    return left.total_seconds()


def wait_seconds(attempts: int, limit: Limit) -> int:
    """How long after this many attempts the next must wait."""
    if attempts < limit.free:
        return 0
    return min(1 << min(attempts - limit.free, 16), limit.longest_wait_seconds)


def take_back(connection: Connection, attempt: Mapping[str, str]) -> None:
    """The password was right: the account's count ends, the address's loses this attempt."""
    _locked(connection, attempt)
    account = [key for key, kind in attempt.items() if kind != "address"]
    connection.execute(delete(Throttle).where(Throttle.key.in_(account)))
    others = sorted(set(attempt) - set(account))
    connection.execute(
        update(Throttle)
        .where(Throttle.key.in_(others), Throttle.attempts > 0)
        .values(attempts=Throttle.attempts - 1)
    )
