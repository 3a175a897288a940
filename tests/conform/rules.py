"""The list of rules: each a function that sends something and says what it expects."""

from collections.abc import Callable

from tests.conform.ground import Ground

Rule = Callable[[Ground], None]
RULES: list[tuple[str, Rule]] = []


def rule(says: str) -> Callable[[Rule], Rule]:
    """Add a rule under what it says."""

    def add(check: Rule) -> Rule:
        RULES.append((says, check))
        return check

    return add
