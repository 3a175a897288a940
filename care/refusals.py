"""Every way a verb can say no, in words a client can act on; api/problems.py gives them a form."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: a JSON pointer to it, and what to do."""

    pointer: str
    detail: str


class Refusal(Exception):
    """Base of all; `slug` names the documented problem type."""

    slug = "conflict"

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra


class Invalid(Refusal):
    """Readable but wrong; carries every fault found."""

    slug = "invalid"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("The request has faults; each is listed.")
        self.faults = faults


class Questions(Refusal):
    """Possible but unlikely: whoever sent it is asked, and may confirm each by its pointer."""

    slug = "questions"

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("Some values are unlikely; each is listed. Correct or confirm them.")
        self.faults = faults


class Signed(Refusal):
    """A signed record, which only addenda change."""

    slug = "signed"


class Stale(Refusal):
    """Based on a revision that is not the present one, which `revision` names."""

    slug = "precondition-failed"

    def __init__(self, revision: int) -> None:
        super().__init__("It has changed meanwhile: read it again.")
        self.revision = revision


class BaseMissing(Refusal):
    """Would replace what somebody recorded, and names no revision; `revision` is the present."""

    slug = "precondition-required"

    def __init__(self, revision: int) -> None:
        super().__init__("It holds a record: send If-Match with the ETag of the state you saw.")
        self.revision = revision


class Unauthenticated(Refusal):
    """Nobody we know, or no longer."""

    slug = "unauthenticated"


class Denied(Refusal):
    """Base of refusals that are audited: somebody known asked for what is not theirs.

    `subject` is (type, id) of what was reached for; None where the role alone was refused.
    """

    def __init__(self, detail: str, action: str, subject: tuple[str, UUID] | None = None) -> None:
        super().__init__(detail)
        self.action = action
        self.subject = subject


class WrongRole(Denied):
    """The role may never do this."""

    slug = "forbidden"


class NotYours(Denied):
    """Absent or not theirs: from outside the two are one answer."""

    slug = "not-found"


class NotFound(Refusal):
    """Nothing there, among what is theirs."""

    slug = "not-found"


class Conflict(Refusal):
    """True, but not in this state."""


class Gone(Refusal):
    """Was there once and can be used no more."""

    slug = "gone"


class KeyReused(Refusal):
    """The same operation id or idempotency key with another request."""

    slug = "key-reused"


class TooManyAttempts(Refusal):
    """Wait before trying again."""

    slug = "too-many-attempts"

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__("Too many attempts. Wait, then try again.")
        self.retry_after_seconds = retry_after_seconds


class Unavailable(Refusal):
    """Cannot be done now; nothing was written."""

    slug = "unavailable"

    def __init__(self, retry_after_seconds: int = 1) -> None:
        super().__init__("The server cannot do this right now. Nothing was saved; try again.")
        self.retry_after_seconds = retry_after_seconds
